//! The native part of the Python package `wadup`: runs guests from Python.
//!
//! `guest` opens one and processes single inputs, `many` processes them on several threads, `input` reads what Python hands over,
//! `finished` is an outcome as far as it needs no Python, `result` and `failure` turn it into Python's objects, `table` hands tables
//! to other libraries through Arrow's C interface, and `signals` says how often Python looks for Ctrl-C.

mod failure;
mod finished;
mod guest;
mod input;
mod many;
mod result;
mod signals;
mod table;

/// The native part of the package `wadup`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::guest::Guest;
    #[pymodule_export]
    use crate::many::Results;
    #[pymodule_export]
    use crate::table::Table;
}
