//! Calls into Python: each has an end, at which its rows are handed over or dropped.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

use crate::error::{Error, Exit};
use crate::exceptions::from_table_error;
use crate::{interpreter, stdio, table};

/// Calls `function` of the Python module `module` without arguments, and returns what it returns.
///
/// This is for exports that are written in Rust. It is a call of its own, as that of an export is: see [`with_python`].
///
/// # Errors
///
/// Those of [`with_python`]; [`Error::Exception`] also for a module or a function that does not exist.
pub fn call(module: &str, function: &str) -> Result<Py<PyAny>, Error> {
    with_python(|py| evaluate(py, module, function).map(Bound::unbind))
}

/// Runs `work` as one call into Python.
///
/// When `work` succeeds, the rows since the last call are handed to the host; otherwise they are dropped. `sys.stdout`,
/// `sys.stderr`, and the streams of C and Rust are flushed.
///
/// This is for exports that are written in Rust. Code that Python calls, such as a `#[pyfunction]`, is inside a call already, and
/// gets its [`Python`] from PyO3.
///
/// ```ignore (needs a running interpreter)
/// let version: String = wadup_guest::with_python(|py| py.import("pydantic")?.getattr("VERSION")?.extract())?;
/// ```
///
/// # Errors
///
/// - [`Error::Exception`] if `work` fails, or if the rows or the output cannot be written.
/// - [`Error::Exit`] if `work` fails with `SystemExit`. With status 0 the call counts as successful, and its rows are handed over.
/// - [`Error::NotStarted`], [`Error::Start`] or [`Error::Interrupted`] if Python cannot be called. `work` is not run then.
pub fn with_python<R>(work: impl FnOnce(Python<'_>) -> PyResult<R>) -> Result<R, Error> {
    interpreter::enter(|py| {
        let result = work(py);
        let succeeded = match &result {
            Ok(_) => true,
            Err(error) => Exit::of(py, error).is_some_and(|exit| exit.status() == 0),
        };
        let finished = finish(py, succeeded);
        // Of two errors the first counts.
        let result = if succeeded {
            finished.and(result)
        } else {
            result
        };
        result.map_err(|error| Error::from_python(py, &error))
    })?
}

/// Imports `module`, and calls `function` in it.
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    module: &str,
    function: &str,
) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(function)?.call0()
}

/// Hides what is there from the garbage collector, the first time: what the imports have made is much, and stays for good. In a
/// snapshot that has been done.
pub(crate) fn freeze(py: Python<'_>) -> PyResult<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.swap(true, Ordering::Relaxed) {
        evaluate(py, "gc", "freeze")?;
    }
    Ok(())
}

/// Ends a call: hands over its rows or drops them, and flushes what it printed.
///
/// # Errors
///
/// What could not be written; no rows are left even then, and all that can be flushed is.
pub(crate) fn finish(py: Python<'_>, succeeded: bool) -> PyResult<()> {
    let rows = if succeeded { table::flush() } else { Ok(()) };
    if !succeeded || rows.is_err() {
        table::discard();
    }
    let output = stdio::flush(py);
    rows.map_err(from_table_error).and(output)
}
