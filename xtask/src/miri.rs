//! Runs the unit tests of code that reads bytes in place under Miri, which detects invalid memory accesses.
//!
//! Miri needs nightly Rust (`rustup toolchain install nightly --component miri`), so this is not part of the tests.

use std::process::Command;

use crate::cargo::workspace;
use crate::program::{self, Outcome};

/// Arguments for `cargo miri test`. Tests that only try many inputs are disabled under Miri in their code.
const RUNS: [&str; 2] = [
    "--package wadup-embedded-fs --lib",
    // The other tests of that crate run programs, which Miri cannot.
    "--package wadup-build --lib -- extension::isolate::tests::by_hand",
];

pub(crate) fn run() -> Outcome {
    RUNS.into_iter().try_for_each(|arguments| {
        program::print_and_run(
            Command::new("rustup")
                .args(["run", "nightly", "cargo", "miri", "test"])
                .args(arguments.split(' '))
                // Tests may read the clock and files.
                .env("MIRIFLAGS", "-Zmiri-disable-isolation")
                .env("CARGO_TARGET_DIR", workspace().join("target/miri"))
                // The outer Cargo sets these for another toolchain.
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .current_dir(workspace()),
        )
    })
}
