//! Prints to stderr why a call failed.

use std::io::{self, Write};

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::{Error, Exit};

/// The status of a program that an interrupt from the keyboard ends: 128 plus the number of SIGINT (`Modules/main.c`, `exit_sigint`).
const INTERRUPTED: i32 = 130;

/// Prints `error` as CPython does at the end of a program; returns the status with which it would end.
pub(crate) fn exception(py: Python<'_>, error: &PyErr) -> i32 {
    let printed = match Exit::of(py, error) {
        Some(Exit::Status(status)) => return status,
        Some(Exit::Message(message)) => print(py, &message),
        None => call_hook(py, error),
    };
    if let Err(fault) = printed {
        // The interpreter's own display works without Python code.
        fault.display(py);
        error.display(py);
    }
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        INTERRUPTED
    } else {
        1
    }
}

/// Calls `sys.excepthook`, which users may replace.
///
/// `PyErr_Print` calls it too, but ends the process when the hook exits.
fn call_hook(py: Python<'_>, error: &PyErr) -> PyResult<()> {
    let arguments = (error.get_type(py), error.value(py), error.traceback(py));
    py.import("sys")?.call_method1("excepthook", arguments)?;
    Ok(())
}

fn print(py: Python<'_>, message: &Bound<'_, PyAny>) -> PyResult<()> {
    let options = PyDict::new(py);
    options.set_item("file", py.import("sys")?.getattr("stderr")?)?;
    py.import("builtins")?
        .call_method("print", (message,), Some(&options))?;
    Ok(())
}

/// Prints why Python could not be called; returns the status for this.
pub(crate) fn refusal(error: &Error) -> i32 {
    // If stderr cannot be written to, there is no other place; the status still reports the failure.
    let _ = writeln!(io::stderr(), "wadup: {error}");
    1
}
