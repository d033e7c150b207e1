//! What deny.toml says of other people's crates, by cargo-deny, which is compiled once for this workspace.

use std::path::Path;
use std::process::Command;

use crate::cargo::{Outcome, Step, workspace};
use crate::program;

/// A release whose list of licences is known to have all of deny.toml's.
const VERSION: &str = "=0.20.2";

pub(crate) fn run() -> Outcome {
    let tools = workspace().join("target/tools");
    Step::new("install --quiet --locked cargo-deny --version")
        // Unoptimised: it runs for seconds and would be compiled for minutes.
        .args([VERSION, "--debug", "--root"])
        .args([tools.display().to_string()])
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .run()?;
    let deny = tools.join("bin/cargo-deny");
    program::tell_and_run(&mut command(
        &deny,
        &["check", "bans", "licenses", "sources"],
    ))?;
    // The database of advisories is a repository of its own, which not every machine can reach.
    match program::tell_and_run(&mut command(&deny, &["fetch", "db"])) {
        Ok(()) => program::tell_and_run(&mut command(&deny, &["check", "advisories"])),
        Err(failure) => {
            eprintln!("xtask: advisories were not looked up: {failure}");
            Ok(())
        }
    }
}

fn command(deny: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(deny);
    command.args(arguments).current_dir(workspace());
    command
}
