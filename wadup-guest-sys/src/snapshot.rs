//! The exports that answer `wadup-snapshot` while it takes a snapshot. In a module that runs as it was linked, nothing calls them.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use crate::shim::wadup_shim_stack;

/// What was read from the environment while the snapshot was taken.
static ENVIRONMENT_READS: OnceLock<CString> = OnceLock::new();

/// Keeps what was read from the environment for `wadup-snapshot`: a JSON list of pairs, a variable and the Python stack.
///
/// The first call counts.
pub fn keep_environment_reads(reads: CString) {
    ENVIRONMENT_READS.get_or_init(|| reads);
}

/// The Python functions that are running. `wadup-snapshot` calls this from within a function of the host.
#[unsafe(export_name = wadup_contract::snapshot_stack!())]
extern "C" fn stack() -> *const c_char {
    wadup_shim_stack()
}

/// What was read from the environment.
#[unsafe(export_name = wadup_contract::snapshot_environment!())]
extern "C" fn environment() -> *const c_char {
    ENVIRONMENT_READS
        .get()
        .map_or(c"[]", CString::as_c_str)
        .as_ptr()
}
