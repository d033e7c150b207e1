//! `[dependency-groups]` of pyproject.toml (PEP 735): a build for tests adds one of them to the dependencies.

use std::collections::BTreeMap;

use pep508_rs::Requirement;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::document::Document;
use super::{Plan, Sources, Stdlib, parse_requirement};
use crate::error::Result;

/// The names of the group that a build for tests takes: the first one that is there.
const OF_TESTS: [&str; 2] = ["test", "dev"];

/// What runs the tests; added if the group does not list it.
const RUNNER: &str = "pytest";

/// What no guest can do, because it starts processes, with what does the same.
const LEFT_OUT: [(&str, &str); 2] = [
    (
        "pytest-xdist",
        "`cargo wadup test --jobs N` runs N files at a time",
    ),
    ("pytest-forked", "each file runs in an instance of its own"),
];

/// The groups by their names, normalized when they are compared.
pub(super) type Groups = BTreeMap<String, Vec<Spanned<Entry>>>;

/// An entry of a group.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    Requirement(String),
    Include(Include),
    /// Only an error if a build takes the group.
    Other(IgnoredAny),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Include {
    include_group: String,
}

impl Document<'_> {
    /// Changes a plan into that of a guest that runs its own tests.
    pub(super) fn apply_tests(&self, groups: &Groups, plan: &mut Plan) -> Result<()> {
        plan.is_for_tests = true;
        // Asserts and tracebacks show the source, and tests may import what the guest does not.
        plan.sources = Sources::All;
        plan.stdlib = Stdlib::Whole;
        plan.stdlib_modules.clear();
        if let Some(name) = OF_TESTS.iter().find(|name| find(groups, name).is_some()) {
            let mut requirements = Vec::new();
            self.add_group(groups, name, &mut Vec::new(), &mut requirements)?;
            for requirement in requirements {
                match left_out(&requirement) {
                    Some(note) => plan.notes.push(note),
                    None => plan.dependencies.push(requirement),
                }
            }
        }
        let is_listed = |requirement: &Requirement| requirement.name.to_string() == RUNNER;
        if !plan.dependencies.iter().any(is_listed) {
            let runner =
                parse_requirement(RUNNER).map_err(|problem| self.error(&(0..0), problem))?;
            plan.dependencies.push(runner);
            plan.notes.push(format!(
                "the tests run with the newest {RUNNER}: to choose its version, list `{RUNNER}` in `test` of [dependency-groups]"
            ));
        }
        Ok(())
    }

    fn add_group(
        &self,
        groups: &Groups,
        name: &str,
        including: &mut Vec<String>,
        dependencies: &mut Vec<Requirement>,
    ) -> Result<()> {
        let Some(entries) = find(groups, name) else {
            return Ok(());
        };
        including.push(normalized(name));
        for entry in entries {
            let problem = match entry.get_ref() {
                Entry::Requirement(text) => {
                    dependencies.push(self.dependency(&Spanned::new(entry.span(), text.clone()))?);
                    continue;
                }
                Entry::Include(Include { include_group }) => {
                    if including.contains(&normalized(include_group)) {
                        format!("group `{include_group}` includes itself")
                    } else if find(groups, include_group).is_none() {
                        format!("there is no group `{include_group}`")
                    } else {
                        self.add_group(groups, include_group, including, dependencies)?;
                        continue;
                    }
                }
                Entry::Other(_) => {
                    "expected a requirement or `{ include-group = \"NAME\" }`".to_owned()
                }
            };
            return Err(self.error(&entry.span(), problem));
        }
        including.pop();
        Ok(())
    }
}

/// Why a requirement is not a part of the guest, if it is not.
fn left_out(requirement: &Requirement) -> Option<String> {
    let name = requirement.name.to_string();
    LEFT_OUT
        .iter()
        .find(|(left_out, _)| name == *left_out)
        .map(|(name, instead)| {
            format!(
                "`{name}` is left out, because it starts processes, and guests have none: {instead}"
            )
        })
}

fn find<'a>(groups: &'a Groups, name: &str) -> Option<&'a Vec<Spanned<Entry>>> {
    groups
        .iter()
        .find(|(group, _)| normalized(group) == normalized(name))
        .map(|(_, entries)| entries)
}

/// A group's name as tools compare it (PEP 735, by the rule of PEP 503).
fn normalized(name: &str) -> String {
    let words = name
        .split(['-', '_', '.'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>();
    words.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn plan(text: &str) -> Result<Plan> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pyproject.toml"), text).unwrap();
        Plan::read_for_tests(folder.path())
    }

    fn dependencies(text: &str) -> Vec<String> {
        let plan = plan(text).unwrap();
        plan.dependencies.iter().map(ToString::to_string).collect()
    }

    #[track_caller]
    fn assert_problem(text: &str, expected: &str) {
        let error = plan(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn the_test_group_and_what_it_includes_join_the_dependencies() {
        let text = r#"
            [project]
            dependencies = ["six"]
            [dependency-groups]
            dev = ["ruff"]
            Test = ["pytest==9.0.1", { include-group = "more_tools" }]
            more-tools = ["attrs"]
        "#;

        assert_eq!(dependencies(text), ["six", "pytest==9.0.1", "attrs"]);
    }

    #[test]
    fn the_dev_group_serves_if_there_is_no_test_group() {
        let text = "[dependency-groups]\ndev = [\"pytest>=8\"]\n";

        assert_eq!(dependencies(text), ["pytest>=8"]);
    }

    #[test]
    fn pytest_is_added_with_a_note_if_nothing_lists_it() {
        let plan = plan("[project]\ndependencies = [\"six\"]\n").unwrap();

        assert_eq!(plan.dependencies[1].to_string(), "pytest");
        assert!(plan.notes[0].contains("newest pytest"), "{:?}", plan.notes);
    }

    #[test]
    fn what_starts_processes_is_left_out_with_a_note() {
        let text = "[dependency-groups]\ntest = [\"pytest\", \"pytest_xdist>=3\"]\n";

        let plan = plan(text).unwrap();

        assert_eq!(plan.dependencies.len(), 1, "{:?}", plan.dependencies);
        assert!(
            plan.notes[0].starts_with("`pytest-xdist` is left out"),
            "{:?}",
            plan.notes
        );
    }

    #[test]
    fn a_guest_for_tests_has_every_source_and_the_whole_library() {
        let plan = plan("[tool.wadup]\nstdlib = \"traced\"\nsources = \"none\"\n").unwrap();

        assert!(plan.is_for_tests);
        assert_eq!(plan.sources, Sources::All);
        assert_eq!(plan.stdlib, Stdlib::Whole);
    }

    #[test]
    fn a_malformed_group_is_an_error_only_if_the_build_takes_it() {
        assert_problem(
            "[dependency-groups]\ntest = [\n  \"a\",\n  1,\n]\n",
            "line 4: expected a requirement or",
        );
        assert_problem(
            "[dependency-groups]\ntest = [{ include-group = \"none\" }]\n",
            "line 2: there is no group `none`",
        );
        assert_problem(
            "[dependency-groups]\ntest = [{ include-group = \"a\" }]\na = [{ include-group = \"test\" }]\n",
            "line 3: group `test` includes itself",
        );
        assert_eq!(
            dependencies("[dependency-groups]\ntest = [\"pytest\"]\nother = [1]\n"),
            ["pytest"]
        );
    }
}
