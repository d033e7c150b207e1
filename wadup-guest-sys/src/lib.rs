//! The raw layer of a wadup guest: the C shim that starts the interpreter, and the embedded file system behind libc.
//!
//! `wadup-guest` is the safe crate over this one; use that.
//!
//! # The mount
//!
//! [`mount()`] makes the files of the bundle (see [`bundle`]) readable under [`MOUNT`]. Nothing is asked of the host:
//! the guest itself answers the WASI calls that concern them.
//!
//! wasi-libc calls its host through imports named `__imported_wasi_snapshot_preview1_*`. This crate defines functions
//! of those names (`src/overrides`); the linker then binds libc to them, and they in turn import the host's. Each looks
//! at the descriptor it is given: the mount's descriptors have numbers that no host hands out, and are served by
//! [`wadup_embedded_fs`]; all others go on to the host under the number that the host gave them. libc learns of the
//! mount as of a preopened directory, beside the preopens of the host, and picks the one with the longest matching
//! path: the mount answers for `/wadup` and what is below it, the host for all else. (A host that preopens a directory
//! *below* `/wadup` is asked for that directory; wadup needs no such preopen.)
//!
//! # Who sees the mount
//!
//! All that goes through libc: CPython, C and C++ libraries, and Rust's `std::fs`, which on `wasm32-wasip1` is built on
//! libc's `open`, `read`, `stat` and `readdir` (Rust 1.95). Code that imports `wasi_snapshot_preview1` itself, as the
//! crate `wasip1` and std's own `std::os::wasi` extensions (`FileExt::advise`, `fdstat_set_flags`) do, reaches the host
//! only: the host's descriptors have the same numbers for it, the mount's are `EBADF`.
//!
//! Without a preopened `/` there is no root directory in the guest: `/wadup` can be used, `/` itself not.
//!
//! # What the mount answers
//!
//! Reading is complete: `open`, `read`, `pread`, `lseek`, `stat`, `fstat`, `opendir`. All times are 0. Changing
//! anything is refused with `EROFS`, writing to an open file with `EBADF`, renaming or linking between the mount and the
//! host with `EXDEV`, and leaving the mount by `..` with `ENOTCAPABLE`. `dup2` (`fd_renumber`) is refused with
//! `ENOSYS`, for host descriptors too: the WADUP host does not have it, and a module that imported it would not load.
//!
//! # Linking
//!
//! The overrides have fixed symbol names, so rustc keeps them in every executable and cdylib that depends on this crate,
//! whatever the optimisation, and lists them among the exports of the module. They import 31 functions of preview 1, all
//! of which the WADUP host has. Nothing has to be added to the link line but the objects that define what this crate
//! declares: the shim and the bundle.

// The crate that exists for it: all of it speaks to libc, to the linker or to the host.
#![allow(unsafe_code)]

mod environment;
#[cfg(target_os = "wasi")]
mod errno;
mod mount;
#[cfg(target_os = "wasi")]
mod overrides;
mod shim;

pub use environment::{arguments, environment};
pub use mount::{MOUNT, MountError, forget_preopens, mount};
pub use shim::{Module, bundle, wadup_shim_stack, wadup_shim_start};
