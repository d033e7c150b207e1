//! Tasks for wadup's developers. Users of wadup never need them.

mod bench;
mod book;
mod cargo;
mod ci;
mod conformance;
mod demo;
mod deny;
mod fuzz;
mod hosts;
mod miri;
mod one_wasmtime;
mod profiles;
mod program;
mod python;
mod test;
mod timetable;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the wadup workspace. Each does its own setup.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the example guest and runs it on a Cargo.lock
    Demo {
        /// The file to read [default: this workspace's Cargo.lock]
        lockfile: Option<PathBuf>,
    },
    /// Runs the tests of every commit: unit tests, the macro's messages, guests under wasmtime
    Test {
        /// Also runs what takes hours: 100,000 calls, the packages' complete test suites, other profiles, Miri, ten
        /// minutes of each fuzzer
        #[arg(long)]
        thorough: bool,
    },
    /// Runs the fuzzers, one after the other
    Fuzz {
        /// Seconds per fuzzer
        #[arg(long, default_value_t = 30)]
        seconds: u32,
        /// Run only this fuzzer
        target: Option<String>,
    },
    /// Checks dependencies against deny.toml: licenses, sources, known advisories
    Deny,
    /// Builds the book into target/book and checks its links
    Book,
    /// Runs the unit tests of the embedded file system and the symbol rewriter under Miri, which needs nightly Rust
    Miri,
    /// Builds a guest with other profiles and flags, and checks the result
    Profiles,
    /// Measures guests and the alternatives to them
    Bench {
        #[command(subcommand)]
        what: bench::What,
        /// Write the figures to this file as JSON
        #[arg(long, global = true, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Runs a package's own tests in a guest, and compares the failures with the known ones
    Conformance(conformance::Arguments),
    /// Makes the profile for CPython by counting natively what runs most
    Train,
    /// Runs formatting, lints, documentation, all tests and a sample of the packages' own, with warnings as errors
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Demo { lockfile } => demo::run(lockfile),
        Task::Test { thorough } => test::run(thorough),
        Task::Fuzz { seconds, target } => fuzz::run(seconds, target.as_deref()),
        Task::Deny => deny::run().map(print),
        Task::Book => cargo::set_up().and_then(|()| book::run()).map(print),
        Task::Miri => miri::run(),
        Task::Profiles => profiles::run(),
        Task::Bench { what, json } => bench::run(what, json),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Train => train::run(),
        Task::Ci => ci::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Shows what a task could not do here.
fn print(note: Option<String>) {
    note.into_iter().for_each(|note| eprintln!("note: {note}"));
}
