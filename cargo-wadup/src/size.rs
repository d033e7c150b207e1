//! `cargo wadup size`: shows what the bytes of a guest belong to.

mod groups;
mod page;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use fs_err as fs;
use wadup_inspect::size;

use self::groups::Report;
use crate::guest::{self, SnapshotArgs, Wanted};
use crate::project;

/// Shows what the bytes of a guest belong to
///
/// Each byte of the file is counted once: under the interpreter, the C libraries, each package, the standard library, the app or the
/// Rust code. `cargo wadup build` keeps the linker's map beside the guest, which attributes code and data; without it only
/// the Python files are attributed completely.
#[derive(clap::Args)]
pub(crate) struct SizeArgs {
    /// Print one JSON object, in bytes
    #[arg(long)]
    json: bool,
    /// Write a self-contained HTML page with a map of the bytes
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    snapshot: SnapshotArgs,
    /// The guest or its snapshot, a wasm module [default: the last build of this folder's package]
    #[arg(value_name = "GUEST.wasm")]
    guest: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn execute(args: SizeArgs) -> crate::Outcome {
    let guest = guest::find(args.guest, ".".as_ref(), Wanted::Any, args.snapshot)?;
    let map = project::map_beside(&guest);
    let sizes = size::measure(&guest, &map)?;
    let name = guest.file_name().unwrap_or_default();
    let report = Report::new(name.to_string_lossy().into_owned(), sizes);
    if let Some(file) = &args.html {
        fs::write(file, page::of(&report)?)?;
    }
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else if args.html.is_none() {
        write!(out, "{}", table::of(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}
