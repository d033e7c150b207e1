//! The one interpreter of a guest, and whether it can be entered.

use std::ffi::CString;
use std::sync::{Mutex, PoisonError};

use pyo3::Python;

use crate::error::Error;
use crate::guest::{Guest, Module};
use crate::python_module::wadup;
use crate::raw::{self, Hashes};
use crate::wake;

/// What the interpreter is doing, as far as is known before it is entered.
#[derive(Clone, Copy)]
enum State {
    NotStarted,
    /// It is started, but as a snapshot left it: what it knows of its host is to be found out yet.
    Asleep,
    Ready,
    /// It is starting or running, or a trap ended that: a trap runs no code of the guest that could note it.
    Entered,
    /// It did not start, for this reason.
    Failed(&'static str),
}

static STATE: Mutex<State> = Mutex::new(State::NotStarted);

fn state() -> State {
    *STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set(state: State) {
    *STATE.lock().unwrap_or_else(PoisonError::into_inner) = state;
}

/// Starts the interpreter with the modules of `guest` and `arguments` as `sys.argv`, unless that was tried before.
///
/// # Errors
///
/// [`Error::Start`], the same whenever it is called again; [`Error::Interrupted`].
pub(crate) fn start(
    guest: &Guest,
    arguments: impl FnOnce() -> Vec<CString>,
    hashes: Hashes,
) -> Result<(), Error> {
    if matches!(state(), State::NotStarted) {
        set(State::Entered);
        let own = Module {
            name: wadup::__PYO3_NAME,
            init: wadup::__pyo3_init,
        };
        let modules = [&[own], guest.modules].concat();
        let started = raw::start(&modules, &arguments(), hashes);
        set(started.map_or_else(State::Failed, |()| State::Ready));
    }
    match state() {
        State::Asleep => Ok(()),
        _ => check_ready(),
    }
}

/// Runs `work` in the interpreter.
///
/// # Errors
///
/// The interpreter is not started or cannot be entered; `work` has not been run then.
pub(crate) fn enter<R>(work: impl FnOnce(Python<'_>) -> R) -> Result<R, Error> {
    if matches!(state(), State::Asleep) {
        set(State::Entered);
        let woken = wake::wake();
        set(if woken.is_ok() {
            State::Ready
        } else {
            State::Asleep
        });
        woken?;
    }
    check_ready()?;
    set(State::Entered);
    let result = Python::attach(work);
    set(State::Ready);
    Ok(result)
}

/// Notes that the interpreter is left for a snapshot: whoever enters it next has another host.
pub(crate) fn fall_asleep() {
    set(State::Asleep);
}

fn check_ready() -> Result<(), Error> {
    match state() {
        State::Ready => Ok(()),
        // `enter` has woken it.
        State::NotStarted | State::Asleep => Err(Error::NotStarted),
        State::Entered => Err(Error::Interrupted),
        State::Failed(reason) => Err(Error::Start(reason)),
    }
}
