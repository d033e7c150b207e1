//! Runs programs of `cargo wadup` in a guest for tests: pytest, a debugger, a prompt.

use std::ffi::CStr;

use pyo3::exceptions::PySystemExit;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyModule, PyTuple};
use wadup_contract::file::{INPUT, METADATA, SUB_CONTENT};
use wadup_contract::suite::{FOLDER, PROGRAM, SETTINGS};

use crate::guest::Callee;

/// The module `wadup.testing`, which tests may import.
const TESTING: &CStr = c_str!(include_str!("suite/testing.py"));

/// What enters the project and starts the program.
const RUNNER: &CStr = c_str!(include_str!("suite/runner.py"));

/// Runs the program that the host has put into the folder of [`wadup_contract::suite`].
///
/// `entry` calls `callee` as the host would.
///
/// # Errors
///
/// `SystemExit` with the program's status; the exception if it ended with one.
pub(crate) fn run(
    py: Python<'_>,
    callee: Callee,
    entry: impl Fn(Python<'_>) -> PyResult<()> + Send + Sync + 'static,
) -> PyResult<()> {
    let testing = PyModule::from_code(py, TESTING, c"wadup/testing.py", c"wadup.testing")?;
    let call =
        move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| entry(arguments.py());
    testing.setattr(
        "_call_entry",
        PyCFunction::new_closure(py, None, None, call)?,
    )?;
    let (Callee::Function(module, _) | Callee::Module(module)) = callee;
    for (name, value) in [
        ("_ENTRY_MODULE", module),
        ("_INPUT", INPUT),
        ("_TABLES", METADATA),
        ("_SUB_CONTENT", SUB_CONTENT),
    ] {
        testing.setattr(name, value)?;
    }
    py.import("wadup")?.setattr("testing", &testing)?;
    let runner = PyModule::from_code(py, RUNNER, c"<wadup>", c"_wadup_runner")?;
    let path = |file| format!("{FOLDER}/{file}");
    let status: i32 = runner
        .call_method1("main", (testing, path(PROGRAM), path(SETTINGS)))?
        .extract()?;
    Err(PySystemExit::new_err((status,)))
}
