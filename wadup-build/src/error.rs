//! The one error of this crate: what was tried, on which file, and what to do about it.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a guest could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused an operation on a file.
    #[error("could not {action} `{}`", path.display())]
    File {
        /// What was tried, as a verb: "read", "create".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },

    /// A program that the build needs is not on this machine.
    #[error("{purpose}: `{program}` was not found\nhelp: {help}")]
    ProgramNotFound {
        /// What the program was wanted for.
        purpose: String,
        /// The program's name or path.
        program: String,
        /// What to install or set.
        help: String,
    },

    /// A program cannot run where it lies.
    #[error(
        "`{}` cannot run: the file system at `{}` is mounted noexec, so no program on it runs\n\
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

    /// No temporary folder can be made.
    #[error(
        "could not create a temporary folder in `{}`: {answer}\n\
         help: set TMPDIR to a folder that exists and can be written",
        folder.display()
    )]
    TemporaryFolder {
        /// The folder for temporary files.
        folder: PathBuf,
        /// What the system answered.
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
        /// What the program was run for.
        purpose: String,
        /// The command line.
        command: String,
        /// The exit status, as the system prints it.
        status: String,
        /// The last lines that the program printed.
        output: String,
        /// The file that holds all it printed, where one is kept.
        log: Option<PathBuf>,
    },

    /// The bytes of a file are not those that were pinned.
    #[error("`{}` has sha256 {found}, expected {expected}; nothing of it was kept", file.display())]
    Checksum {
        /// The file or its address.
        file: PathBuf,
        /// The pinned hash, in hexadecimal.
        expected: String,
        /// The hash of the bytes found.
        found: String,
    },

    /// A file that the user wrote says something that cannot be followed.
    #[error("{}: {problem}", file.display())]
    Configuration {
        /// The user's file.
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

    /// A file that a tool produced is not what its format demands.
    #[error("`{}` is malformed: {problem}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// Where it departs from the format.
        problem: String,
    },

    /// Native code asks for functions or data that nothing in the guest defines.
    #[error(
        "no library of the guest defines\n  {}\nhelp: a package that needs a library of its own brings it along, or it \
         cannot be linked: leave it out{}",
        symbols.join("\n  "),
        log_line(&Some(log.clone()))
    )]
    Undefined {
        /// One line for each symbol, with who asks for it.
        symbols: Vec<String>,
        /// The file that holds all that the linker printed.
        log: PathBuf,
    },

    /// The plan was asked for instead of the guest.
    #[error("{0}\n\nnothing was built, because WADUP_PRINT_PLAN is set")]
    PlanPrinted(String),

    /// A finished module breaks a rule that every guest keeps.
    #[error("`{}` cannot run as a guest:\n{}", module.display(), findings.join("\n"))]
    Gate {
        /// The module.
        module: PathBuf,
        /// One line for each broken rule.
        findings: Vec<String>,
    },
}

/// What a failed program printed, on lines of its own.
fn reason(output: &str) -> String {
    match output.trim_end() {
        "" => String::new(),
        printed => format!(":\n{printed}"),
    }
}

/// The beginning of a command line: enough to know it by. The log has all of it.
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
        format!("\nthe whole log: {}", path.display())
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

    /// The error and each of its causes, one to a line, as a build script prints it.
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
