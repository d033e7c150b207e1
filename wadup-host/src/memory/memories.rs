//! The memories of one guest's instances: handed to wasmtime, and put back when an instance ends.

#![allow(unsafe_code)]

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{io, ptr, thread};

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

use super::region::Region;
use super::source::Source;
use super::written::Written;

/// The most that a memory keeps for the next instance, in bytes. All of it is copied each time, whether it was written to or not; a page
/// costs a tenth of what it costs in a page fault.
const KEPT: usize = 4 << 20;

/// Makes the memories of one guest's instances.
pub(super) struct Memories(Arc<Shared>);

struct Shared {
    source: Source,
    contents: Region,
    page: usize,
    /// Memories that no instance has, as the module describes them.
    idle: Mutex<Vec<Mapping>>,
    /// As many as instances run at the same time.
    most_idle: usize,
}

impl Memories {
    pub(super) fn new(source: Source) -> io::Result<Self> {
        Ok(Self(Arc::new(Shared {
            contents: Region::contents(&source)?,
            source,
            page: rustix::param::page_size(),
            idle: Mutex::default(),
            most_idle: thread::available_parallelism().map_or(1, Into::into),
        })))
    }
}

// SAFETY: a memory reserves what it is asked to and a guard, all inaccessible, of which `Lease` makes accessible what is below its
// size. It is 0 but for what the module's data segments describe, which were taken out of the module.
unsafe impl MemoryCreator for Memories {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        _: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        let shape = Shape {
            minimum,
            reserved: reserved.unwrap_or(0).max(minimum),
            guard,
        };
        let mapping = match self.0.take_idle(shape) {
            Some(mapping) => mapping,
            None => Mapping::new(shape, &self.0.source)
                .map_err(|error| format!("cannot map a memory of {minimum} bytes: {error}"))?,
        };
        Ok(Box::new(Lease {
            size: minimum,
            mapping: Some(mapping),
            shared: Arc::clone(&self.0),
        }))
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<Mapping>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_idle(&self, shape: Shape) -> Option<Mapping> {
        self.idle().pop_if(|mapping| mapping.shape == shape)
    }

    fn keep(&self, mapping: Mapping) {
        let mut idle = self.idle();
        if idle.len() < self.most_idle {
            idle.push(mapping);
        } else {
            // Unmapping takes long; others need not wait for it.
            drop(idle);
            drop(mapping);
        }
    }

    /// Writes to `bytes` of a memory, which are at `address`, what the module describes for them.
    fn restore(&self, address: usize, bytes: &mut [u8]) -> io::Result<()> {
        let Source {
            address: first,
            length,
            ..
        } = self.source;
        let before = first.saturating_sub(address).min(bytes.len());
        let (zero, bytes) = bytes.split_at_mut(before);
        zero.fill(0);
        let start = (address + before).saturating_sub(first).min(length);
        let inside = bytes.len().min(length - start);
        let (copied, zero) = bytes.split_at_mut(inside);
        // SAFETY: a region made by `Region::contents` is accessible as far as its source goes.
        copied.copy_from_slice(unsafe { self.contents.bytes(&(start..start + inside))? });
        zero.fill(0);
        Ok(())
    }
}

/// The sizes that wasmtime asks for, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    minimum: usize,
    reserved: usize,
    guard: usize,
}

/// A memory while it belongs to an instance.
struct Lease {
    size: usize,
    /// Absent once it was given back.
    mapping: Option<Mapping>,
    shared: Arc<Shared>,
}

// SAFETY: the bytes below `byte_size` are accessible, and the memory does not move: `grow_to` refuses what is not reserved.
unsafe impl LinearMemory for Lease {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        let mapping = self.mapping.as_ref();
        mapping.map_or(0, |mapping| mapping.shape.reserved)
    }

    fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
        let mapping = self.mapping.as_ref();
        let Some(mapping) = mapping.filter(|mapping| size <= mapping.shape.reserved) else {
            wasmtime::bail!("{size} bytes are more than what is reserved for the memory");
        };
        mapping.open(self.size..size)?;
        self.size = size;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        let mapping = self.mapping.as_ref();
        mapping.map_or(ptr::null_mut(), |mapping| {
            mapping.region.address(mapping.shape.guard)
        })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(mut mapping) = self.mapping.take()
            && mapping.put_back(self.size, &self.shared).is_ok()
        {
            self.shared.keep(mapping);
        }
    }
}

/// One memory in the address space, between two guards.
struct Mapping {
    region: Region,
    shape: Shape,
    written: Written,
}

impl Mapping {
    fn new(shape: Shape, source: &Source) -> io::Result<Self> {
        let length = shape
            .guard
            .checked_mul(2)
            .and_then(|guards| guards.checked_add(shape.reserved))
            .ok_or(io::ErrorKind::OutOfMemory)?;
        if source.address + source.length > shape.minimum {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mapping = Self {
            region: Region::reserve(length)?,
            shape,
            written: Written::default(),
        };
        mapping.open(0..shape.minimum)?;
        let region = &mapping.region;
        region.show(shape.guard + source.address, source)?;
        region.keep_pages_small(&mapping.place(0..shape.minimum))?;
        Ok(mapping)
    }

    /// Where bytes of the memory are in the region.
    fn place(&self, bytes: Range<usize>) -> Range<usize> {
        let guard = self.shape.guard;
        guard + bytes.start..guard + bytes.end
    }

    fn open(&self, bytes: Range<usize>) -> io::Result<()> {
        self.region.open(&self.place(bytes))
    }

    /// Makes the memory what it was before an instance had it and grew it to `size`.
    fn put_back(&mut self, size: usize, shared: &Shared) -> io::Result<()> {
        let minimum = self.shape.minimum;
        if size > minimum {
            let grown = self.place(minimum..size);
            self.region.close(&grown)?;
        }
        let all = self.place(0..minimum);
        let start = self.region.address(all.start).addr();
        let Ok(written) = self.written.find(start..start + minimum, shared.page) else {
            return self.region.forget(&all);
        };
        let mut kept = 0;
        for bytes in written {
            kept += bytes.len();
            if kept > KEPT {
                return self.region.forget(&all);
            }
            let address = bytes.start;
            let place = all.start + bytes.start..all.start + bytes.end;
            // SAFETY: they are below the minimum, so accessible, and the instance has ended.
            let bytes = unsafe { self.region.bytes_mut(&place)? };
            shared.restore(address, bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
