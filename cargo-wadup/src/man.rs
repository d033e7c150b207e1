//! `cargo wadup man`: manual pages, generated from the `--help` texts.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::{Arguments, PROGRAM};

/// Prints the manual page, or writes one for each command into a folder
#[derive(clap::Args)]
pub(crate) struct ManArgs {
    /// The folder for the pages, created if necessary
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn execute(args: &ManArgs) -> crate::Outcome {
    let command = Arguments::command().name(PROGRAM);
    match &args.folder {
        None => Man::new(command).render(&mut io::stdout())?,
        Some(folder) => fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .map_err(|error| {
                format!(
                    "could not write manual pages into `{}`: {error}",
                    folder.display()
                )
            })?,
    }
    Ok(ExitCode::SUCCESS)
}
