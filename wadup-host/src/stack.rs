//! Runs a closure on a thread with enough native stack for the wasm stack that a guest may use.

use std::panic;
use std::thread;

use crate::error::Error;

/// Wasm frames use up to half of what any thread has by default in Rust (2 MiB), the host's own functions fit into the rest.
const EVERY_THREAD_HAS: usize = 1024 * 1024;

/// What wasmtime and WASI need below the wasm frames.
const HOST_FRAMES: usize = 1024 * 1024;

/// Calls `run` on this thread if `wasm_stack` bytes certainly fit, else on a new one.
///
/// wasmtime traps at its limit, but does not know where the thread's own stack ends: with a higher limit, an overflow would kill the
/// whole process.
pub(crate) fn with_stack<R: Send>(
    wasm_stack: usize,
    run: impl FnOnce() -> R + Send,
) -> Result<R, Error> {
    if wasm_stack <= EVERY_THREAD_HAS {
        return Ok(run());
    }
    let bytes = wasm_stack.saturating_add(HOST_FRAMES);
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(bytes)
            .spawn_scoped(scope, run)
            .map_err(|source| Error::Thread { bytes, source })?;
        Ok(thread
            .join()
            .unwrap_or_else(|panic| panic::resume_unwind(panic)))
    })
}
