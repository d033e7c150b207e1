//! What the expansion of `wadup_python!` names, and nothing else.

pub mod not_a_pymodule;

pub use wadup_guest_sys::InittabEntry;

pub use crate::entry::{call, initialize, initialize_for_snapshot, main, resume, status, tests};
pub use crate::function::{Call, Function, Ignored, Keywords, argument};
pub use crate::guest::{Callee, Guest, Snapshot};
pub use crate::number::Number;
