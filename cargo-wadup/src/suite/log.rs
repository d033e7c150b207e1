//! What the tests of one instance came to, as the program in it noted that.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The outcome that says only that a test is over, whatever it came to.
const FINISHED: &str = "finished";

/// The outcome of a test that was not asked for.
const DESELECTED: &str = "deselected";

/// The notes of one instance.
#[derive(Debug, Default)]
pub struct Log {
    notes: Vec<Line>,
    broken_off: Option<BrokenOff>,
}

/// A test that began (without an outcome) or is over, or an outcome.
#[derive(Debug, Deserialize)]
struct Line {
    test: String,
    outcome: Option<String>,
    #[serde(default)]
    message: String,
}

/// An outcome of a test. One test has several if its teardown fails too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// The test, or the file if that could not be imported.
    pub test: &'a str,
    /// A category of pytest's, or `deselected`.
    pub outcome: &'a str,
    /// Why it failed or was skipped, on one line of at most 300 characters.
    pub message: &'a str,
}

/// Why an instance did not come to its end.
#[derive(Debug)]
pub struct BrokenOff {
    /// The test that was running; the file if there was none.
    pub test: String,
    /// What ended the instance, in words: the first line is enough for a message.
    pub reason: String,
    /// Whether a test was running.
    pub is_of_a_test: bool,
}

impl BrokenOff {
    /// The first line of the reason.
    #[must_use]
    pub fn message(&self) -> &str {
        self.reason.lines().next().unwrap_or_default()
    }
}

impl Log {
    /// Reads the notes, one to a line. The last line may be cut off.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        Self {
            notes: lines
                .filter_map(|line| serde_json::from_slice(line).ok())
                .collect(),
            broken_off: None,
        }
    }

    /// Records why the instance that ran `file` did not come to its end.
    pub fn break_off(&mut self, file: &str, reason: &str) {
        let running = self.running();
        self.broken_off = Some(BrokenOff {
            test: running.unwrap_or(file).to_owned(),
            reason: reason.to_owned(),
            is_of_a_test: running.is_some(),
        });
    }

    /// The last test that began, unless it is over.
    fn running(&self) -> Option<&str> {
        let begun = self.notes.iter().rposition(|note| note.outcome.is_none())?;
        let (note, after) = self.notes[begun..].split_first()?;
        let is_over = after
            .iter()
            .any(|later| later.outcome.as_deref() == Some(FINISHED));
        (!is_over).then_some(&*note.test)
    }

    /// The test that ended the instance, if one did: those after it can run in another.
    #[must_use]
    pub fn broken_off(&self) -> Option<&BrokenOff> {
        self.broken_off.as_ref().filter(|end| end.is_of_a_test)
    }

    /// Why the instance did not come to its end.
    #[must_use]
    pub fn end(&self) -> Option<&BrokenOff> {
        self.broken_off.as_ref()
    }

    /// The tests that began.
    pub fn begun(&self) -> impl Iterator<Item = &str> {
        let begun = self.notes.iter().filter(|note| note.outcome.is_none());
        begun.map(|note| &*note.test)
    }

    /// The outcomes of tests in their order, also of those that were deselected.
    pub fn notes(&self) -> impl Iterator<Item = Note<'_>> {
        self.notes.iter().filter_map(|line| {
            let outcome = line.outcome.as_deref()?;
            (outcome != FINISHED).then_some(Note {
                test: &line.test,
                outcome,
                message: &line.message,
            })
        })
    }

    /// The outcomes of the tests that were asked for, as pytest names them.
    pub fn outcomes(&self) -> impl Iterator<Item = Note<'_>> {
        self.notes().filter(|note| note.outcome != DESELECTED)
    }

    /// Adds the number of tests by outcome. A test that ended the instance has failed.
    pub fn count<'a>(&'a self, counts: &mut BTreeMap<&'a str, usize>) {
        for note in self.outcomes() {
            *counts.entry(note.outcome).or_default() += 1;
        }
        if self.broken_off.is_some() {
            *counts.entry("failed").or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &[u8] = br#"{"test": "a.py::test_0", "outcome": "deselected"}
{"test": "a.py::test_1", "outcome": null}
{"test": "a.py::test_1", "outcome": "skipped", "message": "not here"}
{"test": "a.py::test_1", "outcome": "finished"}
{"test": "a.py::test_2", "outcome": null}
{"test": "a.py::te"#;

    #[test]
    fn the_test_that_ended_the_instance_is_the_last_that_began_and_has_failed() {
        let mut log = Log::read(NOTES);

        log.break_off("a.py", "unreachable\nbacktrace");

        let end = log.broken_off().unwrap();
        assert_eq!((&*end.test, end.message()), ("a.py::test_2", "unreachable"));
        assert_eq!(
            log.begun().collect::<Vec<_>>(),
            ["a.py::test_1", "a.py::test_2"]
        );
        let mut counts = BTreeMap::new();
        log.count(&mut counts);
        assert_eq!(counts, BTreeMap::from([("failed", 1), ("skipped", 1)]));
    }

    #[test]
    fn an_instance_that_ends_before_its_tests_is_a_failure_of_the_file() {
        let mut log = Log::read(b"");

        log.break_off("a.py", "unreachable");

        assert!(log.broken_off().is_none());
        assert_eq!(log.end().unwrap().test, "a.py");
    }

    #[test]
    fn an_instance_that_ends_after_a_test_is_a_failure_of_the_file() {
        let mut log = Log::read(
            br#"{"test": "a.py::test_1", "outcome": null}
{"test": "a.py::test_1", "outcome": "passed"}
{"test": "a.py::test_1", "outcome": "finished"}
"#,
        );

        log.break_off("a.py", "unreachable");

        assert!(log.broken_off().is_none());
        assert_eq!(log.end().unwrap().test, "a.py");
    }

    #[test]
    fn a_note_has_the_reason_of_a_test_that_did_not_pass() {
        let log = Log::read(NOTES);

        let notes: Vec<Note<'_>> = log.notes().collect();

        assert_eq!(notes[0].outcome, DESELECTED);
        assert_eq!(
            notes[1],
            Note {
                test: "a.py::test_1",
                outcome: "skipped",
                message: "not here"
            }
        );
        assert_eq!(log.outcomes().collect::<Vec<_>>(), notes[1..]);
    }
}
