//! Reads and writes through the pointers of WASI calls.
//!
//! The pointers come from libc, which follows the specification: each is valid for the length that comes with it, or
//! for one value of its type, until the call returns. Every function here relies on that.

use wasip1::Errno;

/// A path, which WASI passes as UTF-8 with its length.
///
/// # Safety
///
/// `length` bytes at `pointer` can be read until the call returns.
pub(super) unsafe fn path<'a>(pointer: *const u8, length: usize) -> Result<&'a str, Errno> {
    // SAFETY: the caller's promise.
    str::from_utf8(unsafe { slice(pointer, length) }).map_err(|_| wasip1::ERRNO_ILSEQ)
}

/// An array of values.
///
/// # Safety
///
/// `length` values at `pointer` can be read until the call returns.
pub(super) unsafe fn slice<'a, T>(pointer: *const T, length: usize) -> &'a [T] {
    if length == 0 {
        // C may pass a null pointer with an empty array, Rust may not.
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(pointer, length) }
}

/// Stores a result.
///
/// # Safety
///
/// A `T` can be written at `pointer`.
pub(super) unsafe fn store<T>(pointer: *mut T, value: T) {
    // SAFETY: the caller's promise.
    unsafe { pointer.write(value) }
}

/// Copies bytes into a buffer of the caller, which may be uninitialized.
///
/// # Safety
///
/// `bytes.len()` bytes can be written at `pointer`, and `bytes` is not among them.
pub(super) unsafe fn copy(bytes: &[u8], pointer: *mut u8) {
    if !bytes.is_empty() {
        // SAFETY: the caller's promise.
        unsafe { pointer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) }
    }
}
