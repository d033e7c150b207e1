//! Checks dependencies against deny.toml with cargo-deny, which is installed once per machine, in Cargo's folder for
//! programs.

use xshell::{Shell, cmd};

use crate::cargo::Outcome;

/// A release whose list of licenses is known to contain those in deny.toml.
const VERSION: &str = "=0.20.2";

/// Checks everything that can be checked offline. Returns a note if the advisories could not be checked.
pub(crate) fn run(shell: &Shell) -> Outcome<Option<String>> {
    // Unoptimized, because it runs for seconds and takes minutes to optimize.
    cmd!(
        shell,
        "cargo install --quiet --locked cargo-deny --version {VERSION} --debug"
    )
    .env("CARGO_PROFILE_DEV_DEBUG", "0")
    .run()?;
    cmd!(shell, "cargo deny check bans licenses sources").run()?;
    // The advisory database is a repository of its own, which not every machine can reach.
    match cmd!(shell, "cargo deny fetch db").run() {
        Ok(()) => {
            cmd!(shell, "cargo deny check advisories").run()?;
            Ok(None)
        }
        Err(error) => Ok(Some(format!("advisories were not looked up: {error}"))),
    }
}
