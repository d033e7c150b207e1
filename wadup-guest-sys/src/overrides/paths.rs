//! The functions that make descriptors or work on a path: `path_*` and `sock_accept`.

use wadup_embedded_fs::{AccessError, OpenOptions};
use wasip1::{Fd, Filestat, Rights};

use super::memory::{path, store};
use super::{answer, file_status, is_mount, number, overrides, serve};

overrides! {
    fn path_create_directory(fd: Fd, name: *const u8, length: usize) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        serve(fd, |files, base| Err(files.refuse_creation(base, name)))
    }

    fn path_filestat_get(fd: Fd, _flags: u32, name: *const u8, length: usize, status: *mut Filestat) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        let answer = serve(fd, |files, base| Ok(file_status(files, files.lookup(base, name)?)))?;
        // SAFETY: `status` can be written.
        unsafe { store(status, answer) };
        Ok(())
    }

    fn path_filestat_set_times(
        fd: Fd,
        _flags: u32,
        name: *const u8,
        length: usize,
        _accessed: u64,
        _modified: u64,
        _which: u16,
    ) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        serve(fd, |files, base| Err(files.refuse_change(base, name)))
    }

    fn path_link(
        old_fd: Fd,
        _old_flags: u32,
        old_name: *const u8,
        old_length: usize,
        new_fd: Fd,
        new_name: *const u8,
        new_length: usize,
    ) for old_fd, new_fd {
        if !(is_mount(old_fd) && is_mount(new_fd)) {
            return Err(wasip1::ERRNO_XDEV);
        }
        // SAFETY: two paths and their lengths.
        let (old_name, new_name) = unsafe { (path(old_name, old_length)?, path(new_name, new_length)?) };
        serve(old_fd, |files, base| files.lookup(base, old_name))?;
        serve(new_fd, |files, base| Err(files.refuse_creation(base, new_name)))
    }

    fn path_readlink(
        fd: Fd,
        name: *const u8,
        length: usize,
        _buffer: *mut u8,
        _buffer_length: usize,
        _size: *mut usize,
    ) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        // The mount has no symbolic links, and for other files this is POSIX's answer.
        serve(fd, |files, base| files.lookup(base, name).and(Err(AccessError::Invalid)))
    }

    fn path_remove_directory(fd: Fd, name: *const u8, length: usize) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        serve(fd, |files, base| Err(files.refuse_change(base, name)))
    }

    fn path_rename(
        old_fd: Fd,
        old_name: *const u8,
        old_length: usize,
        new_fd: Fd,
        _new_name: *const u8,
        _new_length: usize,
    ) for old_fd, new_fd {
        if !(is_mount(old_fd) && is_mount(new_fd)) {
            return Err(wasip1::ERRNO_XDEV);
        }
        // SAFETY: a path and its length.
        let old_name = unsafe { path(old_name, old_length) }?;
        serve(old_fd, |files, base| Err(files.refuse_change(base, old_name)))
    }

    fn path_symlink(_target: *const u8, _target_length: usize, fd: Fd, name: *const u8, length: usize) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        serve(fd, |files, base| Err(files.refuse_creation(base, name)))
    }

    fn path_unlink_file(fd: Fd, name: *const u8, length: usize) for fd {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        serve(fd, |files, base| Err(files.refuse_change(base, name)))
    }
}

/// The host's functions that open descriptors, and the one that closes them.
mod host_descriptors {
    use super::{Fd, Rights};

    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub(super) fn fd_close(fd: Fd) -> i32;
        pub(super) fn path_open(
            fd: Fd,
            lookup_flags: u32,
            name: *const u8,
            length: usize,
            open_flags: u16,
            rights: Rights,
            inherited_rights: Rights,
            descriptor_flags: u16,
            opened: *mut Fd,
        ) -> i32;
        pub(super) fn sock_accept(fd: Fd, flags: u16, accepted: *mut Fd) -> i32;
    }
}

/// Opens a path in the mount or on the host.
///
/// # Safety
///
/// `name` and `length` are a path, and `opened` can be written.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_path_open")]
unsafe extern "C" fn path_open(
    fd: Fd,
    lookup_flags: u32,
    name: *const u8,
    length: usize,
    open_flags: u16,
    rights: Rights,
    inherited_rights: Rights,
    descriptor_flags: u16,
    opened: *mut Fd,
) -> i32 {
    if !is_mount(fd) {
        // SAFETY: the caller's arguments, for the function that it called.
        unsafe {
            let code = host_descriptors::path_open(
                fd,
                lookup_flags,
                name,
                length,
                open_flags,
                rights,
                inherited_rights,
                descriptor_flags,
                opened,
            );
            return keep_apart(code, opened);
        }
    }
    let options = OpenOptions {
        directory: open_flags & wasip1::OFLAGS_DIRECTORY != 0,
        create: open_flags & wasip1::OFLAGS_CREAT != 0,
        exclusive: open_flags & wasip1::OFLAGS_EXCL != 0,
        truncate: open_flags & wasip1::OFLAGS_TRUNC != 0,
        write: rights & wasip1::RIGHTS_FD_WRITE != 0,
    };
    answer(|| {
        // SAFETY: a path and its length.
        let name = unsafe { path(name, length) }?;
        let descriptor = serve(fd, |files, base| files.open(base, name, options))?;
        // SAFETY: `opened` can be written.
        unsafe { store(opened, number(descriptor)) };
        Ok(())
    })
}

/// Accepts a connection on the host.
///
/// # Safety
///
/// `accepted` can be written.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_sock_accept")]
unsafe extern "C" fn sock_accept(fd: Fd, flags: u16, accepted: *mut Fd) -> i32 {
    // SAFETY: the caller's arguments, for the function that it called.
    unsafe { keep_apart(host_descriptors::sock_accept(fd, flags, accepted), accepted) }
}

/// Keeps the mount's numbers free: if the host opened a descriptor under one of them, closes it and answers `ENFILE`.
///
/// # Safety
///
/// If `code` is success, the host has stored a new descriptor at `opened`.
unsafe fn keep_apart(code: i32, opened: *mut Fd) -> i32 {
    let success = i32::from(wasip1::ERRNO_SUCCESS.raw());
    // SAFETY: the caller's promise.
    if code != success || !is_mount(unsafe { opened.read() }) {
        return code;
    }
    // SAFETY: the caller's promise. The host's answer makes no difference to the caller.
    unsafe { host_descriptors::fd_close(opened.read()) };
    wasip1::ERRNO_NFILE.raw().into()
}
