//! Runs uv, which resolves, downloads and installs packages.

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::Path;

use crate::command::Program;
use crate::cpython::Release;
use crate::environment::Tool;
use crate::error::Result;
use crate::source;

/// uv, with its configuration for this build.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uv<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// The build Python: it has the guest's release, so requirements on Python hold.
    pub(crate) python: &'a Path,
    pub(crate) release: &'static Release,
    /// The guest's folder. uv runs there, so that it uses the settings of the user and this
    /// project, and of no other project.
    pub(crate) project: &'a Path,
    /// The user's folder with wheels and source archives, in addition to the index.
    pub(crate) supplied: Option<&'a Path>,
    /// Whether only uv's cache and the supplied files may be used.
    pub(crate) offline: bool,
}

#[cfg(test)]
impl Uv<'_> {
    /// One that a test does not run.
    pub(super) fn idle() -> Self {
        Self {
            program: Path::new("uv"),
            python: Path::new("python"),
            release: crate::cpython::Series::default().newest(),
            project: Path::new("."),
            supplied: None,
            offline: false,
        }
    }
}

impl Uv<'_> {
    /// `uv pip <verb>`; `purpose` is the beginning of an error.
    pub(super) fn pip(&self, verb: &str, purpose: &str) -> Program {
        Program::new(Tool::Uv, self.program, purpose)
            .or_else("install uv (`pip install uv`), or name it in WADUP_UV")
            .current_dir(self.project)
            .args(["pip", verb, "--no-progress", "--color", "never"])
            .args(self.offline.then_some("--offline"))
            .args(
                self.supplied
                    .into_iter()
                    .flat_map(|folder| [OsStr::new("--find-links"), folder.as_os_str()]),
            )
            .args(["--no-python-downloads", "--python"])
            .arg(self.python)
    }

    /// Runs uv for `files`. Offline, uv reports only one missing file; the error lists all.
    pub(super) fn run<File: Display>(&self, program: Program, files: &[File]) -> Result<()> {
        program.run().map_err(|error| {
            if self.offline {
                source::not_supplied(files, Some(&error))
            } else {
                error
            }
        })
    }

    /// `uv pip install` of pinned wheels into a folder.
    pub(crate) fn install_wheels(&self, requirements: &Path, target: &Path) -> Program {
        self.install(requirements, target)
            .args(["--only-binary", ":all:"])
    }

    /// `uv pip install` of pinned packages into a folder, without their dependencies.
    pub(super) fn install(&self, requirements: &Path, target: &Path) -> Program {
        self.install_unpinned(requirements, target)
            .arg("--require-hashes")
    }

    /// `uv pip install` of packages with verified files into a folder, without their dependencies.
    pub(super) fn install_unpinned(&self, requirements: &Path, target: &Path) -> Program {
        self.pip("install", "installing Python packages")
            .args(["--no-deps", "--no-compile-bytecode"])
            // Changing a hard link would change uv's cache.
            .args(["--link-mode", "copy", "--target"])
            .arg(target)
            .arg("--requirements")
            .arg(requirements)
    }

    /// `uv pip compile` for every platform and every release of the series: uv does not know WASI, and the guest's markers
    /// are evaluated later.
    pub(super) fn compile(&self, requirements: &Path, output: &Path, purpose: &str) -> Program {
        self.pip("compile", purpose)
            .arg(requirements)
            .args([
                "--universal",
                "--no-header",
                "--python-version",
                self.release.series.oldest().version,
            ])
            .arg("--output-file")
            .arg(output)
    }
}
