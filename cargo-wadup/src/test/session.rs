//! Runs one file of tests, in an instance of its own for as long as none of its tests ends it.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::Arc;

use serde_json::json;
use wadup_contract::export::TESTS;
use wadup_host::{Host, Printed};

use super::log::Log;
use crate::development::{Development, Exchange};
use crate::run::console::Lines;

/// What runs in the guest.
const PROGRAM: &str = include_str!("pytest.py");

/// The width of pytest's output if the terminal does not say one.
const COLUMNS: &str = "80";

// Files in which the program leaves what it found.
const LOG: &str = "log";
const JUNIT: &str = "junit.xml";
const COVERAGE: &str = "coverage";

/// pytest found no test to run.
pub(super) const NO_TESTS: i32 = 5;

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
    /// Runs the tests in `file`. After a trap, the tests that have not run yet do so in another instance.
    ///
    /// # Errors
    /// If the guest cannot be run at all.
    pub(super) fn run(&self, file: &str, lines: &Arc<Lines>) -> Result<Ended, String> {
        let mut ended = Ended::default();
        let mut begun = Vec::new();
        loop {
            let status = self.run_rest(file, &begun, lines, &mut ended)?;
            let last = ended.logs.last();
            match (status, last.and_then(Log::broken_off)) {
                (Some(0 | NO_TESTS), _) if ended.logs.len() > 1 => {
                    ended.status = 1;
                    return Ok(ended);
                }
                (Some(status), _) => {
                    ended.status = status;
                    return Ok(ended);
                }
                (None, Some(_)) if !self.is_short => {
                    begun.extend(last.into_iter().flat_map(Log::begun).map(str::to_owned));
                }
                (None, _) => {
                    ended.status = 1;
                    return Ok(ended);
                }
            }
        }
    }

    /// Runs the tests that have not begun yet, and returns pytest's status if it came to its end.
    fn run_rest(
        &self,
        file: &str,
        begun: &[String],
        lines: &Arc<Lines>,
        ended: &mut Ended,
    ) -> Result<Option<i32>, String> {
        let mut arguments = self.arguments.clone();
        if self.wants_junit {
            arguments.push(format!("--junit-xml={}", Exchange::in_guest(JUNIT)));
        }
        let coverage = self.wants_coverage.then(|| Exchange::in_guest(COVERAGE));
        let settings = json!({
            "arguments": arguments,
            "file": file,
            "ended": begun,
            "log": Exchange::in_guest(LOG),
            "coverage": coverage,
        });
        let exchange = self.development.exchange(PROGRAM, &settings)?;
        let printed = Printed::HandedOn(lines.clone());
        let mut options = self.development.options(&exchange, printed);
        options.host = self.host;
        options.environment = environment();
        let call = self
            .development
            .guest
            .instantiate(&options)
            .and_then(|mut instance| instance.call(TESTS))
            .map_err(|error| error.to_string())?;
        lines.end_input().map_err(|error| error.to_string())?;
        let mut log = Log::read(&exchange.read(LOG).unwrap_or_default());
        let status = match call.end {
            Ok(status) => Some(status),
            Err(trap) => {
                log.break_off(file, &trap.to_string());
                None
            }
        };
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        ended
            .junit
            .extend(exchange.read(JUNIT).as_deref().map(text));
        ended.coverage.extend(exchange.read(COVERAGE));
        ended.logs.push(log);
        Ok(status)
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
