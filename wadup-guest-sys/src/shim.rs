//! Declarations of what wadup's build links into the guest: the C shim and the bundle.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use pyo3_ffi::PyObject;

/// A module written in Rust, for the interpreter's table of built-in modules.
#[derive(Clone, Copy, Debug)]
pub struct InittabEntry {
    /// The name to import it by.
    pub name: &'static CStr,
    /// Its `PyInit_` function, which PyO3 calls `__pyo3_init`.
    pub init: unsafe extern "C" fn() -> *mut PyObject,
}

/// An [`InittabEntry`] as the shim takes it: `struct wadup_module`.
#[repr(C)]
pub(crate) struct ShimModule {
    name: *const c_char,
    init: Option<unsafe extern "C" fn() -> *mut PyObject>,
}

impl ShimModule {
    /// Ends a table of modules.
    pub(crate) const END: Self = Self {
        name: ptr::null(),
        init: None,
    };

    pub(crate) fn of(entry: &InittabEntry) -> Self {
        Self {
            name: entry.name.as_ptr(),
            init: Some(entry.init),
        }
    }
}

unsafe extern "C" {
    /// Starts the interpreter, isolated from the environment and with the mount's directories as `sys.path`.
    ///
    /// `argc` and `argv` become `sys.argv`; without arguments that is `[""]`. With `fixed_hashes` other than 0, hashes are
    /// those of `PYTHONHASHSEED=0`. Returns null, or a message that lives forever.
    ///
    /// # Safety
    ///
    /// - [`mount`](crate::mount()) has succeeded.
    /// - It is called at most once.
    /// - `modules` ends with a null name; its names and functions are valid forever.
    /// - `argv` holds `argc` pointers to strings that end in a zero byte.
    pub(crate) fn wadup_shim_start(
        modules: *const ShimModule,
        argc: c_int,
        argv: *const *mut c_char,
        fixed_hashes: c_int,
    ) -> *const c_char;

    /// The Python functions that are running, the innermost first, one to a line: `file:line in name`.
    ///
    /// It may be called at any time, also while the guest is in a function of its host. Null if the interpreter has not started.
    /// The result is valid until the next call.
    pub(crate) safe fn wadup_shim_stack() -> *const c_char;

    static wadup_bundle_length: usize;
    static wadup_bundle: u8;
}

/// The zip with the guest's Python files, in the guest's data.
#[must_use]
pub fn bundle() -> &'static [u8] {
    // SAFETY: the build writes both into one constant section, the length in 32 bits, which is a guest's `usize`.
    unsafe { std::slice::from_raw_parts(&raw const wadup_bundle, wadup_bundle_length) }
}
