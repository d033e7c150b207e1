//! Snapshots: the interpreter is started and the guest's modules are imported on the machine that builds; an instance of the snapshot
//! wakes up in what that left, under a host of its own.
//!
//! `wadup-snapshot` calls `wizer-initialize`, and asks `wadup-snapshot-stack` and `wadup-snapshot-environment` what only the guest can
//! know. In a module that is run as it was linked, nobody calls any of them.

use std::env;
use std::ffi::{CStr, CString};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PySystemExit;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyModule};
use serde_json::json;

use crate::call::evaluate;
use crate::error::Error;
use crate::guest::{Guest, Snapshot};
use crate::interpreter::{self, Hashes};
use crate::{report, stdio};

/// The Python side of this module.
const SOURCE: &CStr = c_str!(include_str!("snapshot.py"));

/// `snapshot.py`, kept from the time when the snapshot was made.
static PYTHON: OnceLock<Py<PyModule>> = OnceLock::new();

/// What was read from the environment while the snapshot was made.
static ENVIRONMENT_READS: OnceLock<CString> = OnceLock::new();

/// Starts the interpreter, imports what `guest` wants imported, and leaves everything ready to be written out.
///
/// The status is 0, or what failed has been told on stderr.
pub(crate) fn initialize(guest: &Guest) -> i32 {
    let entered = interpreter::start(guest, Vec::new, Hashes::Fixed).and_then(|()| {
        interpreter::enter(|py| {
            let prepared = prepare(py, &guest.snapshot).and_then(|()| stdio::flush(py));
            prepared.map_or_else(|error| tell(py, &error), |()| 0)
        })
    });
    let status = entered.unwrap_or_else(|error| report::refusal(&error));
    wadup_guest_sys::forget_preopens();
    interpreter::fall_asleep();
    status
}

fn prepare(py: Python<'_>, wanted: &Snapshot) -> PyResult<()> {
    let python = PyModule::from_code(py, SOURCE, c"<wadup snapshot>", c"_wadup_snapshot")?;
    let watched = python.call_method0("watch")?;
    for module in wanted.imports {
        py.import(*module)?;
    }
    call_function(py, wanted)?;
    let reads: Vec<(String, String)> = python.call_method1("settle", (watched,))?.extract()?;
    // JSON has no zero bytes.
    let reads = CString::new(json!(reads).to_string()).unwrap_or_default();
    ENVIRONMENT_READS.get_or_init(|| reads);
    PYTHON.get_or_init(|| python.unbind());
    Ok(())
}

/// Calls the function that prepares the guest, unless that has been done.
///
/// A guest without a snapshot calls it too, at its start, so that both do the same.
pub(crate) fn call_function(py: Python<'_>, wanted: &Snapshot) -> PyResult<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if let Some((module, function)) = wanted.function
        && !DONE.load(Ordering::Relaxed)
    {
        evaluate(py, module, function)?;
        DONE.store(true, Ordering::Relaxed);
    }
    Ok(())
}

fn tell(py: Python<'_>, error: &PyErr) -> i32 {
    if error.is_instance_of::<PySystemExit>(py) {
        // To an interpreter that is to end, this is no error; here there is nothing to be written out.
        eprintln!("{error}");
    } else {
        report::exception(py, error);
    }
    // The traceback is all that matters now; that of failing to print it would hide it.
    drop(stdio::flush(py));
    1
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
    Python::attach(|py| {
        let Some(python) = PYTHON.get() else {
            return Ok(());
        };
        let bytes = |text: &[u8]| PyBytes::new(py, text).unbind();
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (bytes(name), bytes(value)))
            .collect();
        let arguments: Vec<_> = env::args_os()
            .map(|argument| bytes(argument.as_encoded_bytes()))
            .collect();
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
