//! Nothing in the code names a version of Python but the table of releases.

use std::fs;

use super::cpython::DEFAULT_AS_TOML;
use super::{Path, workspace};

/// Where the code is, with its scripts and templates.
const CODE: [&str; 14] = [
    "benches/measure",
    "benches/runner",
    "cargo-wadup/src",
    "tests/conformance",
    "wadup-build/src",
    "wadup-contract/src",
    "wadup-embedded-fs/src",
    "wadup-guest/src",
    "wadup-guest-sys/src",
    "wadup-inspect/src",
    "wadup-macros/src",
    "wadup-host/src",
    "wadup-snapshot/src",
    "wadup-tables/src",
];

/// The endings of its files.
const ENDINGS: [&str; 6] = ["c", "h", "js", "py", "rs", "sh"];

/// The table, and its default.
const TABLE: [&str; 2] = [
    "wadup-build/src/cpython/default.rs",
    "wadup-build/src/cpython/releases.rs",
];

/// The ways to write a series: "3.13", "(3, 13", "cp313".
fn spellings() -> Vec<String> {
    let series = DEFAULT_AS_TOML.trim_matches('"');
    let short = series.replace('.', "");
    let mut spellings = vec![series.to_owned(), format!("({}", series.replace('.', ", "))];
    spellings.extend(["py", "cp", "cpython-", "python"].map(|before| format!("{before}{short}")));
    spellings
}

#[test]
fn only_the_table_of_releases_names_a_version_of_python() {
    let mut files = Vec::new();
    for folder in CODE {
        collect(&workspace().join(folder), &mut files);
    }
    assert!(files.len() > 100, "{}", files.len());
    let mut found = Vec::new();
    for file in files {
        let name = file
            .strip_prefix(workspace())
            .unwrap()
            .display()
            .to_string();
        if TABLE.contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in without_tests(&text).lines().enumerate() {
            if spellings().iter().any(|spelling| names(line, spelling)) {
                found.push(format!("{name}:{}: {line}", number + 1));
            }
        }
    }

    assert!(
        found.is_empty(),
        "a version of Python stands outside the table of releases:\n{}",
        found.join("\n")
    );
}

#[test]
fn versions_are_told_from_other_numbers() {
    for line in [
        "lib/python3.13/os.py",
        "\"3.13\"",
        "x.cpython-313.pyc",
        "== (3, 13, 5)",
    ] {
        assert!(
            spellings().iter().any(|spelling| names(line, spelling)),
            "{line}"
        );
    }
    for line in ["version 0.3.13", "3.131", "row * 31337", "\"x 13.13\""] {
        assert!(
            !spellings().iter().any(|spelling| names(line, spelling)),
            "{line}"
        );
    }
}

/// Whether a line has a spelling that is not part of a longer number or version.
fn names(line: &str, spelling: &str) -> bool {
    line.match_indices(spelling).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + spelling.len()..].chars().next();
        let is_digit = |letter: &char| letter.is_ascii_digit();
        let continues = |letter: &char| is_digit(letter) || *letter == '.';
        let starts_inside = spelling.starts_with(|letter: char| is_digit(&letter))
            && before.as_ref().is_some_and(continues);
        !starts_inside && !after.as_ref().is_some_and(is_digit)
    })
}

/// Test data may look like any version.
fn without_tests(source: &str) -> &str {
    let end = source.find("\n#[cfg(test)]\nmod ").unwrap_or(source.len());
    &source[..end]
}

fn collect(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_test = name == "tests" || name.ends_with("tests.rs");
        if path.is_dir() && !is_test && name != "template" {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|one| ending == *one))
            && !is_test
        {
            found.push(path);
        }
    }
}
