//! Runs one file of tests in an instance of its own.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use wadup_contract::export::TESTS;
use wadup_contract::suite::{JUNIT, OUTCOMES, RESULTS};
use wadup_host::{Options, Preopen, Printed};

use crate::run::console::Lines;

/// The width of pytest's output if the terminal does not say one.
const COLUMNS: &str = "80";

/// What all files of tests share.
pub(super) struct Session {
    pub(super) guest: wadup_host::Guest,
    /// The project's folder, which the guest sees under the same path.
    pub(super) project: PathBuf,
    pub(super) python_source: PathBuf,
    /// Options for pytest.
    pub(super) arguments: Vec<String>,
}

/// How a file of tests ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// The status of pytest; 1 if the instance did not come to its end.
    pub(super) status: i32,
    /// Why the instance did not come to its end.
    pub(super) broken_off: Option<String>,
    /// The number of tests by outcome, as pytest names them.
    pub(super) outcomes: BTreeMap<String, usize>,
    /// pytest's report for other programs, if it was asked for.
    pub(super) junit: Option<String>,
}

/// pytest found no test to run.
pub(super) const NO_TESTS: i32 = 5;

impl Ended {
    pub(super) fn is_failure(&self) -> bool {
        ![0, NO_TESTS].contains(&self.status)
    }
}

/// Where a guest leaves the report for other programs.
pub(super) fn junit_in_guest() -> String {
    format!("{RESULTS}/{JUNIT}")
}

impl Session {
    /// Runs the tests in `file`.
    ///
    /// # Errors
    /// If the guest cannot be run at all. A trap is a failure of the file.
    pub(super) fn run(&self, file: &str, lines: &Arc<Lines>) -> Result<Ended, String> {
        let results = tempfile::tempdir().map_err(|error| error.to_string())?;
        let options = self.options(file, results.path().to_owned(), lines.clone());
        let call = self
            .guest
            .instantiate(&options)
            .and_then(|mut instance| instance.call(TESTS))
            .map_err(|error| error.to_string())?;
        lines.end_input().map_err(|error| error.to_string())?;
        let read = |name: &str| fs::read_to_string(results.path().join(name)).ok();
        let outcomes = read(OUTCOMES).and_then(|text| serde_json::from_str(&text).ok());
        let (status, broken_off) = match call.end {
            Ok(status) => (status, None),
            Err(trap) => (1, Some(trap.to_string())),
        };
        Ok(Ended {
            status,
            broken_off,
            outcomes: outcomes.unwrap_or_default(),
            junit: read(JUNIT),
        })
    }

    fn options(&self, file: &str, results: PathBuf, lines: Arc<Lines>) -> Options {
        let text = |path: &PathBuf| path.display().to_string();
        let folder = |host: PathBuf, guest: String| Preopen { host, guest };
        let mut arguments = vec![
            "wadup-tests".to_owned(),
            text(&self.project),
            text(&self.python_source),
        ];
        arguments.extend(self.arguments.iter().cloned());
        arguments.push(file.to_owned());
        let colors = if io::stdout().is_terminal() { "1" } else { "0" };
        let columns = env::var("COLUMNS").unwrap_or_else(|_| COLUMNS.to_owned());
        Options {
            preopens: vec![
                folder(self.project.clone(), text(&self.project)),
                folder(results, RESULTS.to_owned()),
            ],
            environment: vec![
                ("PY_COLORS".to_owned(), colors.to_owned()),
                ("COLUMNS".to_owned(), columns),
            ],
            arguments,
            printed: Printed::HandedOn(lines),
            ..Options::default()
        }
    }
}
