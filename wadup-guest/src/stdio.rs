//! Handing over what has been printed.

use std::io::{self, Write};

use pyo3::prelude::*;

use crate::raw;

/// Flushes `sys.stdout` and `sys.stderr`, then the streams of C and Rust.
///
/// All of them would keep text back until the process ends, which a guest's does not: what is left in them would appear under some
/// later call.
///
/// # Errors
///
/// What the Python streams raise. The others are flushed nevertheless.
pub(crate) fn flush(py: Python<'_>) -> PyResult<()> {
    let stdout = flush_stream(py, "stdout");
    let stderr = flush_stream(py, "stderr");
    raw::flush_c_streams();
    stdout
        .and(stderr)
        .and(io::stdout().flush().map_err(PyErr::from))
}

/// Flushes a stream of `sys`, unless it is `None` or closed (`Python/pylifecycle.c`, `flush_std_files`).
fn flush_stream(py: Python<'_>, name: &str) -> PyResult<()> {
    let stream = py.import("sys")?.getattr(name)?;
    if !stream.is_none() && !stream.getattr("closed")?.is_truthy()? {
        stream.call_method0("flush")?;
    }
    Ok(())
}
