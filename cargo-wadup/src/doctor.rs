//! `cargo wadup doctor`: what a build needs, what is installed, and how to get the rest.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use wadup_build::Silent;
use wadup_build::machine::Machine;

use crate::setup::findings::{self, Finding};

/// Checks whether everything that a build needs is installed, and says how to get the rest
///
/// Changes nothing. The exit status is 0 if a build can work.
#[derive(clap::Args)]
pub(crate) struct DoctorArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The output of `--json`.
#[derive(Serialize)]
struct Report {
    /// Whether a build can work.
    ok: bool,
    /// The version of this program.
    wadup: &'static str,
    findings: Vec<Line>,
}

/// One requirement of a build: `found` if it is met, else `problem` and `help`. An optional one is `ok` in any case.
#[derive(Serialize)]
struct Line {
    what: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl From<Finding> for Line {
    fn from(finding: Finding) -> Self {
        let ok = finding.is_optional || finding.state.is_ok();
        let (found, problem) = match finding.state {
            Ok(found) => (Some(found), None),
            Err(problem) => (None, Some(problem)),
        };
        let (problem, help) = problem
            .map(|problem| (problem.problem, problem.help))
            .unzip();
        Self {
            what: finding.what,
            ok,
            found,
            problem,
            help,
        }
    }
}

/// Runs the command; the exit status is 1 if anything is missing.
pub(crate) fn execute(args: &DoctorArgs) -> crate::Outcome {
    let machine = Machine::new(Box::new(Silent))?;
    let findings: Vec<Line> = findings::all(&machine)
        .into_iter()
        .map(Line::from)
        .collect();
    let report = Report {
        ok: findings.iter().all(|line| line.ok),
        wadup: env!("CARGO_PKG_VERSION"),
        findings,
    };
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&report, &mut out)?;
    }
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "ok       {:<19}{}", "cargo-wadup", report.wadup)?;
    for line in &report.findings {
        match (&line.found, &line.problem, &line.help) {
            (Some(found), ..) => writeln!(out, "ok       {:<19}{found}", line.what)?,
            (None, Some(problem), Some(help)) => {
                let state = if line.ok { "absent" } else { "missing" };
                writeln!(out, "{state:<9}{:<19}{problem}", line.what)?;
                writeln!(out, "         {:<19}help: {help}", "")?;
            }
            _ => {}
        }
    }
    Ok(())
}
