//! Initializes a finished wadup guest, and writes it out as a module that starts in this state.
//!
//! A guest spends nearly all of its first call on starting CPython and importing modules. [`take`] does that once, on the machine
//! that builds: it runs the guest's own `wizer-initialize` and writes memory and globals into a new module, whose first call finds the
//! interpreter ready. The guest leaves out what belongs to the machine or the moment (environment, arguments, folders, seeds), and asks
//! the host of each instance for it. Other reads of this kind are reported as a [`Finding`].
//!
//! The result depends only on the module: meanwhile, clocks stand still and entropy is a fixed sequence.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let guest = std::fs::read("users.wasm")?;
//! let snapshot = wadup_snapshot::take(&guest, &wadup_snapshot::Options::default())?;
//! for finding in &snapshot.findings {
//!     eprintln!("warning: {finding}");
//! }
//! std::fs::write("users.snapshot.wasm", snapshot.wasm)?;
//! # Ok(())
//! # }
//! ```
//!
//! The modules: `initialized` runs the initialization, `host` is the machine that the guest sees meanwhile, `finding` describes what it
//! read, and `hushed` lists the reads that are harmless.

mod error;
mod finding;
mod host;
mod hushed;
mod initialized;

pub use error::Error;
pub use finding::{Finding, Read};

use wadup_contract::export::{
    INITIALIZE, SNAPSHOT_INITIALIZE, SNAPSHOT_PREPARE, SNAPSHOT_RESUME, START,
};
use wasmtime_wizer::Wizer;

use crate::initialized::Initialized;

/// The exports that run constructors, each with the export that replaces it in a snapshot, where they have run.
const ENTRIES: [(&str, &str); 2] = [(INITIALIZE, SNAPSHOT_INITIALIZE), (START, SNAPSHOT_RESUME)];

/// How to take a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether findings are errors.
    pub strict: bool,
    /// Whether to compile the initialization with Winch, in a fifth of Cranelift's time. NaN values in the snapshot then have the bits
    /// that this machine's processor gives them, so another kind of machine may write other bytes.
    pub baseline: bool,
}

/// A guest after its initialization.
#[derive(Debug)]
pub struct Snapshot {
    /// The module.
    pub wasm: Vec<u8>,
    /// What the initialization read, and every instance will share.
    pub findings: Vec<Finding>,
    /// What it printed to standard output and standard error.
    pub output: String,
}

/// Runs the initialization of `guest`, a finished wasm module, and writes out the resulting state.
///
/// # Errors
///
/// - [`Error::NotAGuest`] if the module is not valid, or has no initialization.
/// - [`Error::Initialization`] if it raises an exception or traps.
/// - [`Error::HostCall`] if it calls a function of the host that is not part of WASI.
/// - [`Error::Findings`] if there are findings and the options are strict.
pub fn take(guest: &[u8], options: &Options) -> Result<Snapshot, Error> {
    let mut wizer = Wizer::new();
    wizer.init_func(SNAPSHOT_PREPARE);
    let (context, instrumented) = wizer.instrument(guest).map_err(Error::not_a_guest)?;
    let mut initialized = Initialized::of(&instrumented, options.baseline)?;
    for (entry, stand_in) in ENTRIES {
        if initialized.exports(stand_in) {
            wizer.func_rename(entry, stand_in);
        }
    }
    let findings = initialized.findings()?;
    if options.strict && !findings.is_empty() {
        return Err(Error::Findings(findings));
    }
    initialized.clear_stack();
    let wasm = initialized.now(|state| wizer.snapshot(&context, state))?;
    Ok(Snapshot {
        wasm,
        findings,
        output: initialized.output(),
    })
}
