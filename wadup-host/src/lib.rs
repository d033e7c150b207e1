//! Runs a guest under wasmtime with the file-based contract of the WADUP host.
//!
//! A guest is a core wasm module that exports `process() -> i32`. For each input the host puts the bytes into `/data.bin`, calls
//! `process`, and, if it returned 0, takes the tables that the guest wrote to `/metadata/*.json` and the content that it
//! left in `/subcontent`. One instance serves many inputs.
//!
//! ```no_run
//! use wadup_host::{Engine, Limits, Options};
//!
//! # fn main() -> Result<(), wadup_host::Error> {
//! let engine = Engine::new(Limits::default())?;
//! let guest = engine.load("guest.wasm".as_ref())?;
//! let mut instance = guest.instantiate(&Options::default())?;
//! let outcome = instance.process(b"some input")?;
//! match outcome.result {
//!     Ok(output) => println!("{} tables", output.tables.len()),
//!     Err(failure) => eprintln!("{failure}\n{}", outcome.stderr),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Pool`] does this for many inputs from many threads, with a fresh instance for each and under [`Limits`].
//!
//! The modules, in the order in which a run passes through them: `limits`, `engine`, `compiled` (machine code, kept by `cache`) and
//! `guest`, `pool` and `input` (many inputs, on the threads of `workers` if the caller does not wait), `options` and `printed`,
//! `instance` (calls, with `stack` and `interrupt` around them), `memory` (linear memories, used again) and `state` (what one instance
//! has: its limits, `running` for the call that runs, with `alarm` for its deadlines and `cancellation` for who stops it, `profile` for
//! samples of the Python stack, `capture` for what the guest prints, `vfs` for files in memory), `wasi` (WASI on those files; on files
//! of the disk it is wasmtime-wasi's), `quirks` (what the WADUP host does differently), `call` and `trap` (how a call ends), `folder` (a folder of the disk as the guest's `/`), `contract` and `breach` (what
//! the guest left there, read strictly) and `output` (the result; `arrow` makes record batches of its tables).

mod alarm;
#[cfg(feature = "arrow")]
mod arrow;
mod breach;
mod cache;
mod call;
mod cancellation;
mod capture;
mod compiled;
mod contract;
mod engine;
mod error;
mod folder;
mod guest;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may panic"
)]
pub mod hostile;
mod input;
mod instance;
mod interrupt;
mod limits;
mod memory;
mod number;
mod options;
mod output;
mod pool;
mod printed;
mod profile;
mod quirks;
mod running;
mod stack;
mod state;
mod trap;
mod vfs;
mod wasi;
mod workers;

/// What [`Table::record_batch`] returns, of the crate `arrow-array`.
#[cfg(feature = "arrow")]
pub use arrow_array::RecordBatch;
pub use breach::{Breach, Reason};
pub use call::{Call, Failure, Outcome};
pub use cancellation::CancellationToken;
pub use engine::{Compiler, Engine};
pub use error::Error;
pub use guest::Guest;
pub use input::Input;
pub use instance::Instance;
pub use limits::{Exceeded, Limit, Limits};
pub use number::{CallWithNumbers, Number};
pub use options::{Host, Options, Preopen, Root, Stdin};
pub use output::{Column, ColumnType, Content, Output, SubContent, Table, Value};
pub use pool::Pool;
pub use printed::{Printed, Printer, Stream};
pub use profile::{Function, Profile, Samples, Stack};
pub use running::Progress;
pub use trap::{Cause, Trap};
pub use workers::Pending;
