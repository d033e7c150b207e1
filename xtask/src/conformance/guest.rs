//! Builds the guest of a package, and has the tests' harness run it on each file.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::json;

use super::expected::Expected;
use super::install::Installed;
use super::suite::{Suite, With};
use crate::cargo::{GUEST_TARGET, Step, workspace};

/// Two cores, and each instance needs hundreds of megabytes.
const INSTANCES: usize = 2;

/// How the run of one file ended.
#[derive(Deserialize)]
pub(super) struct Ended {
    pub(super) file: String,
    pub(super) seconds: f64,
    pub(super) failure: Option<String>,
}

/// Builds the guest and the harness.
pub(super) fn build(package: &str, assertions: bool) -> Result<PathBuf, String> {
    let (folder, variable) = match assertions {
        true => ("target/assertions", Some(("WADUP_C_ASSERTIONS", "1"))),
        false => ("target", None),
    };
    Step::new("build --release --target")
        .args([
            GUEST_TARGET.to_owned(),
            format!("--package=conformance-{package}"),
            format!("--target-dir={folder}"),
        ])
        .envs(variable)
        .run()?;
    // Built beside the harness's tests: any other selection would compile wasmtime anew, with other features.
    Step::new("test --no-run --test guests").run()?;
    Ok(workspace()
        .join(folder)
        .join(GUEST_TARGET)
        .join("release")
        .join(format!("conformance-{package}.wasm")))
}

/// Runs `files` in instances of `guest`, and hands on how each ended as soon as that is known. With `baseline` it is compiled by the
/// compiler that is done first, as is right for files that take seconds.
pub(super) fn run(
    guest: &Path,
    suite: &Suite,
    installed: &Installed,
    expected: &Expected,
    files: &[String],
    baseline: bool,
    mut ended: impl FnMut(Ended),
) -> Result<(), String> {
    let runs: Vec<_> = files
        .iter()
        .map(|file| {
            let left_out = expected.left_out_of(file);
            json!({
                "file": file,
                "arguments": arguments(suite, file, &left_out),
                "results": installed.results(file),
            })
        })
        .collect();
    let job = json!({
        "guest": guest,
        "compiled": workspace().join("target/conformance/compiled"),
        "folders": [
            (installed.suite(), "/suite"),
            (installed.packages(), "/packages"),
            (workspace().join("tests/conformance/python"), "/harness"),
        ],
        "baseline": baseline,
        "instances": INSTANCES,
        "timeout": suite.run.timeout,
        "runs": runs,
    });
    let path = installed.folder.join("job.json");
    let failed = |error: &dyn std::fmt::Display| format!("`{}`: {error}", path.display());
    let results = installed.folder.join("results");
    if results.exists() {
        fs::remove_dir_all(&results).map_err(|error| failed(&error))?;
    }
    fs::write(&path, job.to_string()).map_err(|error| failed(&error))?;

    let mut harness = Command::new(workspace().join("target/debug/conformance"))
        .arg(&path)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not run the harness: {error}"))?;
    let lines = harness.stdout.take().map(BufReader::new);
    for line in lines.into_iter().flat_map(BufRead::lines) {
        let line = line.map_err(|error| format!("the harness: {error}"))?;
        ended(serde_json::from_str(&line).map_err(|error| format!("`{line}`: {error}"))?);
    }
    let status = harness
        .wait()
        .map_err(|error| format!("the harness: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("the harness ended with {status}")),
    }
}

/// What the guest is called with.
fn arguments(suite: &Suite, file: &str, left_out: &[&str]) -> Vec<String> {
    let mut arguments = vec!["conformance".to_owned()];
    arguments.extend([suite.run.with.name().to_owned(), file.to_owned()]);
    if suite.run.with == With::Pytest {
        arguments.extend(suite.run.options.iter().cloned());
    }
    arguments.extend(left_out.iter().map(|test| format!("--deselect={test}")));
    arguments
}
