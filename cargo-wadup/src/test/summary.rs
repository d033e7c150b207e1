//! What all files of tests came to.

use std::collections::BTreeMap;
use std::fmt;

use cargo_wadup::suite::{Log, NO_TESTS};

use super::session::Ended;

/// The outcomes in the order in which pytest names them.
const ORDER: [&str; 6] = ["failed", "passed", "skipped", "xfailed", "xpassed", "error"];

/// The results of files.
#[derive(Debug, Default)]
pub(super) struct Summary {
    files: BTreeMap<String, Ended>,
}

impl Summary {
    pub(super) fn add(&mut self, file: &str, ended: Ended) {
        self.files.insert(file.to_owned(), ended);
    }

    /// The exit status: 0, or pytest's for the worst file.
    pub(super) fn status(&self) -> u8 {
        let failures = self.files.values().filter(|ended| ended.is_failure());
        let worst = failures.map(|ended| ended.status).max();
        let ran = self.files.values().any(|ended| ended.status != NO_TESTS);
        let status = worst.unwrap_or(if ran { 0 } else { NO_TESTS });
        u8::try_from(status).unwrap_or(1)
    }

    /// How each file ended.
    pub(super) fn files(&self) -> impl Iterator<Item = &Ended> {
        self.files.values()
    }

    /// The number of tests by outcome.
    fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for log in self.files().flat_map(|ended| &ended.logs) {
            log.count(&mut counts);
        }
        counts
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (file, ended) in &self.files {
            let mut broken_off = ended.logs.iter().filter_map(Log::end).peekable();
            if broken_off.peek().is_none() && ended.is_failure() {
                writeln!(formatter, "FAILED {file}")?;
            }
            for end in broken_off {
                writeln!(formatter, "FAILED {}: {}", end.test, end.message())?;
            }
        }
        let counts = self.counts();
        let counts: Vec<String> = ORDER
            .iter()
            .filter_map(|outcome| Some(format!("{} {outcome}", counts.get(outcome)?)))
            .collect();
        let files = match self.files.len() {
            1 => "1 file".to_owned(),
            several => format!("{several} files"),
        };
        let counts = if counts.is_empty() {
            "no tests ran".to_owned()
        } else {
            counts.join(", ")
        };
        write!(formatter, "{files}: {counts}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(outcomes: &[&str]) -> Log {
        let notes = outcomes.iter().map(|outcome| {
            format!("{{\"test\": \"t\", \"outcome\": null}}\n{{\"test\": \"t\", \"outcome\": \"{outcome}\"}}\n")
        });
        Log::read(notes.collect::<String>().as_bytes())
    }

    fn ended(status: i32, logs: Vec<Log>) -> Ended {
        Ended {
            status,
            logs,
            ..Ended::default()
        }
    }

    #[test]
    fn outcomes_of_all_files_are_added_up() {
        let mut summary = Summary::default();
        let mut broken_off = log(&["passed"]);
        broken_off.break_off("tests/test_c.py", "wasm trap: unreachable\nbacktrace");
        summary.add(
            "tests/test_a.py",
            ended(0, vec![log(&["passed", "passed"])]),
        );
        summary.add(
            "tests/test_b.py",
            ended(1, vec![log(&["passed", "failed", "failed"])]),
        );
        summary.add(
            "tests/test_c.py",
            ended(1, vec![broken_off, log(&["skipped"])]),
        );

        assert_eq!(
            summary.to_string(),
            "FAILED tests/test_b.py\nFAILED t: wasm trap: unreachable\n\
             3 files: 3 failed, 4 passed, 1 skipped"
        );
    }

    #[test]
    fn the_exit_status_is_that_of_the_worst_file() {
        let status = |statuses: &[i32]| {
            let mut summary = Summary::default();
            for (number, status) in statuses.iter().enumerate() {
                summary.add(&number.to_string(), ended(*status, Vec::new()));
            }
            summary.status()
        };

        assert_eq!(status(&[0, 0]), 0);
        assert_eq!(status(&[0, NO_TESTS]), 0);
        assert_eq!(status(&[NO_TESTS]), 5);
        assert_eq!(status(&[0, 1, NO_TESTS]), 1);
        assert_eq!(status(&[1, 4]), 4);
    }
}
