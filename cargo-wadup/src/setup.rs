//! `cargo wadup setup`: installs what builds need.

mod binaryen;
mod c_toolchain;
mod debian;
pub(crate) mod findings;
pub(crate) mod progress;
mod rust_target;
mod steps;
mod uv;

use std::process::ExitCode;

use wadup_build::machine::Machine;

/// Installs and builds what guests need
///
/// Adds the Rust target, finds or installs a C toolchain and uv, and fills the store with CPython and its libraries. Keeps
/// what is already installed; `cargo wadup doctor` only checks.
#[derive(clap::Args)]
pub(crate) struct SetupArgs {
    /// Also install Binaryen, with npm: its wasm-opt makes guests smaller, and takes minutes for each guest
    #[arg(long)]
    wasm_opt: bool,
}

/// Runs the command.
pub(crate) fn execute(args: SetupArgs) -> crate::Outcome {
    Machine::new(progress::for_this_terminal())
        .and_then(|machine| {
            steps::run(&machine)?;
            if args.wasm_opt {
                binaryen::set_up(&machine)?;
            }
            Ok(())
        })
        .map_err(|error| error.report())?;
    Ok(ExitCode::SUCCESS)
}
