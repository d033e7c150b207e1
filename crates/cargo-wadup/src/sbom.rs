//! `cargo wadup sbom`: lists what a guest is made of.

use std::path::PathBuf;
use std::process::ExitCode;

/// Prints what a guest is made of, as CycloneDX 1.6 in JSON
///
/// CPython, C libraries, Python packages and crates, each with its version, hash and licence. The same guest gives the
/// same text.
#[derive(clap::Args)]
pub(crate) struct SbomArgs {
    /// A folder of the workspace that built the guest
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    project: PathBuf,
    /// The guest, a wasm module
    #[arg(value_name = "GUEST.wasm")]
    guest: PathBuf,
}

/// Runs the command.
pub(crate) fn execute(args: &SbomArgs) -> crate::Outcome {
    let text = wadup_build::sbom(&args.guest, &args.project).map_err(|error| error.report())?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
