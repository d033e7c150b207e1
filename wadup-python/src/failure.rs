//! Failures and errors of the host as the package's exceptions.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use wadup_host::{Error, Failure};

const MODULE: &str = "wadup._errors";

/// The exception for a guest's failure.
pub(crate) fn of_guest<'py>(
    py: Python<'py>,
    failure: &Failure,
    stdout: &str,
    stderr: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let details = PyDict::new(py);
    details.set_item("stdout", stdout)?;
    details.set_item("stderr", stderr)?;
    let mut message = failure.to_string();
    let mut class = "GuestError";
    match failure {
        Failure::Status(status) => {
            class = "StatusError";
            details.set_item("status", status)?;
            // For a Python exception, this line says which.
            if let Some(last) = stderr.lines().rfind(|line| !line.trim().is_empty()) {
                message = format!("{message}: {last}");
            }
        }
        Failure::Trap(trap) => {
            class = "TrapError";
            details.set_item("backtrace", &trap.backtrace)?;
            message.clone_from(&trap.message);
        }
        Failure::Contract(breach) => {
            class = "ContractError";
            details.set_item("file", &breach.file)?;
        }
        _ => {}
    }
    if let Some(limit) = failure.limit() {
        class = "LimitError";
        details.del_item("backtrace").ok();
        details.set_item("limit", limit.name())?;
    }
    let class = py.import(MODULE)?.getattr(class)?;
    class.call((message,), Some(&details))
}

/// The exception for what went wrong on this side.
pub(crate) fn of_host(py: Python<'_>, error: Error) -> PyErr {
    let message = error.to_string();
    match error {
        // With the error's number, Python chooses the class: `FileNotFoundError` and others.
        Error::File {
            path,
            source,
            action,
        } => match source.raw_os_error() {
            Some(number) => PyOSError::new_err((
                number,
                format!("cannot {action} it: {source}"),
                path.display().to_string(),
            )),
            None => PyOSError::new_err(message),
        },
        Error::Limits { .. } => PyValueError::new_err(message),
        _ => {
            let class = py
                .import(MODULE)
                .and_then(|errors| errors.getattr("LoadError"));
            match class.and_then(|class| class.call1((message,))) {
                Ok(exception) => PyErr::from_value(exception),
                Err(error) => error,
            }
        }
    }
}
