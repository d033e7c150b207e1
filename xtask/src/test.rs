//! Runs the tests: those of this machine, then guests under wasmtime, and with `--thorough` those that take hours.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;
use xshell::{Shell, cmd};

use crate::cargo::{GUEST_TARGET, Outcome, all, set_up, set_up_with, shell, workspace};
use crate::timetable::Timetable;
use crate::{fuzz, hosts, miri, profiles, runners};

/// Makes the tests of guests fail if a guest is missing, instead of ignoring them.
const GUESTS_REQUIRED: (&str, &str) = ("WADUP_TEST_GUESTS", "1");

/// Examples whose packages take minutes to build: only `--thorough` builds and runs them.
const LONG: [&str; 1] = ["--package=documents"];

/// How long each fuzzer runs with `--thorough`.
const FUZZING_SECONDS: u32 = 600;

pub(crate) fn run(thorough: bool) -> Outcome {
    let shell = &shell()?;
    let mut timetable = Timetable::default();
    let outcome = timetable.step("setup", || set_up(shell)).and_then(|()| {
        steps(shell, &mut timetable)?;
        if thorough {
            thorough_steps(shell, &mut timetable)?;
        }
        Ok(())
    });
    timetable.print();
    outcome
}

/// The steps that CI runs too, after setup.
pub(crate) fn steps(shell: &Shell, timetable: &mut Timetable) -> Outcome {
    // The harness runs the guests of both profiles that are in the target folder.
    let mut guests = packages_of_guests()?;
    guests.retain(|guest| !LONG.contains(&&**guest));
    let guests = &guests;
    for profile in ["dev", "release"] {
        timetable.step(format!("guests, profile {profile}"), || {
            cmd!(
                shell,
                "cargo build --target {GUEST_TARGET} --profile {profile} {guests...}"
            )
            .run()
        })?;
    }
    timetable.step("compile the tests", || {
        cmd!(shell, "cargo test --no-run").run()
    })?;
    timetable.step("unit tests", || {
        cmd!(shell, "cargo test --lib --bins").run()
    })?;
    timetable.step("unit tests with an index", || {
        cmd!(shell, "cargo test --lib -- --ignored").run()
    })?;
    timetable.step("unit tests with Arrow", || {
        cmd!(
            shell,
            "cargo test --lib --features wadup-host/arrow -- arrow:: hostile::"
        )
        .run()
    })?;
    timetable.step("examples in documentation", || {
        cmd!(shell, "cargo test --doc --features wadup-host/arrow").run()
    })?;
    timetable.step("other hosts", || hosts::install(shell))?;
    let mut outcomes = Vec::new();
    for program in programs(shell)? {
        let outcome = timetable.step(format!("tests of `{program}`"), || {
            cmd!(shell, "cargo test --no-fail-fast --test {program}")
                .envs([hosts::REQUIRED, GUESTS_REQUIRED])
                .run()
        });
        // The other tests still run, so that one run shows all failures.
        outcomes.push(outcome);
    }
    all(outcomes)
}

fn thorough_steps(shell: &Shell, timetable: &mut Timetable) -> Outcome {
    timetable.step("examples that take minutes", || {
        cmd!(
            shell,
            "cargo build --target {GUEST_TARGET} --release {LONG...}"
        )
        .run()
    })?;
    timetable.step("wasm-opt", || set_up_with(shell, &["--wasm-opt"]))?;
    timetable.step("tests that take minutes", || {
        cmd!(
            shell,
            "cargo test --test endurance --test examples --test instances --test optimized -- --ignored"
        )
        .run()
    })?;
    runners::conformance(shell, timetable, false)?;
    timetable.step("profiles", || profiles::run(shell))?;
    timetable.step("Miri", || miri::run(shell))?;
    timetable.step("fuzzers", || fuzz::run(shell, FUZZING_SECONDS, None))
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
fn programs(shell: &Shell) -> Outcome<BTreeSet<String>> {
    let metadata = cmd!(shell, "cargo metadata --no-deps --format-version=1")
        .quiet()
        .read()?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).map_err(|error| format!("`cargo metadata`: {error}"))?;
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
pub(crate) fn packages_of_guests() -> Outcome<Vec<String>> {
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
