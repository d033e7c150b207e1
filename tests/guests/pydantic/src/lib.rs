//! A guest that uses pydantic, recurses without end in Python, in C and through Rust, and harms its host where it is asked to.

wadup_guest::wadup_python! {
    modules: [native],
    exports: {
        schemas: "schemas:main",
        models: "models:main",
        recurse: "recursion:main",
        users: "users:main",
    },
}

/// Native code between two pieces of Python.
#[pyo3::pymodule]
mod native {
    use pyo3::prelude::*;

    /// Calls `function`.
    #[pyfunction]
    fn call(function: &Bound<'_, PyAny>) -> PyResult<()> {
        function.call0().map(drop)
    }
}
