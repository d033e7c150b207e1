//! What the tests of one instance came to, as pytest noted it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The notes of one instance.
#[derive(Debug, Default)]
pub(super) struct Log {
    notes: Vec<Note>,
    broken_off: Option<BrokenOff>,
}

/// A test that began, or an outcome. One test has several if its teardown fails too.
#[derive(Debug, Deserialize)]
struct Note {
    test: String,
    outcome: Option<String>,
}

/// Why an instance did not come to its end.
#[derive(Debug)]
pub(super) struct BrokenOff {
    /// The test that was running; the file if there was none.
    pub(super) test: String,
    pub(super) reason: String,
    /// Whether a test was running.
    pub(super) is_of_a_test: bool,
}

impl Log {
    /// Reads the notes, one to a line. The last line may be cut off.
    pub(super) fn read(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        Self {
            notes: lines
                .filter_map(|line| serde_json::from_slice(line).ok())
                .collect(),
            broken_off: None,
        }
    }

    /// Records why the instance that ran `file` did not come to its end.
    pub(super) fn break_off(&mut self, file: &str, reason: &str) {
        let running = self.notes.iter().rfind(|note| note.outcome.is_none());
        self.broken_off = Some(BrokenOff {
            test: running.map_or(file, |note| &note.test).to_owned(),
            reason: reason.to_owned(),
            is_of_a_test: running.is_some(),
        });
    }

    /// The test that ended the instance, if one did: those after it can run in another.
    pub(super) fn broken_off(&self) -> Option<&BrokenOff> {
        self.broken_off.as_ref().filter(|end| end.is_of_a_test)
    }

    /// Why the instance did not come to its end.
    pub(super) fn end(&self) -> Option<&BrokenOff> {
        self.broken_off.as_ref()
    }

    /// The tests that began.
    pub(super) fn begun(&self) -> impl Iterator<Item = &str> {
        let begun = self.notes.iter().filter(|note| note.outcome.is_none());
        begun.map(|note| &*note.test)
    }

    /// Tests and their outcomes, as pytest names them.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.notes
            .iter()
            .filter_map(|note| Some((&*note.test, note.outcome.as_deref()?)))
    }

    /// Adds the number of tests by outcome. A test that ended the instance has failed.
    pub(super) fn count<'a>(&'a self, counts: &mut BTreeMap<&'a str, usize>) {
        for (_, outcome) in self.outcomes() {
            *counts.entry(outcome).or_default() += 1;
        }
        if self.broken_off.is_some() {
            *counts.entry("failed").or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &[u8] = br#"{"test": "a.py::test_1", "outcome": null}
{"test": "a.py::test_1", "outcome": "passed"}
{"test": "a.py::test_2", "outcome": null}
{"test": "a.py::te"#;

    #[test]
    fn the_test_that_ended_the_instance_is_the_last_that_began_and_has_failed() {
        let mut log = Log::read(NOTES);

        log.break_off("a.py", "unreachable");

        assert_eq!(log.broken_off().unwrap().test, "a.py::test_2");
        assert_eq!(
            log.begun().collect::<Vec<_>>(),
            ["a.py::test_1", "a.py::test_2"]
        );
        let mut counts = BTreeMap::new();
        log.count(&mut counts);
        assert_eq!(counts, BTreeMap::from([("failed", 1), ("passed", 1)]));
    }

    #[test]
    fn an_instance_that_ends_before_its_tests_is_a_failure_of_the_file() {
        let mut log = Log::read(b"");

        log.break_off("a.py", "unreachable");

        assert!(log.broken_off().is_none());
        assert_eq!(log.end().unwrap().test, "a.py");
    }
}
