//! The guest's memory as the functions of preview 1 read and write it. A pointer outside it stops the guest.

use wadup_contract::export::MEMORY;
use wasmtime::{Caller, Extern};

use crate::state::State;
use crate::vfs::{Answer, Errno};

/// The most buffers that one call may read or write, `IOV_MAX` of POSIX systems: the guest gives their number, and they may overlap.
const MAX_BUFFERS: u32 = 1024;

/// The guest's memory.
pub(crate) struct Memory<'a>(pub(crate) &'a mut [u8]);

/// A buffer of the guest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buffer {
    pointer: u32,
    length: u32,
}

/// The memory and the state of the guest that called.
pub(crate) fn parts<'a>(caller: &'a mut Caller<'_, State>) -> Answer<(Memory<'a>, &'a mut State)> {
    let memory = caller
        .get_export(MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))?;
    let (bytes, state) = memory.data_and_store_mut(caller);
    Ok((Memory(bytes), state))
}

impl Memory<'_> {
    pub(crate) fn slice(&self, pointer: u32, length: u32) -> Answer<&[u8]> {
        let start = pointer as usize;
        let found = self.0.get(start..start.saturating_add(length as usize));
        Ok(found.ok_or_else(|| outside(pointer, length))?)
    }

    pub(crate) fn slice_mut(&mut self, pointer: u32, length: u32) -> Answer<&mut [u8]> {
        let start = pointer as usize;
        let found = self.0.get_mut(start..start.saturating_add(length as usize));
        Ok(found.ok_or_else(|| outside(pointer, length))?)
    }

    pub(crate) fn text(&self, pointer: u32, length: u32) -> Answer<&str> {
        Ok(std::str::from_utf8(self.slice(pointer, length)?).map_err(|_| Errno::Ilseq)?)
    }

    pub(crate) fn u16(&self, pointer: u32) -> Answer<u16> {
        self.array(pointer).map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&self, pointer: u32) -> Answer<u32> {
        self.array(pointer).map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&self, pointer: u32) -> Answer<u64> {
        self.array(pointer).map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&self, pointer: u32) -> Answer<[u8; N]> {
        let found = self.slice(pointer, N as u32)?.first_chunk();
        Ok(*found.ok_or_else(|| outside(pointer, N as u32))?)
    }

    pub(crate) fn put(&mut self, pointer: u32, bytes: &[u8]) -> Answer {
        let length = u32::try_from(bytes.len()).map_err(|_| Errno::Overflow)?;
        self.slice_mut(pointer, length)?.copy_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn put_u32(&mut self, pointer: u32, value: u32) -> Answer {
        self.put(pointer, &value.to_le_bytes())
    }

    pub(crate) fn put_u64(&mut self, pointer: u32, value: u64) -> Answer {
        self.put(pointer, &value.to_le_bytes())
    }

    /// The buffers of a vector, whose total length fits into the result of a call.
    pub(crate) fn buffers(&self, pointer: u32, count: u32) -> Answer<Vec<Buffer>> {
        if count > MAX_BUFFERS {
            return Err(Errno::Inval.into());
        }
        let mut total: u32 = 0;
        let mut buffers = Vec::with_capacity(count as usize);
        for entry in self.slice(pointer, 8 * count)?.chunks_exact(8) {
            let (pointer, length) = entry.split_at(4);
            let buffer = Buffer {
                pointer: u32::from_le_bytes([pointer[0], pointer[1], pointer[2], pointer[3]]),
                length: u32::from_le_bytes([length[0], length[1], length[2], length[3]]),
            };
            self.of(buffer)?;
            total = total.checked_add(buffer.length).ok_or(Errno::Inval)?;
            buffers.push(buffer);
        }
        Ok(buffers)
    }

    pub(crate) fn of(&self, buffer: Buffer) -> Answer<&[u8]> {
        self.slice(buffer.pointer, buffer.length)
    }

    pub(crate) fn of_mut(&mut self, buffer: Buffer) -> Answer<&mut [u8]> {
        self.slice_mut(buffer.pointer, buffer.length)
    }
}

fn outside(pointer: u32, length: u32) -> wasmtime::Error {
    wasmtime::format_err!("{length} bytes at {pointer:#x} are not inside the guest's memory")
}
