//! `cargo wadup audit`: looks the components of a guest up in databases of advisories.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use wadup_inspect::audit::{Database, Finding, Report, audit};

use crate::guest::{self, SnapshotArgs, Wanted};

/// The exit status if a component is affected, as of other programs that search.
const AFFECTED: u8 = 1;

/// The exit status if the audit failed; also that of a wrong option.
const FAILED: u8 = 2;

/// Checks the components of a guest against databases of advisories, without network
///
/// CPython, Python packages and crates, which include the sources of C libraries. The exit status is 0 if no component
/// is affected, 1 if one is, and 2 if the audit failed.
#[derive(clap::Args)]
pub(crate) struct AuditArgs {
    /// Advisories in the format of OSV: a file, a zip archive, or a folder of both. May be repeated
    #[arg(long, value_name = "FILE-OR-FOLDER", required = true)]
    database: Vec<PathBuf>,
    /// Leave out the advisory with this ID or alias. May be repeated
    #[arg(long, value_name = "ID")]
    ignore: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// A folder of the workspace that built the guest
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    snapshot: SnapshotArgs,
    /// The guest or its snapshot, a wasm module [default: the last build of the package of `--project`]
    #[arg(value_name = "GUEST.wasm")]
    guest: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn execute(args: AuditArgs) -> crate::Outcome {
    match try_execute(args) {
        Ok(affected) => Ok(ExitCode::from(if affected { AFFECTED } else { 0 })),
        Err(error) => {
            crate::complain(&*error);
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// Whether a component is affected.
fn try_execute(args: AuditArgs) -> Result<bool, Box<dyn std::error::Error>> {
    let guest = guest::find(args.guest, &args.project, Wanted::Any, args.snapshot)?;
    let database = Database::open(&args.database)?;
    let report = audit(&guest, &args.project, &database, &args.ignore)?;
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&report, &mut out)?;
    }
    Ok(!report.findings.is_empty())
}

fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for finding in &report.findings {
        print_finding(finding, out)?;
    }
    for finding in &report.undecided {
        eprintln!(
            "warning: {} is about {}, but does not say by versions whether {} is affected",
            finding.id, finding.component, finding.version
        );
    }
    for id in &report.unused_ignores {
        eprintln!("warning: `--ignore {id}` matches no advisory about a component");
    }
    writeln!(
        out,
        "{}, {}: {}",
        count(report.components, "component", "components"),
        count(report.advisories, "advisory", "advisories"),
        match report.findings.len() {
            0 => "none is known to affect this guest".to_owned(),
            1 => "1 affects this guest".to_owned(),
            several => format!("{several} affect this guest"),
        }
    )
}

fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn print_finding(finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let ids: Vec<&str> = std::iter::once(&finding.id)
        .chain(&finding.aliases)
        .map(String::as_str)
        .collect();
    writeln!(
        out,
        "{} {}: {}",
        finding.component,
        finding.version,
        ids.join(", ")
    )?;
    if !finding.summary.is_empty() {
        writeln!(out, "  {}", finding.summary)?;
    }
    match finding.fixed.as_slice() {
        [] => writeln!(out, "  no version is known to fix it"),
        fixed => writeln!(out, "  fixed in {}", fixed.join(", ")),
    }
}
