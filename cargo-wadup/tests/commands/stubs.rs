//! Type stubs of modules in Rust, as the type checkers of a user's project read them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::scaffold::Scaffold;
use crate::{assert_complains, assert_success, stderr, stdout, wadup};

const LIBRARY: &str = r#"//! The guest: hosts call `process()`, which calls the entry point that pyproject.toml names.

use wadup_guest as _;

wadup_guest::wadup_python! {
    modules: [fast],
}

/// Quick things.
#[pyo3::pymodule]
mod fast {
    use pyo3::prelude::*;

    /// Counts what it is shown.
    #[pyclass]
    struct Counter {
        #[pyo3(get)]
        count: u64,
    }

    #[pymethods]
    impl Counter {
        #[new]
        fn new() -> Self {
            Self { count: 0 }
        }

        fn show(&mut self, words: Vec<String>) -> u64 {
            self.count += words.len() as u64;
            self.count
        }
    }

    /// `number`, `times` over.
    #[pyfunction]
    #[pyo3(signature = (number, times = 2))]
    fn multiplied(number: i64, times: i64) -> i64 {
        number * times
    }
}
"#;

/// What each checker accepts, with two uses in the last lines that it must not accept.
const PYTHON: &str = r#"
"""Uses both kinds of modules."""

import fast
import wadup


def main() -> None:
    counter = fast.Counter()
    shown: int = counter.show(["a", "b"]) + counter.count
    number: int = fast.multiplied(shown) + fast.multiplied(shown, times=3)
    wadup.define_table("numbers", [("number", "Int64")])
    wadup.insert_row("numbers", [number])
"#;

const WRONG: &str = r#"

def wrong() -> None:
    fast.multiplied("two")
    wadup.define_table(7, [])
"#;

#[test]
fn type_checkers_know_the_modules_in_rust_by_their_stubs() {
    let project = Scaffold::new("stubbed");
    let manifest = fs::read_to_string(project.root.join("Cargo.toml")).unwrap();
    let with_pyo3 = manifest.replace(
        "[dependencies]\n",
        "[dependencies]\npyo3 = { version = \"0.30\", features = [\"abi3-py313\"] }\n",
    );
    project.write("Cargo.toml", &with_pyo3);
    project.write("src/lib.rs", LIBRARY);
    project.write("python/stubbed/__init__.py", PYTHON);

    let missing = project.command("stubs").arg("--check").output().unwrap();
    assert_success(&project.command("stubs").output().unwrap());

    assert_complains(
        &missing,
        "typings/fast.pyi` is not up to date\nhelp: run `cargo wadup stubs`",
    );
    let stub = fs::read_to_string(project.root.join("typings/fast.pyi")).unwrap();
    for line in [
        "class Counter:",
        "def show(self, /, words: SupportsGetItem[int, str]) -> int: ...",
        "def multiplied(number: SupportsIndex, times: SupportsIndex = 2) -> int:",
    ] {
        assert!(stub.contains(line), "`{line}` is not in:\n{stub}");
    }
    assert_success(&project.command("stubs").arg("--check").output().unwrap());
    for checker in CHECKERS {
        let accepted = check(&project, checker);
        assert!(
            accepted.status.success(),
            "{}: {}{}",
            checker[0],
            stdout(&accepted),
            stderr(&accepted)
        );
    }
    project.append("python/stubbed/__init__.py", WRONG);
    for checker in CHECKERS {
        let refused = check(&project, checker);
        let errors = stdout(&refused).matches(" error: ").count();
        assert_eq!(
            errors,
            2,
            "{}: {}{}",
            checker[0],
            stdout(&refused),
            stderr(&refused)
        );
    }
}

/// The packages of type checkers as uv names them, their programs and arguments. pyright brings Node.js along.
const CHECKERS: [&[&str]; 2] = [
    &["mypy", "mypy", "--strict", "--no-color-output", "python"],
    &["pyright[nodejs]", "pyright", "python"],
];

fn check(project: &Scaffold, checker: &[&str]) -> Output {
    let (package, command) = checker.split_first().unwrap();
    Command::new(uv())
        .args(["tool", "run", "--quiet", "--from", package])
        .args(command)
        .current_dir(&project.root)
        .output()
        .unwrap()
}

/// The uv that wadup uses.
fn uv() -> PathBuf {
    let report = wadup("doctor").arg("--json").output().unwrap();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let mut findings = report["findings"].as_array().unwrap().iter();
    let uv = findings.find(|finding| finding["what"] == "uv").unwrap();
    // "uv 0.13.8 (x86_64-unknown-linux-gnu), /path/to/uv"
    let found = uv["found"].as_str().unwrap();
    PathBuf::from(found.rsplit(", ").next().unwrap())
}
