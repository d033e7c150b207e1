//! Initialises a finished wadup guest and writes it out as a module that starts where that ended.
//!
//! A guest spends nearly all of its first call on starting CPython and importing modules. [`take`] does that once, on the machine
//! that builds: it runs the guest's own `wizer-initialize` and writes memory and globals into a new module, in which the first call
//! finds the interpreter ready. What belongs to the machine or the moment (environment, arguments, folders, seeds) is left out by the
//! guest, which asks its new host for it; what slips in all the same is reported as a [`Finding`].
//!
//! The result depends on nothing but the module: clocks stand still and entropy is a fixed sequence meanwhile.
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
//! The modules: `take` is the way, `initialized` an instance on that way, `host` what the guest sees of a machine meanwhile, and
//! `finding` what is said of that.

mod error;
mod finding;
mod host;
mod hushed;
mod initialized;

pub use error::Error;
pub use finding::{Finding, Read};

use wasmtime_wizer::Wizer;

use crate::initialized::Initialized;

/// The export that initialises; the name is Wizer's own.
const INITIALIZE: &str = "wizer-initialize";

/// What a host calls of a guest before or beside everything else, and the export that takes its place in a snapshot, where the
/// constructors have run: a reactor's entry, which can still be called any number of times, and a program's.
const ENTRIES: [(&str, &str); 2] = [
    ("_initialize", "wadup-snapshot-initialize"),
    ("_start", "wadup-snapshot-resume"),
];

/// How a snapshot is taken.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether findings are errors.
    pub strict: bool,
    /// Whether the initialization may be compiled by Winch, in a fifth of Cranelift's time. Not-a-number values in the snapshot then
    /// have the bits that this machine's processor gives them, so that another kind of machine may write other bytes.
    pub baseline: bool,
}

/// A guest after its initialisation.
#[derive(Debug)]
pub struct Snapshot {
    /// The module.
    pub wasm: Vec<u8>,
    /// What the initialisation read that will be the same in every instance.
    pub findings: Vec<Finding>,
    /// What it printed, to standard output and standard error.
    pub output: String,
}

/// Runs the initialisation of `guest`, a finished wasm module, and writes out what came of it.
///
/// # Errors
///
/// - [`Error::NoGuest`] for a module that has no initialisation, or no valid module.
/// - [`Error::Initialization`] if it raises an exception or traps.
/// - [`Error::HostCall`] if it calls a function of the host that is not WASI's.
/// - [`Error::Findings`] if there are any, and the options are strict.
pub fn take(guest: &[u8], options: &Options) -> Result<Snapshot, Error> {
    let mut wizer = Wizer::new();
    wizer.init_func(INITIALIZE);
    let (context, instrumented) = wizer.instrument(guest).map_err(Error::no_guest)?;
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
