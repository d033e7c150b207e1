//! Calls into Python from exports that are written in Rust.

use pyo3::prelude::*;

use crate::error::Error;
use crate::pipeline;

/// Calls `function` of the Python module `module` without arguments, and returns what it returns.
///
/// This is for exports that are written in Rust. Like the call of an export, it ends by handing over its rows: see [`with_python`].
///
/// # Errors
///
/// Those of [`with_python`]; [`Error::Exception`] also for a module or a function that does not exist.
pub fn call(module: &str, function: &str) -> Result<Py<PyAny>, Error> {
    with_python(|py| evaluate(py, module, function).map(Bound::unbind))
}

/// Runs `work` as one call into Python.
///
/// If `work` succeeds, the rows since the last call are handed to the host; otherwise they are dropped. `sys.stdout`,
/// `sys.stderr`, and the streams of C and Rust are flushed.
///
/// This is for exports that are written in Rust. Code that Python calls, such as a `#[pyfunction]`, is inside a call already and gets
/// its [`Python`] from PyO3.
///
/// ```no_run
/// use pyo3::prelude::*;
///
/// # fn main() -> Result<(), wadup_guest::Error> {
/// let version: String = wadup_guest::with_python(|py| py.import("pydantic")?.getattr("VERSION")?.extract())?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// - [`Error::Exception`] if `work` fails, or if the rows or the output cannot be written.
/// - [`Error::Exit`] if `work` fails with `SystemExit`. With status 0 the call counts as successful, and its rows are handed over.
/// - [`Error::NotStarted`], [`Error::Start`] or [`Error::Interrupted`] if Python cannot be called. `work` does not run then.
pub fn with_python<R>(work: impl FnOnce(Python<'_>) -> PyResult<R>) -> Result<R, Error> {
    pipeline::run(work)?
}

/// Imports `module`, and calls `function` in it.
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    module: &str,
    function: &str,
) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(function)?.call0()
}
