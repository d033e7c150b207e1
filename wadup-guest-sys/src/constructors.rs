//! The constructors of the C and Rust code in the guest, which run once.

use std::sync::atomic::{AtomicBool, Ordering};

unsafe extern "C" {
    /// Runs the constructors; wasm-ld writes this function.
    ///
    /// In a module that calls it, constructors are the module's own business. In any other module, wasm-ld wraps every export in
    /// constructors and destructors, and Python's second call traps (LLVM, `lld/wasm/Driver.cpp`, `createCommandExportWrappers`).
    fn __wasm_call_ctors();
}

/// Whether the constructors have run, or are running.
static CONSTRUCTED: AtomicBool = AtomicBool::new(false);

/// Runs the constructors, unless they have run.
pub fn run_constructors() {
    if !CONSTRUCTED.swap(true, Ordering::Relaxed) {
        // SAFETY: wasm-ld defines it; as the flag is never reset, it is called at most once.
        unsafe { __wasm_call_ctors() }
    }
}

/// Records that the constructors have run: a program's `_start` runs them.
pub fn constructors_have_run() {
    CONSTRUCTED.store(true, Ordering::Relaxed);
}
