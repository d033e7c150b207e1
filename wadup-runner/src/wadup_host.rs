//! What the WADUP host does differently from wasmtime, as far as it can hurt a guest.
//!
//! The host has its own small WASI. Here wasmtime's serves the same calls and only these are replaced:
//!
//! - three functions of preview 1 are missing, and an unknown import ends the host's run,
//! - `random_get` gives zeros,
//! - `fd_readdir` puts entry headers of 21 instead of 24 bytes and ignores the cookie, so folders cannot be listed,
//! - nothing can be removed, renamed or linked (`ENOSYS`), and setting a file's size does nothing,
//! - `poll_oneoff` reports no event and does not wait,
//! - every clock is the wall clock,
//! - sockets answer `ENOSYS`.
//!
//! Not reproduced, because wasmtime-wasi does not let a replacement call the original: `O_APPEND` is ignored, `/` itself and paths
//! with `.`, `..` or doubled slashes are not found, `mkdir` of a folder that exists succeeds.

use std::time::{SystemTime, UNIX_EPOCH};

use wasmtime::{Caller, Extern, Linker, Module, Result};

use crate::error::Error;
use crate::state::State;

const PREVIEW_1: &str = "wasi_snapshot_preview1";

/// Everything the host provides.
const PROVIDED: [&str; 43] = [
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_get",
    "fd_prestat_dir_name",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_seek",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

// Of the `errno` of WASI preview 1.
const SUCCESS: i32 = 0;
const ENOSYS: i32 = 52;

/// Refuses a module that the host would not instantiate.
pub(crate) fn check_imports(module: &Module) -> std::result::Result<(), Error> {
    match module
        .imports()
        .find(|import| import.module() != PREVIEW_1 || !PROVIDED.contains(&import.name()))
    {
        Some(import) => Err(Error::UnknownImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
        }),
        None => Ok(()),
    }
}

/// Puts the host's own behaviour in the place of wasmtime's.
pub(crate) fn replace(linker: &mut Linker<State>) -> Result<()> {
    linker.allow_shadowing(true);
    linker
        .func_wrap(
            PREVIEW_1,
            "random_get",
            |mut caller: Caller<'_, State>, buffer: u32, length: u32| {
                write(&mut caller, buffer, &vec![0; length as usize])
            },
        )?
        .func_wrap(
            PREVIEW_1,
            "clock_res_get",
            |mut caller: Caller<'_, State>, _clock: i32, resolution: u32| {
                write(&mut caller, resolution, &1_u64.to_le_bytes())
            },
        )?
        .func_wrap(
            PREVIEW_1,
            "clock_time_get",
            |mut caller: Caller<'_, State>, _clock: i32, _precision: i64, time: u32| {
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
                write(&mut caller, time, &u64::try_from(now)?.to_le_bytes())
            },
        )?
        .func_wrap(
            PREVIEW_1,
            "poll_oneoff",
            |mut caller: Caller<'_, State>,
             _in: i32,
             _out: i32,
             _subscriptions: i32,
             events: u32| { write(&mut caller, events, &0_u32.to_le_bytes()) },
        )?
        .func_wrap(PREVIEW_1, "fd_readdir", list_malformed)?
        .func_wrap(PREVIEW_1, "fd_filestat_set_size", |_fd: i32, _size: i64| {
            SUCCESS
        })?
        .func_wrap(PREVIEW_1, "path_unlink_file", |_: i32, _: i32, _: i32| {
            ENOSYS
        })?
        .func_wrap(
            PREVIEW_1,
            "path_remove_directory",
            |_: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(
            PREVIEW_1,
            "path_rename",
            |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(
            PREVIEW_1,
            "path_link",
            |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(
            PREVIEW_1,
            "path_symlink",
            |_: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(
            PREVIEW_1,
            "path_readlink",
            |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(PREVIEW_1, "sock_accept", |_: i32, _: i32, _: i32| ENOSYS)?
        .func_wrap(
            PREVIEW_1,
            "sock_recv",
            |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(
            PREVIEW_1,
            "sock_send",
            |_: i32, _: i32, _: i32, _: i32, _: i32| ENOSYS,
        )?
        .func_wrap(PREVIEW_1, "sock_shutdown", |_: i32, _: i32| ENOSYS)?;
    Ok(())
}

/// Lists the same entries from the beginning for every folder and cookie, in the host's layout: the header lacks the padding that
/// `dirent` of WASI preview 1 has after `d_type`.
fn list_malformed(
    mut caller: Caller<'_, State>,
    _fd: i32,
    buffer: u32,
    capacity: u32,
    _cookie: i64,
    used: u32,
) -> Result<i32> {
    const REGULAR_FILE: u8 = 4;
    let mut listing = Vec::new();
    for (index, name) in ["data.bin", "metadata", "subcontent", "tmp"]
        .into_iter()
        .enumerate()
    {
        listing.extend_from_slice(&(index as u64 + 1).to_le_bytes());
        listing.extend_from_slice(&0_u64.to_le_bytes());
        listing.extend_from_slice(&(name.len() as u32).to_le_bytes());
        listing.push(REGULAR_FILE);
        listing.extend_from_slice(name.as_bytes());
    }
    listing.truncate(capacity as usize);
    write(&mut caller, used, &(listing.len() as u32).to_le_bytes())?;
    write(&mut caller, buffer, &listing)
}

/// Writes into the guest's memory; a pointer outside it is a trap.
fn write(caller: &mut Caller<'_, State>, pointer: u32, bytes: &[u8]) -> Result<i32> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory);
    memory
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))?
        .write(caller, pointer as usize, bytes)?;
    Ok(SUCCESS)
}
