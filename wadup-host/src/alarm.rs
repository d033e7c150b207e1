//! One thread for all deadlines of the process: it moves an engine's epoch on when the time has come, and again until that is noticed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::EngineWeak;

use crate::error::Error;

/// The stack of the thread, which only waits.
const STACK: usize = 128 << 10;

/// How long an alarm waits before it goes off again: a store does not notice an epoch that begins while it looks at the last one.
pub(crate) const AGAIN: Duration = Duration::from_millis(20);

/// A moment, and the number of the alarm.
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
    /// When each alarm goes off next.
    moments: HashMap<u64, Instant>,
    number: u64,
    /// The process with the thread: a fork has the alarms but not the thread.
    watched_in: Option<u32>,
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
            for ((_, number), weak) in std::mem::replace(&mut pending.alarms, later) {
                if let Some(engine) = weak.upgrade() {
                    engine.increment_epoch();
                    pending.add(now + AGAIN, number, weak);
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

impl Pending {
    fn add(&mut self, at: Instant, number: u64, engine: EngineWeak) {
        self.alarms.insert((at, number), engine);
        self.moments.insert(number, at);
    }

    fn remove(&mut self, number: u64) {
        if let Some(at) = self.moments.remove(&number) {
            self.alarms.remove(&(at, number));
        }
    }
}

/// Moves the epoch of an engine on at a moment and from then on, until it is dropped.
#[derive(Debug)]
pub(crate) struct Alarm(u64);

impl Alarm {
    /// # Errors
    ///
    /// [`Error::Thread`] if the thread could not be started.
    pub(crate) fn set(at: Instant, engine: EngineWeak) -> Result<Self, Error> {
        let clock = clock();
        let mut pending = clock.pending();
        let process = Some(std::process::id());
        if pending.watched_in != process {
            thread::Builder::new()
                .name("wadup-alarms".into())
                .stack_size(STACK)
                .spawn(|| crate::alarm::clock().watch())
                .map_err(|source| Error::Thread {
                    bytes: STACK,
                    source,
                })?;
            pending.watched_in = process;
        }
        pending.number += 1;
        let number = pending.number;
        pending.add(at, number, engine);
        let first = pending.alarms.first_key_value();
        let is_first = first.is_some_and(|(first, _)| *first == (at, number));
        drop(pending);
        if is_first {
            clock.changed.notify_one();
        }
        Ok(Self(number))
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clock().pending().remove(self.0);
    }
}
