//! Tasks for wadup's developers. Users of wadup never need them.

mod book;
mod cargo;
mod ci;
mod debian;
mod demo;
mod deny;
mod fuzz;
mod hosts;
mod miri;
mod one_wasmtime;
mod packages;
mod profiles;
mod release;
mod runners;
mod scale;
mod stores;
mod test;
mod timetable;
mod wheel;

use std::ffi::OsString;
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
    #[command(disable_help_flag = true)]
    Bench(Handed),
    /// Runs a package's own tests in a guest, and compares the failures with the known ones
    #[command(disable_help_flag = true)]
    Conformance(Handed),
    /// Builds the native packages of a list alone and all in one guest, and tries each: plain and from a snapshot
    Packages(packages::PackagesArgs),
    /// Builds the Python package, and tests it in an environment of its own
    Wheel,
    /// Runs a guest on a cluster of two worker processes with inputs that do harm, kills a worker, and checks the rows
    Scale {
        engine: scale::Engine,
        /// How many inputs
        #[arg(long, default_value_t = 100_000)]
        inputs: u32,
        /// Take the wheel as the tests build it: it is compiled sooner, and runs slower
        #[arg(long)]
        dev: bool,
    },
    /// Makes the profile for CPython by counting natively what runs most
    Train,
    /// Checks a new release of CPython against the patches, and says what to write into the table of releases
    #[command(disable_help_flag = true)]
    BumpPython(Handed),
    /// Commits the changelog of the version in Cargo.toml, tags it and publishes the packages
    Release {
        /// Only say what that would do, and what stands in the way
        #[arg(long)]
        dry_run: bool,
    },
    /// Packs the packages, and makes, builds and runs a guest with nothing but these
    Packed {
        /// Install `cargo wadup` with wasmtime, which compiles for minutes, and run the guest with that
        #[arg(long)]
        thorough: bool,
    },
    /// Compares the artifacts that two stores have both built, file by file
    Stores {
        /// A folder as in WADUP_CACHE_DIR
        one: PathBuf,
        /// Another
        other: PathBuf,
    },
    /// Runs formatting, lints, documentation, all tests and a sample of the packages' own, with warnings as errors
    Ci,
}

/// The arguments of a program of its own.
#[derive(clap::Args)]
struct Handed {
    /// Its arguments: `--help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> cargo::Outcome {
    let shell = &cargo::shell()?;
    match task {
        Task::Demo { lockfile } => demo::run(lockfile),
        Task::Test { thorough } => test::run(thorough),
        Task::Fuzz { seconds, target } => fuzz::run(shell, seconds, target.as_deref()),
        Task::Deny => deny::run(shell).map(print),
        Task::Book => cargo::set_up(shell)
            .and_then(|()| book::run(shell))
            .map(print),
        Task::Miri => miri::run(shell),
        Task::Profiles => profiles::run(shell),
        Task::Bench(handed) => runners::run("bench", &handed.arguments),
        Task::Conformance(handed) => runners::run("conformance", &handed.arguments),
        Task::BumpPython(handed) => {
            let arguments = [vec!["bump".into()], handed.arguments].concat();
            runners::run("bench", &arguments)
        }
        Task::Packages(args) => packages::run(&args),
        Task::Wheel => wheel::test(shell),
        Task::Scale {
            engine,
            inputs,
            dev,
        } => scale::run(shell, engine, inputs, dev),
        Task::Train => runners::run("bench", &["train".into()]),
        Task::Release { dry_run } => release::run(dry_run),
        Task::Packed { thorough } => {
            cargo::set_up(shell)?;
            release::trial::run(thorough)
        }
        Task::Stores { one, other } => stores::compare(&one, &other),
        Task::Ci => ci::run(),
    }
}

/// Shows what a task could not do here.
fn print(note: Option<String>) {
    note.into_iter().for_each(|note| eprintln!("note: {note}"));
}
