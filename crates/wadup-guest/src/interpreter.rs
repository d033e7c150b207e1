//! The one interpreter of a guest, and whether it can be entered.

use std::ffi::CString;
use std::sync::{Mutex, PoisonError};

use pyo3::Python;

use crate::error::Error;
use crate::guest::{Guest, Module};
use crate::python_module::wadup;
use crate::raw;

/// What the interpreter is doing, as far as is known before it is entered.
#[derive(Clone, Copy)]
enum State {
    NotStarted,
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
pub(crate) fn start(guest: &Guest, arguments: &[CString]) -> Result<(), Error> {
    if matches!(state(), State::NotStarted) {
        set(State::Entered);
        let own = Module {
            name: wadup::__PYO3_NAME,
            init: wadup::__pyo3_init,
        };
        let modules = [&[own], guest.modules].concat();
        set(raw::start(&modules, arguments).map_or_else(State::Failed, |()| State::Ready));
    }
    check_ready()
}

/// Runs `work` in the interpreter.
///
/// # Errors
///
/// The interpreter is not started or cannot be entered; `work` has not been run then.
pub(crate) fn enter<R>(work: impl FnOnce(Python<'_>) -> R) -> Result<R, Error> {
    check_ready()?;
    set(State::Entered);
    let result = Python::attach(work);
    set(State::Ready);
    Ok(result)
}

fn check_ready() -> Result<(), Error> {
    match state() {
        State::Ready => Ok(()),
        State::NotStarted => Err(Error::NotStarted),
        State::Entered => Err(Error::Interrupted),
        State::Failed(reason) => Err(Error::Start(reason)),
    }
}
