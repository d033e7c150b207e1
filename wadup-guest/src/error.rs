//! What can go wrong when Rust calls Python.

use std::sync::Arc;

use pyo3::exceptions::{PyRuntimeError, PySystemExit};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::exceptions::type_name;

/// The greatest number of causes that are kept: Python allows a chain of exceptions to be a circle.
const CAUSES: usize = 100;

/// Why a call failed.
///
/// Its [`source`](std::error::Error::source) is the cause of the exception, so that `anyhow` and others print the whole chain.
///
/// A `#[pyfunction]` may return it: [`PyErr`] is made from it. Python then sees the exception that it stands for, the same object with
/// the same traceback; `SystemExit` for [`Error::Exit`], and `RuntimeError` for what is no exception.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Python raised an exception.
    #[error(transparent)]
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

/// An exception that Python code raised and did not handle, as data.
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
    /// The exception that led to it: its `__cause__`, or the one that was being handled, unless it was raised `from None`.
    #[source]
    pub cause: Option<Box<Exception>>,
    raised: Raised,
}

/// The object that Python code raised, to be raised again. Two exceptions with equal data are equal.
#[derive(Debug, Clone)]
struct Raised(Arc<PyErr>);

impl PartialEq for Raised {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Raised {}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        match error {
            Error::Exception(exception) => exception.into(),
            Error::Exit {
                message: Some(message),
                ..
            } => PySystemExit::new_err((message,)),
            Error::Exit {
                status,
                message: None,
            } => PySystemExit::new_err((status,)),
            other => PyRuntimeError::new_err(other.to_string()),
        }
    }
}

impl From<Exception> for PyErr {
    fn from(exception: Exception) -> Self {
        Python::attach(|py| exception.raised.0.clone_ref(py))
    }
}

impl Error {
    /// Describes `error`.
    pub(crate) fn from_python(py: Python<'_>, error: &PyErr) -> Self {
        match Exit::of(py, error) {
            None => Self::Exception(Exception::of(py, error, CAUSES)),
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
    /// Describes `error`, and at most `causes` exceptions that led to it.
    fn of(py: Python<'_>, error: &PyErr, causes: usize) -> Self {
        let type_name = type_name(&error.get_type(py));
        let message = error.value(py).to_string();
        // Without memory or stack, formatting fails too; then the first exception is worth more than the second.
        let traceback =
            format_traceback(py, error).unwrap_or_else(|_| format!("{type_name}: {message}\n"));
        Self {
            type_name,
            message,
            traceback,
            cause: cause(py, error)
                .filter(|_| causes > 0)
                .map(|cause| Box::new(Self::of(py, &cause, causes - 1))),
            raised: Raised(Arc::new(error.clone_ref(py))),
        }
    }
}

/// The exception that a traceback shows before `error` (`Lib/traceback.py`, `TracebackException.format`).
fn cause(py: Python<'_>, error: &PyErr) -> Option<PyErr> {
    error.cause(py).or_else(|| {
        let exception = error.value(py);
        let suppressed = exception
            .getattr("__suppress_context__")
            .ok()?
            .is_truthy()
            .ok()?;
        let context = exception.getattr("__context__").ok()?;
        (!suppressed && !context.is_none()).then(|| PyErr::from_value(context))
    })
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
