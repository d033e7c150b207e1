//! Runs the tests: those of this machine, then guests under wasmtime, and with `--thorough` those that take hours.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde::Deserialize;

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up, workspace};
use crate::timetable::Timetable;
use crate::{conformance, fuzz, hosts, miri, profiles, program};

/// Makes the tests of guests fail if a guest is missing, instead of ignoring them.
const GUESTS_REQUIRED: (&str, &str) = ("WADUP_TEST_GUESTS", "1");

/// How long each fuzzer runs with `--thorough`.
const FUZZING_SECONDS: u32 = 600;

pub(crate) fn run(thorough: bool) -> Outcome {
    let mut timetable = Timetable::default();
    let outcome = timetable.step("set-up", set_up).and_then(|()| {
        steps(&mut timetable)?;
        if thorough {
            thorough_steps(&mut timetable)?;
        }
        Ok(())
    });
    timetable.print();
    outcome
}

/// The steps that CI runs too, after setup.
pub(crate) fn steps(timetable: &mut Timetable) -> Outcome {
    // The harness runs the guests of both profiles that are in the target folder.
    for profile in ["dev", "release"] {
        timetable.step(format!("guests, profile {profile}"), || {
            Step::new("build --target")
                .args([GUEST_TARGET.to_owned(), format!("--profile={profile}")])
                .args(packages_of_guests()?)
                .run()
        })?;
    }
    timetable.step("compile the tests", || Step::new("test --no-run").run())?;
    timetable.step("unit tests", || Step::new("test --lib --bins").run())?;
    timetable.step("unit tests with an index", || {
        Step::new("test --lib -- --ignored").run()
    })?;
    timetable.step("examples in documentation", || {
        Step::new("test --doc").run()
    })?;
    timetable.step("other hosts", hosts::install)?;
    let mut outcomes = Vec::new();
    for program in programs()? {
        let outcome = timetable.step(format!("tests of `{program}`"), || {
            Step::new("test --no-fail-fast --test")
                .args([&*program])
                .envs([hosts::REQUIRED, GUESTS_REQUIRED])
                .run()
        });
        // The other tests still run, so that one run shows all failures.
        outcomes.push(outcome);
    }
    program::all(outcomes)
}

fn thorough_steps(timetable: &mut Timetable) -> Outcome {
    timetable.step("tests that take minutes", || {
        Step::new("test --test endurance --test instances -- --ignored").run()
    })?;
    conformance::whole(timetable)?;
    timetable.step("profiles", profiles::run)?;
    timetable.step("Miri", miri::run)?;
    timetable.step("fuzzers", || fuzz::run(FUZZING_SECONDS, None))
}

/// The parts of `cargo metadata` used here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_default_members: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The names of the test programs of this machine's packages. Each is selected by name instead of by package, because
/// another selection of packages would compile wasmtime with other features.
fn programs() -> Result<BTreeSet<String>, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(workspace())
        .output()
        .map_err(|error| format!("could not run `cargo metadata`: {error}"))?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata`: {error}"))?;
    Ok(metadata
        .packages
        .into_iter()
        .filter(|package| metadata.workspace_default_members.contains(&package.id))
        .flat_map(|package| package.targets)
        .filter(|target| target.kind.iter().any(|kind| kind == "test"))
        .map(|target| target.name)
        .collect())
}

/// `--package NAME` for each guest crate of the examples and the tests.
pub(crate) fn packages_of_guests() -> Result<Vec<String>, String> {
    let mut arguments = Vec::new();
    for (folder, prefix) in [("examples", ""), ("tests/guests", "guest-")] {
        let folder = workspace().join(folder);
        let failed = |error| format!("could not list `{}`: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if let Some(name) = path
                .file_name()
                .filter(|_| path.join("Cargo.toml").is_file())
            {
                arguments.push(format!("--package={prefix}{}", name.to_string_lossy()));
            }
        }
    }
    arguments.sort_unstable();
    Ok(arguments)
}
