//! `cargo wadup stubs`: writes type stubs for the Python modules that are written in Rust.

mod carrier;
mod files;
mod fragments;
mod library;

use std::path::PathBuf;
use std::process::ExitCode;

use self::files::Stubs;
use self::library::Compiled;
use crate::project;

/// Writes type stubs for the `#[pymodule]`s of this folder's package
///
/// Compiles the crate with PyO3's feature `experimental-inspect`, which leaves the signatures of modules, classes and functions in the
/// compiled code, and links nothing. Each module gets `NAME.pyi`, or a folder `NAME` if it contains other modules.
#[derive(clap::Args)]
pub(crate) struct StubsArgs {
    /// The folder for the stubs, in that of the package
    #[arg(long, value_name = "FOLDER", default_value = "typings")]
    output: PathBuf,
    /// Write nothing, and fail if the stubs are not up to date
    #[arg(long)]
    check: bool,
}

/// Runs the command. If Cargo fails, the exit status is Cargo's.
pub(crate) fn execute(args: &StubsArgs) -> crate::Outcome {
    let manifest = project::manifest_around(&std::env::current_dir()?)?;
    let libraries = match library::compile(&manifest)? {
        Compiled::Libraries(libraries) => libraries,
        Compiled::Failed(status) => return Ok(status),
    };
    let mut fragments = Vec::new();
    for library in &libraries {
        fragments.extend(fragments::of_library(library)?);
    }
    let stubs = Stubs::of(&fragments)?;
    if stubs.is_empty() {
        eprintln!("no `#[pymodule]` was found");
        return Ok(ExitCode::SUCCESS);
    }
    let folder = manifest.with_file_name(&args.output);
    if args.check {
        stubs.check(&folder)?;
    } else {
        stubs.write(&folder)?;
    }
    Ok(ExitCode::SUCCESS)
}
