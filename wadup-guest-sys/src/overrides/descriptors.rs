//! The functions that work on a descriptor: `fd_*`.

use std::io::SeekFrom;

use wadup_contract::mount::MOUNT_C as MOUNT;
use wadup_embedded_fs::{AccessError, Descriptor, Descriptors, Kind};
use wasip1::{Ciovec, Errno, Fd, Fdstat, Filestat, Iovec, Prestat, PrestatDir, PrestatU, Rights};

use super::memory::{copy, slice, store};
use super::{file_status, file_type, overrides, serve};

/// The rights of a directory of the mount.
const DIRECTORY_RIGHTS: Rights = wasip1::RIGHTS_PATH_OPEN
    | wasip1::RIGHTS_FD_READDIR
    | wasip1::RIGHTS_PATH_READLINK
    | wasip1::RIGHTS_PATH_FILESTAT_GET
    | wasip1::RIGHTS_FD_FILESTAT_GET;
/// The rights of a file of the mount. Because of the right to read, `fcntl(F_GETFL)` answers `O_RDONLY`.
const FILE_RIGHTS: Rights = wasip1::RIGHTS_FD_READ
    | wasip1::RIGHTS_FD_SEEK
    | wasip1::RIGHTS_FD_TELL
    | wasip1::RIGHTS_FD_ADVISE
    | wasip1::RIGHTS_FD_FILESTAT_GET;
/// libc requests only those rights from `path_open` that the directory passes on. It passes on all of them, so that a request to write
/// reaches the mount and is refused there, instead of being dropped on the way.
const INHERITED_RIGHTS: Rights = Rights::MAX;

overrides! {
    fn fd_advise(fd: Fd, _offset: u64, _length: u64, _advice: u8) for fd {
        // Advice may be ignored.
        check_open(fd)
    }

    fn fd_allocate(fd: Fd, _offset: u64, _length: u64) for fd {
        not_open_for_writing()
    }

    fn fd_close(fd: Fd) for fd {
        serve(fd, Descriptors::close)
    }

    fn fd_datasync(fd: Fd) for fd {
        // There are no unwritten changes.
        check_open(fd)
    }

    fn fd_fdstat_get(fd: Fd, status: *mut Fdstat) for fd {
        let answer = serve(fd, |files, descriptor| {
            let node = files.node(descriptor)?;
            let (rights, inherited) = match files.image().kind(node) {
                Kind::Directory => (DIRECTORY_RIGHTS, INHERITED_RIGHTS),
                Kind::File => (FILE_RIGHTS, 0),
            };
            Ok(Fdstat {
                fs_filetype: file_type(files, node),
                fs_flags: 0,
                fs_rights_base: rights,
                fs_rights_inheriting: inherited,
            })
        })?;
        // SAFETY: `status` can be written.
        unsafe { store(status, answer) };
        Ok(())
    }

    fn fd_fdstat_set_flags(fd: Fd, flags: u16) for fd {
        check_open(fd)?;
        // Appending and synchronous writing are for files that can be written; reading never blocks.
        if flags & !wasip1::FDFLAGS_NONBLOCK == 0 { Ok(()) } else { Err(wasip1::ERRNO_NOTSUP) }
    }

    fn fd_filestat_get(fd: Fd, status: *mut Filestat) for fd {
        let answer = serve(fd, |files, descriptor| Ok(file_status(files, files.node(descriptor)?)))?;
        // SAFETY: `status` can be written.
        unsafe { store(status, answer) };
        Ok(())
    }

    fn fd_filestat_set_size(fd: Fd, _size: u64) for fd {
        not_open_for_writing()
    }

    fn fd_filestat_set_times(fd: Fd, _accessed: u64, _modified: u64, _flags: u16) for fd {
        serve(fd, |files, descriptor| files.node(descriptor).and(Err(AccessError::ReadOnly)))
    }

    fn fd_pread(fd: Fd, buffers: *const Iovec, count: usize, offset: u64, size: *mut usize) for fd {
        // SAFETY: `buffers` holds `count` buffers to read into, and `size` can be written.
        unsafe {
            read(buffers, count, size, |done, length, place| {
                serve(fd, |files, descriptor| {
                    let bytes = files.read_at(descriptor, offset.saturating_add(done), length)?;
                    copy(bytes, place);
                    Ok(bytes.len())
                })
            })
        }
    }

    fn fd_prestat_dir_name(fd: Fd, name: *mut u8, length: usize) for fd {
        check_root(fd)?;
        let bytes = MOUNT.to_bytes().get(..length).ok_or(wasip1::ERRNO_NAMETOOLONG)?;
        // SAFETY: `name` has room for `length` bytes.
        unsafe { copy(bytes, name) };
        Ok(())
    }

    fn fd_prestat_get(fd: Fd, status: *mut Prestat) for fd {
        check_root(fd)?;
        let dir = PrestatDir { pr_name_len: MOUNT.count_bytes() };
        // SAFETY: `status` can be written.
        unsafe { store(status, Prestat { tag: wasip1::PREOPENTYPE_DIR.raw(), u: PrestatU { dir } }) };
        Ok(())
    }

    fn fd_pwrite(fd: Fd, _buffers: *const Ciovec, _count: usize, _offset: u64, _size: *mut usize) for fd {
        not_open_for_writing()
    }

    fn fd_read(fd: Fd, buffers: *const Iovec, count: usize, size: *mut usize) for fd {
        // SAFETY: `buffers` holds `count` buffers to read into, and `size` can be written.
        unsafe {
            read(buffers, count, size, |_done, length, place| {
                serve(fd, |files, descriptor| {
                    let bytes = files.read(descriptor, length)?;
                    copy(bytes, place);
                    Ok(bytes.len())
                })
            })
        }
    }

    fn fd_readdir(fd: Fd, buffer: *mut u8, length: usize, cookie: u64, size: *mut usize) for fd {
        let listing = serve(fd, |files, descriptor| files.list(descriptor, cookie, length))?;
        // SAFETY: `buffer` has room for `length` bytes, and the listing is not longer; `size` can be written.
        unsafe {
            copy(&listing, buffer);
            store(size, listing.len());
        }
        Ok(())
    }

    fn fd_seek(fd: Fd, offset: i64, whence: u8, position: *mut u64) for fd {
        let to = if whence == wasip1::WHENCE_SET.raw() {
            SeekFrom::Start(offset.try_into().map_err(|_| wasip1::ERRNO_INVAL)?)
        } else if whence == wasip1::WHENCE_CUR.raw() {
            SeekFrom::Current(offset)
        } else if whence == wasip1::WHENCE_END.raw() {
            SeekFrom::End(offset)
        } else {
            return Err(wasip1::ERRNO_INVAL);
        };
        let answer = serve(fd, |files, descriptor| files.seek(descriptor, to))?;
        // SAFETY: `position` can be written.
        unsafe { store(position, answer) };
        Ok(())
    }

    fn fd_sync(fd: Fd) for fd {
        check_open(fd)
    }

    fn fd_tell(fd: Fd, position: *mut u64) for fd {
        let answer = serve(fd, |files, descriptor| files.seek(descriptor, SeekFrom::Current(0)))?;
        // SAFETY: `position` can be written.
        unsafe { store(position, answer) };
        Ok(())
    }

    fn fd_write(fd: Fd, _buffers: *const Ciovec, _count: usize, _size: *mut usize) for fd {
        not_open_for_writing()
    }
}

/// Refuses to give a descriptor another number (`dup2`).
///
/// The WADUP host lacks this function, so a module that imports it does not load. Besides, a number cannot move from the mount to the
/// host.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_fd_renumber")]
extern "C" fn fd_renumber(_from: Fd, _to: Fd) -> i32 {
    wasip1::ERRNO_NOSYS.raw().into()
}

/// Refuses to change the rights of a descriptor: the WADUP host lacks this function too, and other hosts are removing it.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_fd_fdstat_set_rights")]
extern "C" fn fd_fdstat_set_rights(_fd: Fd, _base: Rights, _inheriting: Rights) -> i32 {
    wasip1::ERRNO_NOSYS.raw().into()
}

/// Fills buffers one after the other until one is not filled, and stores the number of bytes.
///
/// `fill` gets the number of bytes read so far, and the length and address of the next buffer.
///
/// # Safety
///
/// `buffers` holds `count` buffers that can be written, and `size` can be written.
unsafe fn read(
    buffers: *const Iovec,
    count: usize,
    size: *mut usize,
    mut fill: impl FnMut(u64, usize, *mut u8) -> Result<usize, Errno>,
) -> Result<(), Errno> {
    let mut total = 0;
    // SAFETY: the caller's promise.
    for buffer in unsafe { slice(buffers, count) } {
        let filled = fill(total as u64, buffer.buf_len, buffer.buf)?;
        total += filled;
        if filled < buffer.buf_len {
            break;
        }
    }
    // SAFETY: the caller's promise.
    unsafe { store(size, total) };
    Ok(())
}

fn check_open(fd: Fd) -> Result<(), Errno> {
    serve(fd, |files, descriptor| files.node(descriptor).map(drop))
}

/// Only the root of the mount is a preopened directory.
fn check_root(fd: Fd) -> Result<(), Errno> {
    serve(fd, |_, descriptor| {
        (descriptor == Descriptor::ROOT)
            .then_some(())
            .ok_or(AccessError::BadDescriptor)
    })
}

/// The answer for a descriptor that is not open or open for reading only (POSIX, `write`).
fn not_open_for_writing() -> Result<(), Errno> {
    Err(wasip1::ERRNO_BADF)
}
