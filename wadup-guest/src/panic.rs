//! What a panic writes to stderr before it ends the instance: its message, and the Python code that led to it.

use std::io::{self, Write};
use std::panic;
use std::sync::Once;

use crate::interpreter;

/// Makes panics report the Python code, from the first call on. A hook that the guest sets later takes its place.
pub(crate) fn set_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let rusts_own = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            interpreter::end_by_panic();
            rusts_own(panic);
            wadup_guest_sys::dump_python_stack();
            // If stderr cannot be written to, there is no other place; the trap still reports the failure.
            let _ = writeln!(
                io::stderr(),
                "wadup: a panic in Rust ends this instance of the guest; return an error instead (see wadup_guest::catch)"
            );
        }));
    });
}
