//! A trial link of everything but the user's crate, because rustc lets undefined symbols pass.
//!
//! Up to Rust 1.95, rustc passes `--allow-undefined`, which no later argument takes back: a function that
//! no archive defines becomes an import, and data that none defines lies at address 0.

use std::path::PathBuf;

use crate::command::Program;
use crate::environment::Tool;
use crate::error::Result;
use crate::store::{Artifact, Inputs, Recipe, Workshop};
use crate::toolchain::Toolchain;

/// The recipe of an empty artifact, which stands for a link that succeeded.
pub(crate) struct TrialLink<'a> {
    /// What the objects and archives come from.
    pub(crate) artifacts: Vec<&'a Artifact>,
    pub(crate) toolchain: &'a Toolchain,
    /// The native extensions.
    pub(crate) objects: Vec<PathBuf>,
    pub(crate) archives: Vec<PathBuf>,
}

fn file_names(files: &[PathBuf]) -> String {
    let names: Vec<_> = files
        .iter()
        .filter_map(|file| file.file_name())
        .map(|name| name.to_string_lossy())
        .collect();
    names.join(" ")
}

impl Recipe for TrialLink<'_> {
    fn name(&self) -> String {
        "trial-link".into()
    }

    fn inputs(&self) -> Inputs {
        self.artifacts.iter().fold(
            Inputs::new(1)
                .with("toolchain", self.toolchain.identity())
                // A guest may leave out some of an artifact's.
                .with("objects", file_names(&self.objects)),
            |inputs, artifact| inputs.with_artifact(artifact),
        )
    }

    fn step(&self) -> String {
        "looking for symbols that no library defines".into()
    }

    fn fill(&self, workshop: &Workshop<'_>) -> Result<()> {
        Program::new(
            Tool::Compiler,
            self.toolchain.wasm_ld(),
            "linking CPython and the native packages",
        )
        // What the shim calls brings in the interpreter, and with it all that it is built of.
        .args(["--no-entry", "--export=Py_InitializeFromConfig"])
        .args(&self.objects)
        .args(&self.archives)
        // In the guest it is Rust's; for what is defined and what is not, any wasi-libc will do.
        .arg(self.toolchain.sysroot_library("libc.a"))
        .arg("-o")
        .arg(workshop.scratch.join("trial.wasm"))
        .log(workshop.log)
        .run()
    }
}
