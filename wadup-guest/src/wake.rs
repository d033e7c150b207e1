//! Wakes up the interpreter of a snapshot: it takes over what the host of this instance gives.

use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyModule};

use crate::error::Error;

/// `snapshot.py`, as the initialization for the snapshot left it.
static PYTHON: OnceLock<Py<PyModule>> = OnceLock::new();

/// Keeps for the instances what waking up takes.
pub(crate) fn keep(python: Py<PyModule>) {
    PYTHON.get_or_init(|| python);
}

/// Takes over what the host of this instance gives: folders, arguments, variables, and entropy for what must differ.
///
/// # Errors
///
/// [`Error::Wake`] if the host or libc refuses something, else what Python raises.
pub(crate) fn wake() -> Result<(), Error> {
    wadup_guest_sys::mount().map_err(|error| Error::Wake(error.to_string()))?;
    let variables = wadup_guest_sys::environment()
        .map_err(|error| Error::Wake(format!("the host gives no environment: {error}")))?;
    // If the host refuses, there are none, as in a guest without a snapshot.
    let arguments = wadup_guest_sys::arguments().unwrap_or_default();
    Python::attach(|py| {
        let Some(python) = PYTHON.get() else {
            return Ok(());
        };
        let bytes = |text: &[u8]| PyBytes::new(py, text).unbind();
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (bytes(name), bytes(value)))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(|argument| bytes(argument)).collect();
        python
            .bind(py)
            .call_method1("wake", (arguments, variables))
            .map(drop)
            .map_err(|error| Error::from_python(py, &error))
    })
}
