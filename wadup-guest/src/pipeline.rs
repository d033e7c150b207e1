//! The pipeline of a call: enter the interpreter, run the work, hand over its rows or drop them, and flush what it printed.

use pyo3::prelude::*;

use crate::error::{Error, Exit};
use crate::exceptions::from_table_error;
use crate::{interpreter, report, stdio, table};

/// What the work of a call comes to.
pub(crate) trait Outcome {
    /// What the call comes to.
    type Result;

    /// Whether the rows of the call count.
    fn is_success(&self, py: Python<'_>) -> bool;

    /// The result of the call; `end` is what could not be written at its end. Of two failures the first counts.
    fn ended(self, py: Python<'_>, end: PyResult<()>) -> Self::Result;
}

/// Runs `work` as one call.
///
/// # Errors
///
/// The interpreter is not started or cannot be entered; `work` has not run then.
pub(crate) fn run<O: Outcome>(work: impl FnOnce(Python<'_>) -> O) -> Result<O::Result, Error> {
    interpreter::enter(|py| {
        let outcome = work(py);
        let end = end(py, outcome.is_success(py));
        outcome.ended(py, end)
    })
}

/// Ends a call: hands over its rows or drops them, and flushes what it printed.
///
/// # Errors
///
/// What could not be written. Even then no rows are left, and everything that can be flushed is.
fn end(py: Python<'_>, succeeded: bool) -> PyResult<()> {
    let rows = if succeeded { table::flush() } else { Ok(()) };
    let output = stdio::flush(py);
    // The host drops what a call that fails at its end has written, too.
    if !succeeded || rows.is_err() || output.is_err() {
        table::discard();
    }
    rows.map_err(from_table_error).and(output)
}

/// The status of an export or a program; the exception behind it has been printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) i32);

impl Status {
    /// The status for `result`, whose exception is printed.
    pub(crate) fn of(py: Python<'_>, result: PyResult<()>) -> Self {
        Self(result.map_or_else(|error| report::exception(py, &error), |()| 0))
    }
}

impl Outcome for Status {
    type Result = i32;

    fn is_success(&self, _: Python<'_>) -> bool {
        self.0 == 0
    }

    fn ended(self, py: Python<'_>, end: PyResult<()>) -> i32 {
        let Self(status_of_end) = Self::of(py, end);
        if self.0 == 0 { status_of_end } else { self.0 }
    }
}

/// A value for Rust. `SystemExit` with status 0 counts as success.
impl<R> Outcome for PyResult<R> {
    type Result = Result<R, Error>;

    fn is_success(&self, py: Python<'_>) -> bool {
        match self {
            Ok(_) => true,
            Err(error) => Exit::of(py, error).is_some_and(|exit| exit.status() == 0),
        }
    }

    fn ended(self, py: Python<'_>, end: PyResult<()>) -> Result<R, Error> {
        let result = if self.is_success(py) {
            end.and(self)
        } else {
            self
        };
        result.map_err(|error| Error::from_python(py, &error))
    }
}
