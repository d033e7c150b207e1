//! Where a host enters a guest: its exports, a program's `main`, and the initialization for a snapshot.

use std::ffi::CString;
use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicI32, Ordering};

use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;
use wadup_guest_sys::Hashes;

use crate::call::evaluate;
use crate::collector::freeze;
use crate::error::Error;
use crate::guest::{Callee, Guest};
use crate::number::Number;
use crate::pipeline::{self, Status};
use crate::{interpreter, panic, report, snapshot, suite};

/// Runs the constructors of the guest, on the first call.
pub fn initialize() {
    wadup_guest_sys::run_constructors();
    panic::set_hook();
}

/// The body of an export: runs `callee` and returns its status.
pub fn call(guest: &'static Guest, callee: Callee) -> i32 {
    initialize();
    run(guest, |py| Status::of(py, run_callee(py, callee)))
}

/// The body of the export that runs a program of `cargo wadup`, whose status it returns.
///
/// `callee` is what `process` runs, which the program can call.
pub fn tests(guest: &'static Guest, callee: Callee) -> i32 {
    initialize();
    run(guest, |py| {
        let entry = move |py: Python<'_>| run_callee(py, callee);
        Status::of(py, suite::run(py, callee, entry))
    })
}

/// The body of `wizer-initialize`: brings the guest to where its snapshot starts.
///
/// A failure ends the instance; stderr has the reason.
pub fn initialize_for_snapshot(guest: &'static Guest) {
    initialize();
    match snapshot::initialize(guest) {
        0 => {}
        status => process::exit(status),
    }
}

/// The body of a program's `main`: runs `callee` with the program's arguments in `sys.argv`.
///
/// What Python code registered with `atexit` runs; the interpreter is not torn down, as the process ends anyway. The exit status is
/// the low eight bits of that of the call, as it is on Unix.
pub fn main(guest: &'static Guest, callee: Callee) -> ExitCode {
    wadup_guest_sys::constructors_have_run();
    panic::set_hook();
    ExitCode::from(program(guest, callee))
}

/// The body of what replaces a program's `_start` in a snapshot: [`main()`], without the constructors, which have run.
pub fn resume(guest: &'static Guest, callee: Callee) {
    process::exit(program(guest, callee).into())
}

fn program(guest: &Guest, callee: Callee) -> u8 {
    let status = run(guest, |py| {
        let status = Status::of(py, run_callee(py, callee));
        match evaluate(py, "atexit", "_run_exitfuncs") {
            Ok(_) => status,
            Err(error) => Status::of(py, Err(error)),
        }
    });
    status.to_le_bytes()[0]
}

/// Starts the interpreter if necessary, and runs `work` in it as one call. Returns the status of `work`, if nothing else fails.
fn run(guest: &Guest, work: impl FnOnce(Python<'_>) -> Status) -> i32 {
    let work = |py: Python<'_>| match snapshot::call_function(py, &guest.snapshot) {
        Ok(()) => work(py),
        Err(error) => Status::of(py, Err(error)),
    };
    interpreter::start(guest, arguments, Hashes::Random)
        .and_then(|()| pipeline::run(work))
        .unwrap_or_else(|error| report::refusal(&error))
}

/// The body of a Python function's counterpart in Rust: runs `work` as a part of the running call, or as a call of its own.
pub(crate) fn run_function<R>(
    guest: &'static Guest,
    work: impl FnOnce(Python<'_>) -> PyResult<R>,
) -> Result<R, Error> {
    if interpreter::is_running() {
        return Python::attach(|py| work(py).map_err(|error| Error::from_python(py, &error)));
    }
    initialize();
    interpreter::start(guest, arguments, Hashes::Random)?;
    pipeline::run(|py| snapshot::call_function(py, &guest.snapshot).and_then(|()| work(py)))?
}

/// How the last call of an export with a result ended.
static STATUS: AtomicI32 = AtomicI32::new(0);

/// The body of the export that tells how the last call of an export with a result ended.
pub fn status() -> i32 {
    STATUS.load(Ordering::Relaxed)
}

/// The body of an export with a result: that of `work`, or [`Number::FAILED`] if it fails, whose exception is printed.
pub(crate) fn run_with_result<R: Number>(
    guest: &'static Guest,
    work: impl FnOnce(Python<'_>) -> PyResult<R>,
) -> R {
    initialize();
    let mut result = None;
    let status = run(guest, |py| match work(py) {
        Ok(value) => {
            result = Some(value);
            Status(0)
        }
        Err(error) => match Status::of(py, Err(error)) {
            Status(0) => {
                // As everywhere, if stderr cannot be written to, the status still reports the failure.
                let _ = writeln!(
                    io::stderr(),
                    "wadup: an export with a result exited without one"
                );
                Status(1)
            }
            failed => failed,
        },
    });
    STATUS.store(status, Ordering::Relaxed);
    result.filter(|_| status == 0).unwrap_or(R::FAILED)
}

/// The body of an export that takes values and returns a status.
pub(crate) fn run_for_status(
    guest: &'static Guest,
    work: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
) -> i32 {
    initialize();
    run(guest, |py| {
        Status::of(py, work(py).and_then(|value| exit_with(&value)))
    })
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
    exit_with(&module.getattr(function)?.call0()?)
}

/// What `sys.exit(value)` means.
fn exit_with(value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_none() {
        Ok(())
    } else {
        Err(PySystemExit::new_err((value.clone().unbind(),)))
    }
}

/// The arguments that the host gives; none if it refuses.
fn arguments() -> Vec<CString> {
    // WASI ends each at its first zero byte, so none has a zero byte inside.
    wadup_guest_sys::arguments()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|argument| CString::new(argument).ok())
        .collect()
}
