//! Runs Cargo in this workspace, step by step, saying what runs and how long it took.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::program;
pub(crate) use crate::program::Outcome;

/// The target of every guest.
pub(crate) const GUEST_TARGET: &str = "wasm32-wasip1";

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// One run of Cargo.
pub(crate) struct Step {
    arguments: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
}

impl Step {
    /// `arguments` as they would be typed, with spaces between them.
    pub(crate) fn new(arguments: &str) -> Self {
        Self {
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            environment: Vec::new(),
        }
    }

    pub(crate) fn args<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub(crate) fn envs(
        mut self,
        variables: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        self.environment.extend(variables);
        self
    }

    /// Runs it with the terminal's own input and output.
    pub(crate) fn run(self) -> Outcome {
        let started = Instant::now();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let outcome = program::tell_and_run(
            Command::new(cargo)
                .args(&self.arguments)
                .envs(self.environment)
                .current_dir(workspace()),
        );
        eprintln!("  ({:.0} s)", started.elapsed().as_secs_f64());
        outcome
    }
}

/// Installs and builds what every guest needs; does nothing when it is all there.
pub(crate) fn set_up() -> Outcome {
    Step::new("run --quiet --package cargo-wadup --no-default-features -- setup").run()
}
