//! The file that memories show copy-on-write.

use std::fs::File;
use std::io::{self, Write};

use rustix::fs::{self, MemfdFlags, SealFlags};

use super::initial::Initial;

/// Where the first contents of a memory are in a file that nobody changes.
#[derive(Debug)]
pub(crate) struct Source {
    pub(super) file: File,
    /// In the file, a multiple of the page size of every system.
    pub(super) position: u64,
    /// In the memory.
    pub(super) address: usize,
    pub(super) length: usize,
}

impl Source {
    /// The contents in a file without a name, in memory.
    pub(crate) fn in_memory(initial: &Initial<'_>) -> io::Result<Self> {
        Self::of(initial.address(), &initial.contents())
    }

    pub(super) fn of(address: usize, contents: &[u8]) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut file = File::from(fs::memfd_create("wadup-memory", flags)?);
        file.write_all(contents)?;
        fs::fcntl_add_seals(
            &file,
            SealFlags::GROW | SealFlags::SHRINK | SealFlags::WRITE | SealFlags::SEAL,
        )?;
        Ok(Self {
            file,
            position: 0,
            address,
            length: contents.len(),
        })
    }

    /// The contents at `position` of `file`.
    pub(crate) fn in_file(initial: &Initial<'_>, file: File, position: u64) -> io::Result<Self> {
        Ok(Self {
            file,
            position,
            address: initial.address(),
            length: initial.length(),
        })
    }
}
