//! The results: one report for each package, as lines and as JSON.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::guest::{self, Tried};
use super::list::Package;
use super::read;
use crate::cargo::Outcome;

/// How many lines of a problem are printed.
const LINES: usize = 40;

/// What was found about one package.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Report {
    pub(super) name: String,
    /// What the smoke operation does.
    pub(super) tried: String,
    /// The lines of its overlay and patches, without those that say why.
    pub(super) lines: usize,
    /// Whether its native code must be asked for with `native`.
    pub(super) native: bool,
    /// What does not work, from the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limits: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) facts: Option<Facts>,
    /// Why it was not built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    /// What went wrong alone, plain; empty if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) plain: Option<String>,
    /// The same from a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<String>,
    /// The same in one guest with all others, plain and from a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) together: Option<String>,
}

impl Report {
    /// A report with what the repository says.
    pub(super) fn of(package: &Package) -> Outcome<Self> {
        Ok(Self {
            name: package.name.clone(),
            tried: package.tried()?,
            lines: lines(package.code())?,
            native: package.native,
            limits: package.fails.clone().or_else(|| package.limits.clone()),
            facts: None,
            error: None,
            plain: None,
            snapshot: None,
            together: None,
        })
    }

    pub(super) fn add(&mut self, tried: Tried, is_snapshot: bool) {
        let problem = Some(tried.err().unwrap_or_default());
        match is_snapshot {
            true => self.snapshot = problem,
            false => self.plain = problem,
        }
    }

    /// The first thing that went wrong.
    fn problem(&self) -> Option<&str> {
        let tried = [&self.error, &self.plain, &self.snapshot, &self.together];
        tried
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|problem| !problem.is_empty())
    }

    /// The report with one line of each problem: the rest is about this machine.
    fn shortened(&self) -> Self {
        let first = |problem: &Option<String>| {
            let line = problem.as_ref()?.lines().next().unwrap_or_default();
            Some(line.trim().to_owned())
        };
        // A traceback says at the end what happened.
        let last = |problem: &Option<String>| {
            let line = problem.as_ref()?.lines().last().unwrap_or_default();
            Some(line.trim().to_owned())
        };
        Self {
            error: first(&self.error),
            plain: last(&self.plain),
            snapshot: last(&self.snapshot),
            together: last(&self.together),
            ..self.clone()
        }
    }

    /// Whether everything that was tried works.
    pub(super) fn works(&self) -> bool {
        self.problem().is_none()
    }

    /// The package as a line, with the problem below it.
    pub(super) fn line(&self) -> String {
        let facts = self.facts.as_ref().map_or_else(String::new, |facts| {
            format!(
                " {} ({}), {} s, {} kB of objects",
                facts.version,
                facts.backend,
                facts.seconds,
                facts.bytes / 1000
            )
        });
        let overlay = match self.lines {
            0 => "no overlay".to_owned(),
            lines => format!("overlay of {lines} lines"),
        };
        match self.problem() {
            None => format!("{}: works{facts}, {overlay}", self.name),
            Some(problem) => {
                let lines: Vec<&str> = problem.trim_end().lines().take(LINES).collect();
                let problem = lines.join("\n    ");
                format!("{}: FAILS{facts}, {overlay}\n    {problem}", self.name)
            }
        }
    }
}

/// The number of lines of a package's overlay that do something.
fn lines(name: &str) -> Outcome<usize> {
    let Some(file) = guest::overlay(name) else {
        return Ok(0);
    };
    let text = read(&file)?;
    let overlay: toml::Table = toml::from_str(&text)?;
    let mut lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#']) && !line.starts_with("reason"))
        .count();
    let patches = overlay.get("patches").and_then(toml::Value::as_array);
    for patch in patches.into_iter().flatten() {
        let name = patch.as_str().unwrap_or_default();
        let text = read(&file.with_file_name(format!("{name}.patch")))?;
        lines += text
            .lines()
            .filter(|line| line.starts_with(['+', '-']))
            .filter(|line| !line.starts_with("+++ ") && !line.starts_with("--- "))
            .count();
    }
    Ok(lines)
}

/// All reports, by name.
#[derive(Default)]
pub(super) struct Results(BTreeMap<String, Report>);

impl Results {
    /// The results in a file; none if there is no file.
    pub(super) fn read(file: Option<&Path>) -> Outcome<Self> {
        let Some(file) = file.filter(|file| file.is_file()) else {
            return Ok(Self::default());
        };
        let reports: Vec<Report> = serde_json::from_str(&read(file)?)
            .map_err(|error| format!("`{}`: {error}", file.display()))?;
        let named = reports
            .into_iter()
            .map(|report| (report.name.clone(), report));
        Ok(Self(named.collect()))
    }

    pub(super) fn add(&mut self, report: Report) {
        self.0.insert(report.name.clone(), report);
    }

    pub(super) fn of(&self, name: &str) -> Option<&Report> {
        self.0.get(name)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Report> {
        self.0.values()
    }

    pub(super) fn write(&self, file: Option<&Path>) -> Outcome {
        let Some(file) = file else {
            return Ok(());
        };
        let reports: Vec<Report> = self.all().map(Report::shortened).collect();
        let text = serde_json::to_string_pretty(&reports)? + "\n";
        Ok(fs::write(file, text).map_err(|error| format!("`{}`: {error}", file.display()))?)
    }

    /// Fails unless exactly the packages work that the list says.
    pub(super) fn verdict(&self, packages: &[Package]) -> Outcome {
        let tried = packages
            .iter()
            .filter_map(|package| Some((package, self.of(&package.name)?)));
        let (mut working, mut without_lines, mut wrong) = (0, 0, Vec::new());
        for (package, report) in tried {
            match (report.works(), &package.fails) {
                (true, None) => {
                    working += 1;
                    without_lines += usize::from(report.lines == 0);
                }
                (true, Some(_)) => wrong.push(format!("{} works, but should not", package.name)),
                (false, None) => wrong.push(format!("{} does not work", package.name)),
                (false, Some(_)) => {}
            }
        }
        eprintln!("{working} packages work, {without_lines} of them without an overlay");
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong.join("\n").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(together: &str) -> Report {
        let package = Package {
            name: "x".to_owned(),
            ..Package::default()
        };
        Report {
            name: package.name,
            tried: "y".to_owned(),
            lines: 0,
            native: false,
            limits: None,
            facts: None,
            error: None,
            plain: Some(String::new()),
            snapshot: Some(String::new()),
            together: Some(together.to_owned()),
        }
    }

    #[test]
    fn a_package_works_if_no_attempt_failed() {
        assert!(report("").works());
        assert!(!report("trap").works());
    }

    #[test]
    fn the_verdict_names_failures_and_surprises() {
        let packages = |fails: Option<&str>| {
            [Package {
                name: "x".to_owned(),
                fails: fails.map(str::to_owned),
                ..Package::default()
            }]
        };
        let mut results = Results::default();
        results.add(report("trap"));

        assert!(results.verdict(&packages(Some("threads"))).is_ok());
        let failure = results.verdict(&packages(None)).unwrap_err().to_string();
        assert_eq!(failure, "x does not work");
        results.add(report(""));
        let surprise = results.verdict(&packages(Some("threads"))).unwrap_err();
        assert_eq!(surprise.to_string(), "x works, but should not");
    }
}
