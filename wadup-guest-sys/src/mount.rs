//! Registers the bundle with libc, and holds the table of its open files.

use std::ffi::{c_char, c_int};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wadup_contract::mount::MOUNT_C as MOUNT;
use wadup_embedded_fs::{Descriptors, Image, ImageError};

use crate::shim::bundle;

/// The number of the mount's root directory, and the first of the numbers for what is open in the mount.
///
/// Hosts count their descriptors up from 3 and do not get this far.
pub(crate) const MOUNT_DESCRIPTOR: u32 = 0x4000_0000;

/// The files of the mount, once it is mounted.
///
/// A guest has one thread, so the lock costs nothing. While it is held, libc's file functions must not be called. Allocating is fine,
/// as wasi-libc's `malloc` does not call the host.
static FILES: Mutex<Option<Descriptors<'static>>> = Mutex::new(None);

/// Why the bundle could not be mounted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MountError {
    /// The bundle in the guest's data cannot be read.
    #[error("the guest's bundle of Python files cannot be mounted: {0}")]
    Bundle(#[from] ImageError),
    /// libc had no memory left to record one more directory.
    #[error("the guest's libc refused to register the mount: it is out of memory")]
    Register,
}

unsafe extern "C" {
    // wasi-libc, `wasi/libc-find-relpath.h` and `wasi/libc.h`. Both look up the host's own preopens first, once.
    fn __wasilibc_find_abspath(
        path: *const c_char,
        abs_prefix: *mut *const c_char,
        relative_path: *mut *const c_char,
    ) -> c_int;
    fn __wasilibc_register_preopened_fd(fd: c_int, prefix: *const c_char) -> c_int;
    safe fn __wasilibc_reset_preopens();
}

/// Makes the files of the bundle readable under [`MOUNT`], beside the directories that the host preopened.
///
/// Call it before anything reads those files, and again after [`forget_preopens`]. A repeated call costs little and does not affect
/// open files.
///
/// # Errors
///
/// The bundle is damaged, or memory ran out: see [`MountError`].
pub fn mount() -> Result<(), MountError> {
    let mut files = files();
    if files.is_none() {
        *files = Some(Descriptors::new(Image::parse(bundle())?));
    }
    // libc asks for the host's preopens now, through the overrides.
    drop(files);
    register()
}

/// Makes libc forget all preopened directories, including the mount: it asks the host again when it next needs one.
///
/// Call [`mount()`] before files of the bundle are read again.
pub fn forget_preopens() {
    __wasilibc_reset_preopens();
}

/// Adds the mount to libc's list of preopened directories, if it is not there.
fn register() -> Result<(), MountError> {
    let descriptor = MOUNT_DESCRIPTOR.cast_signed();
    let (mut prefix, mut relative) = (ptr::null(), ptr::null());
    // SAFETY: the path ends in a zero byte, both results can be written, and libc does not keep the pointers.
    let found =
        unsafe { __wasilibc_find_abspath(MOUNT.as_ptr(), &raw mut prefix, &raw mut relative) };
    if found == descriptor {
        return Ok(());
    }
    // SAFETY: the path ends in a zero byte, and libc copies it.
    match unsafe { __wasilibc_register_preopened_fd(descriptor, MOUNT.as_ptr()) } {
        0 => Ok(()),
        _ => Err(MountError::Register),
    }
}

/// The files of the mount. Do not hold the lock while libc is called.
pub(crate) fn files() -> MutexGuard<'static, Option<Descriptors<'static>>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}
