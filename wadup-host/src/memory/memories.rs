//! The memories of one guest's instances: handed to wasmtime, and put back when an instance ends.

#![allow(unsafe_code)]

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::{io, ptr, thread};

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

use super::region::Region;
use super::source::Source;
use super::written::Written;

/// The most that a memory keeps for the next instance, in bytes. All of it is copied each time, whether it was written to or not; a page
/// costs a tenth of what it costs in a page fault.
const KEPT: usize = 4 << 20;

/// The largest minimum of a memory whose pages are looked at one by one.
const LARGEST: usize = 256 << 20;

/// All guests of the process.
static GUESTS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

/// Makes the memories of an engine show `source`. It must run no other module than [`super::Initial::module`].
pub(crate) fn provide(source: Source, config: &mut wasmtime::Config) -> io::Result<()> {
    let memories = Memories::new(source)?;
    config
        .with_host_memory(Arc::new(memories))
        // wasmtime has no contents to show.
        .memory_init_cow(false);
    Ok(())
}

/// Makes the memories of one guest's instances.
struct Memories(Arc<Shared>);

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
    fn new(source: Source) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            contents: Region::contents(&source)?,
            source,
            page: rustix::param::page_size(),
            idle: Mutex::default(),
            most_idle: thread::available_parallelism().map_or(1, Into::into),
        });
        let mut guests = guests();
        guests.retain(|guest| guest.strong_count() > 0);
        guests.push(Arc::downgrade(&shared));
        Ok(Self(shared))
    }
}

fn guests() -> MutexGuard<'static, Vec<Weak<Shared>>> {
    GUESTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Unmaps all memories that no instance has.
fn drop_idle() {
    let guests: Vec<_> = guests().iter().filter_map(Weak::upgrade).collect();
    for guest in guests {
        guest.drop_idle();
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
                .or_else(|_| {
                    // Those of other guests may be in the way.
                    drop_idle();
                    Mapping::new(shape, &self.0.source)
                })
                .map_err(|error| format!("cannot map a memory of {minimum} bytes: {error}"))?,
        };
        Ok(Box::new(Lease {
            size: minimum,
            opened: minimum,
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

    fn drop_idle(&self) {
        let idle = std::mem::take(&mut *self.idle());
        // Unmapping takes long; others need not wait for it.
        drop(idle);
    }

    /// Whether as many memories are kept as instances run at the same time.
    fn has_enough(&self) -> bool {
        self.idle().len() >= self.most_idle
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
    /// How far the memory may be accessible, if growing it has failed.
    opened: usize,
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
        let mapping = self.mapping.as_mut();
        let Some(mapping) = mapping.filter(|mapping| size <= mapping.shape.reserved) else {
            wasmtime::bail!("{size} bytes are more than what is reserved for the memory");
        };
        self.opened = self.opened.max(size);
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
        let Some(mut mapping) = self.mapping.take() else {
            return;
        };
        // A memory that cannot be put back is unmapped.
        if !self.shared.has_enough() && mapping.put_back(self.opened, &self.shared).is_ok() {
            self.shared.idle().push(mapping);
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
        let mut mapping = Self {
            region: Region::reserve(length)?,
            shape,
            written: Written::default(),
        };
        mapping.open(0..shape.minimum)?;
        let all = mapping.place(0..shape.minimum);
        mapping.region.show(all.start + source.address, source)?;
        mapping.region.keep_pages_small(&all)?;
        Ok(mapping)
    }

    /// Where bytes of the memory are in the region.
    fn place(&self, bytes: Range<usize>) -> Range<usize> {
        let guard = self.shape.guard;
        guard + bytes.start..guard + bytes.end
    }

    fn open(&mut self, bytes: Range<usize>) -> io::Result<()> {
        let place = self.place(bytes);
        self.region.open(&place)
    }

    /// Makes the memory what it was before an instance had it and opened it up to `opened`.
    fn put_back(&mut self, opened: usize, shared: &Shared) -> io::Result<()> {
        let minimum = self.shape.minimum;
        if opened > minimum {
            let grown = self.place(minimum..opened);
            self.region.close(&grown)?;
        }
        let all = self.place(0..minimum);
        if minimum > LARGEST {
            return self.region.forget(&all);
        }
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
