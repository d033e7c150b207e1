//! Runs the guest's own tests with pytest, for `cargo wadup test`.

use std::ffi::CStr;

use pyo3::exceptions::PySystemExit;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyModule, PyTuple};
use wadup_contract::file::{INPUT, METADATA, SUB_CONTENT};
use wadup_contract::suite::{JUNIT, OUTCOMES, RESULTS};

/// The module `wadup.testing`, which tests may import.
const TESTING: &CStr = c_str!(include_str!("suite/testing.py"));

/// What starts pytest.
const RUNNER: &CStr = c_str!(include_str!("suite/runner.py"));

/// Runs pytest with the arguments of this instance. Tests can call `entry` as the host would.
///
/// # Errors
///
/// `SystemExit` with pytest's status; the exception if it could not be started.
pub(crate) fn run(
    py: Python<'_>,
    entry: impl Fn(Python<'_>) -> PyResult<()> + Send + Sync + 'static,
) -> PyResult<()> {
    let testing = PyModule::from_code(py, TESTING, c"wadup/testing.py", c"wadup.testing")?;
    let call =
        move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| entry(arguments.py());
    testing.setattr(
        "_call_entry",
        PyCFunction::new_closure(py, None, None, call)?,
    )?;
    for (name, path) in [
        ("_INPUT", INPUT),
        ("_TABLES", METADATA),
        ("_SUB_CONTENT", SUB_CONTENT),
    ] {
        testing.setattr(name, path)?;
    }
    py.import("wadup")?.setattr("testing", &testing)?;
    let runner = PyModule::from_code(py, RUNNER, c"<wadup tests>", c"_wadup_tests")?;
    for (name, file) in [("OUTCOMES", OUTCOMES), ("JUNIT", JUNIT)] {
        runner.setattr(name, format!("{RESULTS}/{file}"))?;
    }
    let status: i32 = runner.call_method1("main", (testing,))?.extract()?;
    Err(PySystemExit::new_err((status,)))
}
