//! For `tests/test_errors.py`: errors that no test can bring about from Python. Python has it only in builds with debug assertions.

use std::io;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use wadup_host::{Call, CancellationToken, Column, ColumnType, Error, Outcome, Output, Table};

use crate::finished::Finished;
use crate::input::Source;
use crate::many::Results;
use crate::{failure, result};

/// Puts the functions into `_native._testing`, which type checkers need not know.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let functions = PyDict::new(module.py());
    functions.set_item("exceptions", wrap_pyfunction!(exceptions, module)?)?;
    functions.set_item("misfit", wrap_pyfunction!(misfit, module)?)?;
    functions.set_item("panicking", wrap_pyfunction!(panicking, module)?)?;
    module.setattr("_testing", functions)
}

/// The exceptions for errors of the host, by the names of these.
#[pyfunction]
fn exceptions(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let text = || String::from("a text");
    let source = || io::Error::from_raw_os_error(2);
    let call = Call {
        end: Ok(1),
        stdout: text(),
        stderr: text(),
    };
    let errors = [
        (
            "Compile",
            Error::Compile {
                guest: text(),
                reason: text(),
            },
        ),
        (
            "UnknownImport",
            Error::UnknownImport {
                module: text(),
                name: text(),
            },
        ),
        ("Instantiate", Error::Instantiate { reason: text() }),
        ("Initialize", Error::Initialize(Box::new(call))),
        ("Export", Error::Export { name: text() }),
        ("Limits", Error::Limits { reason: text() }),
        (
            "File",
            Error::File {
                action: "read",
                path: text().into(),
                source: source(),
            },
        ),
        ("Memory", Error::Memory { source: source() }),
        ("Folder", Error::Folder { reason: text() }),
        (
            "Thread",
            Error::Thread {
                bytes: 1,
                source: source(),
            },
        ),
        ("Panicked", Error::Panicked),
    ];
    let exceptions = PyDict::new(py);
    for (name, error) in errors {
        exceptions.set_item(name, failure::of_host(py, error))?;
    }
    Ok(exceptions)
}

/// The result of a guest that put out a table that no record batch can hold.
#[pyfunction]
fn misfit(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let table = Table {
        name: "t".into(),
        columns: vec![Column {
            name: "number".into(),
            data_type: ColumnType::Int64,
        }],
        rows: vec![vec!["no number".into()]],
    };
    result::of(py, finished(vec![table]))
}

/// `process_many` with threads that panic on the input `panic`.
#[pyfunction]
fn panicking(inputs: &Bound<'_, PyAny>, parallel: usize) -> PyResult<Results> {
    let process = |source, _: &CancellationToken| match source {
        Source::Bytes(bytes) if *bytes == *b"panic" => panic!("for a test"),
        _ => Ok(finished(Vec::new())),
    };
    Results::start(Arc::new(process), inputs.try_iter()?.unbind(), parallel)
}

fn finished(tables: Vec<Table>) -> Finished {
    let output = Output {
        tables,
        sub_content: Vec::new(),
    };
    let outcome = Outcome {
        result: Ok(output),
        stdout: "printed".into(),
        stderr: "warned".into(),
    };
    Finished::of(outcome, &[])
}
