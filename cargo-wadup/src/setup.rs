//! `cargo wadup setup`: brings a machine to where guests can be built.

mod progress;

use std::process::ExitCode;

use wadup_build::setup::Setup;

/// Installs and builds what guests are built with
///
/// Adds the Rust target, finds or installs a C toolchain and uv, and fills the store with CPython and its libraries. What is
/// there already is left alone; `cargo wadup doctor` only looks.
#[derive(clap::Args)]
pub(crate) struct SetupArgs {}

/// Runs the command.
pub(crate) fn execute(SetupArgs {}: SetupArgs) -> crate::Outcome {
    Setup::new(progress::for_this_terminal())?
        .run()
        .map_err(|error| error.report())?;
    Ok(ExitCode::SUCCESS)
}
