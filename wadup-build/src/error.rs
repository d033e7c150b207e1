//! The error type of this crate: what failed, on which file, and what to do about it.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// The result of a fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a guest could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An operation on a file failed.
    #[error("could not {action} `{}`", path.display())]
    File {
        /// The operation, as a verb: "read", "create".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },

    /// A program that the build needs is not installed.
    #[error("{purpose}: `{program}` was not found\nhelp: {help}")]
    ProgramNotFound {
        /// Why the program was started.
        purpose: String,
        /// The program's name or path.
        program: String,
        /// What to install or set.
        help: String,
    },

    /// A program is on a file system that allows no programs.
    #[error(
        "`{}` cannot run: the file system at `{}` is mounted noexec\n\
         help: mount it without noexec, or choose a folder elsewhere with WADUP_CACHE_DIR (the store) or TMPDIR",
        program.display(),
        mount.display(),
    )]
    NoExec {
        /// The program.
        program: PathBuf,
        /// Where its file system is mounted.
        mount: PathBuf,
    },

    /// A temporary folder could not be created.
    #[error(
        "could not create a temporary folder in `{}`: {answer}\n\
         help: set TMPDIR to a folder that exists and can be written",
        folder.display()
    )]
    TemporaryFolder {
        /// The folder for temporary files.
        folder: PathBuf,
        /// The operating system's error.
        answer: io::Error,
    },

    /// A program ran and failed.
    #[error(
        "{purpose} failed{}\n`{}` ended with {status}{}",
        reason(output),
        shortened(command),
        log_line(log)
    )]
    ProgramFailed {
        /// Why the program was run.
        purpose: String,
        /// The command line.
        command: String,
        /// The exit status, as the system prints it.
        status: String,
        /// The last lines of the program's output.
        output: String,
        /// The file with the program's whole output, if there is one.
        log: Option<PathBuf>,
    },

    /// A file's hash is not the pinned one.
    #[error(
        "checksum mismatch for `{}`: expected sha256 {expected}, found {found}\n\
         help: nothing was kept; check the folder, mirror or proxy that the file came from",
        file.display()
    )]
    Checksum {
        /// The file or its address.
        file: PathBuf,
        /// The pinned hash, in hexadecimal.
        expected: String,
        /// The file's actual hash.
        found: String,
    },

    /// A configuration file of the user contains an invalid value.
    #[error("{}: {problem}", file.display())]
    Configuration {
        /// The configuration file.
        file: PathBuf,
        /// What is wrong, where, and what was expected.
        problem: String,
    },

    /// Something that wadup needs is missing on this machine.
    #[error("{what} is missing\nhelp: {help}")]
    Missing {
        /// What is missing.
        what: String,
        /// What to do about it.
        help: String,
    },

    /// Files that the build needs could neither be found on this machine nor downloaded.
    #[error(
        "could not get the files that this build needs:\n  {}\n{reason}\n\
         help: put them into a folder and set WADUP_SOURCES to it",
        files.join("\n  ")
    )]
    Unavailable {
        /// The files, each with its hash.
        files: Vec<String>,
        /// Why they could not be downloaded.
        reason: String,
    },

    /// An artifact in the store is not the one that was built.
    #[error(
        "`{artifact}` in the store is damaged: {difference}\nhelp: run `cargo wadup setup`, which builds it again"
    )]
    Damaged {
        /// The artifact's name with its key.
        artifact: String,
        /// The first difference from the artifact as it was built.
        difference: String,
    },

    /// A file that a tool produced is not valid in its format.
    #[error("`{}` is malformed: {problem}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// A package could not be built from its source.
    #[error("{package} could not be built: {problem}\nhelp: {help}")]
    Package {
        /// Its name and version, with what requires it.
        package: String,
        /// What went wrong.
        problem: String,
        /// What to do about it.
        help: String,
    },

    /// Several packages could not be built.
    #[error("{}", .0.iter().map(Error::report).collect::<Vec<_>>().join("\n\n"))]
    Several(
        /// One error for each.
        Vec<Error>,
    ),

    /// Native code refers to symbols that no library of the guest defines.
    #[error(
        "undefined symbols, which no library of the guest defines:\n  {}\n\
         help: the package has to link its own copy of the library that it needs; if it cannot, leave the package out{}",
        symbols.join("\n  "),
        log_line(&Some(log.clone()))
    )]
    Undefined {
        /// One line per symbol, with the object that refers to it.
        symbols: Vec<String>,
        /// The file with the linker's whole output.
        log: PathBuf,
    },

    /// WADUP_PRINT_PLAN is set, so the plan was printed and nothing was built.
    #[error("{0}\n\nnothing was built, because WADUP_PRINT_PLAN is set")]
    PlanPrinted(String),
}

/// The output of a failed program, on its own lines.
fn reason(output: &str) -> String {
    match output.trim_end() {
        "" => String::new(),
        printed => format!(":\n{printed}"),
    }
}

/// The beginning of a command line, enough to recognize it. The log has all of it.
fn shortened(command: &str) -> String {
    const LENGTH: usize = 80;
    if command.chars().count() <= LENGTH {
        return command.to_owned();
    }
    let beginning: String = command.chars().take(LENGTH).collect();
    let whole_words = beginning.rfind(' ').unwrap_or(beginning.len());
    format!("{} ...", &beginning[..whole_words])
}

fn log_line(log: &Option<PathBuf>) -> String {
    log.as_ref().map_or_else(String::new, |path| {
        format!("\nfull log: {}", path.display())
    })
}

impl Error {
    pub(crate) fn configuration(file: &Path, problem: impl Display) -> Self {
        Error::Configuration {
            file: file.to_owned(),
            problem: problem.to_string(),
        }
    }

    pub(crate) fn malformed(file: &Path, problem: impl Display) -> Self {
        Error::Malformed {
            file: file.to_owned(),
            problem: problem.to_string(),
        }
    }

    pub(crate) fn missing(what: impl Into<String>, help: impl Into<String>) -> Self {
        Error::Missing {
            what: what.into(),
            help: help.into(),
        }
    }

    /// The error and its causes, one per line, as a build script prints them.
    ///
    /// ```
    /// # let error = wadup_build::Error::Missing { what: "clang".into(), help: "run `cargo wadup setup`".into() };
    /// assert_eq!(error.report(), "clang is missing\nhelp: run `cargo wadup setup`");
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!("\n  caused by: {error}"));
            cause = error.source();
        }
        text
    }
}

/// Adds the action and the file to an [`io::Error`].
pub(crate) trait FileContext<T> {
    fn on(self, action: &'static str, path: impl AsRef<Path>) -> Result<T>;
}

impl<T> FileContext<T> for io::Result<T> {
    fn on(self, action: &'static str, path: impl AsRef<Path>) -> Result<T> {
        self.map_err(|source| Error::File {
            action,
            path: path.as_ref().to_owned(),
            source,
        })
    }
}
