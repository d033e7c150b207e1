//! Starts the interpreter, through the shim.

use std::ffi::{CStr, CString, c_int};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::mount::mount;
use crate::shim::{InittabEntry, ShimModule, wadup_shim_start};

/// What hashes of strings are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashes {
    /// The host's entropy, so that input cannot be chosen to collide.
    Random,
    /// The same in every instance. A snapshot needs this: its dicts are laid out by hashes.
    Fixed,
}

/// Mounts the bundle and starts the interpreter with the built-in `modules`, and `arguments` as `sys.argv`.
///
/// # Errors
///
/// The reason why the bundle cannot be mounted or the interpreter does not start.
///
/// # Panics
///
/// On a second call: an interpreter starts once, whether that succeeds or not.
pub fn start(
    modules: &[InittabEntry],
    arguments: &[CString],
    hashes: Hashes,
) -> Result<(), String> {
    static CALLED: AtomicBool = AtomicBool::new(false);
    assert!(
        !CALLED.swap(true, Ordering::Relaxed),
        "the interpreter starts at most once"
    );
    mount().map_err(|error| error.to_string())?;
    let modules: Vec<_> = modules
        .iter()
        .map(ShimModule::of)
        .chain([ShimModule::END])
        .collect();
    let arguments: Vec<_> = arguments
        .iter()
        .map(|argument| argument.as_ptr().cast_mut())
        .collect();
    // More arguments than this do not fit into the memory of a guest.
    let count = c_int::try_from(arguments.len()).unwrap_or(c_int::MAX);
    let fixed = c_int::from(hashes == Hashes::Fixed);
    // SAFETY: the bundle is mounted, and the assertion lets one call through. The table ends with a null name, and its names and
    // functions are static. There are at least `count` arguments; the shim neither writes to them nor keeps them.
    let message = unsafe { wadup_shim_start(modules.as_ptr(), count, arguments.as_ptr(), fixed) };
    if message.is_null() {
        return Ok(());
    }
    // SAFETY: the shim returns strings that live forever.
    let message = unsafe { CStr::from_ptr(message) };
    Err(message.to_string_lossy().into_owned())
}
