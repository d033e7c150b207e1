//! Python functions that Rust calls under the signatures of `wadup_python!`.

use pyo3::call::PyCallArgs;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

use crate::collector::freeze;
use crate::entry;
use crate::error::Error;
use crate::exceptions::type_name;
use crate::guest::Guest;
use crate::number::Number;

/// A function of a Python module, looked up by the first call and kept.
pub struct Function {
    guest: &'static Guest,
    module: &'static str,
    name: &'static str,
    object: PyOnceLock<Py<PyAny>>,
}

/// What calls a function once.
pub trait MakeCall: for<'py> FnOnce(Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {}

impl<F> MakeCall for F where F: for<'py> FnOnce(Call<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {}

/// A call to be made.
#[derive(Debug)]
pub struct Call<'a, 'py>(&'a Bound<'py, PyAny>);

impl<'py> Call<'_, 'py> {
    /// Calls the function with arguments by position.
    ///
    /// # Errors
    ///
    /// What converting the arguments and the function raise.
    pub fn positional(self, arguments: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.call1(arguments)
    }

    /// Nothing yet.
    pub fn keywords(&self) -> Keywords<'py> {
        Keywords(PyDict::new(self.0.py()))
    }

    /// Calls the function with arguments by position and by name.
    ///
    /// # Errors
    ///
    /// What converting the arguments and the function raise.
    pub fn with_keywords(
        self,
        arguments: impl PyCallArgs<'py>,
        keywords: &Keywords<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.0.call(arguments, Some(&keywords.0))
    }
}

/// The arguments of a call that are passed by name.
#[derive(Debug)]
pub struct Keywords<'py>(Bound<'py, PyDict>);

/// The result of a function in which nobody is interested.
#[derive(Debug)]
pub struct Ignored;

impl FromPyObject<'_, '_> for Ignored {
    type Error = PyErr;

    fn extract(_: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        Ok(Self)
    }
}

impl Function {
    /// The function `name` of `module`. Nothing is looked up yet.
    pub const fn new(guest: &'static Guest, module: &'static str, name: &'static str) -> Self {
        Self {
            guest,
            module,
            name,
            object: PyOnceLock::new(),
        }
    }

    /// Makes a call, and converts what the function returns.
    ///
    /// # Errors
    ///
    /// Those of [`with_python`](crate::with_python); starting the interpreter is part of the first call.
    pub fn call<R>(&'static self, make: impl MakeCall) -> Result<R, Error>
    where
        R: for<'py> FromPyObjectOwned<'py>,
    {
        entry::run_function(self.guest, |py| self.result(&self.make(py, make)?))
    }

    /// The body of an export: makes a call, and returns what the function returns, or [`Number::FAILED`].
    pub fn export<R: Number>(&'static self, make: impl MakeCall) -> R {
        entry::run_with_result(self.guest, |py| self.result(&self.make(py, make)?))
    }

    /// The body of an export without a result: makes a call, and returns its status.
    pub fn status(&'static self, make: impl MakeCall) -> i32 {
        entry::run_for_status(self.guest, |py| self.make(py, make))
    }

    fn make<'py>(&self, py: Python<'py>, make: impl MakeCall) -> PyResult<Bound<'py, PyAny>> {
        make(Call(self.find(py)?.bind(py)))
    }

    fn find(&self, py: Python<'_>) -> PyResult<&Py<PyAny>> {
        self.object.get_or_try_init(py, || {
            let module = py.import(self.module)?;
            freeze(py)?;
            Ok(module.getattr(self.name)?.unbind())
        })
    }

    /// Converts what the function has returned.
    fn result<'py, R: FromPyObjectOwned<'py>>(&self, value: &Bound<'py, PyAny>) -> PyResult<R> {
        R::extract(value.as_borrowed()).map_err(|cause| self.misfit(value, cause.into()))
    }

    /// The exception for a result that could not be converted because of `cause`.
    fn misfit(&self, value: &Bound<'_, PyAny>, cause: PyErr) -> PyErr {
        let py = value.py();
        let Self { module, name, .. } = self;
        let found = type_name(&value.get_type());
        let message = format!(
            "`{module}:{name}` returned a value of type `{found}` that does not fit: {}",
            cause.value(py)
        );
        let error = if cause.is_instance_of::<PyTypeError>(py) {
            PyTypeError::new_err(message)
        } else if cause.is_instance_of::<PyOverflowError>(py) {
            PyOverflowError::new_err(message)
        } else if cause.is_instance_of::<PyValueError>(py)
            && !cause.is_instance_of::<PyUnicodeError>(py)
        {
            PyValueError::new_err(message)
        } else {
            // It has no place for a message, or the value's own code raised it.
            return cause;
        };
        error.set_cause(py, Some(cause));
        error
    }
}

impl<'py> Keywords<'py> {
    /// Passes `value` as `name`.
    ///
    /// # Errors
    ///
    /// What converting the value raises.
    pub fn pass(&self, name: &str, value: impl IntoPyObject<'py>) -> PyResult<()> {
        self.0.set_item(PyString::intern(self.0.py(), name), value)
    }
}

/// `value`, which must be convertible to a Python object.
#[inline]
pub fn argument<T: for<'py> IntoPyObject<'py>>(value: T) -> T {
    value
}
