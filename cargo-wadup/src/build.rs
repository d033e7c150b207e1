//! `cargo wadup build`: runs Cargo's build for the guests' target, then optimizes and checks each guest and takes its
//! snapshot.

mod arguments;
pub(crate) mod artifacts;
mod link_map;
mod optimize;
pub(crate) mod paths;
mod publish;
mod snapshot;

use std::error::Error;
#[cfg(feature = "wasmtime")]
use std::ffi::OsStr;
use std::ffi::OsString;
#[cfg(feature = "wasmtime")]
use std::path::Path;
use std::process::ExitCode;

use wadup_inspect::gate::{self, Kind, Rules};

use self::arguments::Arguments;
pub(crate) use self::artifacts::{Built, Guest};
#[cfg(feature = "wasmtime")]
use crate::project;

/// Builds guests with Cargo, optimizes and checks them, and takes snapshots
///
/// Runs `cargo build --target wasm32-wasip1` with the given arguments, and passes on Cargo's messages and exit status.
/// With --release, wasm-opt optimizes each guest where it is installed, and its result replaces `NAME.wasm`. Each guest
/// must pass the checks of `cargo wadup check`. Its snapshot, `NAME.snapshot.wasm` beside `NAME.wasm`, starts after
/// Python's imports.
#[derive(clap::Args)]
pub(crate) struct BuildArgs {
    /// Take a snapshot [default: with --release or a profile that inherits it, unless pyproject.toml contains `snapshot
    /// = false`]
    #[arg(long, overrides_with = "no_snapshot")]
    snapshot: bool,
    /// Take no snapshot
    #[arg(long, overrides_with = "snapshot")]
    no_snapshot: bool,
    /// Optimize the guest with wasm-opt [default: with --release or a profile that inherits it where wasm-opt is
    /// installed, unless pyproject.toml contains `wasm-opt = false`]
    #[arg(long, overrides_with = "no_wasm_opt")]
    wasm_opt: bool,
    /// Leave the guest as it was linked
    #[arg(long, overrides_with = "wasm_opt")]
    no_wasm_opt: bool,
    /// Fail if the snapshot depends on this machine: its clock, entropy, environment or files
    #[arg(long)]
    strict: bool,
    /// Compile what the snapshot runs in a fifth of the time; NaN values in the snapshot then depend on this machine
    #[arg(long)]
    baseline: bool,
    /// Arguments for `cargo build`, such as --release
    #[arg(
        value_name = "CARGO-ARGS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    cargo: Vec<OsString>,
}

/// Runs the command. If Cargo fails, the exit status is Cargo's.
pub(crate) fn execute(args: BuildArgs) -> crate::Outcome {
    let arguments = Arguments::new(args);
    let guests = match artifacts::build(&arguments, &[])? {
        Built::All(guests) => guests,
        Built::Failed(status) => return Ok(status),
    };
    let mut all_succeeded = true;
    for guest in &guests {
        if let Err(error) = finish(guest, &arguments) {
            eprintln!("error: {}", crate::report(&*error));
            all_succeeded = false;
        }
    }
    Ok(if all_succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Builds guests that can run their own tests, in `folder`, with the given arguments for Cargo.
///
/// What lies between is in Cargo's usual folder, so that other builds share it.
#[cfg(feature = "wasmtime")]
pub(crate) fn with_tests(
    folder: &Path,
    cargo: Vec<OsString>,
    snapshot: bool,
) -> Result<Built, Box<dyn Error>> {
    let target = project::target_folder(folder)?;
    let separate = target.join("wadup-tests");
    let mut arguments = Arguments::of_cargo(cargo);
    arguments.snapshot = Some(snapshot);
    let variables = [
        ("WADUP_TESTS", OsStr::new("1")),
        (
            "WADUP_TESTS_BUILT_IN",
            OsStr::new(if snapshot { "1" } else { "0" }),
        ),
        ("CARGO_BUILD_BUILD_DIR", target.as_os_str()),
        ("CARGO_TARGET_DIR", separate.as_os_str()),
    ];
    let built = artifacts::build(&arguments, &variables)?;
    if let Built::All(guests) = &built
        && snapshot
    {
        for guest in guests {
            snapshot::make(guest, &arguments)?;
        }
    }
    Ok(built)
}

/// Builds guests with the given arguments for Cargo, and neither checks them nor takes snapshots.
pub(crate) fn plainly(cargo: Vec<OsString>) -> Result<Built, String> {
    artifacts::build(&Arguments::of_cargo(cargo), &[])
}

/// Optimizes and checks a linked guest, and takes its snapshot.
fn finish(guest: &Guest, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let kind = if guest.is_program {
        Kind::Command
    } else {
        Kind::Reactor
    };
    let rules = Rules::planned(&guest.build_folder, kind)?;
    let link_map = optimize::apply(guest, arguments, link_map::written(guest)?)?;
    gate::check(&guest.module, &rules)?;
    if let Some(map) = link_map {
        link_map::keep(guest, &map)?;
    }
    snapshot::make(guest, arguments)
}
