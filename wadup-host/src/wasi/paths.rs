//! The functions on paths: `path_*` of preview 1.

use super::memory::Memory;
use super::stat::{self, READ, WRITE, times};
use crate::state::State;
use crate::vfs::tree::{Content, Kind};
use crate::vfs::{Answer, Descriptor, Errno, File, MAX_PATH, Place, Vfs};

// `oflags`.
const CREATE: u32 = 1;
const FOLDER: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;

/// `lookupflags`.
const FOLLOW: u32 = 1;

// `fdflags`.
const DSYNC: u32 = 2;
const RSYNC: u32 = 8;
const SYNC: u32 = 16;

/// Where a path of the guest leads.
fn place(
    memory: &Memory,
    vfs: &Vfs,
    fd: u32,
    path: u32,
    length: u32,
    follow: bool,
) -> Answer<Place> {
    let start = vfs.descriptors.folder(fd)?;
    vfs.tree.resolve(start, memory.text(path, length)?, follow)
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn path_open(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    oflags: u32,
    rights: u64,
    _inheriting: u64,
    fdflags: u32,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let is_new = oflags & (CREATE | EXCLUSIVE) == CREATE | EXCLUSIVE;
    let follow = lookup & FOLLOW != 0 && !is_new;
    if fdflags & (DSYNC | RSYNC | SYNC) != 0 {
        return Err(Errno::Notsup.into());
    }
    if oflags & FOLDER != 0 && oflags & (CREATE | EXCLUSIVE | TRUNCATE) != 0 {
        return Err(Errno::Inval.into());
    }
    let place = place(memory, vfs, fd, path, length, follow)?;
    // Without a number for it, no file is made and none loses its bytes.
    let number = vfs.descriptors.free()?;
    let is_writable = rights & WRITE != 0;
    let node = match place.node {
        Some(_) if is_new => return Err(Errno::Exist.into()),
        Some(node) => node,
        None if oflags & CREATE == 0 => return Err(Errno::Noent.into()),
        None if place.is_folder => return Err(Errno::Isdir.into()),
        None => {
            let empty = Kind::File(Content::Own(Vec::new()));
            vfs.tree.create(place.folder, &place.name, empty)?
        }
    };
    let descriptor = match &vfs.tree.get(node)?.kind {
        Kind::Folder(_) if is_writable || oflags & (CREATE | TRUNCATE) != 0 => {
            return Err(Errno::Isdir.into());
        }
        Kind::Folder(_) => Descriptor::Folder {
            node,
            preopened: None,
        },
        _ if oflags & FOLDER != 0 => return Err(Errno::Notdir.into()),
        Kind::Link(_) => return Err(Errno::Loop.into()),
        Kind::File(_) => Descriptor::File(File {
            node,
            offset: 0,
            is_readable: rights & READ != 0 || !is_writable,
            is_writable,
            flags: fdflags as u16,
        }),
    };
    if oflags & TRUNCATE != 0 {
        vfs.tree.resize(node, 0)?;
    }
    vfs.descriptors.put(number, descriptor);
    vfs.tree.open(node)?;
    memory.put_u32(result, number)
}

pub(crate) fn path_create_directory(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, false)?;
    vfs.tree.make_folder(&place)
}

pub(crate) fn path_filestat_get(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, lookup & FOLLOW != 0)?;
    memory.put(result, &stat::of_node(vfs.tree.get(place.found()?)?))
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn path_filestat_set_times(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    lookup: u32,
    path: u32,
    length: u32,
    accessed: u64,
    modified: u64,
    flags: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, lookup & FOLLOW != 0)?;
    times(vfs.tree.get_mut(place.found()?)?, accessed, modified, flags)
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn path_link(
    memory: &mut Memory,
    state: &mut State,
    from: u32,
    lookup: u32,
    from_path: u32,
    from_length: u32,
    to: u32,
    to_path: u32,
    to_length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    if lookup & FOLLOW != 0 {
        return Err(Errno::Inval.into());
    }
    let linked = place(memory, vfs, from, from_path, from_length, false)?.found()?;
    let to = place(memory, vfs, to, to_path, to_length, false)?;
    if vfs.tree.is_folder(linked) {
        return Err(Errno::Perm.into());
    }
    if to.node.is_none() && to.is_folder {
        return Err(Errno::Noent.into());
    }
    vfs.tree.link(to.folder, &to.name, linked)
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn path_readlink(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    path: u32,
    length: u32,
    buffer: u32,
    capacity: u32,
    result: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, false)?;
    let Kind::Link(target) = &vfs.tree.get(place.found()?)?.kind else {
        return Err(Errno::Inval.into());
    };
    let used = target.len().min(capacity as usize);
    memory.put(buffer, &target.as_bytes()[..used])?;
    memory.put_u32(result, used as u32)
}

pub(crate) fn path_remove_directory(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, false)?;
    vfs.tree.remove_folder(&place)
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn path_rename(
    memory: &mut Memory,
    state: &mut State,
    from: u32,
    from_path: u32,
    from_length: u32,
    to: u32,
    to_path: u32,
    to_length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let from = place(memory, vfs, from, from_path, from_length, false)?;
    let to = place(memory, vfs, to, to_path, to_length, false)?;
    vfs.tree.rename(&from, &to)
}

pub(crate) fn path_symlink(
    memory: &mut Memory,
    state: &mut State,
    target: u32,
    target_length: u32,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let target = memory.text(target, target_length)?;
    if target.is_empty() {
        return Err(Errno::Noent.into());
    }
    if target.len() > MAX_PATH {
        return Err(Errno::Nametoolong.into());
    }
    // wasmtime-wasi makes none that leave the folder either.
    if target.starts_with('/') {
        return Err(Errno::Perm.into());
    }
    let place = place(memory, vfs, fd, path, length, false)?;
    if place.node.is_none() && place.is_folder {
        return Err(Errno::Noent.into());
    }
    let link = Kind::Link(target.to_owned());
    vfs.tree.create(place.folder, &place.name, link)?;
    Ok(())
}

pub(crate) fn path_unlink_file(
    memory: &mut Memory,
    state: &mut State,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let vfs = state.vfs()?;
    let place = place(memory, vfs, fd, path, length, false)?;
    vfs.tree.remove_file(&place)
}
