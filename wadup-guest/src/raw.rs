//! The unsafe part: what this crate calls in the shim, in C, and in the code that the linker writes.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::ffi::PyObject;
use wadup_guest_sys::{wadup_shim_stack, wadup_shim_start};

use crate::guest::Module;
use crate::wake;

unsafe extern "C" {
    /// The constructors of the C and Rust code in this module; wasm-ld writes this function.
    ///
    /// A module that mentions it takes care of constructors itself. In others, wasm-ld makes every export run them, and destructors
    /// after that, whereupon Python's second call traps (LLVM, `lld/wasm/Driver.cpp`, `createCommandExportWrappers`).
    fn __wasm_call_ctors();

    /// Writes out what the C library has buffered, of all streams when `stream` is null (C17 7.21.5.2).
    fn fflush(stream: *mut c_void) -> c_int;
}

/// Whether the constructors have run, or are running.
static CONSTRUCTED: AtomicBool = AtomicBool::new(false);

/// Runs the constructors, unless they ran before.
pub(crate) fn run_constructors() {
    if !CONSTRUCTED.swap(true, Ordering::Relaxed) {
        // SAFETY: wasm-ld defines it; as the flag is never reset, it is called at most once.
        unsafe { __wasm_call_ctors() }
    }
}

/// Notes that the constructors have run: a program's `_start` does it.
pub(crate) fn constructors_have_run() {
    CONSTRUCTED.store(true, Ordering::Relaxed);
}

/// What the hashes of strings are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hashes {
    /// The host's entropy, so that nobody outside can foresee them.
    Random,
    /// The same in every instance, as a snapshot needs it: its dicts are laid out by them.
    Fixed,
}

/// What came of starting the interpreter, once that was tried.
static STARTED: OnceLock<Result<(), String>> = OnceLock::new();

/// Mounts the bundle and starts the interpreter with the built-in `modules` and `arguments` as `sys.argv`, the first time.
///
/// # Errors
///
/// Why the bundle or the interpreter is not to be used; the same at every call.
///
/// # Panics
///
/// When a trap ended the first call.
pub(crate) fn start(
    modules: &[Module],
    arguments: &[CString],
    hashes: Hashes,
) -> Result<(), &'static str> {
    let started = STARTED.get_or_init(|| {
        wadup_guest_sys::mount().map_err(|error| error.to_string())?;
        let end = wadup_guest_sys::Module {
            name: ptr::null(),
            init: None,
        };
        let modules: Vec<_> = modules.iter().map(entry).chain([end]).collect();
        let arguments: Vec<_> = arguments
            .iter()
            .map(|argument| argument.as_ptr().cast_mut())
            .collect();
        // More arguments than this would not fit into the memory of a guest.
        let count = c_int::try_from(arguments.len()).unwrap_or(c_int::MAX);
        // SAFETY: the bundle is mounted, and the cell lets one call through. The table ends with a null name, and what it names is
        // static. There are at least `count` arguments; the shim neither writes to them nor keeps them.
        let message = unsafe {
            let fixed = c_int::from(hashes == Hashes::Fixed);
            wadup_shim_start(modules.as_ptr(), count, arguments.as_ptr(), fixed)
        };
        if message.is_null() {
            return Ok(());
        }
        // SAFETY: the shim returns strings that live for ever.
        Err(unsafe { CStr::from_ptr(message) }
            .to_string_lossy()
            .into_owned())
    });
    match started {
        Ok(()) => Ok(()),
        Err(message) => Err(message),
    }
}

/// `module` as the shim takes it.
fn entry(module: &Module) -> wadup_guest_sys::Module {
    // SAFETY: the two types differ in what the returned pointer points to, which is nothing to calling conventions.
    let init = unsafe {
        std::mem::transmute::<
            unsafe extern "C" fn() -> *mut PyObject,
            unsafe extern "C" fn() -> *mut c_void,
        >(module.init)
    };
    wadup_guest_sys::Module {
        name: module.name.as_ptr(),
        init: Some(init),
    }
}

/// Writes out what the C library has buffered, whether it can or not: the streams remember their own errors.
pub(crate) fn flush_c_streams() {
    // SAFETY: null is a valid argument.
    unsafe { fflush(ptr::null_mut()) };
}

/// Tells `wadup-snapshot`, from within a call of the host, which Python functions are running.
#[unsafe(export_name = "wadup-snapshot-stack")]
extern "C" fn snapshot_stack() -> *const c_char {
    wadup_shim_stack()
}

/// Tells `wadup-snapshot` what was read from the environment.
#[unsafe(export_name = "wadup-snapshot-environment")]
extern "C" fn snapshot_environment() -> *const c_char {
    wake::environment_reads().as_ptr()
}
