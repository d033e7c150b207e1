//! One thread for all deadlines of the process: it moves an engine's epoch on when the time has come.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Instant;

use wasmtime::EngineWeak;

use crate::error::Error;

/// The stack of the thread, which only waits.
const STACK: usize = 128 << 10;

/// A moment, and a number that makes it unique.
type Key = (Instant, u64);

#[derive(Default)]
struct Clock {
    pending: Mutex<Pending>,
    /// An earlier moment than before.
    changed: Condvar,
}

#[derive(Default)]
struct Pending {
    alarms: BTreeMap<Key, EngineWeak>,
    number: u64,
    is_watched: bool,
}

fn clock() -> &'static Clock {
    static CLOCK: OnceLock<Clock> = OnceLock::new();
    CLOCK.get_or_init(Clock::default)
}

impl Clock {
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut pending = self.pending();
        loop {
            let now = Instant::now();
            let later = pending.alarms.split_off(&(now, u64::MAX));
            for engine in std::mem::replace(&mut pending.alarms, later).into_values() {
                if let Some(engine) = engine.upgrade() {
                    engine.increment_epoch();
                }
            }
            let next = pending.alarms.first_key_value().map(|(&(next, _), _)| next);
            pending = match next {
                Some(next) => {
                    let wait = next.saturating_duration_since(now);
                    let waited = self.changed.wait_timeout(pending, wait);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.changed.wait(pending);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

/// Moves the epoch of an engine on at a moment, unless it is dropped before.
#[derive(Debug)]
pub(crate) struct Alarm(Key);

impl Alarm {
    /// # Errors
    ///
    /// [`Error::Thread`] if the thread could not be started.
    pub(crate) fn set(at: Instant, engine: EngineWeak) -> Result<Self, Error> {
        let clock = clock();
        let mut pending = clock.pending();
        if !pending.is_watched {
            thread::Builder::new()
                .name("wadup-alarms".into())
                .stack_size(STACK)
                .spawn(|| crate::alarm::clock().watch())
                .map_err(|source| Error::Thread {
                    bytes: STACK,
                    source,
                })?;
            pending.is_watched = true;
        }
        pending.number += 1;
        let key = (at, pending.number);
        pending.alarms.insert(key, engine);
        let is_first = pending
            .alarms
            .first_key_value()
            .is_some_and(|(first, _)| *first == key);
        drop(pending);
        if is_first {
            clock.changed.notify_one();
        }
        Ok(Self(key))
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clock().pending().alarms.remove(&self.0);
    }
}
