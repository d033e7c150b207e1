//! The streams of the C library.

use std::ffi::{c_int, c_void};
use std::ptr;

unsafe extern "C" {
    /// Writes what the C library has buffered, of all streams if `stream` is null (C17 7.21.5.2).
    fn fflush(stream: *mut c_void) -> c_int;
}

/// Writes what the C library has buffered. Errors are not reported here: each stream remembers its own.
pub fn flush_c_streams() {
    // SAFETY: null is a valid argument.
    unsafe { fflush(ptr::null_mut()) };
}
