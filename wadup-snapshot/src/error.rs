//! Why there is no snapshot.

use crate::finding::Finding;

/// Why no snapshot could be taken. No module has been written then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no module that could be a guest.
    #[error("no snapshot can be taken of this module: {reason}")]
    NoGuest {
        /// What is wrong with it.
        reason: String,
    },
    /// The initialisation raised an exception, called `sys.exit` or trapped.
    #[error("the guest failed while it was initialised for the snapshot ({reason})\n{output}")]
    Initialization {
        /// How it ended.
        reason: String,
        /// What it printed, the traceback among it.
        output: String,
    },
    /// The initialisation called a function that only the guest's real host has.
    #[error(
        "the initialisation for the snapshot called the host's function `{module}.{name}`, which only exists where the guest runs{}",
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
    /// The initialisation read what every instance of the snapshot would share, and that was not to be.
    #[error(
        "the initialisation for the snapshot is not to read from its machine:\n{}",
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
    /// For `map_err`: an [`Error::NoGuest`] in wasmtime's own words.
    pub(crate) fn no_guest(error: wasmtime::Error) -> Self {
        Self::NoGuest {
            reason: format!("{error:#}"),
        }
    }
}
