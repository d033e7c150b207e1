//! Runs one file of tests of the project, and collects what reports need.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::Arc;

use cargo_wadup::suite::{self, Exchange, Log, NO_TESTS, PYTEST, Start};
use serde_json::json;
use wadup_contract::export::TESTS;
use wadup_host::{Host, Printed};

use crate::development::Development;
use crate::run::console::Lines;

/// The width of pytest's output if the terminal does not say one.
const COLUMNS: &str = "80";

// Files in which the program leaves what it found.
const JUNIT: &str = "junit.xml";
const COVERAGE: &str = "coverage";

/// What all files of tests share.
pub(super) struct Session {
    pub(super) development: Development,
    pub(super) host: Host,
    /// Options for pytest.
    pub(super) arguments: Vec<String>,
    /// Whether the first failure is the last.
    pub(super) is_short: bool,
    pub(super) wants_junit: bool,
    pub(super) wants_coverage: bool,
}

/// How a file of tests ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// The status of pytest; 1 if a test ended its instance.
    pub(super) status: i32,
    /// What pytest noted, in one log for each instance.
    pub(super) logs: Vec<Log>,
    /// pytest's reports for other programs, if they were asked for.
    pub(super) junit: Vec<String>,
    /// What was measured, if it was asked for.
    pub(super) coverage: Vec<Vec<u8>>,
}

impl Ended {
    pub(super) fn is_failure(&self) -> bool {
        ![0, NO_TESTS].contains(&self.status)
    }
}

impl Session {
    /// Runs the tests in `file`.
    ///
    /// # Errors
    /// If the guest cannot be run at all.
    pub(super) fn run(&self, file: &str, lines: &Arc<Lines>) -> Result<Ended, String> {
        let mut arguments = self.arguments.clone();
        if self.wants_junit {
            arguments.push(format!("--junit-xml={}", Exchange::in_guest(JUNIT)));
        }
        let coverage = self.wants_coverage.then(|| Exchange::in_guest(COVERAGE));
        let settings = json!({ "arguments": arguments, "coverage": coverage });
        let mut options = self.development.options(Printed::HandedOn(lines.clone()));
        options.host = self.host;
        options.environment = environment();
        let session = suite::Session {
            guest: &self.development.guest,
            options,
            start: Start::Export(TESTS),
            program: PYTEST,
            settings: self.development.settings(&settings),
            is_short: self.is_short,
        };
        let (mut junit, mut coverage) = (Vec::new(), Vec::new());
        let ended = session.run(file, |exchange, _| {
            lines.end_input().map_err(|error| error.to_string())?;
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            junit.extend(exchange.read(JUNIT).as_deref().map(text));
            coverage.extend(exchange.read(COVERAGE));
            Ok(())
        })?;
        Ok(Ended {
            status: ended.status,
            logs: ended.logs,
            junit,
            coverage,
        })
    }
}

fn environment() -> Vec<(String, String)> {
    let colors = if io::stdout().is_terminal() { "1" } else { "0" };
    let columns = env::var("COLUMNS").unwrap_or_else(|_| COLUMNS.to_owned());
    vec![
        ("PY_COLORS".to_owned(), colors.to_owned()),
        ("COLUMNS".to_owned(), columns),
    ]
}
