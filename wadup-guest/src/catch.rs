//! Errors of Rust as exceptions of Python, so that none of them needs a panic.

use std::error::Error;
use std::io;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Runs `work`, whose error becomes an exception of Python.
///
/// A panic ends the instance; this is how a `#[pyfunction]` uses `?` on any error instead. A [`PyErr`] stays what it is, an
/// [`io::Error`] becomes the `OSError` that fits it, and any other a `RuntimeError`. Their sources are the causes
/// (`__cause__`) that a traceback shows.
///
/// ```ignore (needs a running interpreter)
/// #[pyfunction]
/// fn port(text: &str) -> PyResult<u16> {
///     wadup_guest::catch(|| Ok::<_, std::num::ParseIntError>(text.trim().parse()?))
/// }
/// ```
///
/// # Errors
///
/// The exception.
pub fn catch<R, E>(work: impl FnOnce() -> Result<R, E>) -> PyResult<R>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    work().map_err(|error| match error.into().downcast::<PyErr>() {
        Ok(exception) => *exception,
        Err(error) => match error.downcast::<io::Error>() {
            Ok(error) => PyErr::from(*error),
            Err(error) => exception(&*error),
        },
    })
}

fn exception(error: &dyn Error) -> PyErr {
    let exception = PyRuntimeError::new_err(error.to_string());
    if let Some(source) = error.source() {
        Python::attach(|py| exception.set_cause(py, Some(self::exception(source))));
    }
    exception
}
