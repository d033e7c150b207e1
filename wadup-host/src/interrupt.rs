//! Stops a call that takes too long or is not wanted any more, reports on a long one, and takes samples, with wasmtime's epochs.
//!
//! The epoch belongs to the engine, so that a neighbor's deadline moves it too: what happens then is decided by each store's own
//! [`Running`].

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Engine, EngineWeak, Store, StoreContextMut, UpdateDeadline};

use crate::alarm::{AGAIN, Alarm};
use crate::error::Error;
use crate::profile::Ticks;
use crate::state::{Sampled, State};
use crate::trap::{Cancelled, TimedOut};

/// Stops running calls from another thread. Clones stop the same calls.
///
/// ```
/// let token = wadup_host::CancellationToken::new();
/// assert!(!token.is_cancelled());
/// token.cancel();
/// assert!(token.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancellationToken(Arc<Cancellation>);

#[derive(Default)]
struct Cancellation {
    is_cancelled: AtomicBool,
    /// Those with running calls.
    engines: Mutex<Vec<EngineWeak>>,
    children: Mutex<Vec<Weak<Cancellation>>>,
    /// Wakes calls that wait in the host; they hold the lock of `engines`.
    cancelled: Condvar,
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cancellation")
            .field("is_cancelled", &self.is_cancelled)
            .finish_non_exhaustive()
    }
}

impl CancellationToken {
    /// A token that has not been used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops all calls that run or will run with this token.
    pub fn cancel(&self) {
        let engines = self.engines();
        self.0.is_cancelled.store(true, Ordering::SeqCst);
        for engine in engines.iter().filter_map(EngineWeak::upgrade) {
            engine.increment_epoch();
        }
        self.0.cancelled.notify_all();
        drop(engines);
        let children = std::mem::take(&mut *self.children());
        for child in children.iter().filter_map(Weak::upgrade) {
            Self(child).cancel();
        }
    }

    /// A token that is cancelled with this one, and also by itself.
    pub(crate) fn child(&self) -> Self {
        let child = Self::new();
        let mut children = self.children();
        children.retain(|child| child.strong_count() > 0);
        children.push(Arc::downgrade(&child.0));
        drop(children);
        // After it became known: a cancellation meanwhile reaches it in one of both ways.
        if self.is_cancelled() {
            child.cancel();
        }
        child
    }

    fn children(&self) -> MutexGuard<'_, Vec<Weak<Cancellation>>> {
        let children = self.0.children.lock();
        children.unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether [`CancellationToken::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    /// From now on, [`CancellationToken::cancel`] moves the epoch of `engine`.
    fn watch(&self, engine: &Engine) {
        let mut engines = self.engines();
        engines.retain(|known| {
            known
                .upgrade()
                .is_some_and(|known| !Engine::same(&known, engine))
        });
        engines.push(engine.weak());
    }

    fn engines(&self) -> MutexGuard<'_, Vec<EngineWeak>> {
        self.0
            .engines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps, but not after it was cancelled.
    fn sleep(&self, duration: Duration) {
        let engines = self.engines();
        let woken = self
            .0
            .cancelled
            .wait_timeout_while(engines, duration, |_| !self.is_cancelled());
        // It says only which of both ended the wait.
        drop(woken);
    }
}

/// How far a running call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How long the call has been running.
    pub elapsed: Duration,
    /// The size of the guest's memory in bytes.
    pub memory: usize,
    /// What the call has written to both standard streams, in bytes.
    pub printed: u64,
}

/// Receives the progress of a call, on the thread that runs it.
pub(crate) type Report = Arc<dyn Fn(&Progress) + Send + Sync>;

/// What is asked of one call besides its result.
#[derive(Clone, Default)]
pub(crate) struct Wishes {
    pub(crate) token: Option<CancellationToken>,
    pub(crate) progress: Option<(Duration, Report)>,
}

/// The call that a store is running.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) wishes: Wishes,
    started: Option<Instant>,
    deadline: Option<Instant>,
    next_report: Option<Instant>,
    alarm: Option<Alarm>,
    ticks: Option<Ticks>,
}

impl Running {
    /// Whether the call may go on.
    pub(crate) fn check(&self) -> wasmtime::Result<()> {
        if self
            .wishes
            .token
            .as_ref()
            .is_some_and(CancellationToken::is_cancelled)
        {
            return Err(Cancelled.into());
        }
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Err(TimedOut.into());
        }
        Ok(())
    }

    /// Sleeps for the guest, as long as the call may go on.
    pub(crate) fn sleep(&self, duration: Duration) -> wasmtime::Result<()> {
        self.check()?;
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let duration = duration.min(left.unwrap_or(Duration::MAX));
        if duration.is_zero() {
            return Ok(());
        }
        match &self.wishes.token {
            Some(token) => token.sleep(duration),
            None => thread::sleep(duration),
        }
        self.check()
    }

    /// The next moment at which something is to be done.
    fn next(&self) -> Option<Instant> {
        [self.deadline, self.next_report]
            .into_iter()
            .flatten()
            .min()
    }

    fn set_alarm(&mut self, engine: &Engine) -> Result<(), Error> {
        self.alarm = match self.next() {
            Some(next) => Some(Alarm::set(next, engine.weak())?),
            None => None,
        };
        Ok(())
    }
}

/// Makes the store look at its [`Running`] whenever the epoch moves on.
pub(crate) fn watch_epochs(store: &mut Store<State>) {
    store.epoch_deadline_callback(|mut store| {
        let engine = store.engine().clone();
        let state = store.data_mut();
        state.running.check()?;
        let now = Instant::now();
        if state.running.next_report.is_some_and(|next| now >= next)
            && let Some((every, report)) = state.running.wishes.progress.clone()
        {
            report(&Progress {
                elapsed: state
                    .running
                    .started
                    .map_or(Duration::ZERO, |started| now - started),
                memory: state.memory.total(),
                printed: state.stdout.written() + state.stderr.written(),
            });
            state.running.next_report = Instant::now().checked_add(every);
            state.running.set_alarm(&engine)?;
        }
        if state.running.alarm.is_none() {
            // For a cancellation from here on: wasmtime counts from the epoch at the end of this function.
            state.running.alarm = Some(Alarm::set(Instant::now() + AGAIN, engine.weak())?);
        }
        state.running.check()?;
        if store.data().sampled.is_some() {
            sample(&mut store, now);
        }
        Ok(UpdateDeadline::Continue(1))
    });
}

/// Takes a sample of the Python stack.
fn sample(store: &mut StoreContextMut<'_, State>, now: Instant) {
    let Some(Sampled {
        mut sampler,
        memory,
    }) = store.data_mut().sampled.take()
    else {
        return;
    };
    sampler.sample(memory.map_or(&[], |memory| memory.data(&*store)), now);
    store.data_mut().sampled = Some(Sampled { sampler, memory });
}

/// Runs a call under its deadline and the wishes of its caller.
pub(crate) fn interruptible<R>(
    engine: &Engine,
    timeout: Option<Duration>,
    store: &mut Store<State>,
    run: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Result<wasmtime::Result<R>, Error> {
    let now = Instant::now();
    // Before anything may move the epoch on.
    store.set_epoch_deadline(1);
    let state = store.data_mut();
    let running = &mut state.running;
    if let Some(Sampled { sampler, .. }) = &mut state.sampled {
        sampler.begin(now);
        running.ticks = Some(sampler.ticks(engine.weak())?);
    }
    running.started = Some(now);
    running.deadline = timeout.and_then(|timeout| now.checked_add(timeout));
    let every = running.wishes.progress.as_ref().map(|(every, _)| *every);
    running.next_report = every.and_then(|every| now.checked_add(every));
    running.set_alarm(engine)?;
    if let Some(token) = &running.wishes.token {
        token.watch(engine);
    }
    let allowed = running.check();
    let result = allowed.and_then(|()| run(store));
    let running = &mut store.data_mut().running;
    running.alarm = None;
    running.ticks = None;
    Ok(result)
}
