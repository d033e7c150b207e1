//! Builds native packages alone and all in one guest, and tries each: plain and from a snapshot.

mod facts;
mod guest;
mod list;
mod page;
mod report;

use std::fs;
use std::path::{Path, PathBuf};

use self::guest::{Guest, Tried};
use self::list::Package;
use self::report::{Report, Results};
use crate::cargo::{Outcome, set_up, shell, workspace};

/// The results in the repository, from which the book's table is written.
const RESULTS: &str = "xtask/packages/results.json";

/// The title of the guest with all packages.
const TOGETHER: &str = "together";

/// What to build and where to write the results.
#[derive(clap::Args)]
pub(crate) struct PackagesArgs {
    /// Build only these packages of the list
    names: Vec<String>,
    /// Write the results to FILE as JSON; results of other packages that it contains are kept
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Build no package alone, but all in one guest
    #[arg(long, conflicts_with = "alone")]
    together: bool,
    /// Build each package alone, and not all in one guest
    #[arg(long)]
    alone: bool,
    /// Write the table in docs/src/packages.md from the results in the repository, and build nothing
    #[arg(long, exclusive = true)]
    page: bool,
}

/// Runs the command. Fails if a package that should work does not, or the reverse.
pub(crate) fn run(args: &PackagesArgs) -> Outcome {
    if args.page {
        return page::write();
    }
    let packages = list::chosen(&args.names)?;
    let shell = shell()?;
    set_up(&shell)?;
    let guest = Guest::prepare(&shell)?;
    let mut results = Results::read(args.json.as_deref())?;
    if !args.together {
        for package in &packages {
            let report = alone(&guest, package)?;
            eprintln!("{}", report.line());
            results.add(report);
            results.write(args.json.as_deref())?;
        }
    }
    if !args.alone {
        together(&guest, &packages, &mut results)?;
        results.write(args.json.as_deref())?;
    }
    results.verdict(&packages)
}

/// Builds and tries one package.
fn alone(guest: &Guest, package: &Package) -> Outcome<Report> {
    eprintln!("{}: building", package.name);
    let mut report = Report::of(package)?;
    let built = guest.build(&[package], &package.name)?;
    match built.and_then(|()| facts::of(guest, &package.name, package)) {
        Ok(facts) => {
            report.facts = Some(facts);
            for is_snapshot in [false, true] {
                let tried = guest.try_all(&[package], is_snapshot)?.remove(0);
                report.add(tried, is_snapshot);
            }
        }
        Err(error) => report.error = Some(error),
    }
    Ok(report)
}

/// Builds all packages that work alone into one guest, and tries each there.
fn together(guest: &Guest, packages: &[Package], results: &mut Results) -> Outcome {
    let mut all: Vec<&Package> = packages
        .iter()
        .filter(|package| package.fails.is_none() && package.apart.is_none())
        .filter(|package| results.of(&package.name).is_none_or(Report::works))
        .collect();
    eprintln!("{} packages in one guest: building", all.len());
    while let Err(error) = guest.build(&all, TOGETHER)? {
        let failed = |package: &&Package| guest::names(&error, &package.name);
        let (failing, others): (Vec<&Package>, Vec<&Package>) = all.into_iter().partition(failed);
        if failing.is_empty() {
            return Err(format!("the guest with all packages could not be built:\n{error}").into());
        }
        for package in failing {
            let mut report = Report::of(package)?;
            report.error = Some(guest::part(&error, &package.name));
            eprintln!("{}", report.line());
            results.add(report);
        }
        all = others;
    }
    let mut tried: Vec<Vec<Tried>> = Vec::new();
    for is_snapshot in [false, true] {
        tried.push(guest.try_all(&all, is_snapshot)?);
    }
    for (index, package) in all.iter().enumerate() {
        let mut report = match results.of(&package.name) {
            Some(report) => report.clone(),
            None => Report::of(package)?,
        };
        let facts = facts::of(guest, TOGETHER, package);
        let problem = tried.iter().find_map(|of_one| of_one[index].clone().err());
        report.together = Some(problem.or(facts.clone().err()).unwrap_or_default());
        report.facts = report.facts.or(facts.ok());
        eprintln!("{}", report.line());
        results.add(report);
    }
    Ok(())
}

fn read(file: &Path) -> Outcome<String> {
    Ok(fs::read_to_string(file).map_err(|error| format!("`{}`: {error}", file.display()))?)
}

/// A file below the folder of the workspace.
fn repository(file: &str) -> PathBuf {
    workspace().join(file)
}
