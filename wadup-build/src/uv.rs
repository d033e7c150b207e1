//! Finds uv, the resolver and installer of Python packages.

use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, Result};

/// Finds uv: `WADUP_UV`, then the one that `cargo wadup setup` installed into the store, then the one on PATH.
pub(crate) fn find(environment: &Environment, store: &Path) -> Result<PathBuf> {
    if let Some(uv) = environment.path("WADUP_UV") {
        return Ok(uv);
    }
    let installed = folder(store).join("bin/uv");
    if installed.is_file() {
        return Ok(installed);
    }
    let path = environment.system("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("uv"))
        .find(|file| file.is_file() && is_working(file))
        .ok_or_else(|| {
            Error::missing(
                "uv, which resolves Python requirements,",
                "run `cargo wadup setup`, or install uv, or set WADUP_UV",
            )
        })
}

/// Where setup installs it.
pub(crate) fn folder(store: &Path) -> PathBuf {
    store.join("toolchain/uv")
}

/// Whether this uv runs: a version manager's shim may be on PATH although no uv is installed.
fn is_working(uv: &Path) -> bool {
    Program::new(Tool::Uv, uv, "asking uv for its version")
        .arg("--version")
        .run()
        .is_ok()
}
