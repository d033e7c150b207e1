//! Runs the unit tests of code that reads bytes in place under Miri, which detects invalid memory accesses.
//!
//! Miri needs nightly Rust (`rustup toolchain install nightly --component miri`), so this is not part of the tests.

use xshell::{Shell, cmd};

use crate::cargo::Outcome;

/// Arguments for `cargo miri test`. Tests that only try many inputs are disabled under Miri in their code.
const RUNS: [&str; 2] = [
    "--package wadup-embedded-fs --lib",
    // The other tests of that crate run programs, which Miri cannot.
    "--package wadup-build --lib -- extension::isolate::tests::by_hand",
];

pub(crate) fn run(shell: &Shell) -> Outcome {
    for arguments in RUNS {
        let arguments = arguments.split(' ');
        cmd!(
            shell,
            "rustup run nightly cargo miri test --target-dir target/miri {arguments...}"
        )
        // Tests may read the clock and files.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        // The outer Cargo sets these for another toolchain.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .run()?;
    }
    Ok(())
}
