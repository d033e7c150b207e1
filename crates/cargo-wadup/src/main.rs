//! `cargo wadup`: sets up what guests are built with, and runs them on files.

mod check;
#[cfg(feature = "wasmtime")]
mod run;
mod sbom;
mod setup;
mod store;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Python and Rust in one WebAssembly module
#[derive(Parser)]
#[command(name = "cargo wadup", bin_name = "cargo wadup", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Setup(setup::SetupArgs),
    Check(check::CheckArgs),
    Sbom(sbom::SbomArgs),
    Store(store::StoreArgs),
    #[cfg(feature = "wasmtime")]
    Run(run::RunArgs),
}

/// What a command comes to; an error is a message for the user.
type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    // Cargo calls `cargo-wadup wadup ...`, a shell `cargo-wadup ...`.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "wadup") {
        arguments.remove(1);
    }
    let outcome = match Arguments::parse_from(arguments).command {
        Command::Setup(args) => setup::execute(args),
        Command::Check(args) => check::execute(&args),
        Command::Sbom(args) => sbom::execute(&args),
        Command::Store(args) => store::execute(&args),
        #[cfg(feature = "wasmtime")]
        Command::Run(args) => run::execute(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
