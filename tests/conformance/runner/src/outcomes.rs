//! The outcomes of one file's tests, as the list of expected failures knows them.

use std::collections::BTreeMap;

use cargo_wadup::suite::{Ended, Log};

/// The statuses with which pytest says that it did not run the tests: an error of its own, and wrong options.
const NOT_RUN: [i32; 2] = [3, 4];

/// Ordered: of several outcomes of one test the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Passed,
    /// It failed, as the test itself expects.
    Expected,
    Skipped,
    Failed,
}

impl Outcome {
    /// What an outcome in a log means. One of a plugin that nobody knows is a failure, which somebody looks at.
    fn of(noted: &str) -> Self {
        match noted.strip_prefix("subtests ").unwrap_or(noted) {
            "passed" | "xpassed" => Self::Passed,
            "xfailed" => Self::Expected,
            "skipped" | "deselected" => Self::Skipped,
            _ => Self::Failed,
        }
    }
}

/// One test, or a file that could not be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) outcome: Outcome,
    /// Why, on one line.
    pub(crate) message: String,
}

/// One file of tests.
#[derive(Debug, Default)]
pub(crate) struct FileOutcomes {
    pub(crate) tests: BTreeMap<String, Test>,
    /// Why the file did not run to its end.
    pub(crate) broken: Option<String>,
}

impl FileOutcomes {
    /// Those of a file that could not be run.
    pub(crate) fn none(why: String) -> Self {
        Self {
            broken: Some(why),
            ..Self::default()
        }
    }

    /// Those of a file that was run. A test that ended its instance has failed.
    pub(crate) fn of(ended: &Ended) -> Self {
        let mut file = Self::default();
        for log in &ended.logs {
            for note in log.notes() {
                file.add(note.test, Outcome::of(note.outcome), note.message);
            }
            if let Some(end) = log.broken_off() {
                file.add(&end.test, Outcome::Failed, end.message());
            }
        }
        file.broken = broken(ended);
        if file.broken.is_none() && file.tests.is_empty() {
            file.broken = Some("no tests".to_owned());
        }
        file
    }

    fn add(&mut self, test: &str, outcome: Outcome, message: &str) {
        let known = self.tests.get(test).map(|known| known.outcome);
        if known < Some(outcome) {
            let message = message.to_owned();
            self.tests
                .insert(test.to_owned(), Test { outcome, message });
        }
    }

    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        let tests = self.tests.values();
        tests.filter(|test| test.outcome == outcome).count()
    }
}

/// Why a file did not run to its end.
fn broken(ended: &Ended) -> Option<String> {
    if ended.is_complete {
        let status = ended.status;
        return NOT_RUN
            .contains(&status)
            .then(|| format!("ended with status {status}"));
    }
    let last = ended.logs.last();
    let Some(end) = last.and_then(Log::end) else {
        return Some("it did not run".to_owned());
    };
    let reason = &end.reason;
    if end.is_of_a_test {
        return Some(format!("in {}: {reason}", end.test));
    }
    Some(match last.and_then(|log| log.begun().last()) {
        Some(test) => format!("after {test}: {reason}"),
        None => reason.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = r#"{"test": "a::x", "outcome": null}
{"test": "a::x", "outcome": "passed"}
{"test": "a::x", "outcome": "error", "message": "at the end of it"}
{"test": "a::x", "outcome": "finished"}
"#;

    /// How a file ended whose instances left these notes, and why each of them ended.
    fn ended(status: i32, instances: &[(&str, Option<&str>)]) -> Ended {
        let logs = instances.iter().map(|(notes, trap)| {
            let mut log = Log::read(notes.as_bytes());
            if let Some(trap) = trap {
                log.break_off("/suite/a", trap);
            }
            log
        });
        Ended {
            status,
            logs: logs.collect(),
            is_complete: instances.last().is_some_and(|(_, trap)| trap.is_none()),
        }
    }

    fn failed(message: &str) -> Test {
        Test {
            outcome: Outcome::Failed,
            message: message.to_owned(),
        }
    }

    #[test]
    fn each_outcome_of_a_log_has_its_meaning_here() {
        for (noted, outcome) in [
            ("passed", Outcome::Passed),
            ("xpassed", Outcome::Passed),
            ("subtests passed", Outcome::Passed),
            ("xfailed", Outcome::Expected),
            ("skipped", Outcome::Skipped),
            ("deselected", Outcome::Skipped),
            ("failed", Outcome::Failed),
            ("error", Outcome::Failed),
            ("rerun", Outcome::Failed),
        ] {
            assert_eq!(Outcome::of(noted), outcome, "{noted}");
        }
    }

    #[test]
    fn the_worst_outcome_of_a_test_counts() {
        let file = FileOutcomes::of(&ended(1, &[(NOTES, None)]));

        assert_eq!(file.tests["a::x"], failed("at the end of it"));
        assert_eq!(file.broken, None);
    }

    #[test]
    fn a_test_that_ended_its_instance_has_failed_and_the_rest_counts() {
        let first = format!("{NOTES}{}\n", r#"{"test": "a::y", "outcome": null}"#);
        let rest = r#"{"test": "a::z", "outcome": "passed"}"#;

        let file = FileOutcomes::of(&ended(
            1,
            &[(&first, Some("a trap\nbacktrace")), (rest, None)],
        ));

        assert_eq!(file.tests["a::y"], failed("a trap"));
        assert_eq!(file.tests["a::z"].outcome, Outcome::Passed);
        assert_eq!(file.broken, None);
    }

    #[test]
    fn a_file_that_breaks_off_says_where() {
        let broken = |notes: &str| FileOutcomes::of(&ended(1, &[(notes, Some("a trap"))])).broken;
        assert_eq!(broken("").as_deref(), Some("a trap"));
        assert_eq!(broken(NOTES).as_deref(), Some("after a::x: a trap"));
        let in_a_test = r#"{"test": "a::y", "outcome": null}"#;
        assert_eq!(broken(in_a_test).as_deref(), Some("in a::y: a trap"));
    }

    #[test]
    fn a_file_without_tests_is_broken_and_so_is_one_that_pytest_did_not_run() {
        let broken = |status, notes| FileOutcomes::of(&ended(status, &[(notes, None)])).broken;
        assert_eq!(broken(5, "").as_deref(), Some("no tests"));
        assert_eq!(broken(4, NOTES).as_deref(), Some("ended with status 4"));
        assert_eq!(broken(2, NOTES), None);
    }
}
