//! Compiles a guest's crate with what PyO3 knows of its signatures, and without linking it.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use cargo_metadata::{Message, Package};

use crate::build::{passed_on, paths};
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
    let mut cargo = Command::new(project::cargo());
    // With the flags of other builds, nothing else is compiled again. If they cannot be determined, only paths differ.
    if let Ok(flags) = paths::flags_for_package(manifest) {
        cargo.env(paths::VARIABLE, flags);
    }
    let mut cargo = cargo
        .args(["rustc", "--lib", "--crate-type=rlib"])
        .args(["--target", project::TARGET])
        .args(["--features", &format!("{pyo3}/{FEATURE}")])
        .arg("--message-format=json-render-diagnostics")
        .arg("--manifest-path")
        .arg(manifest)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not run Cargo: {error}"))?;
    let libraries = cargo.stdout.take().map(libraries).unwrap_or_default();
    let status = cargo
        .wait()
        .map_err(|error| format!("could not wait for Cargo: {error}"))?;
    Ok(if status.success() {
        Compiled::Libraries(libraries)
    } else {
        Compiled::Failed(passed_on(status))
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

fn libraries(messages: impl std::io::Read) -> Vec<PathBuf> {
    Message::parse_stream(BufReader::new(messages))
        .map_while(Result::ok)
        .filter_map(|message| match message {
            Message::CompilerArtifact(artifact) => Some(artifact.filenames),
            _ => None,
        })
        .flatten()
        .filter(|file| file.extension() == Some("rlib"))
        .filter(|file| {
            file.components()
                .any(|part| part.as_str() == project::TARGET)
        })
        .map(PathBuf::from)
        .collect()
}

/// The contents of a library.
pub(super) fn read(library: &Path) -> Result<Vec<u8>, String> {
    fs::read(library).map_err(|error| format!("could not read `{}`: {error}", library.display()))
}
