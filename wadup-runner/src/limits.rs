//! Limits on what a guest uses.

use std::time::Duration;

/// wasmtime's default, which is what the WADUP host runs its guests with.
pub(crate) const DEFAULT_STACK: usize = 512 * 1024;

/// Limits on what a guest uses; the defaults are the WADUP host's.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of linear memory. Growth beyond it is refused, which the guest sees as a failed allocation. Default: none.
    pub memory: Option<usize>,
    /// Bytes of native stack for wasm frames; beyond it the call traps. Default: 512 KiB, wasmtime's own.
    pub stack: usize,
    /// Fuel per call (and for the instantiation); one unit is about one wasm instruction. Default: none.
    pub fuel: Option<u64>,
    /// Wall time per call (and for the instantiation). Only wasm code is interrupted: a guest that sleeps in the host is stopped when
    /// it wakes. Default: none.
    pub timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: None,
            stack: DEFAULT_STACK,
            fuel: None,
            timeout: None,
        }
    }
}
