//! The stack of Python calls, written without running any Python: it works when nothing else can be relied on.

use std::ffi::c_int;

use pyo3_ffi::{Py_IsInitialized, PyGILState_GetThisThreadState, PyThreadState};

const STDERR: c_int = 2;

unsafe extern "C" {
    /// Writes the calls of a thread, the innermost first, as `faulthandler` does after a crash. It takes no lock, allocates nothing
    /// and calls only `write` (`Python/traceback.c`).
    fn _Py_DumpTraceback(descriptor: c_int, state: *mut PyThreadState);
}

/// Writes the Python calls that are running to stderr; nothing if there are none.
pub fn dump_python_stack() {
    // SAFETY: it may be called at any time (C API, "Initialization, Finalization, and Threads").
    if unsafe { Py_IsInitialized() } == 0 {
        return;
    }
    // SAFETY: it requires an initialized interpreter, and nothing else.
    let state = unsafe { PyGILState_GetThisThreadState() };
    if !state.is_null() {
        // SAFETY: this is the thread's own state, which nothing changes meanwhile: a guest has one thread.
        unsafe { _Py_DumpTraceback(STDERR, state) }
    }
}
