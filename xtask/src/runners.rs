//! Starts the programs that are not part of xtask: benchmarks, and the packages' own tests.

use std::ffi::OsString;

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, set_up, shell, workspace};
use crate::timetable::Timetable;

/// The packages whose own tests run in a guest of each, with a folder in `tests/conformance`.
const SAMPLED: [&str; 4] = ["numpy", "pandas", "pydantic", "cpython"];

/// The packages whose own tests share a guest: too large for a sample.
const SHARED: &str = "packages";

/// Does the setup, and runs one of the programs in the user's current folder.
pub(crate) fn run(program: &str, arguments: &[OsString]) -> Outcome {
    set_up(&shell()?)?;
    let manifest = workspace().join("Cargo.toml");
    let user = Shell::new()?;
    // Selected by binary: another selection of packages could compile wasmtime with other features.
    Ok(cmd!(
        user,
        "cargo run --quiet --manifest-path {manifest} --bin {program} -- {arguments...}"
    )
    .run()?)
}

/// Runs the tests of all packages, or a sample of them, after setup.
pub(crate) fn conformance(shell: &Shell, timetable: &mut Timetable, is_sample: bool) -> Outcome {
    let sample = is_sample.then_some("--sample");
    let shared = (!is_sample).then_some(SHARED);
    SAMPLED.into_iter().chain(shared).try_for_each(|package| {
        timetable.step(format!("own tests of {package}"), || {
            cmd!(
                shell,
                "cargo run --quiet --bin conformance -- {package} {sample...}"
            )
            .run()
        })
    })
}
