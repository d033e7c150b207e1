//! Untrusted locks: the invariants of what the readers return for them.

use std::path::Path;

use super::distribution;
use super::requirements::{self, Pinned};
use crate::cpython::Series;
use crate::error::{Error, Result};

/// The lines of a requirements file or a wadup.lock.
pub(crate) fn requirements(text: &str) {
    let file = Path::new("requirements.txt");
    match requirements::parse(file, text, Series::default().newest()) {
        Ok(pinned) => {
            for package in &pinned {
                assert!(!package.hashes.is_empty(), "{package:?} admits any file");
                let reason = requirements::chain(&package.name, &pinned, "requirements.txt");
                assert!(reason.starts_with("required by "), "{reason}");
                reads_its_own_line(package);
            }
        }
        Err(Error::Configuration { file, problem }) => {
            assert_eq!(file, Path::new("requirements.txt"));
            assert!(
                problem.starts_with("line ") || problem.contains("is pinned twice"),
                "{problem}"
            );
        }
        Err(other) => panic!("{other}"),
    }
}

/// What is written for uv equals what was read.
fn reads_its_own_line(package: &Pinned) {
    let line = package.line(&package.hashes);
    let again: Result<Vec<Pinned>> =
        requirements::parse(Path::new("line"), &line, Series::default().newest());
    let again = again.unwrap_or_else(|error| panic!("{line:?}: {error}"));
    assert_eq!(again.len(), 1, "{line:?}");
    assert_eq!(
        (&again[0].name, &again[0].version, &again[0].hashes),
        (&package.name, &package.version, &package.hashes)
    );
}

/// The text of a pylock.toml, which an index and uv control.
pub(crate) fn pylock(text: &str) {
    let packages = ["six", "pydantic-core"].map(|name| Pinned {
        name: name.to_owned(),
        version: "1".to_owned(),
        hashes: vec!["aa".to_owned(), "bb".to_owned()],
        required_by: Vec::new(),
    });
    let Ok(found) = distribution::parse(Path::new("pylock.toml"), text, &packages) else {
        return;
    };
    for distribution in found {
        for file in distribution.wheels.iter().chain(&distribution.sdist) {
            assert!(packages[0].hashes.contains(&file.sha256), "{file:?}");
        }
    }
}
