//! What a panic says before it ends the instance: its message, and the Python code that led to it.

use std::io::{self, Write};
use std::panic;
use std::sync::Once;

use crate::python_stack;

/// Makes panics tell all that, the first time that it is called. A hook that the guest sets later takes its place.
pub(crate) fn tell_of_python() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told_by_rust = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            told_by_rust(panic);
            python_stack::dump();
            // Where stderr cannot be written to there is no other place to tell it; the trap does.
            let _ = writeln!(
                io::stderr(),
                "wadup: a panic in Rust ends this instance of the guest; return an error instead (see wadup_guest::catch)"
            );
        }));
    });
}
