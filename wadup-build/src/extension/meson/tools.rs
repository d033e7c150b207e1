//! The build tools of meson packages: meson, ninja, Cython, from wheels pinned by hash.

use std::fs;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::site::Uv;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};

/// The tools that all packages are built with, as `uv pip compile --universal --generate-hashes` writes them; each brings
/// the lines for its own Cython.
const SHARED: &str = include_str!("tools.txt");

/// The recipe of a folder with the tools: their modules, and their programs in `bin`.
pub(in crate::extension) struct Tools<'a> {
    pub(in crate::extension) uv: Uv<'a>,
    /// The lines of the package's Cython, which come before the others.
    pub(in crate::extension) cython: &'a str,
    /// The programs start with its path, so they do not work with another Python.
    pub(in crate::extension) build_python: &'a Artifact,
}

impl Tools<'_> {
    fn requirements(&self) -> String {
        [self.cython, SHARED].concat()
    }
}

impl Recipe for Tools<'_> {
    fn name(&self) -> String {
        "meson-tools".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["tools.rs"])
            .with("requirements", hash::of_bytes(self.requirements()))
            .with_artifact(self.build_python)
    }

    fn step(&self) -> String {
        "installing meson, ninja and Cython".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let requirements = dirs.scratch.join("tools.txt");
        fs::write(&requirements, self.requirements()).on("write", &requirements)?;
        self.uv
            .install_wheels(&requirements, dirs.content)
            .log(dirs.log)
            .run()
    }
}
