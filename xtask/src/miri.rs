//! The unit tests of what reads bytes in place, under Miri, which sees every wrong access to memory.
//!
//! Miri is part of nightly Rust alone (`rustup toolchain install nightly --component miri`), so this is no part of the tests.

use std::process::Command;

use crate::cargo::workspace;
use crate::program::{self, Outcome};

/// What is run: arguments for `cargo miri test`. Tests that only try many inputs leave themselves out, see there.
const RUNS: [&str; 2] = [
    "--package wadup-embedded-fs --lib",
    // The others of that crate run programs, which Miri cannot.
    "--package wadup-build --lib -- extension::isolate::tests::by_hand",
];

pub(crate) fn run() -> Outcome {
    RUNS.into_iter().try_for_each(|arguments| {
        program::tell_and_run(
            Command::new("rustup")
                .args(["run", "nightly", "cargo", "miri", "test"])
                .args(arguments.split(' '))
                // Tests may ask for the time and read files.
                .env("MIRIFLAGS", "-Zmiri-disable-isolation")
                .env("CARGO_TARGET_DIR", workspace().join("target/miri"))
                // Those of the Cargo that runs this are of another release.
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .current_dir(workspace()),
        )
    })
}
