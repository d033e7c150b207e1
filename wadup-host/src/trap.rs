//! How a call ended if it did not return.

use std::fmt;

use wasmtime::WasmBacktrace;
use wasmtime_wasi::I32Exit;

use crate::limits::{Exceeded, Limit, Limits};

/// What stopped the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The fuel of this call was used up.
    Fuel,
    /// The call took longer than its timeout.
    Timeout,
    /// The wasm frames needed more than the stack limit.
    Stack,
    /// The guest gave up after it was refused memory beyond the limit.
    Memory,
    /// The guest called WASI's `proc_exit`, which is a failure for the WADUP host, also with status 0.
    Exit(i32),
    /// The guest exceeded a limit that the variants above do not stand for.
    Exceeded(Exceeded),
    /// The call was cancelled by its [`crate::CancellationToken`].
    Cancelled,
    /// Anything else, for example `unreachable`, as after a Rust panic.
    Other,
}

/// The error that a call past its deadline ends with.
#[derive(Debug, thiserror::Error)]
#[error("past the deadline")]
pub(crate) struct TimedOut;

/// The error that a cancelled call ends with.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
pub(crate) struct Cancelled;

/// A call that did not return: its cause in words, and where in the guest it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// What stopped the guest.
    pub cause: Cause,
    /// The cause in words, on one line.
    pub message: String,
    /// The innermost 20 wasm functions that were active, one per line as wasmtime writes them; empty if there were none.
    pub backtrace: String,
}

impl Trap {
    /// Reads wasmtime's error; `memory_refused` is whether the guest was refused memory in this call.
    pub(crate) fn new(error: &wasmtime::Error, limits: &Limits, memory_refused: bool) -> Self {
        let cause = cause(error, memory_refused);
        let said = error.root_cause();
        let message = match cause {
            Cause::Fuel => format!(
                "out of fuel: {} units were not enough",
                limits.fuel.unwrap_or_default()
            ),
            Cause::Timeout => format!("timed out after {:?}", limits.timeout.unwrap_or_default()),
            Cause::Stack => format!(
                "stack overflow: {} bytes of wasm stack were not enough",
                limits.stack
            ),
            Cause::Memory => {
                format!(
                    "out of memory: the limit is {} bytes ({said})",
                    limits.memory.unwrap_or_default()
                )
            }
            Cause::Exit(status) => format!("the guest called proc_exit({status})"),
            Cause::Exceeded(exceeded) => exceeded.to_string(),
            Cause::Cancelled => "cancelled".to_owned(),
            Cause::Other => said.to_string(),
        };
        let backtrace = error
            .downcast_ref::<WasmBacktrace>()
            .map_or_else(String::new, WasmBacktrace::to_string);
        Self {
            cause,
            message,
            backtrace,
        }
    }
}

impl Cause {
    /// The limit that stopped the guest, if one did.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self {
            Self::Fuel => Some(Limit::Fuel),
            Self::Timeout => Some(Limit::Deadline),
            Self::Stack => Some(Limit::Stack),
            Self::Memory => Some(Limit::Memory),
            Self::Exceeded(exceeded) => Some(exceeded.limit),
            Self::Exit(_) | Self::Cancelled | Self::Other => None,
        }
    }
}

impl From<Exceeded> for Trap {
    /// For a limit that was found exceeded when the guest was no longer running.
    fn from(exceeded: Exceeded) -> Self {
        Self {
            cause: Cause::Exceeded(exceeded),
            message: exceeded.to_string(),
            backtrace: String::new(),
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if !self.backtrace.is_empty() {
            write!(formatter, "\n{}", self.backtrace)?;
        }
        Ok(())
    }
}

fn cause(error: &wasmtime::Error, memory_refused: bool) -> Cause {
    if let Some(I32Exit(status)) = error.downcast_ref() {
        return Cause::Exit(*status);
    }
    if error.is::<TimedOut>() {
        return Cause::Timeout;
    }
    if error.is::<Cancelled>() {
        return Cause::Cancelled;
    }
    if let Some(exceeded) = error.downcast_ref() {
        return Cause::Exceeded(*exceeded);
    }
    match error.downcast_ref() {
        Some(wasmtime::Trap::OutOfFuel) => Cause::Fuel,
        Some(wasmtime::Trap::StackOverflow) => Cause::Stack,
        _ if memory_refused => Cause::Memory,
        _ => Cause::Other,
    }
}
