//! The demo: runs the example guest on a real Cargo.lock, plain and as a snapshot, with timings.

use std::path::PathBuf;

use xshell::cmd;

use crate::cargo::{GUEST_TARGET, Outcome, set_up, shell, workspace};

pub(crate) fn run(lockfile: Option<PathBuf>) -> Outcome {
    let lockfile = match lockfile {
        // The guest runs in the workspace's folder, so the path must be absolute.
        Some(path) => {
            std::path::absolute(&path).map_err(|error| format!("`{}`: {error}", path.display()))?
        }
        None => workspace().join("Cargo.lock"),
    };
    let shell = &shell()?;
    set_up(shell)?;
    let wadup = ["run", "--quiet", "--bin", "cargo-wadup", "--"];
    cmd!(shell, "cargo {wadup...} build --release --package lockfile").run()?;
    let guest = format!("target/{GUEST_TARGET}/release/lockfile.wasm");
    for variant in ["--no-snapshot", "--snapshot"] {
        cmd!(
            shell,
            "cargo {wadup...} run --timings {variant} {guest} {lockfile}"
        )
        .run()?;
    }
    Ok(())
}
