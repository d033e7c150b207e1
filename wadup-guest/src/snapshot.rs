//! Making a snapshot: the interpreter is started and the guest's modules are imported on the machine that builds; an instance of the
//! snapshot wakes up in what that left, under a host of its own.
//!
//! `wadup-snapshot` calls `wizer-initialize`, and asks `wadup-snapshot-stack` and `wadup-snapshot-environment` what only the guest can
//! know. In a module that is run as it was linked, nobody calls any of them.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PySystemExit;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::PyModule;
use serde_json::json;

use crate::call::{evaluate, freeze};
use crate::guest::{Guest, Snapshot};
use crate::raw::Hashes;
use crate::{interpreter, report, stdio, wake};

/// The Python side of this module.
const SOURCE: &CStr = c_str!(include_str!("snapshot.py"));

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
    wake::keep(python.unbind(), reads);
    freeze(py)
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
