//! What can go wrong when Rust calls Python.

use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::exceptions::type_name;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Python raised an exception.
    #[error("{0}")]
    Exception(Exception),
    /// Python raised `SystemExit`. The interpreter continues, and the call succeeded if `status` is 0.
    #[error("Python exited with status {status}")]
    Exit {
        /// The exit status, as CPython would choose it.
        status: i32,
        /// The text for stderr, if `SystemExit` was raised with something other than a number.
        message: Option<String>,
    },
    /// The interpreter could not be started, now or earlier in the life of this instance.
    #[error("the Python interpreter did not start: {0}")]
    Start(&'static str),
    /// The interpreter, started when the snapshot was taken, could not take over what the host of this instance gives.
    #[error("the snapshot could not wake up: {0}")]
    Wake(String),
    /// A trap ended an earlier call, or a call is running right now.
    #[error(
        "Python cannot be called now: an earlier call ended with a trap, or is still running\n\
         help: after a trap, make a new instance of this guest"
    )]
    Interrupted,
    /// Nothing has started the interpreter. The exports that [`wadup_python!`](crate::wadup_python) writes start it, as only they know
    /// the modules to register before.
    #[error(
        "the Python interpreter has not started\n\
         help: call an export of `wadup_python!` first, which starts it"
    )]
    NotStarted,
}

/// An exception that Python code raised and did not handle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{type_name}: {message}")]
#[non_exhaustive]
pub struct Exception {
    /// The name of its class, with the module in front unless it is a builtin: `ValueError`, `json.decoder.JSONDecodeError`.
    pub type_name: String,
    /// Its `str()`.
    pub message: String,
    /// The traceback as Python prints it, with causes and notes, ending in a newline.
    pub traceback: String,
}

impl Error {
    /// Describes `error` without references into the interpreter.
    pub(crate) fn from_python(py: Python<'_>, error: &PyErr) -> Self {
        match Exit::of(py, error) {
            None => Self::Exception(Exception::of(py, error)),
            Some(Exit::Status(status)) => Self::Exit {
                status,
                message: None,
            },
            Some(Exit::Message(message)) => Self::Exit {
                status: 1,
                message: Some(message.to_string()),
            },
        }
    }
}

impl Exception {
    fn of(py: Python<'_>, error: &PyErr) -> Self {
        let type_name = type_name(&error.get_type(py));
        let message = error.value(py).to_string();
        // Without memory or stack, formatting fails too; then the first exception is worth more than the second.
        let traceback =
            format_traceback(py, error).unwrap_or_else(|_| format!("{type_name}: {message}\n"));
        Self {
            type_name,
            message,
            traceback,
        }
    }
}

fn format_traceback(py: Python<'_>, error: &PyErr) -> PyResult<String> {
    let lines = py
        .import("traceback")?
        .call_method1("format_exception", (error.value(py),))?;
    Ok(lines.extract::<Vec<String>>()?.concat())
}

/// What `SystemExit` was raised with, as CPython reads it (`Python/pythonrun.c`, `_Py_HandleSystemExitAndKeyboardInterrupt`).
pub(crate) enum Exit<'py> {
    /// `None`, which is 0, or an int.
    Status(i32),
    /// Something else, which goes to stderr and makes the status 1.
    Message(Bound<'py, PyAny>),
}

impl<'py> Exit<'py> {
    /// The exit that `error` requests, or nothing if it is not a `SystemExit`.
    pub(crate) fn of(py: Python<'py>, error: &PyErr) -> Option<Self> {
        let exit = error.value(py).cast::<PySystemExit>().ok()?;
        Some(match exit.getattr("code") {
            Ok(code) if code.is_none() => Self::Status(0),
            Ok(code) if code.is_instance_of::<PyInt>() => {
                Self::Status(code.extract().unwrap_or(-1))
            }
            Ok(code) => Self::Message(code),
            // A subclass hides it; CPython prints the exception itself in this case.
            Err(_) => Self::Message(exit.as_any().clone()),
        })
    }

    /// The status with which a program ends.
    pub(crate) fn status(&self) -> i32 {
        match self {
            Self::Status(status) => *status,
            Self::Message(_) => 1,
        }
    }
}
