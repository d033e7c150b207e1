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

/// Flushes a stream of `sys`, unless it is missing, `None` or closed (`Python/pylifecycle.c`, `flush_std_files`). `print` needs only
/// `write`, so an object that someone has put there may have neither `closed` nor `flush`.
fn flush_stream(py: Python<'_>, name: &str) -> PyResult<()> {
    let Some(stream) = py.import("sys")?.getattr_opt(name)? else {
        return Ok(());
    };
    let is_closed = stream
        .getattr("closed")
        .and_then(|closed| closed.is_truthy())
        .unwrap_or(false);
    if stream.is_none() || is_closed {
        return Ok(());
    }
    if let Some(flush) = stream.getattr_opt("flush")? {
        flush.call0()?;
    }
    Ok(())
}
