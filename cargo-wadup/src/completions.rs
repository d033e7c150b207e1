//! `cargo wadup completions`: shell completion scripts.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Arguments, PROGRAM};

/// Prints a completion script for a shell
///
/// The script completes `cargo-wadup`, the program that Cargo runs for `cargo wadup`.
#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell to print the script for
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(crate) fn execute(args: &CompletionsArgs) -> crate::Outcome {
    let mut command = Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, PROGRAM, &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
