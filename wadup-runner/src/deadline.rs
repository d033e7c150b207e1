//! Stops a call that takes too long, with wasmtime's epochs.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Engine, Store, UpdateDeadline};

use crate::state::State;
use crate::trap::TimedOut;

/// Makes the store look at its deadline whenever the epoch moves on.
///
/// The epoch belongs to the engine, so a neighbor's deadline moves it too: only the clock decides.
pub(crate) fn watch_epochs(store: &mut Store<State>) {
    store.epoch_deadline_callback(|store| match store.data().deadline {
        Some(deadline) if Instant::now() >= deadline => Err(TimedOut.into()),
        _ => Ok(UpdateDeadline::Continue(1)),
    });
}

/// Calls `run` with the store's deadline set, and moves the epoch on when it has passed.
pub(crate) fn with_deadline<R>(
    engine: &Engine,
    timeout: Option<Duration>,
    store: &mut Store<State>,
    run: impl FnOnce(&mut Store<State>) -> R,
) -> R {
    let Some(timeout) = timeout else {
        return run(store);
    };
    store.data_mut().deadline = Instant::now().checked_add(timeout);
    store.set_epoch_deadline(1);
    thread::scope(|scope| {
        let (finished, watched) = mpsc::channel::<()>();
        scope.spawn(move || {
            if watched.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        });
        let result = run(store);
        drop(finished);
        result
    })
}
