//! The demo: runs the example guest on a real Cargo.lock, plain and as a snapshot, with timings.

use std::path::PathBuf;

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up, workspace};

pub(crate) fn run(lockfile: Option<PathBuf>) -> Outcome {
    let lockfile = match lockfile {
        // The guest runs in the workspace's folder, so the path must be absolute.
        Some(path) => {
            std::path::absolute(&path).map_err(|error| format!("`{}`: {error}", path.display()))?
        }
        None => workspace().join("Cargo.lock"),
    };
    set_up()?;
    Step::new("run --quiet --bin cargo-wadup -- build --release --package lockfile").run()?;
    let guest = workspace()
        .join("target")
        .join(GUEST_TARGET)
        .join("release/lockfile.wasm");
    for variant in ["--no-snapshot", "--snapshot"] {
        Step::new("run --quiet --bin cargo-wadup -- run --timings")
            .args([variant.to_owned()])
            .args([&guest, &lockfile].map(|path| path.display().to_string()))
            .run()?;
    }
    Ok(())
}
