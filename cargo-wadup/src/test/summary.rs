//! What all files of tests came to.

use std::collections::BTreeMap;
use std::fmt;

use super::session::{Ended, NO_TESTS};

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

    /// pytest's reports for other programs.
    pub(super) fn reports(&self) -> impl Iterator<Item = &str> {
        self.files
            .values()
            .filter_map(|ended| ended.junit.as_deref())
    }

    fn count(&self, outcome: &str) -> usize {
        let counts = self.files.values().map(|ended| ended.outcomes.get(outcome));
        counts.flatten().sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (file, ended) in &self.files {
            if let Some(reason) = &ended.broken_off {
                let first = reason.lines().next().unwrap_or_default();
                writeln!(formatter, "FAILED {file}: {first}")?;
            } else if ended.is_failure() {
                writeln!(formatter, "FAILED {file}")?;
            }
        }
        let counts: Vec<String> = ORDER
            .iter()
            .map(|outcome| (self.count(outcome), outcome))
            .filter(|(count, _)| *count > 0)
            .map(|(count, outcome)| format!("{count} {outcome}"))
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

    fn ended(status: i32, outcomes: &[(&str, usize)]) -> Ended {
        Ended {
            status,
            outcomes: outcomes
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            ..Ended::default()
        }
    }

    #[test]
    fn outcomes_of_all_files_are_added_up() {
        let mut summary = Summary::default();
        summary.add("tests/test_a.py", ended(0, &[("passed", 2)]));
        summary.add("tests/test_b.py", ended(1, &[("passed", 1), ("failed", 3)]));
        let trapped = Ended {
            status: 1,
            broken_off: Some("wasm trap: unreachable\nbacktrace".into()),
            ..Ended::default()
        };
        summary.add("tests/test_c.py", trapped);

        assert_eq!(
            summary.to_string(),
            "FAILED tests/test_b.py\nFAILED tests/test_c.py: wasm trap: unreachable\n\
             3 files: 3 failed, 3 passed"
        );
    }

    #[test]
    fn the_exit_status_is_that_of_the_worst_file() {
        let status = |statuses: &[i32]| {
            let mut summary = Summary::default();
            for (number, status) in statuses.iter().enumerate() {
                summary.add(&number.to_string(), ended(*status, &[]));
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
