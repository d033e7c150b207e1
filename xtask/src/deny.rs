//! What deny.toml says of other people's crates, by cargo-deny, which is installed where Cargo puts programs, once per machine.

use crate::cargo::{Outcome, Step};

/// A release whose list of licences is known to have all of deny.toml's.
const VERSION: &str = "=0.20.2";

pub(crate) fn run() -> Outcome {
    Step::new("install --quiet --locked cargo-deny --version")
        // Unoptimized: it runs for seconds and would be compiled for minutes.
        .args([VERSION, "--debug"])
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .run()?;
    Step::new("deny check bans licenses sources").run()?;
    // The database of advisories is a repository of its own, which not every machine can reach.
    match Step::new("deny fetch db").run() {
        Ok(()) => Step::new("deny check advisories").run(),
        Err(failure) => {
            eprintln!("xtask: advisories were not looked up: {failure}");
            Ok(())
        }
    }
}
