//! The stack of Python calls, written without running any Python: for when nothing else can be relied on.

#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};

const STDERR: c_int = 2;

unsafe extern "C" {
    /// The state of this thread, or null where Python has never run (C API, stable since 3.2).
    fn PyGILState_GetThisThreadState() -> *mut c_void;

    /// Writes the calls of a thread, the innermost first, as `faulthandler` does after a crash: it takes no lock, allocates
    /// nothing and calls nothing but `write` (`Python/traceback.c`).
    fn _Py_DumpTraceback(descriptor: c_int, state: *mut c_void);

    fn Py_IsInitialized() -> c_int;
}

/// Writes the Python calls that are running to stderr; nothing where there are none.
pub(crate) fn dump() {
    // SAFETY: it may be called at any time (C API, "Initialization, Finalization, and Threads").
    if unsafe { Py_IsInitialized() } == 0 {
        return;
    }
    // SAFETY: the interpreter is initialised, which is all that it asks.
    let state = unsafe { PyGILState_GetThisThreadState() };
    if !state.is_null() {
        // SAFETY: it is this thread's own state, which nobody changes meanwhile: a guest has one thread.
        unsafe { _Py_DumpTraceback(STDERR, state) }
    }
}
