//! The native part of the Python package `wadup`: runs guests from Python.
//!
//! `guest` opens one and processes single inputs, `many` processes them on several threads, `input` reads what Python hands over,
//! `finished` is an outcome as far as it needs no Python, `result` and `failure` turn it into Python's objects, `table` hands tables
//! to other libraries through Arrow's C interface, `maker` refuses what a fork cannot do, and `signals` says how often Python looks for
//! Ctrl-C. In builds for tests, `testing` makes errors that no test can bring about.

mod failure;
mod finished;
mod guest;
mod input;
mod maker;
mod many;
mod result;
mod signals;
mod table;
mod testing;

/// The native part of the package `wadup`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::guest::Guest;
    #[pymodule_export]
    use crate::many::Results;
    #[pymodule_export]
    use crate::table::Table;

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        if cfg!(debug_assertions) {
            crate::testing::add(module)?;
        }
        Ok(())
    }
}
