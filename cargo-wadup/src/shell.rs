//! `cargo wadup shell`: a Python prompt inside the guest.

use serde_json::json;

use crate::development::{self, Development};
use crate::engine::EngineArgs;

/// What runs in the guest.
const PROGRAM: &str = include_str!("shell/shell.py");

/// Opens a Python prompt inside the guest of this folder's project
///
/// Builds the guest as `cargo wadup test` does; it imports the Python in the project's folder. The guest's packages, the modules written
/// in Rust and `wadup.testing` are there.
#[derive(clap::Args)]
pub(crate) struct ShellArgs {
    /// Build the guest in release mode
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

/// Runs the command.
pub(crate) fn execute(args: &ShellArgs) -> crate::Outcome {
    development::converse(args.release, &args.engine, |development: &Development| {
        development.exchange(PROGRAM, &json!({}))
    })
}
