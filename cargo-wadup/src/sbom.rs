//! `cargo wadup sbom`: lists the components of a guest.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::guest::{self, SnapshotArgs, Wanted};

/// Prints the components of a guest as CycloneDX 1.6 in JSON
///
/// CPython, C libraries, Python packages and crates, each with its version, hash and license. The output is
/// deterministic.
#[derive(clap::Args)]
pub(crate) struct SbomArgs {
    /// A folder of the workspace that built the guest
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    snapshot: SnapshotArgs,
    /// The guest or its snapshot, a wasm module [default: the last build of the package of `--project`]
    #[arg(value_name = "GUEST.wasm")]
    guest: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn execute(args: SbomArgs) -> crate::Outcome {
    let guest = guest::find(args.guest, &args.project, Wanted::Any, args.snapshot)?;
    let text = wadup_inspect::sbom(&guest, &args.project)?;
    writeln!(io::stdout(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}
