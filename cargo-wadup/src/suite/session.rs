//! Runs one file of tests, in an instance of its own for as long as none of its tests ends it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wadup_host::{Call, Guest, Options, Trap};

use super::exchange::Exchange;
use super::log::Log;

/// The file in which the program notes what the tests come to.
const LOG: &str = "log";

/// The file in which a command leaves the status of the program, so that a test that exits is not taken for its end.
pub const STATUS: &str = "status";

/// The status if pytest found no test to run.
pub const NO_TESTS: i32 = 5;

/// How many instances a file gets: tests whose names are others in each instance would go on forever.
const MOST_INSTANCES: usize = 100;

/// How a guest begins with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// By a call of this export, which returns the status of the program.
    Export(&'static str),
    /// As a command, which also leaves the status in [`STATUS`].
    Command,
}

/// How a file of tests is run.
#[derive(Debug)]
pub struct Session<'a> {
    /// What runs the tests.
    pub guest: &'a Guest,
    /// What an instance gets beside the folder with the program.
    pub options: Options,
    /// How the guest begins.
    pub start: Start,
    /// The program, in Python.
    pub program: &'a str,
    /// Its settings, a JSON object without those of this module: `file`, `ended` and `log`.
    pub settings: Value,
    /// Whether the first failure is the last.
    pub is_short: bool,
}

/// How a file of tests ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// The status of the program; 1 if a test ended its instance.
    pub status: i32,
    /// What the program noted, in one log for each instance.
    pub logs: Vec<Log>,
    /// Whether the last instance came to its end.
    pub is_complete: bool,
}

impl Session<'_> {
    /// Runs the tests in `file`, named as the guest sees it. After a trap in a test, those that have not run yet do so in another
    /// instance. Each instance is handed to `after` when it has ended.
    ///
    /// # Errors
    ///
    /// If the guest cannot be run at all, and those of `after`.
    pub fn run(
        &self,
        file: &str,
        mut after: impl FnMut(&Exchange, &Call) -> Result<(), String>,
    ) -> Result<Ended, String> {
        to_the_end(self.is_short, |begun| {
            self.run_rest(file, begun, &mut after)
        })
    }

    /// Runs the tests that have not begun yet, and returns the program's status if it came to its end.
    fn run_rest(
        &self,
        file: &str,
        begun: &BTreeSet<String>,
        after: &mut impl FnMut(&Exchange, &Call) -> Result<(), String>,
    ) -> Result<(Option<i32>, Log), String> {
        let mut settings = self.settings.clone();
        settings["file"] = json!(file);
        settings["ended"] = json!(begun);
        settings["log"] = json!(Exchange::in_guest(LOG));
        let exchange = Exchange::new(self.program, &settings)?;
        let mut options = self.options.clone();
        options.preopens.push(exchange.preopen());
        let call = match self.start {
            Start::Export(name) => self
                .guest
                .instantiate(&options)
                .and_then(|mut instance| instance.call(name)),
            Start::Command => self.guest.run_command(&options),
        }
        .map_err(|error| error.to_string())?;
        after(&exchange, &call)?;
        let status = match self.start {
            Start::Export(_) => call.end.map_err(|trap| trap.to_string()),
            Start::Command => status_of_command(call.end, exchange.read(STATUS).as_deref()),
        };
        let mut log = Log::read(&exchange.read(LOG).unwrap_or_default());
        if let Err(reason) = &status {
            log.break_off(file, reason);
        }
        Ok((status.ok(), log))
    }
}

/// The status of a program in a command that ended so and left a status, unless something else ended it.
fn status_of_command(end: Result<i32, Trap>, left: Option<&[u8]>) -> Result<i32, String> {
    let status = end.map_err(|trap| trap.to_string())?;
    if left == Some(status.to_string().as_bytes()) {
        Ok(status)
    } else {
        Err(format!("ended with status {status}"))
    }
}

/// Calls `run_rest` with the tests that have begun, until the file is done or another instance would not get further.
fn to_the_end(
    is_short: bool,
    mut run_rest: impl FnMut(&BTreeSet<String>) -> Result<(Option<i32>, Log), String>,
) -> Result<Ended, String> {
    let mut ended = Ended::default();
    let mut begun = BTreeSet::new();
    loop {
        let (status, log) = run_rest(&begun)?;
        let is_in_test = log.broken_off().is_some();
        let known = begun.len();
        begun.extend(log.begun().map(str::to_owned));
        ended.logs.push(log);
        match status {
            Some(0 | NO_TESTS) if ended.logs.len() > 1 => ended.status = 1,
            Some(status) => ended.status = status,
            None => ended.status = 1,
        }
        ended.is_complete = status.is_some();
        let is_hopeful = is_in_test && begun.len() > known && ended.logs.len() < MOST_INSTANCES;
        if ended.is_complete || is_short || !is_hopeful {
            return Ok(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The log of an instance that began `test`; without a status, the test ended the instance.
    fn instance(test: &str, status: Option<i32>) -> (Option<i32>, Log) {
        let mut log =
            Log::read(format!("{{\"test\": \"{test}\", \"outcome\": null}}\n").as_bytes());
        if status.is_none() {
            log.break_off("a.py", "unreachable");
        }
        (status, log)
    }

    #[test]
    fn after_a_test_that_ended_its_instance_the_rest_runs_and_the_file_has_failed() {
        let mut seen = Vec::new();

        let ended = to_the_end(false, |begun| {
            seen.push(begun.clone());
            Ok(match begun.len() {
                0 => instance("a.py::x", None),
                _ => instance("a.py::y", Some(0)),
            })
        })
        .unwrap();

        assert_eq!(seen, [[].into(), ["a.py::x".to_owned()].into()]);
        assert_eq!((ended.status, ended.is_complete), (1, true));
        assert_eq!(ended.logs.len(), 2);
    }

    #[test]
    fn the_first_failure_can_be_the_last() {
        let ended = to_the_end(true, |_| Ok(instance("a.py::x", None))).unwrap();

        assert_eq!((ended.status, ended.logs.len()), (1, 1));
    }

    #[test]
    fn a_file_is_given_up_if_its_instance_ends_outside_of_a_test() {
        let ended = to_the_end(false, |_| {
            let mut log = Log::default();
            log.break_off("a.py", "timed out");
            Ok((None, log))
        })
        .unwrap();

        assert_eq!((ended.status, ended.logs.len()), (1, 1));
        assert!(!ended.is_complete);
    }

    #[test]
    fn a_file_is_given_up_if_no_new_test_begins() {
        let ended = to_the_end(false, |_| Ok(instance("a.py::x", None))).unwrap();

        assert_eq!((ended.status, ended.logs.len()), (1, 2));
        assert!(!ended.is_complete);
    }

    #[test]
    fn a_file_is_given_up_if_each_instance_names_its_tests_anew() {
        let mut number = 0;

        let ended = to_the_end(false, |_| {
            number += 1;
            Ok(instance(&format!("a.py::x[{number}]"), None))
        })
        .unwrap();

        assert_eq!(ended.logs.len(), MOST_INSTANCES);
        assert!(!ended.is_complete);
    }

    #[test]
    fn a_command_that_exits_before_its_program_has_ended_is_broken_off() {
        assert_eq!(status_of_command(Ok(1), Some(b"1")), Ok(1));
        let failed = |status: i32| Err(format!("ended with status {status}"));
        assert_eq!(status_of_command(Ok(0), None), failed(0));
        assert_eq!(status_of_command(Ok(120), Some(b"0")), failed(120));
    }
}
