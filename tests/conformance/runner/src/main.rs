//! Runs a package's own tests in a guest, and compares what fails with the list of what cannot pass there.
//!
//! `cargo xtask conformance` starts this after setup.

mod expected;
mod guest;
mod install;
mod outcomes;
mod report;
mod suite;
mod totals;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use xshell::Shell;

use self::expected::Expected;
use self::suite::Suite;
use self::totals::Totals;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Runs a package's own tests in a guest, and compares the failures with the known ones
#[derive(Parser)]
#[command(bin_name = "cargo xtask conformance")]
struct Arguments {
    /// Whose tests: folders with a `suite.toml` in `tests/conformance` or `tests/conformance/packages`; `packages` is all of the latter
    #[arg(required = true)]
    packages: Vec<String>,
    /// Correct the list of expected failures; the reasons are yours to write
    #[arg(long)]
    update: bool,
    /// Run only the part that takes a minute or two
    #[arg(long)]
    sample: bool,
    /// Run only files with this in their path
    #[arg(long, value_name = "TEXT")]
    file: Option<String>,
    /// Use a guest whose C code checks its own assertions: another, slower build of all of it
    #[arg(long)]
    assertions: bool,
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(3).unwrap_or(manifest).to_owned()
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let packages = suite::named(&arguments.packages)?;
    let mut all = Vec::new();
    let mut failed = Vec::new();
    for package in &packages {
        if packages.len() > 1 {
            println!("\n{package}");
        }
        let (totals, is_as_expected) = run_suite(package, arguments)?;
        all.push(totals);
        if !is_as_expected {
            failed.push(&**package);
        }
    }
    if let [_, _, ..] = &*all {
        totals::print(&all);
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "not as expected: {}\nhelp: `target/conformance/PACKAGE/results` has the output of each file",
            failed.join(", ")
        )
        .into()),
    }
}

/// Runs the tests of one package, and returns whether they ended as the list says.
fn run_suite(package: &str, arguments: &Arguments) -> Result<(Totals, bool)> {
    let suite = Suite::read(package)?;
    let shell = Shell::new()?;
    shell.change_dir(workspace());
    let module = guest::build(&shell, suite::guest(package), arguments.assertions)?;
    let installed = install::install(&shell, package, &suite)?;
    let mut files = suite.files(&installed.suite(), arguments.sample)?;
    if let Some(text) = &arguments.file {
        files.retain(|file| file.contains(text));
    }
    let list = suite::folder(package).join("expected.toml");
    let mut expected = Expected::read(&list)?;

    let started = Instant::now();
    let mut outcomes = BTreeMap::new();
    let runs = guest::Runs {
        suite: &suite,
        installed: &installed,
        expected: &expected,
        files: &files,
        is_sample: arguments.sample,
    };
    runs.run(&module, |ended| {
        report::file(&ended, outcomes.len() + 1, files.len());
        outcomes.insert(ended.file, ended.outcomes);
    })?;
    if arguments.update {
        expected = expected.updated(&outcomes);
        expected.write(&list)?;
    }
    let differences = expected.compare(&outcomes);
    let totals = Totals::of(suite.title(package), &outcomes, &expected);
    let seconds = started.elapsed().as_secs_f64();
    let is_as_expected = report::summary(&outcomes, &totals, &differences, seconds);
    Ok((totals, is_as_expected))
}
