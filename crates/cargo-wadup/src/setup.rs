//! `cargo wadup setup`: brings a machine to where guests can be built.

mod progress;

use std::process::ExitCode;

use wadup_build::Silent;
use wadup_build::setup::Setup;

/// Installs and builds what guests are built with
///
/// Adds the Rust target, finds or installs a C toolchain and uv, and fills the store with CPython and its libraries. What is
/// there already is left alone.
#[derive(clap::Args)]
pub(crate) struct SetupArgs {
    /// Only report what is there; fail if something is missing
    #[arg(long)]
    check: bool,
}

/// Runs the command; with `--check` the exit status is 1 if anything is missing.
pub(crate) fn execute(args: SetupArgs) -> crate::Outcome {
    if args.check {
        return check(&Setup::new(Box::new(Silent))?);
    }
    Setup::new(progress::for_this_terminal())?
        .run()
        .map_err(|error| error.report())?;
    Ok(ExitCode::SUCCESS)
}

fn check(setup: &Setup) -> crate::Outcome {
    let mut complete = true;
    for finding in setup.check() {
        match finding.state {
            Ok(found) => println!("ok       {}: {found}", finding.what),
            Err(problem) => {
                complete = false;
                println!("missing  {}: {problem}", finding.what);
            }
        }
    }
    println!("store    {}", setup.store().display());
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
