//! The list of expected failures, each with its reason, and the differences from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::outcomes::{FileOutcomes, Outcome};

/// The reason until a person writes one.
const UNEXPLAINED: &str = "not yet explained";

const HEAD: &str = "\
# The tests that fail in a guest, and why. A `*` at the end stands for anything. A test that is listed and passes is as wrong as
# one that fails and is not listed. `cargo xtask conformance PACKAGE --update` corrects the list; the reasons are yours to write.

";

/// The `expected.toml` of a package.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Expected {
    /// Tests that are not run, because they would end the instance or are all about what no guest has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) left_out: Vec<Reason>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fails: Vec<Reason>,
}

/// Tests that have the same reason.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) reason: String,
    /// Whether tests that fail count as failures. They do not if all that they are about is what no guest has, as threads are.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) counts: bool,
    pub(crate) tests: Vec<String>,
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

/// What differs from the list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    /// Tests that failed, with their message.
    pub(crate) failed: Vec<(String, String)>,
    /// Tests that passed.
    pub(crate) passed: Vec<String>,
    /// Entries of files that ran, without a test.
    pub(crate) idle: Vec<String>,
    /// Entries without a reason.
    pub(crate) unexplained: Vec<String>,
}

/// The outcomes of files by their names.
pub(crate) type Files = BTreeMap<String, FileOutcomes>;

impl Expected {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("`{}`: {error}", path.display());
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| failed(&error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed(&error)),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("`{}`: {error}", path.display());
        let text = toml::to_string_pretty(self).map_err(|error| failed(&error))?;
        fs::write(path, format!("{HEAD}{text}")).map_err(|error| failed(&error))
    }

    /// The tests of `file` that are not run.
    pub(crate) fn left_out_of(&self, file: &str) -> Vec<&str> {
        let entries = self.left_out.iter().flat_map(|reason| &reason.tests);
        entries
            .map(String::as_str)
            .filter(|entry| is_of(entry, file))
            .collect()
    }

    pub(crate) fn compare(&self, files: &Files) -> Differences {
        let mut differences = Differences::default();
        for (file, outcomes) in files {
            let entries: Vec<&str> = self.entries_of(file).map(|(_, entry)| entry).collect();
            let mut used = vec![false; entries.len()];
            for (name, test) in &outcomes.tests {
                let matching = entries.iter().position(|entry| stands_for(entry, name));
                if let Some(entry) = matching {
                    used[entry] = true;
                }
                match (test.outcome, matching) {
                    (Outcome::Failed, None) => {
                        differences
                            .failed
                            .push((name.clone(), test.message.clone()));
                    }
                    (Outcome::Passed, Some(_)) => differences.passed.push(name.clone()),
                    _ => {}
                }
            }
            let unused = entries.iter().zip(used).filter(|(_, used)| !used);
            let left_out = self.left_out_of(file).into_iter().filter(|entry| {
                let mut names = outcomes.tests.keys();
                !names.any(|name| stands_for(entry, name))
            });
            // Where a file broke off, tests are missing for that reason.
            if outcomes.broken.is_none() {
                let idle = unused.map(|(entry, _)| *entry).chain(left_out);
                differences.idle.extend(idle.map(str::to_owned));
            }
        }
        for reason in self.fails.iter().chain(&self.left_out) {
            if reason.reason == UNEXPLAINED || reason.reason.trim().is_empty() {
                differences.unexplained.extend(reason.tests.iter().cloned());
            }
        }
        differences
    }

    /// How many tests failed that are about what no guest has.
    pub(crate) fn not_counted(&self, files: &Files) -> usize {
        let about_absent = |file: &str, name: &str| {
            self.entries_of(file)
                .any(|(place, entry)| !self.fails[place].counts && stands_for(entry, name))
        };
        let count = |(file, outcomes): (&String, &FileOutcomes)| {
            let failed = outcomes
                .tests
                .iter()
                .filter(|(_, test)| test.outcome == Outcome::Failed);
            failed.filter(|(name, _)| about_absent(file, name)).count()
        };
        files.iter().map(count).sum()
    }

    /// The entries for tests of `file`, each with the index of its reason.
    fn entries_of<'a>(&'a self, file: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let entries = self.fails.iter().enumerate();
        entries
            .flat_map(|(place, reason)| reason.tests.iter().map(move |test| (place, &**test)))
            .filter(|(_, entry)| is_of(entry, file))
    }

    /// The list corrected by `files`: reasons stay with the tests that still fail; new ones have none yet.
    pub(crate) fn updated(&self, files: &Files) -> Self {
        let mut fails: Vec<Reason> = self.fails.clone();
        let mut unexplained = Vec::new();
        for (file, outcomes) in files {
            if outcomes.broken.is_some() {
                continue;
            }
            let old: Vec<(usize, String)> = self
                .entries_of(file)
                .map(|(place, entry)| (place, entry.to_owned()))
                .collect();
            for reason in &mut fails {
                reason.tests.retain(|entry| !is_of(entry, file));
            }
            let mut failing: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
            for (name, test) in &outcomes.tests {
                if test.outcome == Outcome::Failed {
                    let known = old.iter().find(|(_, entry)| stands_for(entry, name));
                    let place = known.map_or(fails.len(), |(place, _)| *place);
                    failing.entry(place).or_default().push(name);
                }
            }
            for (place, names) in failing {
                let entries = shortened(&names, outcomes);
                match fails.get_mut(place) {
                    Some(reason) => reason.tests.extend(entries),
                    None => unexplained.extend(entries),
                }
            }
        }
        if !unexplained.is_empty() {
            match fails.iter_mut().find(|reason| reason.reason == UNEXPLAINED) {
                Some(reason) => reason.tests.extend(unexplained),
                None => fails.push(Reason {
                    reason: UNEXPLAINED.to_owned(),
                    counts: true,
                    tests: unexplained,
                }),
            }
        }
        fails.retain(|reason| !reason.tests.is_empty());
        for reason in &mut fails {
            reason.tests.sort_unstable();
            reason.tests.dedup();
        }
        Self {
            left_out: self.left_out.clone(),
            fails,
        }
    }
}

/// `names` with one entry for all tests of a file, a class or a function if none of them passes.
fn shortened(names: &[&str], outcomes: &FileOutcomes) -> Vec<String> {
    let fails_whole = |beginning: &str| {
        let mut tests = outcomes
            .tests
            .iter()
            .filter(|(name, _)| name.starts_with(beginning));
        tests.clone().count() > 1 && tests.all(|(name, _)| names.contains(&&**name))
    };
    let mut entries: Vec<String> = Vec::new();
    for name in names {
        let beginning = beginnings(name).find(|beginning| fails_whole(beginning));
        let entry =
            beginning.map_or_else(|| (*name).to_owned(), |beginning| format!("{beginning}*"));
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// The prefixes of a test's name that other tests may share, the shortest first.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let function = name.find('[').unwrap_or(name.len());
    let ends = name[..function]
        .match_indices("::")
        .map(|(place, separator)| place + separator.len());
    let parameters = (function < name.len()).then_some(function + 1);
    ends.chain(parameters).map(|end| &name[..end])
}

fn is_of(entry: &str, file: &str) -> bool {
    entry
        .strip_prefix(file)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn stands_for(entry: &str, name: &str) -> bool {
    entry == name
        || entry
            .strip_suffix('*')
            .is_some_and(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcomes::Test;

    fn files(tests: &[(&str, Outcome)]) -> Files {
        let tests = tests.iter().map(|(name, outcome)| {
            let message = String::new();
            let outcome = *outcome;
            ((*name).to_owned(), Test { outcome, message })
        });
        let outcomes = FileOutcomes {
            tests: tests.collect(),
            broken: None,
        };
        Files::from([("a.py".to_owned(), outcomes)])
    }

    fn expected(reason: &str, tests: &[&str]) -> Expected {
        Expected {
            left_out: Vec::new(),
            fails: vec![Reason {
                reason: reason.to_owned(),
                counts: true,
                tests: tests.iter().map(|test| (*test).to_owned()).collect(),
            }],
        }
    }

    #[test]
    fn what_fails_and_is_listed_is_no_difference() {
        let files = files(&[
            ("a.py::x[1]", Outcome::Failed),
            ("a.py::x[2]", Outcome::Skipped),
            ("a.py::y", Outcome::Passed),
        ]);
        let differences = expected("no threads", &["a.py::x[*"]).compare(&files);
        assert_eq!(differences, Differences::default());
    }

    #[test]
    fn a_failure_that_is_not_listed_and_a_pass_that_is_are_both_reported() {
        let files = files(&[("a.py::x", Outcome::Failed), ("a.py::y", Outcome::Passed)]);
        let differences = expected("no threads", &["a.py::y"]).compare(&files);
        assert_eq!(differences.failed, [("a.py::x".to_owned(), String::new())]);
        assert_eq!(differences.passed, ["a.py::y"]);
    }

    #[test]
    fn an_entry_of_a_file_that_ran_must_stand_for_a_test() {
        let list = expected("no threads", &["a.py::gone", "another.py::x"]);
        let differences = list.compare(&files(&[("a.py::x", Outcome::Passed)]));
        assert_eq!(differences.idle, ["a.py::gone"]);
    }

    #[test]
    fn what_no_guest_has_fails_and_is_not_counted() {
        let mut list = expected("no threads", &["a.py::x"]);
        list.fails[0].counts = false;
        let files = files(&[("a.py::x", Outcome::Failed), ("a.py::y", Outcome::Failed)]);
        assert_eq!(list.not_counted(&files), 1);
        assert_eq!(
            list.compare(&files).failed,
            [("a.py::y".to_owned(), String::new())]
        );
    }

    #[test]
    fn what_is_left_out_must_be_there() {
        let list = Expected {
            left_out: expected("no threads", &["a.py::C.*", "a.py::D.*"]).fails,
            fails: Vec::new(),
        };
        let differences = list.compare(&files(&[("a.py::C.x", Outcome::Skipped)]));
        assert_eq!(differences.idle, ["a.py::D.*"]);
    }

    #[test]
    fn a_missing_reason_is_reported_whether_its_file_ran_or_not() {
        let list = expected(UNEXPLAINED, &["another.py::x"]);
        let differences = list.compare(&files(&[]));
        assert_eq!(differences.unexplained, ["another.py::x"]);
    }

    #[test]
    fn an_update_keeps_reasons_and_adds_what_is_new_without_one() {
        let files = files(&[
            ("a.py::C::x[1]", Outcome::Failed),
            ("a.py::C::x[2]", Outcome::Failed),
            ("a.py::C::y", Outcome::Passed),
            ("a.py::z", Outcome::Failed),
            ("a.py::fixed", Outcome::Passed),
        ]);
        let list = expected("no threads", &["a.py::z", "a.py::fixed", "b.py::w"]);
        let updated = list.updated(&files);
        assert_eq!(updated.fails[0].tests, ["a.py::z", "b.py::w"]);
        assert_eq!(
            updated.fails[1],
            Reason {
                reason: UNEXPLAINED.to_owned(),
                counts: true,
                tests: vec!["a.py::C::x[*".to_owned()]
            }
        );
    }
}
