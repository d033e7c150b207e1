//! The raw layer of a wadup guest: the C shim that starts the interpreter, and the embedded file system behind libc.
//!
//! Use `wadup-guest`, the safe crate over this one.
//!
//! # The mount
//!
//! [`mount()`] makes the files of the bundle (see [`bundle`]) readable under [`MOUNT`](wadup_contract::mount::MOUNT). The guest itself
//! answers the WASI calls that concern them; the host sees none of these.
//!
//! wasi-libc calls its host through imports named `__imported_wasi_snapshot_preview1_*`. This crate defines functions
//! of those names (`src/overrides`); the linker binds libc to them, and they import the host's. Each looks at its descriptor: those of
//! the mount have numbers that hosts do not use, and [`wadup_embedded_fs`] serves them; all others go to the host under their own
//! numbers. For libc the mount is a preopened directory beside those of the host, and it picks the one with the longest matching
//! path: the mount answers for `/wadup` and below, the host for everything else. (If a host preopens a directory *below* `/wadup`, it
//! answers for that directory; wadup needs no such preopen.)
//!
//! # Who sees the mount
//!
//! Everything that goes through libc: CPython, C and C++ libraries, and Rust's `std::fs`, which on `wasm32-wasip1` is built on
//! libc's `open`, `read`, `stat` and `readdir` (Rust 1.95). Code that imports `wasi_snapshot_preview1` itself, such as the
//! crate `wasip1` and std's own `std::os::wasi` extensions (`FileExt::advise`, `fdstat_set_flags`), reaches only the host:
//! it sees the host's descriptors under the same numbers, and the mount's are `EBADF`.
//!
//! If the host does not preopen `/`, the guest has no root directory: `/wadup` can be used, but `/` cannot.
//!
//! # What the mount answers
//!
//! All ways of reading work: `open`, `read`, `pread`, `lseek`, `stat`, `fstat`, `opendir`. All times are 0. Changing
//! anything is refused with `EROFS`, writing to an open file with `EBADF`, renaming or linking between the mount and the
//! host with `EXDEV`, and leaving the mount by `..` with `ENOTCAPABLE`. `dup2` (`fd_renumber`) is refused with
//! `ENOSYS`, for host descriptors too: the WADUP host lacks it, and would not load a module that imports it.
//!
//! # Linking
//!
//! The overrides have fixed symbol names, so rustc keeps them in every executable and cdylib that depends on this crate,
//! at every level of optimization, and lists them among the exports of the module. They import 31 functions of preview 1, all
//! of which the WADUP host provides. The link line needs only the objects that define what this crate declares: the shim and the
//! bundle.

// All of this crate speaks to libc, to CPython, to the linker or to the host.
#![allow(unsafe_code)]

mod constructors;
mod environment;
#[cfg(target_os = "wasi")]
mod errno;
mod interpreter;
mod mount;
#[cfg(target_os = "wasi")]
mod overrides;
mod python_stack;
mod shim;
mod snapshot;
mod streams;

pub use constructors::{constructors_have_run, run_constructors};
pub use environment::{arguments, environment};
pub use interpreter::{Hashes, start};
pub use mount::{MountError, forget_preopens, mount};
pub use python_stack::dump_python_stack;
pub use shim::{InittabEntry, bundle};
pub use snapshot::keep_environment_reads;
pub use streams::flush_c_streams;
