//! A guest as its crate describes it to the runtime.

use std::ffi::CStr;

/// A `#[pymodule]` of the guest.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// The name to import it by.
    pub name: &'static CStr,
    /// What PyO3 calls `__pyo3_init`.
    pub init: unsafe extern "C" fn() -> *mut pyo3::ffi::PyObject,
}

/// What the interpreter has to know of the guest before it starts.
#[derive(Debug)]
pub struct Guest {
    /// The modules that are written in Rust.
    pub modules: &'static [Module],
    /// What a snapshot of the guest begins with.
    pub snapshot: Snapshot,
}

/// What is done before a snapshot is written out, or else at the start.
#[derive(Debug)]
pub struct Snapshot {
    /// The Python modules to import, in this order. Without a snapshot, each is imported when it is first used.
    pub imports: &'static [&'static str],
    /// A module and a function in it, to be called after that.
    pub function: Option<(&'static str, &'static str)>,
}
