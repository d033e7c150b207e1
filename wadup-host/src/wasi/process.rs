//! The functions beside files: arguments, environment, clocks, waiting, randomness, sockets, the end.

use std::time::Duration;

use super::memory::Memory;
use crate::state::State;
use crate::vfs::{Answer, Errno, MAX_DESCRIPTORS, tree};

// `clockid`.
const REAL_TIME: u32 = 0;
const MONOTONIC: u32 = 1;

/// How much randomness is made between two looks at the deadline.
const RANDOM_AT_ONCE: usize = 64 << 10;

pub(crate) fn args_sizes_get(
    memory: &mut Memory,
    state: &mut State,
    count: u32,
    bytes: u32,
) -> Answer {
    sizes(memory, &state.in_memory()?.arguments, count, bytes)
}

pub(crate) fn args_get(
    memory: &mut Memory,
    state: &mut State,
    pointers: u32,
    buffer: u32,
) -> Answer {
    strings(memory, &state.in_memory()?.arguments, pointers, buffer)
}

pub(crate) fn environ_sizes_get(
    memory: &mut Memory,
    state: &mut State,
    count: u32,
    bytes: u32,
) -> Answer {
    sizes(memory, &state.in_memory()?.environment, count, bytes)
}

pub(crate) fn environ_get(
    memory: &mut Memory,
    state: &mut State,
    pointers: u32,
    buffer: u32,
) -> Answer {
    strings(memory, &state.in_memory()?.environment, pointers, buffer)
}

fn sizes(memory: &mut Memory, strings: &[String], count: u32, bytes: u32) -> Answer {
    let total: usize = strings.iter().map(|text| text.len() + 1).sum();
    let total = u32::try_from(total).map_err(|_| Errno::Overflow)?;
    memory.put_u32(count, strings.len() as u32)?;
    memory.put_u32(bytes, total)
}

/// Writes strings with a zero at the end, and their addresses.
fn strings(memory: &mut Memory, strings: &[String], mut pointers: u32, mut buffer: u32) -> Answer {
    for text in strings {
        memory.put_u32(pointers, buffer)?;
        memory.put(buffer, text.as_bytes())?;
        buffer = buffer.saturating_add(text.len() as u32);
        memory.put(buffer, &[0])?;
        buffer = buffer.saturating_add(1);
        pointers = pointers.saturating_add(4);
    }
    Ok(())
}

pub(crate) fn clock_res_get(memory: &mut Memory, _: &mut State, clock: u32, result: u32) -> Answer {
    match clock {
        REAL_TIME | MONOTONIC => memory.put_u64(result, 1),
        2 | 3 => Err(Errno::Badf.into()),
        _ => Err(Errno::Inval.into()),
    }
}

pub(crate) fn clock_time_get(
    memory: &mut Memory,
    state: &mut State,
    clock: u32,
    _precision: u64,
    result: u32,
) -> Answer {
    let now = time(state, clock)?;
    memory.put_u64(result, now)
}

fn time(state: &mut State, clock: u32) -> Answer<u64> {
    match clock {
        REAL_TIME => Ok(tree::now()),
        MONOTONIC => {
            let since = state.in_memory()?.started.elapsed().as_nanos();
            Ok(u64::try_from(since).unwrap_or(u64::MAX))
        }
        // Those of the process and of the thread: wasmtime-wasi has none either.
        2 | 3 => Err(Errno::Badf.into()),
        _ => Err(Errno::Inval.into()),
    }
}

pub(crate) fn random_get(
    memory: &mut Memory,
    state: &mut State,
    buffer: u32,
    length: u32,
) -> Answer {
    for bytes in memory.slice_mut(buffer, length)?.chunks_mut(RANDOM_AT_ONCE) {
        state.running.check()?;
        getrandom::fill(bytes).map_err(|_| Errno::Io)?;
    }
    Ok(())
}

pub(crate) fn sched_yield(_: &mut Memory, _: &mut State) -> Answer {
    Ok(())
}

pub(crate) fn proc_raise(_: &mut Memory, _: &mut State, _signal: u32) -> Answer {
    Err(Errno::Notsup.into())
}

pub(crate) fn sock_accept(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _flags: u32,
    _result: u32,
) -> Answer {
    state.vfs()?.descriptors.get(fd)?;
    Err(Errno::Notsock.into())
}

#[allow(clippy::too_many_arguments, reason = "preview 1 has them")]
pub(crate) fn sock_recv(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _vector: u32,
    _count: u32,
    _flags: u32,
    _result: u32,
    _flags_result: u32,
) -> Answer {
    state.vfs()?.descriptors.get(fd)?;
    Err(Errno::Notsock.into())
}

pub(crate) fn sock_send(
    _: &mut Memory,
    state: &mut State,
    fd: u32,
    _vector: u32,
    _count: u32,
    _flags: u32,
    _result: u32,
) -> Answer {
    state.vfs()?.descriptors.get(fd)?;
    Err(Errno::Notsock.into())
}

pub(crate) fn sock_shutdown(_: &mut Memory, state: &mut State, fd: u32, _how: u32) -> Answer {
    state.vfs()?.descriptors.get(fd)?;
    Err(Errno::Notsock.into())
}

/// Sizes of `subscription` and `event`.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// The most subscriptions: each descriptor to read and to write, and a clock. The host looks at all of them without being interrupted.
const MAX_SUBSCRIPTIONS: u32 = 2 * MAX_DESCRIPTORS as u32 + 1;

/// What is waited for.
enum Awaited {
    /// So many nanoseconds from now.
    Clock(u64),
    /// Files, standard output and input, which is at its end, are ready at any time. The event says if there is no such descriptor.
    Descriptor(u8, Option<Errno>),
}

/// Waits, but not beyond the deadline.
pub(crate) fn poll_oneoff(
    memory: &mut Memory,
    state: &mut State,
    subscriptions: u32,
    events: u32,
    count: u32,
    result: u32,
) -> Answer {
    // None would be for ever, which wasmtime-wasi does not wait either.
    if !(1..=MAX_SUBSCRIPTIONS).contains(&count) {
        return Err(Errno::Inval.into());
    }
    let size = count.checked_mul(SUBSCRIPTION).ok_or(Errno::Inval)?;
    memory.slice(subscriptions, size)?;
    let mut shortest = u64::MAX;
    for number in 0..count {
        match awaited(memory, state, subscriptions + number * SUBSCRIPTION)? {
            Awaited::Clock(nanoseconds) => shortest = shortest.min(nanoseconds),
            Awaited::Descriptor(..) => shortest = 0,
        }
    }
    state.running.sleep(Duration::from_nanos(shortest))?;
    let mut occurred: u32 = 0;
    for number in 0..count {
        let subscription = subscriptions + number * SUBSCRIPTION;
        let (tag, errno) = match awaited(memory, state, subscription)? {
            Awaited::Clock(nanoseconds) if is_relative(memory, subscription)? => {
                if nanoseconds > shortest {
                    continue;
                }
                (0, None)
            }
            Awaited::Clock(0) => (0, None),
            Awaited::Clock(_) => continue,
            Awaited::Descriptor(tag, errno) => (tag, errno),
        };
        let mut event = [0; EVENT as usize];
        event[0..8].copy_from_slice(memory.slice(subscription, 8)?);
        let errno = errno.map_or(0, |errno| errno as u16);
        event[8..10].copy_from_slice(&errno.to_le_bytes());
        event[10] = tag;
        event[16] = 1;
        memory.put(events.saturating_add(occurred * EVENT), &event)?;
        occurred += 1;
    }
    memory.put_u32(result, occurred)
}

fn awaited(memory: &Memory, state: &mut State, subscription: u32) -> Answer<Awaited> {
    let [tag] = *memory.slice(subscription + 8, 1)? else {
        return Err(Errno::Inval.into());
    };
    match tag {
        0 => {
            let clock = memory.u32(subscription + 16)?;
            let timeout = memory.u64(subscription + 24)?;
            let now = match clock {
                REAL_TIME | MONOTONIC => time(state, clock)?,
                _ => return Err(Errno::Inval.into()),
            };
            Ok(Awaited::Clock(if is_relative(memory, subscription)? {
                timeout
            } else {
                timeout.saturating_sub(now)
            }))
        }
        1 | 2 => {
            let fd = memory.u32(subscription + 16)?;
            let is_there = state.vfs()?.descriptors.get(fd).is_ok();
            let errno = if is_there { None } else { Some(Errno::Badf) };
            Ok(Awaited::Descriptor(tag, errno))
        }
        _ => Err(Errno::Inval.into()),
    }
}

fn is_relative(memory: &Memory, subscription: u32) -> Answer<bool> {
    Ok(memory.u16(subscription + 40)? & 1 == 0)
}
