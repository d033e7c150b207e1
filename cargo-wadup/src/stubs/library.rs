//! Compiles a guest's crate with what PyO3 knows of its signatures, and without linking it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cargo_metadata::Package;

use crate::build::artifacts::{self, Made};
use crate::build::paths;
use crate::project;

/// The feature with which PyO3's macros write signatures into the code.
const FEATURE: &str = "experimental-inspect";

/// The result of Cargo's build.
pub(super) enum Compiled {
    /// The libraries of the crate and of all that it depends on; none if it has no modules for Python.
    Libraries(Vec<PathBuf>),
    /// Cargo failed, after printing why, with this exit code.
    Failed(ExitCode),
}

/// Compiles the library of the package with this manifest.
///
/// # Errors
/// If the package has no library, or Cargo cannot be run.
pub(super) fn compile(manifest: &Path) -> Result<Compiled, String> {
    let metadata = project::metadata(manifest)?;
    let package = project::package(&metadata, manifest)?;
    let Some(pyo3) = pyo3(package) else {
        return Ok(Compiled::Libraries(Vec::new()));
    };
    let is_library = package
        .targets
        .iter()
        .any(|target| project::is_module(target) && !target.is_bin());
    if !is_library {
        return Err(format!(
            "`{}` is a program, whose modules are compiled only with it\nhelp: put the `#[pymodule]`s into a library",
            package.name
        ));
    }
    let mut cargo = artifacts::cargo("rustc");
    // With the flags of other builds, nothing else is compiled again. If they cannot be determined, only paths differ.
    if let Ok(flags) = paths::flags_for_package(manifest) {
        cargo.env(paths::VARIABLE, flags);
    }
    cargo
        .args(["--lib", "--crate-type=rlib"])
        .args(["--features", &format!("{pyo3}/{FEATURE}")])
        .arg("--manifest-path")
        .arg(manifest);
    Ok(match artifacts::run(&mut cargo)? {
        Ok(made) => Compiled::Libraries(libraries(made)),
        Err(code) => Compiled::Failed(code),
    })
}

/// The name under which a package depends on PyO3, if it does.
fn pyo3(package: &Package) -> Option<&str> {
    package
        .dependencies
        .iter()
        .find(|dependency| dependency.name == "pyo3")
        .map(|dependency| dependency.rename.as_deref().unwrap_or(&dependency.name))
}

fn libraries(made: Made) -> Vec<PathBuf> {
    made.artifacts
        .into_iter()
        .flat_map(|artifact| artifact.filenames)
        .filter(|file| file.extension() == Some("rlib") && artifacts::is_in_target(file))
        .map(PathBuf::from)
        .collect()
}

/// The contents of a library.
pub(super) fn read(library: &Path) -> Result<Vec<u8>, String> {
    fs::read(library).map_err(|error| format!("could not read `{}`: {error}", library.display()))
}
