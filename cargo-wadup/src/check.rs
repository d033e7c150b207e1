//! `cargo wadup check`: reads a finished guest and checks whether hosts can run it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wadup_inspect::gate::{self, Kind, Profile, Report, Rules};

use crate::guest::{self, SnapshotArgs, Wanted};

/// Checks that a finished guest runs under WASI preview 1 and under the WADUP host
///
/// Checks its imports, exports, stack and memory, and prints a summary.
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// The guest is a command, which exports `_start` instead of `process`
    #[arg(long)]
    command: bool,
    /// The minimum stack size, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Rules::default().stack_floor)]
    stack: u64,
    #[command(flatten)]
    snapshot: SnapshotArgs,
    /// The guest or its snapshot, a wasm module [default: the last build of this folder's package]
    #[arg(value_name = "GUEST.wasm")]
    guest: Option<PathBuf>,
}

/// Runs the command. A guest that violates rules is an error with one line for each.
pub(crate) fn execute(args: CheckArgs) -> crate::Outcome {
    let guest = guest::find(args.guest, ".".as_ref(), Wanted::Any, args.snapshot)?;
    let rules = Rules {
        kind: if args.command {
            Kind::Command
        } else {
            Kind::Reactor
        },
        stack_floor: args.stack,
        ..Rules::default()
    };
    let report = gate::check(&guest, &rules)?;
    print(&guest, &report, &mut io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

fn print(guest: &Path, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mebibytes = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
    let maximum = report
        .maximum_memory
        .map_or_else(|| "no limit".to_owned(), mebibytes);
    writeln!(out, "guest    {}", guest.display())?;
    writeln!(out, "size     {:.1} MB", report.module as f64 / 1e6)?;
    let needs = match report.profile {
        Profile::Baseline => "",
        _ => ", needs a host with SIMD",
    };
    writeln!(out, "profile  {}{needs}", report.profile)?;
    writeln!(out, "stack    {}", mebibytes(report.stack))?;
    writeln!(
        out,
        "memory   {}, at most {maximum}",
        mebibytes(report.initial_memory)
    )?;
    let exports = report
        .exports
        .iter()
        // These replace wasi-libc's imports. rustc exports every function with a fixed name.
        .filter(|name| !name.starts_with("__imported_"));
    writeln!(out, "exports  {}", list(exports.map(String::as_str)))?;
    writeln!(
        out,
        "imports  {}",
        list(report.imports.iter().map(|import| import.name.as_str()))
    )?;
    writeln!(
        out,
        "         all {} of wasi_snapshot_preview1",
        report.imports.len()
    )
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(" ")
}
