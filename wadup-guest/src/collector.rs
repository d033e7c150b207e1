//! Keeps the garbage collector away from what the imports made.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

use crate::call::evaluate;

/// Hides the objects of the imports from the garbage collector, the first time: they are many, and stay for good. In a snapshot this
/// has been done.
pub(crate) fn freeze(py: Python<'_>) -> PyResult<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.swap(true, Ordering::Relaxed) {
        evaluate(py, "gc", "freeze")?;
    }
    Ok(())
}
