//! Runs uv, which resolves, downloads and installs packages.

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::Path;

use crate::command::Program;
use crate::environment::Tool;
use crate::error::Result;
use crate::source;

/// uv, and all that it must know about this build.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uv<'a> {
    /// The program.
    pub(crate) program: &'a Path,
    /// The build Python: of the guest's release, so that what needs that release is not refused.
    pub(crate) python: &'a Path,
    /// The guest's folder. uv runs there, and so follows the index settings in the user's own uv
    /// configuration and in this project's, and in no other project's.
    pub(crate) project: &'a Path,
    /// A folder of the user's with wheels and source archives, beside what the index has.
    pub(crate) supplied: Option<&'a Path>,
    /// Whether only what uv has in its cache may be used, and what is supplied.
    pub(crate) offline: bool,
}

impl Uv<'_> {
    /// `uv pip <verb>`; `purpose` reads as the beginning of an error.
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

    /// Runs uv for `files`. Offline it tells of one that it misses; the error names them all.
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

    /// `uv pip install` of pinned packages, and of nothing that they require, into a folder.
    pub(super) fn install(&self, requirements: &Path, target: &Path) -> Program {
        self.install_unpinned(requirements, target)
            .arg("--require-hashes")
    }

    /// `uv pip install` of packages whose files have been looked at, and of nothing that they require, into a folder.
    pub(super) fn install_unpinned(&self, requirements: &Path, target: &Path) -> Program {
        self.pip("install", "installing Python packages")
            .args(["--no-deps", "--no-compile-bytecode"])
            // A linked file would be one with uv's cache, and changing it would change the cache.
            .args(["--link-mode", "copy", "--target"])
            .arg(target)
            .arg("--requirements")
            .arg(requirements)
    }

    /// `uv pip compile` for every platform: uv knows no WASI, and the guest's markers are evaluated later.
    pub(super) fn compile(&self, requirements: &Path, output: &Path, purpose: &str) -> Program {
        self.pip("compile", purpose)
            .arg(requirements)
            .args([
                "--universal",
                "--no-header",
                "--python-version",
                crate::cpython::VERSION,
            ])
            .arg("--output-file")
            .arg(output)
    }
}
