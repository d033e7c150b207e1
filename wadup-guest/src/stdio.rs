//! Flushes what has been printed.

use std::io::{self, Write};

use pyo3::prelude::*;

/// Flushes `sys.stdout` and `sys.stderr`, then the streams of C and Rust.
///
/// They buffer text until the process ends, and a guest does not end after a call: the text would appear under a later call.
///
/// # Errors
///
/// What the Python streams raise. The other streams are flushed even then.
pub(crate) fn flush(py: Python<'_>) -> PyResult<()> {
    let stdout = flush_stream(py, "stdout");
    let stderr = flush_stream(py, "stderr");
    wadup_guest_sys::flush_c_streams();
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
