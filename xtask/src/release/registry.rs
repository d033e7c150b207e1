//! The packages as a registry takes them: packed by Cargo.

use std::fs;
use std::path::PathBuf;

use xshell::{Shell, cmd};

use super::packages::Published;
use super::selected;
use crate::cargo::{Outcome, workspace};

/// More than this, crates.io does not take.
const MOST_BYTES: u64 = 10 << 20;

/// Packs the packages into `target/package`, without compiling them.
pub(super) fn package(shell: &Shell, names: &[String]) -> Outcome {
    let packages = selected(names);
    Ok(cmd!(
        shell,
        "cargo package --quiet --locked --no-verify --allow-dirty {packages...}"
    )
    .run()?)
}

/// The size of each packed package.
///
/// # Errors
/// If one is too large for crates.io.
pub(super) fn sizes(published: &Published) -> Outcome<Vec<(String, u64)>> {
    published
        .names
        .iter()
        .map(|name| {
            let file = packed(name, &published.version);
            let size = fs::metadata(&file)
                .map_err(|error| format!("could not read `{}`: {error}", file.display()))?
                .len();
            match size > MOST_BYTES {
                true => {
                    Err(format!("{name} has {size} bytes, and crates.io takes {MOST_BYTES}").into())
                }
                false => Ok((name.clone(), size)),
            }
        })
        .collect()
}

fn packed(name: &str, version: &str) -> PathBuf {
    workspace().join(format!("target/package/{name}-{version}.crate"))
}
