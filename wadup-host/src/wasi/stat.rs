//! The records of preview 1 about descriptors, nodes and entries.

use crate::printed::Stream;
use crate::vfs::tree::{self, Kind, Node};
use crate::vfs::{Answer, Descriptor, Errno, File};

/// `filetype`.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Filetype {
    Unknown = 0,
    Folder = 3,
    Regular = 4,
    Link = 7,
}

// Of `rights`.
pub(crate) const READ: u64 = 1 << 1;
pub(crate) const WRITE: u64 = 1 << 6;
const SEEK: u64 = 1 << 2;
const READDIR: u64 = 1 << 14;
const SET_SIZE: u64 = (1 << 19) | (1 << 22);
const ALL: u64 = (1 << 30) - 1;
/// `path_*` without setting a size, `fd_readdir`, and status and times of the folder itself.
const PREOPENED: u64 = 0x07b7_fe00;
/// What files in it are opened with: also to read, write, seek, sync, advise, allocate, set the size, and poll.
const INHERITED: u64 = PREOPENED | 0x0840_01ff;

/// `fdstat`.
pub(crate) fn of_descriptor(descriptor: &Descriptor) -> [u8; 24] {
    let (base, inheriting, flags) = match descriptor {
        Descriptor::Input => (READ, READ, 0),
        Descriptor::Stream(Stream::Output | Stream::Error) => (WRITE, WRITE, 0),
        Descriptor::Folder {
            preopened: Some(_), ..
        } => (PREOPENED, INHERITED, 0),
        Descriptor::Folder { .. } => {
            let rights = ALL & !(SEEK | SET_SIZE | WRITE);
            (rights, rights, 0)
        }
        Descriptor::File(File {
            is_readable,
            is_writable,
            flags,
            ..
        }) => {
            let refused = [(is_readable, READ | READDIR), (is_writable, WRITE)];
            let refused = refused.into_iter().filter(|(is_allowed, _)| !**is_allowed);
            let rights = refused.fold(ALL, |rights, (_, refused)| rights & !refused);
            (rights, rights, *flags)
        }
    };
    let mut bytes = [0; 24];
    bytes[0] = descriptor.filetype() as u8;
    bytes[2..4].copy_from_slice(&flags.to_le_bytes());
    bytes[8..16].copy_from_slice(&base.to_le_bytes());
    bytes[16..24].copy_from_slice(&inheriting.to_le_bytes());
    bytes
}

/// `filestat` of a stream, all zeros.
pub(crate) fn of_stream() -> [u8; 64] {
    [0; 64]
}

/// `filestat`.
pub(crate) fn of_node(node: &Node) -> [u8; 64] {
    let size = match &node.kind {
        Kind::File(content) => content.bytes().len() as u64,
        Kind::Folder(_) => 0,
        Kind::Link(target) => target.len() as u64,
    };
    let mut bytes = [0; 64];
    for (at, value) in [
        (0, 1),
        (8, node.serial),
        (16, u64::from(filetype(node) as u8)),
        (24, node.names),
        (32, size),
        (40, node.accessed),
        (48, node.modified),
        (56, node.changed),
    ] {
        bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

/// `dirent`, which the name follows.
pub(crate) fn entry(next: u64, node: &Node, name: &str) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[0..8].copy_from_slice(&next.to_le_bytes());
    bytes[8..16].copy_from_slice(&node.serial.to_le_bytes());
    bytes[16..20].copy_from_slice(&(name.len() as u32).to_le_bytes());
    bytes[20] = filetype(node) as u8;
    bytes
}

fn filetype(node: &Node) -> Filetype {
    match node.kind {
        Kind::File(_) => Filetype::Regular,
        Kind::Folder(_) => Filetype::Folder,
        Kind::Link(_) => Filetype::Link,
    }
}

/// Sets the times that `fstflags` names.
pub(crate) fn times(node: &mut Node, accessed: u64, modified: u64, flags: u32) -> Answer {
    let now = tree::now();
    let time = |given: u64, shift: u32| match (flags >> shift) & 3 {
        0 => Ok(None),
        1 => Ok(Some(given)),
        2 => Ok(Some(now)),
        _ => Err(Errno::Inval),
    };
    let (accessed, modified) = (time(accessed, 0)?, time(modified, 2)?);
    node.accessed = accessed.unwrap_or(node.accessed);
    node.modified = modified.unwrap_or(node.modified);
    node.changed = now;
    Ok(())
}
