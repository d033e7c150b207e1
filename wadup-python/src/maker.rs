//! The process that made an object: threads are not in a fork of it.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// The process that made an object.
#[derive(Clone, Copy)]
pub(crate) struct Maker(u32);

impl Maker {
    /// This process.
    pub(crate) fn this() -> Self {
        Self(std::process::id())
    }

    /// Whether this process is that one, and not a fork of it.
    pub(crate) fn is_this(self) -> bool {
        self.0 == std::process::id()
    }

    /// The error for what needs the threads.
    pub(crate) fn check(self) -> PyResult<()> {
        if self.is_this() {
            return Ok(());
        }
        Err(PyRuntimeError::new_err(
            "this Guest was made before the process forked, and its threads are not here: make a Guest in each process",
        ))
    }
}
