//! A guest as its crate describes it to the runtime.

use wadup_guest_sys::InittabEntry;

/// What an export or a program runs.
#[derive(Clone, Copy, Debug)]
pub enum Callee {
    /// A Python function, by its module and its name. What it returns is its status, as for `sys.exit`.
    Function(&'static str, &'static str),
    /// A Python module: importing it, the first time, and then its `main`, if it has one. What that returns is ignored.
    Module(&'static str),
}

/// What the interpreter must know of the guest before it starts.
#[derive(Debug)]
pub struct Guest {
    /// The modules that are written in Rust.
    pub modules: &'static [InittabEntry],
    /// What a snapshot of the guest begins with.
    pub snapshot: Snapshot,
}

/// What is done before a snapshot is written out, or else at the start of the guest.
#[derive(Debug)]
pub struct Snapshot {
    /// The Python modules to import, in this order. Without a snapshot, each is imported when it is first used.
    pub imports: &'static [&'static str],
    /// A module and a function in it to call after the imports.
    pub function: Option<(&'static str, &'static str)>,
}
