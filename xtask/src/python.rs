//! The Pythons that wadup-build has set up, and packages for the native one.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use wadup_build::setup::{Interpreters, Setup};

use crate::program::{self, Outcome};

/// The set-up of wadup-build, which must have been done.
pub(crate) fn setup() -> Result<Setup, String> {
    Setup::new(Box::new(wadup_build::Silent)).map_err(|error| error.report())
}

/// Where the interpreters are.
pub(crate) fn interpreters(setup: &Setup) -> Result<Interpreters, String> {
    setup.interpreters().map_err(|error| error.report())
}

/// Installs pinned `packages` for the native interpreter into `folder`, with their bytecode.
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
