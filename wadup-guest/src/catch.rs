//! Turns errors of Rust into exceptions of Python, so that no error needs a panic.

use std::error::Error;
use std::io;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Runs `work`, and turns its error into an exception of Python.
///
/// With it, a `#[pyfunction]` uses `?` on any error; a panic would end the instance. A [`PyErr`] stays what it is, an [`io::Error`]
/// becomes the `OSError` that fits it, and any other error a `RuntimeError`. Its sources become the causes (`__cause__`) that a
/// traceback shows.
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
