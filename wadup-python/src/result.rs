//! An outcome as the package's `Result`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use wadup_host::Failure;

use crate::failure;
use crate::finished::{Fault, Finished};
use crate::table::Table;

/// The package's classes for results and sub-contents.
fn classes(py: Python<'_>) -> PyResult<&(Py<PyAny>, Py<PyAny>)> {
    static CLASSES: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
    CLASSES.get_or_try_init(py, || {
        let module = py.import("wadup._result")?;
        Ok((
            module.getattr("Result")?.unbind(),
            module.getattr("SubContent")?.unbind(),
        ))
    })
}

/// The `Result` of one input.
pub(crate) fn of(py: Python<'_>, finished: Finished) -> PyResult<Bound<'_, PyAny>> {
    let (result, sub_content) = classes(py)?;
    let tables = PyDict::new(py);
    for (name, batch) in finished.tables {
        tables.set_item(&name, Table::new(name.clone(), batch))?;
    }
    let sub_contents = finished
        .sub_contents
        .into_iter()
        .map(|(name, bytes)| sub_content.bind(py).call1((name, PyBytes::new(py, &bytes))));
    let sub_contents = PyTuple::new(py, sub_contents.collect::<PyResult<Vec<_>>>()?)?;
    let (stdout, stderr) = (finished.stdout, finished.stderr);
    let status = match &finished.fault {
        None => Some(0),
        Some(Fault::Guest(Failure::Status(status))) => Some(*status),
        Some(_) => None,
    };
    let error = match finished.fault {
        Some(fault) => Some(failure::of_input(py, fault, &stdout, &stderr)?),
        None => None,
    };
    result
        .bind(py)
        .call1((tables, sub_contents, stdout, stderr, status, error))
}
