//! `cargo wadup debug`: runs the entry point under pdb, inside the guest.

use std::fs;
use std::path::PathBuf;

use cargo_wadup::suite::Exchange;
use serde_json::json;

use crate::development::{self, Development};
use crate::engine::EngineArgs;

/// What runs in the guest.
const PROGRAM: &str = include_str!("debug/debug.py");

/// The file with the input.
const INPUT: &str = "input";

/// Runs the entry point of this folder's project on an input under pdb, inside its guest
///
/// Builds the guest as `cargo wadup test` does; it imports the Python in the project's folder. pdb stops at the first line of the entry
/// point, at `breakpoint()`, and where an exception was raised that nothing caught.
#[derive(clap::Args)]
pub(crate) struct DebugArgs {
    /// Run until a breakpoint or an exception, instead of stopping at the first line
    #[arg(long)]
    r#continue: bool,
    /// Build the guest in release mode
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    engine: EngineArgs,
    /// The input
    #[arg(value_name = "INPUT")]
    input: PathBuf,
}

/// Runs the command. The exit status is 1 if the entry point failed.
pub(crate) fn execute(args: &DebugArgs) -> crate::Outcome {
    let shown = args.input.display();
    let input =
        fs::read(&args.input).map_err(|error| format!("could not read `{shown}`: {error}"))?;
    development::converse(args.release, &args.engine, |development: &Development| {
        let settings = json!({
            "continue": args.r#continue,
            "input": Exchange::in_guest(INPUT),
        });
        let exchange = development.exchange(PROGRAM, &settings)?;
        exchange.write(INPUT, &input)?;
        Ok(exchange)
    })
}
