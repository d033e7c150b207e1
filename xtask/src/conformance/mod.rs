//! The packages' own tests, run inside a guest, against the lists of what cannot pass there.

mod expected;
mod guest;
mod install;
mod outcomes;
mod report;
mod suite;

use std::collections::BTreeMap;
use std::time::Instant;

use clap::{Args, ValueEnum};

use self::expected::Expected;
use self::outcomes::FileOutcomes;
use self::suite::Suite;
use crate::cargo::{Outcome, set_up};
use crate::timetable::Timetable;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Whose tests
    package: Package,
    /// Corrects the list of expected failures; whoever runs it gives the reasons
    #[arg(long)]
    update: bool,
    /// Only the part that takes a minute or two
    #[arg(long)]
    sample: bool,
    /// Only files with this in their path
    #[arg(long, value_name = "TEXT")]
    file: Option<String>,
    /// In a guest whose C code checks its own assertions: another, slower build of all of it
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

/// The small part of every package's tests.
pub(crate) fn samples(timetable: &mut Timetable) -> Outcome {
    all(timetable, true)
}

/// All of every package's tests.
pub(crate) fn whole(timetable: &mut Timetable) -> Outcome {
    all(timetable, false)
}

fn all(timetable: &mut Timetable, sample: bool) -> Outcome {
    Package::value_variants().iter().try_for_each(|package| {
        timetable.step(format!("own tests of {}", package.name()), || {
            run(&Arguments {
                package: *package,
                update: false,
                sample,
                file: None,
                assertions: false,
            })
        })
    })
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let package = arguments.package.name();
    let suite = Suite::read(package)?;
    set_up()?;
    let module = guest::build(package, arguments.assertions)?;
    let installed = install::install(package, &suite)?;
    let mut files = suite.files(&installed.suite(), arguments.sample)?;
    if let Some(text) = &arguments.file {
        files.retain(|file| file.contains(text));
    }
    let list = suite::folder(package).join("expected.toml");
    let expected = Expected::read(&list)?;

    let started = Instant::now();
    let mut outcomes = BTreeMap::new();
    let note = |ended: guest::Ended| {
        let results = installed.results(&ended.file);
        let file = FileOutcomes::read(&results, ended.failure.clone());
        report::file(&ended, &file, outcomes.len() + 1, files.len());
        outcomes.insert(ended.file, file);
    };
    guest::run(
        &module,
        &suite,
        &installed,
        &expected,
        &files,
        arguments.sample,
        note,
    )?;
    if outcomes.len() != files.len() {
        return Err(format!(
            "{} of {} files were run",
            outcomes.len(),
            files.len()
        ));
    }
    let expected = if arguments.update {
        let updated = expected.updated(&outcomes);
        updated.write(&list)?;
        updated
    } else {
        expected
    };
    let differences = expected.compare(&outcomes);
    let seconds = started.elapsed().as_secs_f64();
    match report::summary(&outcomes, &differences, seconds) {
        true => Ok(()),
        false => Err(format!(
            "not as expected; `{}` has each file's output",
            installed.folder.join("results").display()
        )),
    }
}
