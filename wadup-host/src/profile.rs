//! Where the time of calls goes, by Python function: samples of the interpreter's stack.
//!
//! The guest takes no part in it: the host reads the stack from the guest's memory whenever the engine's epoch interrupts it.

mod interpreter;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::EngineWeak;

use self::interpreter::Interpreter;
use crate::error::Error;

/// The stack of the thread that ticks.
const STACK: usize = 128 << 10;

/// Collects samples of all instances that are made with it (see [`crate::Options::profile`]). Clones collect together.
///
/// ```
/// use std::time::Duration;
///
/// let profile = wadup_host::Profile::every(Duration::from_millis(1));
/// assert!(profile.samples().stacks.is_empty());
/// ```
#[derive(Clone)]
pub struct Profile {
    interval: Duration,
    collected: Arc<Mutex<Collected>>,
}

/// A Python function, as its code object describes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// The name with those of the classes and functions around it.
    pub name: String,
    /// The file, as Python knows it.
    pub file: String,
    /// The line on which the function begins, from 1.
    pub line: u32,
}

/// What a [`Profile`] has collected.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// The functions to which the stacks refer.
    pub functions: Vec<Function>,
    /// The samples in order.
    pub stacks: Vec<Stack>,
}

/// The stack at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Indices into [`Samples::functions`], the outermost call first. Empty while no Python runs.
    pub functions: Vec<usize>,
    /// How long the guest had been running since the last sample.
    pub time: Duration,
}

#[derive(Default)]
struct Collected {
    samples: Samples,
    indices: HashMap<Function, usize>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Profile")
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

impl Profile {
    /// Takes a sample each time that a guest has run for `interval`.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self {
            interval,
            collected: Arc::default(),
        }
    }

    /// The samples so far.
    #[must_use]
    pub fn samples(&self) -> Samples {
        self.collected().samples.clone()
    }

    fn collected(&self) -> MutexGuard<'_, Collected> {
        self.collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sampling of one instance.
pub(crate) struct Sampler {
    profile: Profile,
    /// Where the interpreter keeps its state, once that was looked for.
    interpreter: Option<Option<Interpreter>>,
    last: Instant,
}

impl Sampler {
    pub(crate) fn new(profile: &Profile) -> Self {
        Self {
            profile: profile.clone(),
            interpreter: None,
            last: Instant::now(),
        }
    }

    /// Begins a call.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.last = now;
    }

    /// Moves the epoch of `engine` on whenever a sample is due, until it is dropped.
    pub(crate) fn ticks(&self, engine: EngineWeak) -> Result<Ticks, Error> {
        Ticks::every(self.profile.interval, engine)
    }

    /// Takes a sample if one is due.
    pub(crate) fn sample(&mut self, memory: &[u8], now: Instant) {
        let time = now.saturating_duration_since(self.last);
        if time < self.profile.interval {
            return;
        }
        let interpreter = self
            .interpreter
            .get_or_insert_with(|| Interpreter::find(memory));
        let stack = interpreter.as_ref().map(|found| found.stack(memory));
        let mut collected = self.profile.collected();
        let functions = stack
            .unwrap_or_default()
            .into_iter()
            .map(|function| collected.index(function))
            .collect();
        collected.samples.stacks.push(Stack { functions, time });
        self.last = now;
    }
}

/// A thread that moves an engine's epoch on at intervals. An alarm that is set anew after each sample would be lost if it went off
/// before the guest goes on.
#[derive(Debug)]
pub(crate) struct Ticks(Arc<AtomicBool>);

impl Ticks {
    fn every(interval: Duration, engine: EngineWeak) -> Result<Self, Error> {
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let ticking = move || {
            while !seen.load(Ordering::Relaxed) {
                thread::sleep(interval);
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => break,
                }
            }
        };
        thread::Builder::new()
            .name("wadup-samples".into())
            .stack_size(STACK)
            .spawn(ticking)
            .map_err(|source| Error::Thread {
                bytes: STACK,
                source,
            })?;
        Ok(Self(is_over))
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Collected {
    fn index(&mut self, function: Function) -> usize {
        if let Some(index) = self.indices.get(&function) {
            return *index;
        }
        let index = self.samples.functions.len();
        self.samples.functions.push(function.clone());
        self.indices.insert(function, index);
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_the_time_since_the_last_one() {
        let profile = Profile::every(Duration::from_millis(10));
        let mut sampler = Sampler::new(&profile);
        let start = Instant::now();
        let later = |milliseconds| start + Duration::from_millis(milliseconds);

        sampler.begin(start);
        for milliseconds in [5, 12, 13, 40] {
            sampler.sample(&[], later(milliseconds));
        }

        let times: Vec<_> = profile
            .samples()
            .stacks
            .iter()
            .map(|stack| stack.time)
            .collect();
        assert_eq!(times, [12, 28].map(Duration::from_millis));
    }
}
