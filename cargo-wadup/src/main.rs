//! `cargo wadup`: creates, builds, checks and runs guests, and sets up a machine to build them.

// `println!` panics where nobody reads the output any more.
#![warn(clippy::print_stdout)]

mod audit;
mod build;
mod check;
mod checkout;
mod completions;
#[cfg(feature = "wasmtime")]
mod debug;
#[cfg(feature = "wasmtime")]
mod development;
mod doctor;
#[cfg(feature = "wasmtime")]
mod engine;
mod guest;
mod man;
mod new;
#[cfg_attr(
    not(feature = "wasmtime"),
    allow(dead_code, reason = "only `run` uses much of it")
)]
mod project;
#[cfg(feature = "wasmtime")]
mod run;
mod sbom;
mod setup;
#[cfg(feature = "wasmtime")]
mod shell;
mod size;
mod store;
#[cfg(feature = "stubs")]
mod stubs;
#[cfg(feature = "wasmtime")]
mod test;
#[cfg(feature = "wasmtime")]
mod watch;
mod whole;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The name of this program's file, which Cargo runs for `cargo wadup`.
const PROGRAM: &str = "cargo-wadup";

/// Python and Rust in one WebAssembly module
#[derive(Parser)]
#[command(name = "cargo wadup", bin_name = "cargo wadup", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::NewArgs),
    Build(build::BuildArgs),
    #[cfg(feature = "wasmtime")]
    Run(run::RunArgs),
    #[cfg(feature = "wasmtime")]
    Test(test::TestArgs),
    #[cfg(feature = "wasmtime")]
    Debug(debug::DebugArgs),
    #[cfg(feature = "wasmtime")]
    Shell(shell::ShellArgs),
    #[cfg(feature = "stubs")]
    Stubs(stubs::StubsArgs),
    Check(check::CheckArgs),
    Size(size::SizeArgs),
    Setup(setup::SetupArgs),
    Doctor(doctor::DoctorArgs),
    Sbom(sbom::SbomArgs),
    Audit(audit::AuditArgs),
    Store(store::StoreArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// The result of a command. An error is a message for the user.
type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    // Cargo calls `cargo-wadup wadup ...`, a shell `cargo-wadup ...`.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "wadup") {
        arguments.remove(1);
    }
    if whole::is_needed(&arguments) {
        return finish(whole::run(&arguments));
    }
    finish(execute(Arguments::parse_from(arguments).command))
}

fn execute(command: Command) -> Outcome {
    match command {
        Command::New(args) => new::execute(&args),
        Command::Build(args) => build::execute(args),
        #[cfg(feature = "wasmtime")]
        Command::Run(args) => run::execute(args),
        #[cfg(feature = "wasmtime")]
        Command::Test(args) => test::execute(args),
        #[cfg(feature = "wasmtime")]
        Command::Debug(args) => debug::execute(&args),
        #[cfg(feature = "wasmtime")]
        Command::Shell(args) => shell::execute(&args),
        #[cfg(feature = "stubs")]
        Command::Stubs(args) => stubs::execute(&args),
        Command::Check(args) => check::execute(args),
        Command::Size(args) => size::execute(args),
        Command::Setup(args) => setup::execute(args),
        Command::Doctor(args) => doctor::execute(&args),
        Command::Sbom(args) => sbom::execute(args),
        Command::Audit(args) => audit::execute(args),
        Command::Store(args) => store::execute(&args),
        Command::Completions(args) => completions::execute(&args),
        Command::Man(args) => man::execute(&args),
    }
}

fn finish(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        complain(&*error);
        ExitCode::FAILURE
    })
}

/// Prints an error, unless it is that nobody reads the output any more, as in `cargo wadup sbom | head`.
fn complain(error: &(dyn Error + 'static)) {
    let is_unread = error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if !is_unread {
        eprintln!("error: {}", report(error));
    }
}

/// An error and each of its causes, one to a line.
fn report(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n  caused by: {error}"));
        cause = error.source();
    }
    text
}
