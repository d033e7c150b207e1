//! Every test there is: unit and interface tests on this machine, then the guests under wasmtime.

use std::fs;

use crate::cargo::{GUEST_TARGET, Outcome, Step, set_up, workspace};

pub(crate) fn run() -> Outcome {
    set_up()?;
    // The harness runs the guests that it finds built, in both profiles.
    for profile in ["--profile=dev", "--profile=release"] {
        Step::new("build --target")
            .args([GUEST_TARGET, profile])
            .args(packages_of_guests()?)
            .run()?;
    }
    Step::new("test").run()?;
    // Those that need a package index and a full store.
    Step::new("test --lib -- --ignored").run()
}

/// `--package NAME` for each guest crate of the examples and the tests.
pub(crate) fn packages_of_guests() -> Result<Vec<String>, String> {
    let mut arguments = Vec::new();
    for (folder, prefix) in [("examples", ""), ("tests/guests", "guest-")] {
        let folder = workspace().join(folder);
        let failed = |error| format!("could not list `{}`: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if let Some(name) = path
                .file_name()
                .filter(|_| path.join("Cargo.toml").is_file())
            {
                arguments.push(format!("--package={prefix}{}", name.to_string_lossy()));
            }
        }
    }
    arguments.sort_unstable();
    Ok(arguments)
}
