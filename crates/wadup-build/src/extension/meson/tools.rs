//! The build tools of meson packages: meson, ninja, Cython, from wheels pinned by hash.

use std::fs;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::site::Uv;
use crate::store::{Artifact, Inputs, Recipe, Workshop};

/// The recipe of a folder with the tools: their modules, and their programs in `bin`.
pub(in crate::extension) struct Tools<'a> {
    pub(in crate::extension) uv: Uv<'a>,
    /// The tools with their hashes, as `uv pip compile --universal --generate-hashes` writes them.
    pub(in crate::extension) requirements: &'a str,
    /// The programs start with its path, so they are of no use with another.
    pub(in crate::extension) build_python: &'a Artifact,
}

impl Recipe for Tools<'_> {
    fn name(&self) -> String {
        "meson-tools".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::new(1)
            .with("requirements", hash::of_bytes(self.requirements))
            .with_artifact(self.build_python)
    }

    fn step(&self) -> String {
        "installing meson, ninja and Cython".into()
    }

    fn fill(&self, workshop: &Workshop<'_>) -> Result<()> {
        let requirements = workshop.scratch.join("tools.txt");
        fs::write(&requirements, self.requirements).on("write", &requirements)?;
        self.uv
            .install_wheels(&requirements, workshop.content)
            .log(workshop.log)
            .run()
    }
}
