//! The errors of tables and sub-content as Python exceptions.

use pyo3::exceptions::{PyKeyError, PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;
use wadup_tables::{Error, ValueFault, WriteError};

/// The exception that Python users expect for `error`.
pub(crate) fn from_table_error(error: Error) -> PyErr {
    let message = error.to_string();
    match error {
        Error::Write(error) => from_write_error(&error),
        Error::UndefinedTable { .. } => PyKeyError::new_err(message),
        Error::Value {
            fault: ValueFault::WrongType { .. },
            ..
        } => PyTypeError::new_err(message),
        _ => PyValueError::new_err(message),
    }
}

/// An `OSError`, or the subclass that Python chooses by the error number.
pub(crate) fn from_write_error(error: &WriteError) -> PyErr {
    let message = format!("{error}: {}", error.source);
    match error.source.raw_os_error() {
        Some(number) => PyOSError::new_err((number, message)),
        None => PyOSError::new_err(message),
    }
}

/// The name of a class, with its module in front unless it is a builtin.
pub(crate) fn type_name(class: &Bound<'_, PyType>) -> String {
    class
        .fully_qualified_name()
        .map_or_else(|_| class.to_string(), |name| name.to_string())
}
