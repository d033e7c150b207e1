//! The tests that TRUST.md names exist.

use std::fs;

use super::{Path, read, workspace};

/// Where the tests are.
const SOURCES: [&str; 9] = [
    "cargo-wadup",
    "tests/guests",
    "tests/harness",
    "wadup-build",
    "wadup-embedded-fs",
    "wadup-inspect",
    "wadup-macros",
    "wadup-host",
    "wadup-snapshot",
];

#[test]
fn every_test_that_trust_names_exists() {
    let mut names = Vec::new();
    for folder in SOURCES {
        collect(&workspace().join(folder), &mut names);
    }

    let missing: Vec<String> = paths(&read("TRUST.md"))
        .into_iter()
        .filter(|path| !path.split("::").all(|part| is_known(part, &names)))
        .collect();

    assert!(
        missing.is_empty(),
        "TRUST.md names what does not exist: {missing:?}"
    );
}

/// What stands between backticks in the last column of a table and is the path of a test or of a module of tests.
fn paths(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_suffix(" |")?.rsplit(" | ").next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|name| name.contains("::") || name.matches('_').count() > 2)
        .filter(|name| {
            name.chars()
                .all(|letter| letter.is_alphanumeric() || "_:*…".contains(letter))
        })
        .map(str::to_owned)
        .collect()
}

/// Whether a part of a path is a function or a module; `…` stands for the rest of a name, or for parts that are left out.
fn is_known(part: &str, names: &[String]) -> bool {
    match part.split_once('…') {
        Some((begin, end)) => names
            .iter()
            .any(|name| name.starts_with(begin) && name.ends_with(end)),
        None => part == "*" || names.iter().any(|name| name == part),
    }
}

/// Adds the names of all functions and modules below a folder.
fn collect(folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        names.extend(
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned()),
        );
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let mut after_keyword = false;
            for word in words.filter(|word| !word.is_empty()) {
                if after_keyword {
                    names.push(word.to_owned());
                }
                after_keyword = word == "fn" || word == "mod";
            }
        }
    }
}
