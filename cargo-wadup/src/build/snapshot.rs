//! The snapshot step: whether a guest gets one, and what is said of it.

#[cfg(feature = "wasmtime")]
mod record;
#[cfg(feature = "wasmtime")]
mod taking;

use super::arguments::Arguments;
use super::artifacts::Guest;

/// Takes the snapshot of a guest if one is wanted.
///
/// # Errors
/// Why there is none now; one that was there before is gone then.
pub(super) fn make(guest: &Guest, arguments: &Arguments) -> Result<(), String> {
    if is_wanted(guest, arguments)? {
        take(guest, arguments)
    } else {
        Ok(())
    }
}

fn is_wanted(guest: &Guest, arguments: &Arguments) -> Result<bool, String> {
    match arguments.snapshot {
        Some(said) => Ok(said),
        None if cfg!(not(feature = "wasmtime")) || !arguments.is_release(&guest.workspace) => {
            Ok(false)
        }
        None => wadup_build::wants_snapshot(&guest.project).map_err(|error| error.report()),
    }
}

#[cfg(feature = "wasmtime")]
use taking::take;

#[cfg(not(feature = "wasmtime"))]
fn take(_: &Guest, _: &Arguments) -> Result<(), String> {
    Err("this cargo-wadup was built without the feature `wasmtime`, which runs a guest for its snapshot".into())
}
