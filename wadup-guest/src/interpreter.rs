//! The state of the guest's one interpreter, and so whether it can be entered.

use std::ffi::CString;
use std::sync::{Mutex, PoisonError};

use pyo3::Python;
use wadup_guest_sys::{Hashes, InittabEntry};

use crate::error::Error;
use crate::guest::Guest;
use crate::python_module::wadup;
use crate::wake;

/// What the interpreter is doing.
#[derive(Clone, Copy)]
enum State {
    NotStarted,
    /// Started, but as a snapshot left it: it does not know the host of this instance yet.
    Asleep,
    Ready,
    /// Starting or waking up, or a trap ended that, or a panic ended a call.
    Entered,
    /// In a call, or a trap ended that: after a trap, no code of the guest runs that could record it.
    Running,
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
/// [`Error::Start`], the same on every call; [`Error::Interrupted`].
pub(crate) fn start(
    guest: &Guest,
    arguments: impl FnOnce() -> Vec<CString>,
    hashes: Hashes,
) -> Result<(), Error> {
    if matches!(state(), State::NotStarted) {
        set(State::Entered);
        let own = InittabEntry {
            name: wadup::__PYO3_NAME,
            init: wadup::__pyo3_init,
        };
        let modules = [&[own], guest.modules].concat();
        set(
            match wadup_guest_sys::start(&modules, &arguments(), hashes) {
                Ok(()) => State::Ready,
                // Every later call reports it again, and only one attempt can fail.
                Err(reason) => State::Failed(reason.leak()),
            },
        );
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
/// The interpreter is not started or cannot be entered; `work` has not run then.
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
    set(State::Running);
    let result = Python::attach(work);
    set(State::Ready);
    Ok(result)
}

/// Whether a call is running, of which further Rust code can be a part.
pub(crate) fn is_running() -> bool {
    matches!(state(), State::Running)
}

/// Records that the running call will not return.
pub(crate) fn end_by_panic() {
    if is_running() {
        set(State::Entered);
    }
}

/// Records that the interpreter is left for a snapshot, whose instances have hosts of their own.
pub(crate) fn fall_asleep() {
    set(State::Asleep);
}

fn check_ready() -> Result<(), Error> {
    match state() {
        State::Ready => Ok(()),
        // `enter` wakes it before.
        State::NotStarted | State::Asleep => Err(Error::NotStarted),
        State::Entered | State::Running => Err(Error::Interrupted),
        State::Failed(reason) => Err(Error::Start(reason)),
    }
}
