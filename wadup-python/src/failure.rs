//! Failures and errors of the host as the package's exceptions.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use wadup_host::{Error, Failure};

use crate::finished::Fault;

const MODULE: &str = "wadup._errors";

/// The exception for an input without output.
pub(crate) fn of_input<'py>(
    py: Python<'py>,
    fault: Fault,
    stdout: &str,
    stderr: &str,
) -> PyResult<Bound<'py, PyAny>> {
    match fault {
        Fault::Guest(failure) => of_guest(py, &failure, stdout, stderr),
        Fault::Table(error) => {
            let details = PyDict::new(py);
            details.set_item("stdout", stdout)?;
            details.set_item("stderr", stderr)?;
            // The rows of a table may be in many files.
            details.set_item("file", "")?;
            let class = py.import(MODULE)?.getattr("ContractError")?;
            class.call((error.to_string(),), Some(&details))
        }
        Fault::Unread(error) => Ok(of_host(py, error).into_value(py).into_bound(py).into_any()),
    }
}

/// The exception for a guest's failure.
fn of_guest<'py>(
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
            if let Some(line) = telling(stderr) {
                message = format!("{message}: {line}");
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

/// The line of `stderr` that says most: the one that names the exception, else the last.
fn telling(stderr: &str) -> Option<&str> {
    let lines: Vec<&str> = (stderr.lines())
        .filter(|line| !line.trim().is_empty())
        .collect();
    // An exception's text may have many lines, but what is above it in a traceback is indented.
    let traceback = lines.iter().rposition(|line| line.starts_with("  File "));
    let below = traceback.map_or(&[][..], |position| &lines[position..]);
    let named = below.iter().find(|line| !line.starts_with(' '));
    named.or(lines.last()).copied()
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
        // These are the same for each input.
        Error::Compile { .. }
        | Error::UnknownImport { .. }
        | Error::Instantiate { .. }
        | Error::Initialize(_)
        | Error::Export { .. } => own(py, "LoadError", message),
        _ => own(py, "Error", message),
    }
}

/// One of the package's own exceptions.
fn own(py: Python<'_>, class: &str, message: String) -> PyErr {
    let class = py.import(MODULE).and_then(|errors| errors.getattr(class));
    match class.and_then(|class| class.call1((message,))) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
