//! What a package is built with: its build requirements, installed from wheels pinned by hash.

use std::fs;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::site::Uv;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};

/// The recipe of a folder with build requirements: their modules, and their programs in `bin`.
pub(super) struct BuildEnvironment<'a> {
    pub(super) uv: Uv<'a>,
    /// Requirements with hashes, as wadup.lock has them.
    pub(super) pins: &'a str,
    /// The programs start with its path, so they are of no use with another.
    pub(super) build_python: &'a Artifact,
}

impl Recipe for BuildEnvironment<'_> {
    fn name(&self) -> String {
        "build-requirements".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["environment.rs"])
            .with("pins", hash::of_bytes(self.pins))
            .with_artifact(self.build_python)
    }

    fn step(&self) -> String {
        "installing what a package is built with".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        if self.pins.is_empty() {
            // A backend that lies in the package itself may need nothing.
            return Ok(());
        }
        let requirements = dirs.scratch.join("requirements.txt");
        fs::write(&requirements, self.pins).on("write", &requirements)?;
        self.uv
            .install_wheels(&requirements, dirs.content)
            .log(dirs.log)
            .run()
    }
}
