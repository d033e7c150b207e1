//! Installs the build requirements of a package from wheels pinned by hash.

use std::fs;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::site::Uv;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};

/// The recipe of a folder with build requirements: modules, and programs in `bin`.
pub(super) struct BuildEnvironment<'a> {
    pub(super) uv: Uv<'a>,
    /// Requirements with hashes, from wadup.lock.
    pub(super) pins: &'a str,
    /// The programs start with its path, so they do not work with another Python.
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
        "installing the build requirements of a package".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        if self.pins.is_empty() {
            // A backend in the package itself may have no requirements.
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
