//! A guest that fails in every way there is.

wadup_guest::wadup_python! {
    modules: [faults],
    exports: { fails: "failures:fails" },
}

/// What goes wrong in Rust.
#[pyo3::pymodule]
mod faults {
    use pyo3::exceptions::PyLookupError;
    use pyo3::prelude::*;

    /// Returns an error, which Python sees as an exception.
    #[pyfunction]
    fn error() -> PyResult<()> {
        Err(PyLookupError::new_err("an error from Rust"))
    }

    /// Panics, which ends in a trap.
    #[pyfunction]
    fn panic() {
        panic!("a panic on purpose");
    }

    /// Ends the process, which WASI has for commands and which is a failure here.
    #[pyfunction]
    fn exit(status: i32) {
        std::process::exit(status);
    }

    /// Uses up the stack.
    #[pyfunction]
    #[expect(unconditional_recursion, reason = "the stack is to run out")]
    fn recurse(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 1000]);
        recurse(depth + 1) + frame[0]
    }
}
