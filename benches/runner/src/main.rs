//! Measures how fast guests start, run and are built, and the alternatives to them.
//!
//! What is compared runs in turn within one command, so that other work on the machine slows all of it equally. `cargo xtask bench`
//! and `cargo xtask train` start this after setup.

mod build;
mod bump;
mod calls;
mod interpreters;
mod pool;
mod prepare;
mod process;
mod setup;
mod size;
mod startup;
mod statistics;
mod strip;
mod throughput;
mod train;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xshell::Shell;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// The target of every guest.
const GUEST_TARGET: &str = "wasm32-wasip1";

/// Measures guests and the alternatives to them
#[derive(Parser)]
#[command(bin_name = "cargo xtask bench")]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Write the figures to this file as JSON
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Subcommand)]
enum What {
    /// The time to the first row, of a whole process and of a fresh instance
    Startup {
        /// How often each case is measured
        #[arg(long, default_value_t = 25)]
        rounds: usize,
    },
    /// The speed of Python programs
    Throughput {
        /// How often each program is run; the fastest run counts
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// The cost of a call of Python from Rust
    Calls {
        /// How many processes measure; the fastest counts
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Fresh instances in pools of the host library, and rows as record batches
    Pool {
        /// How many instances are started for the distribution of times
        #[arg(long, default_value_t = 100_000)]
        instances: usize,
    },
    /// The time from an edit to a module
    Build,
    /// The size of guests, and what their bytes belong to
    Size,
    /// The time from a machine with only Rust to a first row; takes a quarter of an hour
    Setup,
    /// Makes the profile for CPython by counting natively what runs most
    #[command(hide = true)]
    Train,
    /// Checks a new release of CPython, and says what to write into the table
    #[command(hide = true, bin_name = "cargo xtask bump-python")]
    Bump(bump::BumpArgs),
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// A shell in the folder of the workspace.
fn shell() -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(workspace());
    Ok(shell)
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let shell = shell()?;
    let figures = match &arguments.what {
        What::Startup { rounds } => startup::run(&shell, *rounds)?,
        What::Throughput { rounds } => throughput::run(&shell, *rounds)?,
        What::Calls { rounds } => calls::run(&shell, *rounds)?,
        What::Pool { instances } => pool::run(&shell, *instances)?,
        What::Build => build::run(&shell)?,
        What::Size => size::run(&shell)?,
        What::Setup => setup::run(&shell)?,
        What::Train => return train::run_for_guests(&shell),
        What::Bump(arguments) => return bump::run(&shell, arguments),
    };
    if let Some(file) = &arguments.json {
        fs::write(file, format!("{figures:#}\n"))
            .map_err(|error| format!("could not write `{}`: {error}", file.display()))?;
    }
    Ok(())
}
