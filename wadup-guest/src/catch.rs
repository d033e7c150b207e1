//! Turns errors of Rust into exceptions of Python, so that no error needs a panic.

use std::error::Error;
use std::io;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::error::{self, Exception};

/// Runs `work`, and turns its error into an exception of Python.
///
/// With it, a `#[pyfunction]` uses `?` on any error; a panic would end the instance. A [`PyErr`] and an [`Error`](crate::Error) stay what
/// Python has raised, an [`io::Error`] becomes the `OSError` that fits it, and any other error a `RuntimeError`. Its sources become the
/// causes (`__cause__`) that a traceback shows.
///
/// ```no_run
/// use pyo3::prelude::*;
///
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
    work().map_err(|error| {
        let error = match error.into().downcast::<io::Error>() {
            Ok(error) => return PyErr::from(*error),
            Err(error) => error,
        };
        exception(&*error)
    })
}

/// For a `#[pyfunction]` that uses `?` on both kinds of errors. An error of Python comes back as what it was; any other becomes a
/// `RuntimeError` with the chain as its causes.
#[cfg(feature = "anyhow")]
impl From<anyhow::Error> for error::Error {
    fn from(error: anyhow::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return error,
            Err(error) => error,
        };
        let exception = exception(error.as_ref());
        Python::attach(|py| Self::from_python(py, &exception))
    }
}

/// The exception for `error`, with its sources as causes: one that Python has raised, if it is one, or else a `RuntimeError`.
fn exception(error: &(dyn Error + 'static)) -> PyErr {
    if let Some(raised) = raised(error) {
        return raised;
    }
    let exception = PyRuntimeError::new_err(error.to_string());
    if let Some(source) = error.source() {
        Python::attach(|py| exception.set_cause(py, Some(self::exception(source))));
    }
    exception
}

/// What Python has raised, if `error` is that.
fn raised(error: &(dyn Error + 'static)) -> Option<PyErr> {
    if let Some(exception) = error.downcast_ref::<PyErr>() {
        return Some(Python::attach(|py| exception.clone_ref(py)));
    }
    let of_call = error.downcast_ref::<error::Error>().cloned();
    let exception = error.downcast_ref::<Exception>().cloned();
    of_call
        .map(PyErr::from)
        .or_else(|| exception.map(PyErr::from))
}
