//! The Pythons that wadup-build has built, and packages for the native one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use wadup_build::machine::Machine;

use crate::program::{self, Outcome};

/// The interpreters of a machine that `cargo wadup setup` has set up.
#[derive(Debug)]
pub(crate) struct Interpreters {
    /// The build Python: the guest's release, for this machine.
    pub(crate) native: PathBuf,
    /// CPython's own command for WASI, from the build that guests are linked with.
    pub(crate) wasm: PathBuf,
    /// The standard library of that command, as sources.
    pub(crate) stdlib: PathBuf,
    /// The archive with the source of both.
    pub(crate) source: PathBuf,
    /// The uv that builds use.
    pub(crate) uv: PathBuf,
}

/// This machine, which must have been set up.
pub(crate) fn setup() -> Result<Machine, String> {
    Machine::new(Box::new(wadup_build::Silent)).map_err(|error| error.report())
}

/// Where the interpreters are.
pub(crate) fn interpreters(machine: &Machine) -> Result<Interpreters, String> {
    let find = || {
        let guest = machine.guest_python()?;
        Ok(Interpreters {
            native: machine.build_python()?,
            wasm: guest.join("bin/python.wasm"),
            stdlib: guest.join("stdlib"),
            source: machine.python_source()?,
            uv: machine.uv()?,
        })
    };
    find().map_err(|error: wadup_build::Error| error.report())
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
