//! WASI preview 1 on files in memory: nothing that a guest does reaches the disk.
//!
//! wasmtime-wasi knows only folders of the host. These functions answer as its own do, from [`crate::vfs`] instead. `files`, `paths`
//! and `process` are the functions themselves, with `memory` and `stat` for what they read and write in the guest.

mod files;
mod memory;
mod paths;
mod process;
mod stat;

use wadup_contract::wasi::PREVIEW_1;
use wasmtime::{Caller, Linker, Result};
use wasmtime_wasi::I32Exit;

pub(crate) use self::memory::parts;
use crate::state::State;
use crate::vfs::{Answer, Fault};

/// The `errno` for the guest.
fn errno(answer: Answer) -> Result<i32> {
    match answer {
        Ok(()) => Ok(0),
        Err(Fault::Errno(errno)) => Ok(errno as i32),
        Err(Fault::Stop(error)) => Err(error),
    }
}

macro_rules! provide {
    ($linker:ident: $($module:ident::$name:ident($($argument:ident: $kind:ty),*);)*) => {
        $($linker.func_wrap(
            PREVIEW_1,
            stringify!($name),
            |mut caller: Caller<'_, State>, $($argument: $kind),*| {
                errno(parts(&mut caller).and_then(|(mut memory, state)| {
                    $module::$name(&mut memory, state, $($argument),*)
                }))
            },
        )?;)*
    };
}

/// Provides every function of preview 1.
#[rustfmt::skip]
pub(crate) fn provide(linker: &mut Linker<State>) -> Result<()> {
    provide! { linker:
        process::args_get(pointers: u32, buffer: u32);
        process::args_sizes_get(count: u32, bytes: u32);
        process::environ_get(pointers: u32, buffer: u32);
        process::environ_sizes_get(count: u32, bytes: u32);
        process::clock_res_get(clock: u32, result: u32);
        process::clock_time_get(clock: u32, precision: u64, result: u32);
        process::poll_oneoff(subscriptions: u32, events: u32, count: u32, result: u32);
        process::random_get(buffer: u32, length: u32);
        process::sched_yield();
        process::proc_raise(signal: u32);
        process::sock_accept(fd: u32, flags: u32, result: u32);
        process::sock_recv(fd: u32, vector: u32, count: u32, flags: u32, result: u32, flags_result: u32);
        process::sock_send(fd: u32, vector: u32, count: u32, flags: u32, result: u32);
        process::sock_shutdown(fd: u32, how: u32);
        files::fd_advise(fd: u32, offset: u64, length: u64, advice: u32);
        files::fd_allocate(fd: u32, offset: u64, length: u64);
        files::fd_close(fd: u32);
        files::fd_datasync(fd: u32);
        files::fd_fdstat_get(fd: u32, pointer: u32);
        files::fd_fdstat_set_flags(fd: u32, flags: u32);
        files::fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
        files::fd_filestat_get(fd: u32, pointer: u32);
        files::fd_filestat_set_size(fd: u32, size: u64);
        files::fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, flags: u32);
        files::fd_pread(fd: u32, vector: u32, count: u32, offset: u64, result: u32);
        files::fd_prestat_dir_name(fd: u32, pointer: u32, length: u32);
        files::fd_prestat_get(fd: u32, pointer: u32);
        files::fd_pwrite(fd: u32, vector: u32, count: u32, offset: u64, result: u32);
        files::fd_read(fd: u32, vector: u32, count: u32, result: u32);
        files::fd_readdir(fd: u32, pointer: u32, capacity: u32, cookie: u64, result: u32);
        files::fd_renumber(from: u32, to: u32);
        files::fd_seek(fd: u32, offset: i64, whence: u32, result: u32);
        files::fd_sync(fd: u32);
        files::fd_tell(fd: u32, result: u32);
        files::fd_write(fd: u32, vector: u32, count: u32, result: u32);
        paths::path_create_directory(fd: u32, path: u32, length: u32);
        paths::path_filestat_get(fd: u32, lookup: u32, path: u32, length: u32, result: u32);
        paths::path_filestat_set_times(fd: u32, lookup: u32, path: u32, length: u32, accessed: u64, modified: u64, flags: u32);
        paths::path_link(from: u32, lookup: u32, from_path: u32, from_length: u32, to: u32, to_path: u32, to_length: u32);
        paths::path_open(fd: u32, lookup: u32, path: u32, length: u32, oflags: u32, rights: u64, inheriting: u64, fdflags: u32, result: u32);
        paths::path_readlink(fd: u32, path: u32, length: u32, buffer: u32, capacity: u32, result: u32);
        paths::path_remove_directory(fd: u32, path: u32, length: u32);
        paths::path_rename(from: u32, from_path: u32, from_length: u32, to: u32, to_path: u32, to_length: u32);
        paths::path_symlink(target: u32, target_length: u32, fd: u32, path: u32, length: u32);
        paths::path_unlink_file(fd: u32, path: u32, length: u32);
    }
    linker.func_wrap(PREVIEW_1, "proc_exit", |status: i32| -> Result<()> {
        Err(I32Exit(status).into())
    })?;
    Ok(())
}
