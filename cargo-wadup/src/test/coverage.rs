//! Reports on which lines of the user's Python ran in tests, by coverage.py in the guest.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cargo_wadup::suite::Exchange;
use serde_json::json;
use wadup_contract::export::TESTS;
use wadup_host::Printed;

use crate::development::Development;
use crate::run::console::Lines;

/// What runs in the guest.
const PROGRAM: &str = include_str!("coverage.py");

/// The file in which the program leaves the report.
const LCOV: &str = "lcov.info";

/// The package that measures.
const PACKAGE: &str = "coverage";

/// Fails if the guest of a project has no coverage.py.
///
/// `project` has been built for tests, which leaves the versions of all packages there.
pub(super) fn check(project: &Path) -> Result<(), String> {
    let file = project.join("wadup-tests.lock");
    let lock = fs::read_to_string(&file)
        .map_err(|error| format!("could not read `{}`: {error}", file.display()))?;
    let has_it = lock.lines().any(|line| {
        line.strip_prefix(PACKAGE)
            .is_some_and(|rest| rest.trim_start().starts_with("=="))
    });
    if has_it {
        Ok(())
    } else {
        Err(format!(
            "`--cov` measures with the package `{PACKAGE}`, which this guest does not have\n\
             help: add \"{PACKAGE}\" to `test` of [dependency-groups] in pyproject.toml"
        ))
    }
}

/// Prints a table of what was measured, and writes `file` in the format of lcov.
pub(super) fn report<'a>(
    development: &Development,
    measured: impl Iterator<Item = &'a Vec<u8>>,
    file: &Path,
    lines: &Arc<Lines>,
) -> Result<(), String> {
    let measured: Vec<(String, &Vec<u8>)> = measured
        .enumerate()
        .map(|(number, bytes)| (format!("measured-{number}"), bytes))
        .collect();
    let names: Vec<String> = measured
        .iter()
        .map(|(name, _)| Exchange::in_guest(name))
        .collect();
    let settings = json!({ "measured": names, "lcov": Exchange::in_guest(LCOV) });
    let exchange = development.exchange(PROGRAM, &settings)?;
    for (name, bytes) in &measured {
        exchange.write(name, bytes)?;
    }
    let options = development.options_with(&exchange, Printed::HandedOn(lines.clone()));
    let call = development
        .guest
        .instantiate(&options)
        .and_then(|mut instance| instance.call(TESTS))
        .map_err(|error| error.to_string())?;
    lines.end_input().map_err(|error| error.to_string())?;
    match call.end {
        Ok(0) => {}
        Ok(_) => return Err("coverage.py failed".to_owned()),
        Err(trap) => return Err(format!("coverage.py failed: {trap}")),
    }
    match exchange.read(LCOV) {
        Some(report) => fs::write(file, report)
            .map_err(|error| format!("could not write `{}`: {error}", file.display())),
        None => Ok(()),
    }
}
