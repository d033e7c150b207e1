//! The one error of this crate: what was read, what is wrong with it, and what to do about it.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a guest could not be read, or cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read; the message names it.
    #[error("{0}\nhelp: build the guest with `cargo wadup build`, or name another file")]
    File(io::Error),

    /// A file does not have the expected format.
    #[error("`{}` is malformed: {problem}\nhelp: {help}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The problem.
        problem: String,
        /// What to do about it.
        help: &'static str,
    },

    /// A finished module violates a rule for guests.
    #[error("`{}` cannot run as a guest:\n{}", module.display(), findings.join("\n"))]
    Refused {
        /// The module.
        module: PathBuf,
        /// One line for each violated rule, with the remedy.
        findings: Vec<String>,
    },

    /// `cargo metadata` failed for the workspace of a guest.
    #[error(
        "could not ask Cargo for the crates of the guest in `{}`: {answer}\n\
         help: `cargo metadata --locked` must work in that folder",
        project.display()
    )]
    Cargo {
        /// A folder of the workspace.
        project: PathBuf,
        /// The output of Cargo.
        answer: Box<cargo_metadata::Error>,
    },

    /// No package of the workspace builds the module.
    #[error(
        "the workspace of `{}` has no package that builds `{module}.wasm`\n\
         help: name a folder of the workspace that built it",
        project.display()
    )]
    UnknownModule {
        /// A folder of the workspace.
        project: PathBuf,
        /// The module's name.
        module: String,
    },

    /// The plan of the build cannot be read.
    #[error(transparent)]
    Plan(#[from] wadup_build::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Error {
    pub(crate) fn malformed(file: &Path, problem: impl Display, help: &'static str) -> Self {
        Error::Malformed {
            file: file.to_owned(),
            problem: problem.to_string(),
            help,
        }
    }

    /// A file that is not a finished guest.
    pub(crate) fn not_a_module(file: &Path, problem: impl Display) -> Self {
        Self::malformed(file, problem, "name a guest that Cargo has linked")
    }
}
