//! How the interpreter of a snapshot wakes up: it takes over what the host of this instance gives.

use std::ffi::{CStr, CString};
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyModule};

use crate::error::Error;

/// `snapshot.py`, kept from the time when the snapshot was made.
static PYTHON: OnceLock<Py<PyModule>> = OnceLock::new();

/// What was read from the environment while the snapshot was made.
static ENVIRONMENT_READS: OnceLock<CString> = OnceLock::new();

/// Keeps for the instances what waking up takes, and for `wadup-snapshot` what was read from the environment.
pub(crate) fn keep(python: Py<PyModule>, environment_reads: CString) {
    PYTHON.get_or_init(|| python);
    ENVIRONMENT_READS.get_or_init(|| environment_reads);
}

/// Takes over what the host of this instance gives: folders, arguments, variables, and entropy for what has to differ.
///
/// # Errors
///
/// [`Error::Wake`] for what the host or libc refuse, else what Python raises.
pub(crate) fn wake() -> Result<(), Error> {
    wadup_guest_sys::mount().map_err(|error| Error::Wake(error.to_string()))?;
    let variables = wadup_guest_sys::environment()
        .map_err(|error| Error::Wake(format!("the host gives no environment: {error}")))?;
    // A host that refuses to tell them gives none, as to a guest without a snapshot.
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

/// What was read from the environment while the snapshot was made: a JSON list of pairs, a variable and the Python stack.
pub(crate) fn environment_reads() -> &'static CStr {
    ENVIRONMENT_READS.get().map_or(c"[]", CString::as_c_str)
}
