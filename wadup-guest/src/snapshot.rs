//! Prepares a snapshot: starts the interpreter and imports the guest's modules on the machine that builds. An instance of the snapshot
//! begins in that state, under another host.
//!
//! `wadup-snapshot` calls `wizer-initialize`; in a module that runs as it was linked, nothing does.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PySystemExit;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::PyModule;
use serde_json::json;
use wadup_contract::mount::USER;
use wadup_guest_sys::Hashes;

use crate::call::evaluate;
use crate::collector::freeze;
use crate::guest::{Guest, Snapshot};
use crate::{interpreter, report, stdio, wake};

/// The Python side of this module.
const SOURCE: &CStr = c_str!(include_str!("snapshot.py"));

/// Starts the interpreter, imports the modules that `guest` names, and leaves everything ready to be written out.
///
/// Returns status 0, or another after printing the failure to stderr.
pub(crate) fn initialize(guest: &Guest) -> i32 {
    let entered = interpreter::start(guest, Vec::new, Hashes::Fixed).and_then(|()| {
        interpreter::enter(|py| {
            let prepared = prepare(py, &guest.snapshot).and_then(|()| stdio::flush(py));
            prepared.map_or_else(|error| report_failure(py, &error), |()| 0)
        })
    });
    let status = entered.unwrap_or_else(|error| report::refusal(&error));
    wadup_guest_sys::forget_preopens();
    interpreter::fall_asleep();
    status
}

fn prepare(py: Python<'_>, snapshot: &Snapshot) -> PyResult<()> {
    let python = PyModule::from_code(py, SOURCE, c"<wadup snapshot>", c"_wadup_snapshot")?;
    python.setattr("OF_USER", USER)?;
    let watched = python.call_method0("watch")?;
    for module in snapshot.imports {
        py.import(*module)?;
    }
    call_function(py, snapshot)?;
    let reads: Vec<(String, String)> = python.call_method1("settle", (watched,))?.extract()?;
    // JSON has no zero bytes.
    let reads = CString::new(json!(reads).to_string()).unwrap_or_default();
    wadup_guest_sys::keep_environment_reads(reads);
    wake::keep(python.unbind());
    freeze(py)
}

/// Calls the function that prepares the guest, unless it has succeeded before.
///
/// A guest without a snapshot calls it at its start, so that both do the same.
pub(crate) fn call_function(py: Python<'_>, snapshot: &Snapshot) -> PyResult<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if let Some((module, function)) = snapshot.function
        && !DONE.load(Ordering::Relaxed)
    {
        evaluate(py, module, function)?;
        DONE.store(true, Ordering::Relaxed);
    }
    Ok(())
}

fn report_failure(py: Python<'_>, error: &PyErr) -> i32 {
    if error.is_instance_of::<PySystemExit>(py) {
        // In a program this is a way to end; here it leaves no state to write out.
        eprintln!("{error}");
    } else {
        report::exception(py, error);
    }
    // An error while flushing would hide the traceback, which matters more.
    drop(stdio::flush(py));
    1
}
