//! The runtime of a wadup guest: runs Python inside a WebAssembly module, and hands rows to its host.
//!
//! # The three files of a guest
//!
//! `build.rs` puts the interpreter, the packages and your Python into the module:
//!
//! ```no_run
//! fn main() {
//!     wadup_build::configure().build();
//! }
//! ```
//!
//! `pyproject.toml` lists the packages and names the entry point:
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
//! When the host calls an export, the function behind it is imported, on its first call, and called without arguments. The first call
//! starts the interpreter; Python's globals live on to the next.
//!
//! The result means the same as in a console script, which ends with `sys.exit(main())`:
//!
//! | the function | the export returns | on stderr |
//! |---|---|---|
//! | returns `None`, or raises `SystemExit` with `None` | 0 | |
//! | returns an int, or raises `SystemExit` with one | that number; -1 if it does not fit into 32 bits | |
//! | returns another value, or raises `SystemExit` with it | 1 | the value |
//! | raises `KeyboardInterrupt` | 130, as a shell reports it | the traceback |
//! | raises another exception | 1 | the traceback |
//!
//! (`True` is an int in Python: returning it means status 1. Return nothing for success.)
//!
//! If the status is 0, the rows of the call are handed over (see [`table`]); otherwise they are dropped, so that they cannot appear
//! under a later call. In both cases, `sys.stdout`, `sys.stderr`, and the streams of C and Rust are flushed. A failed call does not
//! affect the next.
//!
//! `os._exit` and `std::process::exit` end the instance: the host sees the status that they were given.
//!
//! A panic ends it too, as hosts refuse WebAssembly exceptions. Before the trap, stderr gets its message, the Python code that led to
//! it, and what it means for the instance. Errors need no panic: return them, or let [`catch()`] turn them into exceptions.
//!
//! After a trap, Python cannot continue: further calls return 1 and print the reason to stderr. So does a call that the host makes
//! while another one is running. If the interpreter could not start, every call reports that.
//!
//! # From Rust
//!
//! Python calls the `#[pyfunction]`s of your `#[pymodule]`s like any other function, and Rust calls Python functions by the signatures of
//! `functions` (see [`wadup_python!`]). For what these cannot say, exports that you write in Rust use [`call()`] and [`with_python`],
//! once something has started the interpreter: an export of the macro or one of `functions`. All of them share tables and rows with the
//! Python module `wadup`.
//!
//! # The Python module `wadup`
//!
//! `define_table`, `insert_row` and `flush` are [`table::define`], [`table::insert`] and [`table::flush`]; `emit_bytes` is
//! [`subcontent::emit`]. Values are converted to the type of the column:
//!
//! | type | takes | as |
//! |---|---|---|
//! | Int64 | ints, bools, and objects with `__index__` (such as NumPy's ints) | the number; `OverflowError` beyond 64 bits |
//! | Float64 | floats, ints, bools, and objects with `__float__` | the nearest double; `ValueError` for NaN and infinity |
//! | String | `str` | UTF-8; `ValueError` for lone surrogates |
//! | each | `None` | the third item of the column, `(name, type, none_value)`; `ValueError` if it has none |
//!
//! Every exception names the table and the column. They are `ValueError`, `TypeError`, `OverflowError`, `KeyError` for a table that
//! is not defined, and `OSError` for a file that cannot be written.

#![forbid(unsafe_code)]
#![allow(
    clippy::needless_doctest_main,
    reason = "one example is a whole build script"
)]

mod call;
mod catch;
mod collector;
mod entry;
mod error;
mod exceptions;
mod from_python;
mod function;
mod guest;
mod interpreter;
mod number;
mod panic;
mod pipeline;
mod python_module;
mod report;
mod snapshot;
mod stdio;
pub mod subcontent;
mod suite;
pub mod table;
mod wake;

#[doc(hidden)]
pub mod __private;

pub use call::{call, with_python};
pub use catch::catch;
pub use error::{Error, Exception};
pub use wadup_macros::wadup_python;
