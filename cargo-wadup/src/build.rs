//! `cargo wadup build`: Cargo's own build for the guests' target, then the link gate and the snapshot of each guest.

mod arguments;
mod artifacts;
mod link_map;
pub(crate) mod paths;
mod snapshot;

use std::ffi::OsString;
use std::process::ExitCode;

use wadup_build::gate::{self, Kind, Rules};

use self::arguments::Arguments;
use self::artifacts::{Built, Guest};

/// Builds guests with Cargo, checks what was linked, and takes snapshots
///
/// Runs `cargo build --target wasm32-wasip1` with the arguments given; Cargo's messages and exit status are its own. Each guest that
/// Cargo has made must pass the checks of `cargo wadup check`. Its snapshot, `NAME.snapshot.wasm` beside `NAME.wasm`, starts where
/// Python's imports have ended.
#[derive(clap::Args)]
pub(crate) struct BuildArgs {
    /// Take a snapshot [default: with --release or a profile that inherits it, unless pyproject.toml says `snapshot = false`]
    #[arg(long, overrides_with = "no_snapshot")]
    snapshot: bool,
    /// Take no snapshot
    #[arg(long, overrides_with = "snapshot")]
    no_snapshot: bool,
    /// Refuse a snapshot that depends on this machine: on its clock, its entropy, its environment or its files
    #[arg(long)]
    strict: bool,
    /// Arguments for `cargo build`, such as --release
    #[arg(
        value_name = "CARGO-ARGS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    cargo: Vec<OsString>,
}

/// Runs the command; where Cargo fails, the exit status is Cargo's.
pub(crate) fn execute(args: BuildArgs) -> crate::Outcome {
    let arguments = Arguments::new(args);
    let guests = match artifacts::build(&arguments)? {
        Built::All(guests) => guests,
        Built::Failed(status) => return Ok(status),
    };
    let mut all_succeeded = true;
    for guest in &guests {
        if let Err(problem) = finish(guest, &arguments) {
            eprintln!("error: {problem}");
            all_succeeded = false;
        }
    }
    Ok(if all_succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What is left to do when a guest has been linked.
fn finish(guest: &Guest, arguments: &Arguments) -> Result<(), String> {
    let kind = if guest.is_program {
        Kind::Command
    } else {
        Kind::Reactor
    };
    let rules = Rules::planned(&guest.build_folder, kind).map_err(|error| error.report())?;
    gate::check(&guest.module, &rules).map_err(|error| error.report())?;
    link_map::keep(guest)?;
    snapshot::make(guest, arguments)
}
