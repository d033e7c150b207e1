//! Why a snapshot could not be taken.

use crate::finding::Finding;

/// Why a snapshot could not be taken. No module is written then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not a module that can be a guest.
    #[error("cannot take a snapshot: this is not a valid guest: {reason}")]
    NotAGuest {
        /// What is wrong with it.
        reason: String,
    },
    /// The initialization raised an exception, called `sys.exit` or trapped.
    #[error("the guest failed during its initialization for the snapshot ({reason})\n{output}")]
    Initialization {
        /// How it ended.
        reason: String,
        /// What it printed, including the traceback.
        output: String,
    },
    /// The initialization called a function that only the guest's real host has.
    #[error(
        "the initialization for the snapshot called `{module}.{name}`, which only the guest's own host provides{}\n\
         help: call it when the guest runs, or turn snapshots off: `snapshot = false` under [tool.wadup]",
        at(place)
    )]
    HostCall {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The Python line that led there, as `file:line in function`.
        place: Option<String>,
    },
    /// The options are strict, and the initialization read what every instance of the snapshot would share.
    #[error(
        "the initialization for the snapshot reads from the machine that takes it:\n{}",
        lines(_0)
    )]
    Findings(Vec<Finding>),
}

fn at(place: &Option<String>) -> String {
    place
        .as_ref()
        .map_or_else(String::new, |place| format!(": at {place}"))
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

impl Error {
    /// For `map_err`: an [`Error::NotAGuest`] with wasmtime's message.
    pub(crate) fn not_a_guest(error: wasmtime::Error) -> Self {
        Self::NotAGuest {
            reason: format!("{error:#}"),
        }
    }
}
