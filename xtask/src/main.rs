//! What people who work on wadup run; users of wadup never need it.

mod bench;
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

/// Tasks of the wadup workspace. Each does all the set-up it needs.
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
        /// The file to read; this workspace's own by default
        lockfile: Option<PathBuf>,
    },
    /// Runs the tests of every commit: unit tests, messages of the macro, guests under wasmtime
    Test {
        /// Runs what takes hours as well: 100,000 calls, the packages' own tests whole, other profiles, Miri, ten minutes of each fuzzer
        #[arg(long)]
        thorough: bool,
    },
    /// Runs the fuzzers, one after the other
    Fuzz {
        /// How long each runs
        #[arg(long, default_value_t = 30)]
        seconds: u32,
        /// Only this one
        target: Option<String>,
    },
    /// Refuses crates that deny.toml does not allow: their licences, their sources, known advisories
    Deny,
    /// Runs the unit tests of the embedded file system and of the symbol rewriter under Miri, of nightly Rust
    Miri,
    /// Builds a guest under other people's profiles and flags, and checks what comes of it
    Profiles,
    /// Measures guests against what people would use instead
    Bench {
        #[command(subcommand)]
        what: bench::What,
        /// Where to write the figures as JSON
        #[arg(long, global = true, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Runs a package's own tests in a guest, and compares what fails with what is known to
    Conformance(conformance::Arguments),
    /// Counts natively what CPython runs most, for the guest's to be compiled by
    Train,
    /// Formatting, lints, documentation, every test and a part of the packages' own, with warnings as errors
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Demo { lockfile } => demo::run(lockfile),
        Task::Test { thorough } => test::run(thorough),
        Task::Fuzz { seconds, target } => fuzz::run(seconds, target.as_deref()),
        Task::Deny => deny::run().map(|note| {
            note.into_iter().for_each(|note| eprintln!("note: {note}"));
        }),
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
