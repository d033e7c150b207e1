//! Tokens that stop running calls from another thread.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

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
    pub(crate) fn watch(&self, engine: &Engine) {
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
    pub(crate) fn sleep(&self, duration: Duration) {
        let engines = self.engines();
        let woken = self
            .0
            .cancelled
            .wait_timeout_while(engines, duration, |_| !self.is_cancelled());
        // It says only which of both ended the wait.
        drop(woken);
    }
}
