//! What deny.toml says of other people's crates, by cargo-deny, which is installed where Cargo puts programs, once per machine.

use crate::cargo::Step;

/// A release whose list of licences is known to have all of deny.toml's.
const VERSION: &str = "=0.20.2";

/// Checks all that can be checked here; what could not be is in the note that it returns.
pub(crate) fn run() -> Result<Option<String>, String> {
    Step::new("install --quiet --locked cargo-deny --version")
        // Unoptimized: it runs for seconds and would be compiled for minutes.
        .args([VERSION, "--debug"])
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .run()?;
    Step::new("deny check bans licenses sources").run()?;
    // The database of advisories is a repository of its own, which not every machine can reach.
    match Step::new("deny fetch db").run() {
        Ok(()) => Step::new("deny check advisories").run().map(|()| None),
        Err(failure) => Ok(Some(format!("advisories were not looked up: {failure}"))),
    }
}
