//! An export in Rust, and a constructor that counts its runs.

use std::sync::atomic::{AtomicU32, Ordering};

/// An export in Rust: the number of calls so far, -2 if Python has not been started, -1 if it fails.
#[allow(unsafe_code, reason = "an export is a name for all to see")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn count_from_rust() -> i32 {
    let count = wadup_guest::with_python(|py| {
        use pyo3::prelude::*;
        py.import("exports.memory")?.getattr("calls")?.extract()
    });
    match count {
        Ok(count) => count,
        Err(wadup_guest::Error::NotStarted) => -2,
        Err(_) => -1,
    }
}

static CONSTRUCTED: AtomicU32 = AtomicU32::new(0);

extern "C" fn construct() {
    CONSTRUCTED.fetch_add(1, Ordering::Relaxed);
}

/// The linker makes `__wasm_call_ctors` call what stands in this section.
#[used]
#[allow(unsafe_code, reason = "a section is for the linker to read")]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = construct;

/// Tells Python about the constructor.
#[pyo3::pymodule]
pub(crate) mod constructor {
    use pyo3::prelude::*;

    /// How often the constructor has run.
    #[pyfunction]
    fn runs() -> u32 {
        super::CONSTRUCTED.load(super::Ordering::Relaxed)
    }
}
