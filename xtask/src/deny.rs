//! Checks dependencies against deny.toml with cargo-deny, which is installed once per machine, in Cargo's folder for
//! programs.

use crate::cargo::Step;

/// A release whose list of licenses is known to contain those in deny.toml.
const VERSION: &str = "=0.20.2";

/// Checks everything that can be checked offline. Returns a note if the advisories could not be checked.
pub(crate) fn run() -> Result<Option<String>, String> {
    Step::new("install --quiet --locked cargo-deny --version")
        // Unoptimized, because it runs for seconds and takes minutes to optimize.
        .args([VERSION, "--debug"])
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .run()?;
    Step::new("deny check bans licenses sources").run()?;
    // The advisory database is a repository of its own, which not every machine can reach.
    match Step::new("deny fetch db").run() {
        Ok(()) => Step::new("deny check advisories").run().map(|()| None),
        Err(failure) => Ok(Some(format!("advisories were not looked up: {failure}"))),
    }
}
