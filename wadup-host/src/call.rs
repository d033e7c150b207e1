//! The results of calls.

use crate::breach::Breach;
use crate::limits::{Exceeded, Limit};
use crate::output::Output;
use crate::trap::{Cause, Trap};

/// A call of one export and what it printed.
#[derive(Clone, Debug)]
pub struct Call {
    /// What it returned (0 if it returns nothing), or how it was stopped.
    pub end: Result<i32, Trap>,
    /// What it wrote to standard output, if [`Options::printed`](crate::Options::printed) keeps it.
    pub stdout: String,
    /// What it wrote to standard error, if [`Options::printed`](crate::Options::printed) keeps it.
    pub stderr: String,
}

impl Call {
    /// How the call was stopped and what it printed to stderr; empty if it returned.
    pub(crate) fn failure(&self) -> String {
        self.end
            .as_ref()
            .err()
            .map_or_else(String::new, |trap| format!("{trap}\n{}", self.stderr))
    }

    /// A command may end by `proc_exit` as well as by returning.
    pub(crate) fn exit_as_status(mut self) -> Self {
        self.end = match self.end {
            Err(Trap {
                cause: Cause::Exit(status),
                ..
            }) => Ok(status),
            end => end,
        };
        self
    }
}

/// The result for one input.
#[derive(Debug)]
pub struct Outcome {
    /// The output of the guest, or why there is none.
    pub result: Result<Output, Failure>,
    /// What it wrote to standard output, if [`Options::printed`](crate::Options::printed) keeps it.
    pub stdout: String,
    /// What it wrote to standard error, if [`Options::printed`](crate::Options::printed) keeps it.
    pub stderr: String,
}

/// Why a call of `process` has no output. The instance can be called again.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// `process` returned something other than 0.
    #[error("the guest returned {0}")]
    Status(i32),
    /// `process` did not return.
    #[error("{0}")]
    Trap(Trap),
    /// `process` returned 0, but the host would lose some of what the guest left.
    #[error("{0}")]
    Contract(#[from] Breach),
    /// `process` returned, but the guest left more than it may, or it was refused memory and did not return 0.
    #[error("{0}")]
    Exceeded(#[from] Exceeded),
}

impl Failure {
    /// The limit that the guest exceeded, if that is why it failed.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self {
            Self::Trap(trap) => trap.cause.limit(),
            Self::Exceeded(exceeded) => Some(exceeded.limit),
            Self::Status(_) | Self::Contract(_) => None,
        }
    }
}
