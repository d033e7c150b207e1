//! A part of the address space, whose pages are mapped and unmapped here alone.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::ops::Range;
use std::ptr::{self, NonNull};

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};

use super::source::Source;

/// Addresses that belong to nobody else; they are unmapped when this is dropped.
pub(super) struct Region {
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: it owns its part of the address space, as a `Box` owns its bytes.
unsafe impl Send for Region {}
// SAFETY: what changes bytes or pages takes `&mut self`.
unsafe impl Sync for Region {}

impl Region {
    /// Reserves addresses at which nothing is accessible.
    pub(super) fn reserve(length: usize) -> io::Result<Self> {
        if length == 0 {
            return Ok(Self {
                start: NonNull::dangling(),
                length,
            });
        }
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the kernel chooses addresses that nobody uses.
        let start = unsafe {
            rustix::mm::mmap_anonymous(ptr::null_mut(), length, ProtFlags::empty(), flags)?
        };
        let start = NonNull::new(start).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, length })
    }

    /// The contents of `source`, to be read.
    pub(super) fn contents(source: &Source) -> io::Result<Self> {
        let mut region = Self::reserve(source.length)?;
        region.map(0, source, ProtFlags::READ)?;
        Ok(region)
    }

    /// Maps `source` copy-on-write from `offset` on.
    pub(super) fn show(&mut self, offset: usize, source: &Source) -> io::Result<()> {
        self.map(offset, source, ProtFlags::READ | ProtFlags::WRITE)
    }

    fn map(&mut self, offset: usize, source: &Source, protection: ProtFlags) -> io::Result<()> {
        if source.length == 0 {
            return Ok(());
        }
        let start = self.inside(&(offset..offset.saturating_add(source.length)))?;
        let flags = MapFlags::PRIVATE | MapFlags::FIXED;
        // SAFETY: it replaces pages of this region, which nobody borrows.
        let mapped = unsafe {
            rustix::mm::mmap(
                start,
                source.length,
                protection,
                flags,
                &source.file,
                source.position,
            )
        };
        mapped?;
        Ok(())
    }

    /// Makes bytes accessible that are not; they are 0.
    pub(super) fn open(&mut self, bytes: &Range<usize>) -> io::Result<()> {
        let start = self.inside(bytes)?;
        let protection = MprotectFlags::READ | MprotectFlags::WRITE;
        // SAFETY: these are pages of this region, and more is allowed than before. A running instance may use others of them.
        unsafe { rustix::mm::mprotect(start, bytes.len(), protection)? };
        Ok(())
    }

    /// Makes bytes inaccessible, and forgets them.
    pub(super) fn close(&mut self, bytes: &Range<usize>) -> io::Result<()> {
        let start = self.inside(bytes)?;
        let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
        // SAFETY: it replaces pages of this region, which nobody borrows.
        unsafe { rustix::mm::mmap_anonymous(start, bytes.len(), ProtFlags::empty(), flags)? };
        Ok(())
    }

    /// Forgets what was written to the bytes: they are what was mapped there, or 0.
    pub(super) fn forget(&mut self, bytes: &Range<usize>) -> io::Result<()> {
        let start = self.inside(bytes)?;
        // SAFETY: these are pages of this region, which nobody borrows.
        unsafe { rustix::mm::madvise(start, bytes.len(), Advice::LinuxDontNeed)? };
        Ok(())
    }

    /// Keeps the kernel from giving out 2 MiB where a guest touches one byte, if it can.
    pub(super) fn keep_pages_small(&self, bytes: &Range<usize>) -> io::Result<()> {
        let start = self.inside(bytes)?;
        // SAFETY: it changes how the pages of this region are backed, not what is in them.
        let advised = unsafe { rustix::mm::madvise(start, bytes.len(), Advice::LinuxNoHugepage) };
        // There are kernels without huge pages.
        advised.ok();
        Ok(())
    }

    /// The address of the byte at `offset`.
    pub(super) fn address(&self, offset: usize) -> *mut u8 {
        self.start.as_ptr().cast::<u8>().wrapping_add(offset)
    }

    /// The bytes.
    ///
    /// # Safety
    ///
    /// They must be accessible.
    pub(super) unsafe fn bytes(&self, bytes: &Range<usize>) -> io::Result<&[u8]> {
        self.inside(bytes)?;
        // SAFETY: they are in this region, accessible as the caller says, and nobody changes them while it is borrowed.
        Ok(unsafe { std::slice::from_raw_parts(self.address(bytes.start), bytes.len()) })
    }

    /// The bytes, to be changed.
    ///
    /// # Safety
    ///
    /// They must be accessible, and no instance must have the memory.
    pub(super) unsafe fn bytes_mut(&mut self, bytes: &Range<usize>) -> io::Result<&mut [u8]> {
        self.inside(bytes)?;
        // SAFETY: they are in this region, accessible and used by nobody else, as the caller says.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.address(bytes.start), bytes.len()) })
    }

    /// The address of bytes that must be inside.
    fn inside(&self, bytes: &Range<usize>) -> io::Result<*mut c_void> {
        let is_inside = bytes.start <= bytes.end && bytes.end <= self.length;
        if !is_inside {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(self.start.as_ptr().wrapping_byte_add(bytes.start))
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if self.length > 0 {
            // SAFETY: the region is this one's own and nobody borrows it. If it fails, the addresses stay reserved.
            unsafe { rustix::mm::munmap(self.start.as_ptr(), self.length) }.ok();
        }
    }
}
