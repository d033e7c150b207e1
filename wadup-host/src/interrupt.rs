//! Stops a call that takes too long or is not wanted any more, reports on a long one, and takes samples, with wasmtime's epochs.
//!
//! The epoch belongs to the engine, so that a neighbor's deadline moves it too: what happens then is decided by each store's own
//! [`Running`](crate::running::Running).

use std::time::{Duration, Instant};

use wasmtime::{Engine, Store, StoreContextMut, UpdateDeadline};

use crate::error::Error;
use crate::state::{Sampled, State};

/// Makes the store look at its [`Running`](crate::running::Running) whenever the epoch moves on.
pub(crate) fn watch_epochs(store: &mut Store<State>) {
    store.epoch_deadline_callback(|mut store| {
        let engine = store.engine().clone();
        let State {
            running,
            memory,
            stdout,
            stderr,
            ..
        } = store.data_mut();
        running.check()?;
        let now = Instant::now();
        let sizes = || (memory.total(), stdout.written() + stderr.written());
        running.report(now, &engine, sizes)?;
        running.keep_alarm(&engine)?;
        running.check()?;
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
    let ticks = match &mut state.sampled {
        Some(Sampled { sampler, .. }) => {
            sampler.begin(now);
            Some(sampler.ticks(engine.weak())?)
        }
        None => None,
    };
    let running = &mut state.running;
    running.begin(now, timeout, ticks, engine)?;
    let allowed = running.check();
    let result = allowed.and_then(|()| run(store));
    store.data_mut().running.end();
    Ok(result)
}
