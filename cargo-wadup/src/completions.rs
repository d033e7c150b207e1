//! `cargo wadup completions`: scripts by which a shell completes this program's arguments.

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Arguments, PROGRAM};

/// Prints a completion script for a shell
///
/// It completes `cargo-wadup`, the program that Cargo calls as `cargo wadup`.
#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that the script is for
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(crate) fn execute(args: &CompletionsArgs) -> crate::Outcome {
    let mut command = Arguments::command();
    clap_complete::generate(args.shell, &mut command, PROGRAM, &mut io::stdout());
    Ok(ExitCode::SUCCESS)
}
