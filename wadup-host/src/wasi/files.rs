//! The functions on descriptors: `fd_*` of preview 1.

use super::memory::Memory;
use super::stat::{self, Filetype, times};
use crate::state::State;
use crate::vfs::{Answer, Descriptor, Errno, File};

/// `fdflags`.
pub(crate) const APPEND: u16 = 1;
const NONBLOCK: u16 = 4;

pub(crate) fn fd_advise(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _offset: u64,
    _length: u64,
    advice: u32,
) -> Answer {
    state.vfs()?.descriptors.file(fd)?;
    if advice > 5 {
        return Err(Errno::Inval.into());
    }
    Ok(())
}

pub(crate) fn fd_allocate(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _offset: u64,
    _length: u64,
) -> Answer {
    state.vfs()?.descriptors.file(fd)?;
    Err(Errno::Notsup.into())
}

pub(crate) fn fd_close(_: &mut Memory, state: &mut State, fd: u32) -> Answer {
    let vfs = state.vfs()?;
    let closed = vfs.descriptors.remove(fd)?;
    match closed {
        Descriptor::File(File { node, .. }) | Descriptor::Folder { node, .. } => {
            vfs.tree.close(node)
        }
        Descriptor::Input | Descriptor::Stream(_) => Ok(()),
    }
}

pub(crate) fn fd_datasync(_: &mut Memory, state: &mut State, fd: u32) -> Answer {
    state.vfs()?.descriptors.node(fd)?;
    Ok(())
}

pub(crate) fn fd_sync(memory: &mut Memory, state: &mut State, fd: u32) -> Answer {
    fd_datasync(memory, state, fd)
}

pub(crate) fn fd_fdstat_get(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    pointer: u32,
) -> Answer {
    let bytes = stat::of_descriptor(state.vfs()?.descriptors.get(fd)?);
    memory.put(pointer, &bytes)
}

pub(crate) fn fd_fdstat_set_flags(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    flags: u32,
) -> Answer {
    let file = state.vfs()?.descriptors.file_mut(fd)?;
    if flags & !u32::from(APPEND | NONBLOCK) != 0 {
        return Err(Errno::Inval.into());
    }
    file.flags = flags as u16;
    Ok(())
}

pub(crate) fn fd_fdstat_set_rights(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _base: u64,
    _inheriting: u64,
) -> Answer {
    state.vfs()?.descriptors.get(fd)?;
    Err(Errno::Notsup.into())
}

pub(crate) fn fd_filestat_get(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    pointer: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let bytes = match vfs.descriptors.get(fd)? {
        Descriptor::Input | Descriptor::Stream(_) => stat::of_stream(),
        Descriptor::Folder { node, .. } | Descriptor::File(File { node, .. }) => {
            stat::of_node(vfs.tree.get(*node)?)
        }
    };
    memory.put(pointer, &bytes)
}

pub(crate) fn fd_filestat_set_size(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    size: u64,
) -> Answer {
    let vfs = state.vfs()?;
    let file = vfs.descriptors.file(fd)?;
    if !file.is_writable {
        return Err(Errno::Inval.into());
    }
    vfs.tree.resize(file.node, size)
}

pub(crate) fn fd_filestat_set_times(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    accessed: u64,
    modified: u64,
    flags: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let node = vfs.descriptors.node(fd)?;
    times(vfs.tree.get_mut(node)?, accessed, modified, flags)
}

pub(crate) fn fd_pread(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    vector: u32,
    count: u32,
    offset: u64,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let file = vfs.descriptors.seekable(fd)?;
    if !file.is_readable {
        return Err(Errno::Badf.into());
    }
    let node = file.node;
    let mut done: u32 = 0;
    for buffer in memory.buffers(vector, count)? {
        let buffer = memory.of_mut(buffer)?;
        let read = vfs
            .tree
            .read(node, offset.saturating_add(done.into()), buffer)?;
        done += read as u32;
        if read < buffer.len() {
            break;
        }
    }
    memory.put_u32(result, done)
}

pub(crate) fn fd_read(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    vector: u32,
    count: u32,
    result: u32,
) -> Answer {
    let offset = match state.vfs()?.descriptors.get(fd)? {
        Descriptor::Input => return memory.put_u32(result, 0),
        Descriptor::File(file) => file.offset,
        _ => return Err(Errno::Badf.into()),
    };
    fd_pread(memory, state, fd, vector, count, offset, result)?;
    let read = memory.u32(result)?;
    state.vfs()?.descriptors.file_mut(fd)?.offset = offset.saturating_add(read.into());
    Ok(())
}

pub(crate) fn fd_pwrite(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    vector: u32,
    count: u32,
    offset: u64,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let file = vfs.descriptors.seekable(fd)?;
    if !file.is_writable {
        return Err(Errno::Badf.into());
    }
    let node = file.node;
    let mut done: u32 = 0;
    for buffer in memory.buffers(vector, count)? {
        let bytes = memory.of(buffer)?;
        vfs.tree
            .write(node, offset.saturating_add(done.into()), bytes)?;
        done += bytes.len() as u32;
    }
    memory.put_u32(result, done)
}

pub(crate) fn fd_write(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    vector: u32,
    count: u32,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let offset = match vfs.descriptors.get(fd)? {
        &Descriptor::Stream(stream) => {
            let capture = state.capture(stream);
            let mut done: u32 = 0;
            for buffer in memory.buffers(vector, count)? {
                let bytes = memory.of(buffer)?;
                capture.write(bytes)?;
                done += bytes.len() as u32;
            }
            return memory.put_u32(result, done);
        }
        Descriptor::File(file) if file.flags & APPEND != 0 => {
            vfs.tree.content(file.node)?.len() as u64
        }
        Descriptor::File(file) => file.offset,
        _ => return Err(Errno::Badf.into()),
    };
    fd_pwrite(memory, state, fd, vector, count, offset, result)?;
    let written = memory.u32(result)?;
    state.vfs()?.descriptors.file_mut(fd)?.offset = offset.saturating_add(written.into());
    Ok(())
}

pub(crate) fn fd_prestat_get(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    pointer: u32,
) -> Answer {
    let path = preopened(state, fd)?;
    memory.put_u32(pointer, 0)?;
    memory.put_u32(pointer.saturating_add(4), path.len() as u32)
}

pub(crate) fn fd_prestat_dir_name(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    pointer: u32,
    length: u32,
) -> Answer {
    let path = preopened(state, fd)?;
    if path.len() > length as usize {
        return Err(Errno::Nametoolong.into());
    }
    memory.put(pointer, path.as_bytes())
}

fn preopened(state: &mut State, fd: u32) -> Answer<&'static str> {
    match state.vfs()?.descriptors.get(fd)? {
        Descriptor::Folder {
            preopened: Some(path),
            ..
        } => Ok(path),
        _ => Err(Errno::Badf.into()),
    }
}

pub(crate) fn fd_readdir(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    pointer: u32,
    capacity: u32,
    cookie: u64,
    result: u32,
) -> Answer {
    /// The cookies of `.` and `..`; those of other entries come after them.
    const DOTS: [(u64, &str); 2] = [(1, "."), (2, "..")];
    let vfs = state.vfs()?;
    let folder = vfs.descriptors.folder(fd)?;
    let dots = DOTS.into_iter().map(|(next, name)| (next, name, folder));
    let entries = vfs.tree.folder(folder)?.after(cookie.saturating_sub(2));
    let entries = entries.map(|(number, name, id)| (number.saturating_add(2), name, id));
    let buffer = memory.slice_mut(pointer, capacity)?;
    let mut used = 0;
    for (next, name, id) in dots.filter(|(next, ..)| *next > cookie).chain(entries) {
        let entry = stat::entry(next, vfs.tree.get(id)?, name);
        for part in [&entry[..], name.as_bytes()] {
            let length = part.len().min(buffer.len() - used);
            buffer[used..used + length].copy_from_slice(&part[..length]);
            used += length;
        }
        if used == buffer.len() {
            break;
        }
    }
    memory.put_u32(result, used as u32)
}

pub(crate) fn fd_renumber(_: &mut Memory, state: &mut State, from: u32, to: u32) -> Answer {
    let vfs = state.vfs()?;
    vfs.descriptors.get(from)?;
    vfs.descriptors.get(to)?;
    if from == to {
        return Ok(());
    }
    let replaced = vfs.descriptors.remove(to)?;
    let moved = vfs.descriptors.remove(from)?;
    vfs.descriptors.put(to, moved);
    match replaced {
        Descriptor::File(File { node, .. }) | Descriptor::Folder { node, .. } => {
            vfs.tree.close(node)
        }
        Descriptor::Input | Descriptor::Stream(_) => Ok(()),
    }
}

pub(crate) fn fd_seek(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    offset: i64,
    whence: u32,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let file = vfs.descriptors.seekable(fd)?;
    let base = match whence {
        0 => 0,
        1 => file.offset,
        2 => vfs.tree.content(file.node)?.len() as u64,
        _ => return Err(Errno::Inval.into()),
    };
    let position = base.checked_add_signed(offset).ok_or(Errno::Inval)?;
    file.offset = position;
    memory.put_u64(result, position)
}

pub(crate) fn fd_tell(memory: &mut Memory, state: &mut State, fd: u32, result: u32) -> Answer {
    let offset = state.vfs()?.descriptors.seekable(fd)?.offset;
    memory.put_u64(result, offset)
}

impl Descriptor {
    /// The type that the guest is told.
    pub(crate) fn filetype(&self) -> Filetype {
        match self {
            // Neither a terminal, which would be a character device, nor a file.
            Self::Input | Self::Stream(_) => Filetype::Unknown,
            Self::Folder { .. } => Filetype::Folder,
            Self::File(_) => Filetype::Regular,
        }
    }
}
