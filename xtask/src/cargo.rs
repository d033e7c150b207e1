//! Runs Cargo in this workspace, and prints each command and how long it took.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::program;
pub(crate) use crate::program::Outcome;

/// The target of all guests.
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
    /// `arguments` are separated by spaces.
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

    /// Runs the step on the terminal.
    pub(crate) fn run(self) -> Outcome {
        let started = Instant::now();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let outcome = program::print_and_run(
            Command::new(cargo)
                .args(&self.arguments)
                .envs(self.environment)
                .current_dir(workspace()),
        );
        eprintln!("  ({:.0} s)", started.elapsed().as_secs_f64());
        outcome
    }
}

/// Installs and builds what every guest needs. Does nothing if everything is there.
pub(crate) fn set_up() -> Outcome {
    Step::new("run --quiet --package cargo-wadup --no-default-features -- setup").run()
}
