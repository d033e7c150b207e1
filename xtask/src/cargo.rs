//! Shared by all tasks: the workspace, a shell in it, setup and what it installs, and the result of a task.

use std::error::Error;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

/// The target of all guests.
pub(crate) const GUEST_TARGET: &str = "wasm32-wasip1";

/// The result of a task. An error names the step that failed.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// A shell in the folder of the workspace.
pub(crate) fn shell() -> Outcome<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(workspace());
    Ok(shell)
}

/// Installs and builds what every guest needs. Does nothing if everything is there.
pub(crate) fn set_up(shell: &Shell) -> Outcome {
    set_up_with(shell, &[])
}

/// The same with options.
pub(crate) fn set_up_with(shell: &Shell, options: &[&str]) -> Outcome {
    Ok(cmd!(
        shell,
        "cargo run --quiet --package cargo-wadup --no-default-features -- setup {options...}"
    )
    .run()?)
}

/// The uv that the setup found or installed.
pub(crate) fn uv(shell: &Shell) -> Outcome<String> {
    let report = cmd!(
        shell,
        "cargo run --quiet --package cargo-wadup --no-default-features -- doctor --json"
    )
    .quiet()
    .read()?;
    let report: serde_json::Value = serde_json::from_str(&report)?;
    let findings = report["findings"].as_array().into_iter().flatten();
    let found = findings
        .filter(|finding| finding["what"] == "uv")
        .find_map(|finding| finding["found"].as_str())
        .ok_or("`cargo wadup doctor` does not name uv")?;
    // "uv 0.13.8 (x86_64-unknown-linux-gnu), /path/to/uv"
    let path = found.rsplit(", ").next().unwrap_or(found);
    Ok(path.to_owned())
}

/// Succeeds if all outcomes are successes. An error lists all failures, one per line.
pub(crate) fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    let failures: Vec<_> = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.err().map(|error| error.to_string()))
        .collect();
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_failures_are_reported() {
        let outcomes = [Err("one".into()), Ok(()), Err("two".into())];

        assert_eq!(all(outcomes).unwrap_err().to_string(), "one\ntwo");
        assert!(all([Ok(()), Ok(())]).is_ok());
    }
}
