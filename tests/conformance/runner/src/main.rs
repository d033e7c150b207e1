//! Runs a package's own tests in a guest, and compares what fails with the list of what cannot pass there.
//!
//! `cargo xtask conformance` starts this after setup.

mod expected;
mod guest;
mod install;
mod outcomes;
mod report;
mod suite;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use xshell::Shell;

use self::expected::Expected;
use self::outcomes::FileOutcomes;
use self::suite::Suite;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Runs a package's own tests in a guest, and compares the failures with the known ones
#[derive(Parser)]
#[command(bin_name = "cargo xtask conformance")]
struct Arguments {
    /// Whose tests
    package: Package,
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

#[derive(Clone, Copy, ValueEnum)]
enum Package {
    Numpy,
    Pandas,
    Pydantic,
    Cpython,
}

impl Package {
    /// The name of its folder under `tests/conformance`.
    fn name(self) -> &'static str {
        match self {
            Self::Numpy => "numpy",
            Self::Pandas => "pandas",
            Self::Pydantic => "pydantic",
            Self::Cpython => "cpython",
        }
    }
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
    let package = arguments.package.name();
    let suite = Suite::read(package)?;
    let shell = Shell::new()?;
    shell.change_dir(workspace());
    let module = guest::build(&shell, package, arguments.assertions)?;
    let installed = install::install(&shell, package, &suite)?;
    let mut files = suite.files(&installed.suite(), arguments.sample)?;
    if let Some(text) = &arguments.file {
        files.retain(|file| file.contains(text));
    }
    let list = suite::folder(package).join("expected.toml");
    let expected = Expected::read(&list)?;

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
        let results = installed.results(&ended.file);
        let file = FileOutcomes::read(&results, ended.failure.clone());
        report::file(&ended, &file, outcomes.len() + 1, files.len());
        outcomes.insert(ended.file, file);
    })?;
    let expected = if arguments.update {
        let updated = expected.updated(&outcomes);
        updated.write(&list)?;
        updated
    } else {
        expected
    };
    let differences = expected.compare(&outcomes);
    let seconds = started.elapsed().as_secs_f64();
    match report::summary(&outcomes, &expected, &differences, seconds) {
        true => Ok(()),
        false => Err(format!(
            "not as expected; `{}` has the output of each file",
            installed.folder.join("results").display()
        )
        .into()),
    }
}
