//! The WASI functions that libc calls: the mount answers first, then the host.
//!
//! Names, parameters and their meaning are those of the preview 1 specification
//! (`wasi_snapshot_preview1.witx`). If a call does not concern the mount, the override passes its arguments to the host unchanged.
//!
//! They may run at any time, also before [`mount`](crate::mount()) and from C constructors: until something is mounted,
//! no descriptor belongs to the mount, and every call goes to the host. `sock_recv`, `sock_send` and `sock_shutdown` have no
//! override, as the mount has no sockets and a host does not know its numbers. The rest of preview 1 does not use descriptors.

mod descriptors;
mod memory;
mod paths;
mod waiting;

use wadup_embedded_fs::{AccessError, Descriptor, Descriptors, Kind, Node};
use wasip1::{Errno, Fd, Filestat, Filetype};

use crate::errno::errno;
use crate::mount::{MOUNT_DESCRIPTOR, files};

/// Distinguishes the mount from the host's file systems when files are compared, as by `os.path.samefile`.
const DEVICE: u64 = u64::from_be_bytes(*b"\0\0\0wadup");

/// Defines overrides: each serves the mount if it has one of the named descriptors, else calls the host.
macro_rules! overrides {
    ($(
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) for $($descriptor:ident),+ $body:block
    )*) => {
        mod host {
            use super::*;

            #[link(wasm_import_module = "wasi_snapshot_preview1")]
            unsafe extern "C" {
                $(pub(super) fn $name($($argument: $type),*) -> i32;)*
            }
        }

        $(
            #[unsafe(export_name = concat!("__imported_wasi_snapshot_preview1_", stringify!($name)))]
            unsafe extern "C" fn $name($($argument: $type),*) -> i32 {
                if !($($crate::overrides::is_mount($descriptor))||+) {
                    // SAFETY: the caller's arguments, for the function that it called.
                    return unsafe { host::$name($($argument),*) };
                }
                $crate::overrides::answer(|| $body)
            }
        )*
    };
}
use overrides;

/// Whether the mount answers for a descriptor: for its own, and for the numbers that are negative in C, which are never valid.
///
/// A host might accept those: the WADUP host sets the size of any descriptor "successfully".
fn is_mount(descriptor: Fd) -> bool {
    descriptor >= MOUNT_DESCRIPTOR
}

/// Uses the file system for one of the mount's descriptors.
fn serve<T>(
    descriptor: Fd,
    operation: impl FnOnce(&mut Descriptors<'static>, Descriptor) -> Result<T, AccessError>,
) -> Result<T, Errno> {
    let number = descriptor
        .checked_sub(MOUNT_DESCRIPTOR)
        .ok_or(wasip1::ERRNO_BADF)?;
    let mut files = files();
    let files = files.as_mut().ok_or(wasip1::ERRNO_BADF)?;
    operation(files, Descriptor::from_number(number)).map_err(errno)
}

/// The number by which libc knows a descriptor of the file system.
fn number(descriptor: Descriptor) -> Fd {
    MOUNT_DESCRIPTOR + descriptor.number()
}

/// Runs the mount's part of an override, and returns the status of a WASI function.
fn answer(serve: impl FnOnce() -> Result<(), Errno>) -> i32 {
    serve().err().unwrap_or(wasip1::ERRNO_SUCCESS).raw().into()
}

fn file_type(files: &Descriptors<'_>, node: Node) -> Filetype {
    match files.image().kind(node) {
        Kind::File => wasip1::FILETYPE_REGULAR_FILE,
        Kind::Directory => wasip1::FILETYPE_DIRECTORY,
    }
}

fn file_status(files: &Descriptors<'_>, node: Node) -> Filestat {
    Filestat {
        dev: DEVICE,
        ino: files.image().inode(node),
        filetype: file_type(files, node),
        nlink: 1,
        size: files.image().size(node),
        atim: 0,
        mtim: 0,
        ctim: 0,
    }
}
