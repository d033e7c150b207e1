//! What a path in `modules: [..]` resolves to if it names a module without PyO3's items.
//!
//! The expansion imports everything from here in an outer scope and everything from the user's path in an inner one, so PyO3's
//! `__PYO3_NAME` and `__pyo3_init` hide these two where they exist. Where they do not, the bound on [`__pyo3_init`] has no
//! implementation, and the compiler says so at the user's path.

use core::ffi::CStr;

/// Never implemented.
#[diagnostic::on_unimplemented(
    message = "`modules` expects paths to `#[pymodule]`s",
    label = "not a `#[pymodule]`",
    note = "write `#[pyo3::pymodule]` above the module; a `#[pymodule(submodule)]` is added by its parent and not listed here"
)]
pub trait Pymodule {}

/// Stands in for the name that PyO3 writes into each module.
pub static __PYO3_NAME: &CStr = c"";

/// Stands in for the initializer that PyO3 writes into each module. Where a function that returns an object is expected, it requires
/// an implementation of [`Pymodule`], and there is none.
pub extern "C" fn __pyo3_init<Object: Pymodule>() -> Object {
    unreachable!("`Pymodule` has no implementation")
}
