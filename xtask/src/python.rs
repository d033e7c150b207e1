//! The Pythons that wadup-build has built, and packages for the native one.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use wadup_build::setup::{Interpreters, Setup};

use crate::program::{self, Outcome};

/// The setup of wadup-build, which must be complete.
pub(crate) fn setup() -> Result<Setup, String> {
    Setup::new(Box::new(wadup_build::Silent)).map_err(|error| error.report())
}

/// The paths of the interpreters.
pub(crate) fn interpreters(setup: &Setup) -> Result<Interpreters, String> {
    setup.interpreters().map_err(|error| error.report())
}

/// Installs pinned `packages` with their bytecode into `folder`, for the native interpreter.
pub(crate) fn install(
    interpreters: &Interpreters,
    folder: &Path,
    packages: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Outcome {
    program::run(
        Command::new(&interpreters.uv)
            .args(["pip", "install", "--quiet", "--compile-bytecode"])
            .arg("--python")
            .arg(&interpreters.native)
            .arg("--target")
            .arg(folder)
            .args(packages),
    )
}
