//! The runtime of a wadup guest: runs Python inside a WebAssembly module, and hands rows to its host.
//!
//! # The three files of a guest
//!
//! `build.rs` puts the interpreter, the packages and your Python into the module:
//!
//! ```ignore (a build script of another crate)
//! fn main() {
//!     wadup_build::configure().build();
//! }
//! ```
//!
//! `pyproject.toml` says which packages, and where to begin:
//!
//! ```toml
//! [project]
//! name = "users"
//! version = "0.1.0"
//! dependencies = ["pydantic==2.12.5"]
//!
//! [tool.wadup]
//! entry-point = "users:main"
//! ```
//!
//! `src/lib.rs` exports it to the host (see [`wadup_python!`]):
//!
//! ```ignore (needs the build script)
//! wadup_guest::wadup_python! {}
//! ```
//!
//! # A call
//!
//! Each time the host calls an export, the function behind it is imported, if it was not yet, and called without arguments. The
//! first call starts the interpreter; what Python keeps in globals is there in the next.
//!
//! What the function returns means what it means to a console script, which ends with `sys.exit(main())`:
//!
//! | it | the export returns | on stderr |
//! |---|---|---|
//! | returns `None`, or raises `SystemExit` with `None` | 0 | |
//! | returns an int, or raises `SystemExit` with one | that number; -1 for one beyond 32 bits | |
//! | returns something else, or raises `SystemExit` with it | 1 | it |
//! | raises `KeyboardInterrupt` | 130, as a shell reports it | the traceback |
//! | raises another exception | 1 | the traceback |
//!
//! (`True` is an int to Python: to return it means status 1. Return nothing.)
//!
//! When the status is 0, the rows of the call are handed over (see [`table`]); otherwise they are dropped, so that none of them can
//! appear under a later call. `sys.stdout`, `sys.stderr`, and the streams of C and Rust are flushed in either case. The call after a
//! failed one starts afresh.
//!
//! `os._exit` and `std::process::exit` end the instance: the host sees the status that they were given.
//!
//! A panic ends it too, as hosts refuse WebAssembly exceptions. Its message, the Python code that led to it, and what that means
//! for the instance are on stderr before the trap. Errors need no panic: return them, or let [`catch()`] turn them into exceptions.
//!
//! A trap ends a call at no point that Python could go on from. The calls after one return 1, and say why on stderr; so does a
//! call that the host makes while another one is running. Where the interpreter could not be started, every call says so.
//!
//! # From Rust
//!
//! Python calls the `#[pyfunction]`s of your `#[pymodule]`s as any other function (see [`wadup_python!`]). Exports that you write in
//! Rust use [`call()`] and [`with_python`], once an export of the macro has started the interpreter. All of them share the tables and
//! the rows with the Python module `wadup`.
//!
//! # The Python module `wadup`
//!
//! `define_table`, `insert_row` and `flush` are [`table::define`], [`table::insert`] and [`table::flush`]; `emit_bytes` is
//! [`subcontent::emit`]. What Python passes is converted by the type of the column:
//!
//! | type | takes | as |
//! |---|---|---|
//! | Int64 | ints, `bool` too, and what has `__index__` (such as the ints of NumPy) | the number; `OverflowError` beyond 64 bits |
//! | Float64 | floats, ints, `bool` too, and what has `__float__` | the nearest double; `ValueError` for NaN and infinity |
//! | String | `str` | UTF-8; `ValueError` for lone surrogates |
//! | each | `None` | the third item of the column, `(name, type, none_value)`; `ValueError` if it has none |
//!
//! Every exception names the table and the column. They are `ValueError`, `TypeError`, `OverflowError`, `KeyError` for a table that
//! is not defined, and `OSError` for a file that cannot be written.

mod call;
mod catch;
mod error;
mod exceptions;
mod from_python;
mod guest;
mod interpreter;
mod panic;
mod python_module;
mod python_stack;
mod raw;
mod report;
mod snapshot;
mod stdio;
pub mod subcontent;
pub mod table;
mod wake;

#[doc(hidden)]
pub mod __private;

pub use call::{call, with_python};
pub use catch::catch;
pub use error::{Error, Exception};
pub use wadup_macros::wadup_python;
