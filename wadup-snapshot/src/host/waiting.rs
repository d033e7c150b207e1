//! Waiting during an initialization: it takes no time, and moves the clocks by as much as was waited for.
//!
//! Files are always ready: they are empty, or nobody reads what is written.

use wasmtime::{Caller, Result};

use super::{State, memory, now, write};

// `errno`, `eventtype` and `subclockflags` of WASI preview 1.
const INVAL: i32 = 28;
const CLOCK: u8 = 0;
const ABSOLUTE: u16 = 1;

/// The sizes of `subscription` and `event`.
const SUBSCRIPTION: usize = 48;
const EVENT: usize = 32;

/// What the guest waits for.
struct Subscription {
    user_data: [u8; 8],
    kind: u8,
    /// For a clock, the nanoseconds until its time has come.
    duration: u64,
}

impl Subscription {
    fn read(bytes: &[u8; SUBSCRIPTION], state: &State) -> Self {
        let field = |at: usize| {
            let mut field = [0; 8];
            field.copy_from_slice(&bytes[at..at + 8]);
            field
        };
        let [clock @ .., _, _, _, _] = field(16);
        let timeout = u64::from_le_bytes(field(24));
        let is_absolute = u16::from_le_bytes([bytes[40], bytes[41]]) & ABSOLUTE != 0;
        let duration = match is_absolute {
            true => timeout.saturating_sub(now(state, u32::from_le_bytes(clock))),
            false => timeout,
        };
        Self {
            user_data: field(0),
            kind: bytes[8],
            duration: if bytes[8] == CLOCK { duration } else { 0 },
        }
    }

    fn event(&self) -> [u8; EVENT] {
        let mut event = [0; EVENT];
        event[..8].copy_from_slice(&self.user_data);
        event[10] = self.kind;
        event
    }
}

/// The function `poll_oneoff` of WASI preview 1.
pub(super) fn poll_oneoff(
    mut caller: Caller<'_, State>,
    subscriptions: u32,
    events: u32,
    count: u32,
    happened: u32,
) -> Result<i32> {
    let memory = memory(&mut caller)?;
    let (from, length) = (subscriptions as usize, count as usize * SUBSCRIPTION);
    let bytes = memory.data(&caller).get(from..from + length);
    let outside = || wasmtime::format_err!("the subscriptions are outside of the memory");
    let (subscriptions, _) = bytes.ok_or_else(outside)?.as_chunks::<SUBSCRIPTION>();
    let subscriptions: Vec<Subscription> = subscriptions
        .iter()
        .map(|bytes| Subscription::read(bytes, caller.data()))
        .collect();
    let Some(first) = subscriptions.iter().map(|waited| waited.duration).min() else {
        return Ok(INVAL);
    };
    let waited = &mut caller.data_mut().waited;
    *waited = waited.saturating_add(first);
    let due: Vec<[u8; EVENT]> = subscriptions
        .iter()
        .filter(|waited| waited.duration == first)
        .map(Subscription::event)
        .collect();
    write(&mut caller, events, due.as_flattened())?;
    write(&mut caller, happened, &(due.len() as u32).to_le_bytes())
}
