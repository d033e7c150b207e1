//! What the expansion of `wadup_python!` uses, and nobody else.

use std::ffi::CString;
use std::process::{self, ExitCode};

use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;

use crate::call::{evaluate, finish, freeze};
pub use crate::guest::{Callee, Guest, Module, Snapshot};
use crate::raw::Hashes;
use crate::{interpreter, panic, raw, report, snapshot};

/// Runs the constructors of the guest, the first time that it is called.
pub fn initialize() {
    raw::run_constructors();
    panic::tell_of_python();
}

/// The body of an export: runs `callee` and returns its status.
pub fn call(guest: &'static Guest, callee: Callee) -> i32 {
    initialize();
    run(guest, |py| status(py, run_callee(py, callee)))
}

/// The body of `wizer-initialize`: brings the guest to where a snapshot of it is to start.
///
/// If that fails it ends the instance, having told why on stderr.
pub fn initialize_for_snapshot(guest: &'static Guest) {
    initialize();
    match snapshot::initialize(guest) {
        0 => {}
        status => process::exit(status),
    }
}

/// The body of a program's `main`: runs `callee` with the program's arguments in `sys.argv`.
///
/// What Python code registered with `atexit` is run; the interpreter is not torn down, as the process ends anyway. The exit status is
/// the low eight bits of that of the call, as it is on Unix.
pub fn main(guest: &'static Guest, callee: Callee) -> ExitCode {
    raw::constructors_have_run();
    panic::tell_of_python();
    ExitCode::from(program(guest, callee))
}

/// The body of what stands in for a program's `_start` in a snapshot: [`main()`], without the constructors, which have run.
pub fn resume(guest: &'static Guest, callee: Callee) {
    process::exit(program(guest, callee).into())
}

fn program(guest: &Guest, callee: Callee) -> u8 {
    let status = run(guest, |py| {
        let status_of_call = status(py, run_callee(py, callee));
        match evaluate(py, "atexit", "_run_exitfuncs") {
            Ok(_) => status_of_call,
            Err(error) => status(py, Err(error)),
        }
    });
    status.to_le_bytes()[0]
}

/// Starts the interpreter if need be, and runs `work` in it as one call. The status is that of `work`, if nothing else fails.
fn run(guest: &Guest, work: impl FnOnce(Python<'_>) -> i32) -> i32 {
    let entered = interpreter::start(guest, arguments, Hashes::Random).and_then(|()| {
        interpreter::enter(|py| {
            let status_of_work = match snapshot::call_function(py, &guest.snapshot) {
                Ok(()) => work(py),
                Err(error) => status(py, Err(error)),
            };
            let status_of_end = status(py, finish(py, status_of_work == 0));
            if status_of_work == 0 {
                status_of_end
            } else {
                status_of_work
            }
        })
    });
    entered.unwrap_or_else(|error| report::refusal(&error))
}

fn run_callee(py: Python<'_>, callee: Callee) -> PyResult<()> {
    match callee {
        Callee::Function(module, function) => console_script(py, module, function),
        Callee::Module(module) => module_script(py, module),
    }
}

/// Imports a module, the first time, and calls its `main`, each time, if it has one.
fn module_script(py: Python<'_>, module: &str) -> PyResult<()> {
    let module = py.import(module)?;
    freeze(py)?;
    if let Some(main) = module.getattr_opt("main")? {
        main.call0()?;
    }
    Ok(())
}

/// Calls a function as a console script does: `sys.exit(function())`.
fn console_script(py: Python<'_>, module: &str, function: &str) -> PyResult<()> {
    let module = py.import(module)?;
    freeze(py)?;
    let value = module.getattr(function)?.call0()?;
    if value.is_none() {
        Ok(())
    } else {
        Err(PySystemExit::new_err((value.unbind(),)))
    }
}

/// The status for `result`, whose exception is printed.
fn status(py: Python<'_>, result: PyResult<()>) -> i32 {
    result.map_or_else(|error| report::exception(py, &error), |()| 0)
}

/// The arguments that the host gives; one that refuses to tell them gives none.
fn arguments() -> Vec<CString> {
    // WASI ends each at its first zero byte, so none has a zero byte inside.
    wadup_guest_sys::arguments()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|argument| CString::new(argument).ok())
        .collect()
}

/// What a path in `modules: [..]` resolves to when it names a module without PyO3's items.
///
/// The expansion imports everything from here in an outer scope and everything from the user's path in an inner one, so PyO3's
/// `__PYO3_NAME` and `__pyo3_init` hide these two where they exist. Where they do not, the bound on
/// [`__pyo3_init`](not_a_pymodule::__pyo3_init) has no implementation, and the compiler says so at the user's path.
pub mod not_a_pymodule {
    use core::ffi::CStr;

    /// Never implemented.
    #[diagnostic::on_unimplemented(
        message = "`modules` takes paths to `#[pymodule]`s",
        label = "this is no `#[pymodule]`",
        note = "write `#[pyo3::pymodule]` above the module; a `#[pymodule(submodule)]` is added by its parent and not listed here"
    )]
    pub trait Pymodule {}

    /// Stands in for the name that PyO3 writes into each module.
    pub static __PYO3_NAME: &CStr = c"";

    /// Stands in for the initializer that PyO3 writes into each module; mentioning it where a function that returns an object is
    /// wanted asks for an implementation of [`Pymodule`] that does not exist.
    pub extern "C" fn __pyo3_init<Object: Pymodule>() -> Object {
        unreachable!("`Pymodule` has no implementation")
    }
}
