//! The file that memories show copy-on-write.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use super::initial::Initial;
use super::memories::Memories;

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
        let name = rustix::fs::memfd_create("wadup-memory", rustix::fs::MemfdFlags::CLOEXEC)?;
        let mut file = File::from(name);
        let contents = initial.contents();
        file.write_all(&contents)?;
        Ok(Self {
            file,
            position: 0,
            address: initial.address(),
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

    /// Makes the memories of an engine show this. It must run no other module than [`Initial::module`].
    pub(crate) fn provide(self, config: &mut wasmtime::Config) -> io::Result<()> {
        let memories = Memories::new(self)?;
        config
            .with_host_memory(Arc::new(memories))
            // wasmtime has no contents to show.
            .memory_init_cow(false);
        Ok(())
    }
}
