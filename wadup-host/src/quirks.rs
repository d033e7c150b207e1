//! What the WADUP host does differently from wasmtime, if it can hurt a guest.
//!
//! The host has its own small WASI. Here that of the other hosts serves the calls, except for these:
//!
//! - three functions of preview 1 are missing, and an unknown import ends the host's run,
//! - `random_get` gives zeros,
//! - `fd_readdir` puts entry headers of 21 instead of 24 bytes and ignores the cookie, so folders cannot be listed,
//! - nothing can be removed, renamed or linked (`ENOSYS`), and setting a file's size does nothing,
//! - `poll_oneoff` reports no event and does not wait,
//! - every clock is the wall clock,
//! - sockets answer `ENOSYS`.
//!
//! A guest that gets further folders, which the host gives none, finds and changes files as under wasmtime.
//!
//! Not reproduced, because the functions behind these are the same on the disk, where wasmtime-wasi does not let a replacement call the
//! original: `O_APPEND` is ignored, `/` itself and paths with `.`, `..` or doubled slashes are not found, `mkdir` of a folder that
//! exists succeeds.

use std::time::{SystemTime, UNIX_EPOCH};

use wadup_contract::export::MEMORY;
use wadup_contract::wasi::{HOST_FUNCTIONS, PREVIEW_1};
use wasmtime::{Caller, Extern, Linker, Module, Result};

use crate::error::Error;
use crate::state::State;

// Of the `errno` of WASI preview 1.
const SUCCESS: i32 = 0;
const ENOSYS: i32 = 52;

/// Refuses a module that the host would not instantiate.
pub(crate) fn check_imports(module: &Module) -> std::result::Result<(), Error> {
    match module
        .imports()
        .find(|import| import.module() != PREVIEW_1 || !HOST_FUNCTIONS.contains(&import.name()))
    {
        Some(import) => Err(Error::UnknownImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
        }),
        None => Ok(()),
    }
}

/// Replaces wasmtime's behavior with the host's own, except for files and folders.
pub(crate) fn replace(linker: &mut Linker<State>) -> Result<()> {
    linker.allow_shadowing(true);
    linker
        .func_wrap(
            PREVIEW_1,
            "random_get",
            |mut caller: Caller<'_, State>, buffer: u32, length: u32| {
                zero(&mut caller, buffer, length)
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

/// Replaces wasmtime's behavior with files and folders by the host's own.
pub(crate) fn replace_folders(linker: &mut Linker<State>) -> Result<()> {
    linker.allow_shadowing(true);
    linker
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
        )?;
    Ok(())
}

/// Lists the same entries from the beginning forevery folder and cookie, in the host's layout: the header lacks the padding that
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

/// Fills a part of the guest's memory with zeros; its length is the guest's choice, so nothing is allocated for it.
fn zero(caller: &mut Caller<'_, State>, pointer: u32, length: u32) -> Result<i32> {
    let memory = caller.get_export(MEMORY).and_then(Extern::into_memory);
    let start = pointer as usize;
    memory
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))?
        .data_mut(caller)
        .get_mut(start..start.saturating_add(length as usize))
        .ok_or_else(|| wasmtime::format_err!("out of bounds memory access"))?
        .fill(0);
    Ok(SUCCESS)
}

/// Writes into the guest's memory; a pointer outside it is a trap.
fn write(caller: &mut Caller<'_, State>, pointer: u32, bytes: &[u8]) -> Result<i32> {
    let memory = caller.get_export(MEMORY).and_then(Extern::into_memory);
    memory
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))?
        .write(caller, pointer as usize, bytes)?;
    Ok(SUCCESS)
}
