//! The build Python: CPython built natively from the same source, to cross-compile CPython and to compile `.pyc` files.

use std::fs;
use std::path::{Path, PathBuf};

use super::plain_path::PlainFolder;
use super::{Release, source};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{FileContext, Result};
use crate::source::{Sources, unpack};
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};

/// Whether a part of the installed library is not needed. `config-*` is for linking against this interpreter, and two
/// thirds of the installation.
fn is_unused(name: &str) -> bool {
    ["idlelib", "tkinter"].contains(&name) || name.starts_with("config-")
}

/// The recipe of the build Python.
///
/// It must have exactly the guest's version: another release writes other bytecode and cannot run the scripts of the
/// cross build.
pub(crate) struct BuildPython<'a> {
    pub(crate) release: &'static Release,
    pub(crate) sources: &'a Sources<'a>,
}

impl BuildPython<'_> {
    /// The interpreter inside the artifact.
    pub(crate) fn interpreter(release: &Release, artifact: &Artifact) -> PathBuf {
        Self::interpreter_in(release, artifact.path())
    }

    pub(super) fn interpreter_in(release: &Release, folder: &Path) -> PathBuf {
        folder.join(format!("bin/python{}", release.series.name))
    }
}

impl Recipe for BuildPython<'_> {
    fn name(&self) -> String {
        format!("build-python-{}", self.release.version)
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["build_python.rs", "plain_path.rs"])
            .with("source", self.release.sha256)
            .with("machine", std::env::consts::ARCH)
            .with("system", std::env::consts::OS)
    }

    fn step(&self) -> String {
        format!(
            "building CPython {} for this machine (about two minutes)",
            self.release.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let folder = PlainFolder::near(dirs.scratch)?;
        let tree = unpack(&source::obtain(self.release, self.sources)?, folder.path())?;
        let content = folder.plain("content", dirs.content)?;
        let run = |program: &str, purpose: &str| {
            Program::new(Tool::Make, program, purpose)
                .or_else("install a C compiler and make (Debian: apt-get install build-essential)")
                .current_dir(&tree)
                .log(dirs.log)
        };
        run("./configure", "configuring the build Python")
            // The interpreter finds its library relative to itself, so any prefix works.
            .args([
                "--prefix=/",
                "--disable-test-modules",
                "--without-ensurepip",
            ])
            .run()?;
        run("make", "building the build Python")
            .arg(super::jobs())
            .run()?;
        run("make", "installing the build Python")
            .arg("install")
            .arg(format!("DESTDIR={}", content.display()))
            .run()?;
        let library = dirs.content.join(self.release.series.stdlib_prefix());
        for entry in fs::read_dir(&library).on("list", &library)? {
            let path = entry.on("list", &library)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if is_unused(&name) {
                fs::remove_dir_all(&path).on("remove", &path)?;
            }
        }
        Ok(())
    }
}
