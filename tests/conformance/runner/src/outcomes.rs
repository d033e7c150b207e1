//! The outcomes of one file's tests, read from the lines that the guest wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// Ordered: of several outcomes of one test the greatest counts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// The guest ended in it, if nothing follows.
    Started,
    Passed,
    /// It failed, as the test itself expects.
    Expected,
    Skipped,
    Failed,
    /// Not of a test: the file is done.
    Complete,
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

#[derive(Deserialize)]
struct Line {
    test: String,
    outcome: Outcome,
    #[serde(default)]
    message: String,
}

impl FileOutcomes {
    /// Reads what the guest wrote into `results`; `failure` is what the host saw.
    pub(crate) fn read(results: &Path, failure: Option<String>) -> Self {
        match fs::read_to_string(results.join("outcomes.jsonl")) {
            Ok(lines) => Self::parse(&lines, failure),
            Err(error) => Self {
                broken: Some(failure.unwrap_or_else(|| format!("no outcomes: {error}"))),
                ..Self::default()
            },
        }
    }

    fn parse(lines: &str, failure: Option<String>) -> Self {
        let mut tests: BTreeMap<String, Test> = BTreeMap::new();
        let (mut complete, mut last) = (false, String::new());
        // A trap may have cut off the last line.
        for line in lines
            .lines()
            .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        {
            if line.outcome == Outcome::Complete {
                complete = true;
                continue;
            }
            last.clone_from(&line.test);
            let test = Test {
                outcome: line.outcome,
                message: line.message,
            };
            match tests.get_mut(&line.test) {
                Some(known) if known.outcome >= test.outcome => {}
                Some(known) => *known = test,
                None => drop(tests.insert(line.test, test)),
            }
        }
        let broken = match (failure, complete) {
            (Some(failure), _) => Some(format!("in {last}: {failure}")),
            (None, false) => Some(format!("ended in {last}")),
            (None, true) if tests.is_empty() => Some("no tests".to_owned()),
            (None, true) => None,
        };
        if broken.is_none() {
            // A test that started and has no other outcome skipped itself silently.
            tests.retain(|_, test| test.outcome != Outcome::Started);
        }
        Self { tests, broken }
    }

    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        let tests = self.tests.values();
        tests.filter(|test| test.outcome == outcome).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"{"test": "a::x", "outcome": "started"}
{"test": "a::x", "outcome": "passed"}
{"test": "a::x", "outcome": "failed", "message": "at the end of it"}
{"test": "a::y", "outcome": "started"}
"#;

    #[test]
    fn the_worst_outcome_of_a_test_counts() {
        let file = FileOutcomes::parse(LINES, None);
        assert_eq!(
            file.tests["a::x"],
            Test {
                outcome: Outcome::Failed,
                message: "at the end of it".to_owned()
            }
        );
    }

    #[test]
    fn a_file_that_breaks_off_says_where() {
        let file = FileOutcomes::parse(LINES, Some("a trap".to_owned()));
        assert_eq!(file.broken.as_deref(), Some("in a::y: a trap"));
    }

    #[test]
    fn a_file_without_its_last_line_is_broken_though_the_guest_returned() {
        assert!(FileOutcomes::parse(LINES, None).broken.is_some());
        let complete = format!("{LINES}{{\"test\": \"\", \"outcome\": \"complete\"}}\n");
        assert_eq!(FileOutcomes::parse(&complete, None).broken, None);
    }
}
