//! Decides whether a guest gets a snapshot, and takes it.

#[cfg(feature = "wasmtime")]
mod record;
#[cfg(feature = "wasmtime")]
mod taking;

use std::error::Error;

use super::arguments::Arguments;
use super::artifacts::Guest;

/// Takes the snapshot of a guest if it should have one.
///
/// # Errors
/// Why there is no snapshot. An older one has been removed.
pub(super) fn make(guest: &Guest, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if is_wanted(guest, arguments)? {
        take(guest, arguments)
    } else {
        Ok(())
    }
}

fn is_wanted(guest: &Guest, arguments: &Arguments) -> wadup_build::Result<bool> {
    match arguments.snapshot {
        Some(choice) => Ok(choice),
        None if cfg!(not(feature = "wasmtime")) || !arguments.is_release(&guest.workspace) => {
            Ok(false)
        }
        None => wadup_build::wants_snapshot(&guest.project),
    }
}

#[cfg(feature = "wasmtime")]
use taking::take;

#[cfg(not(feature = "wasmtime"))]
fn take(_: &Guest, _: &Arguments) -> Result<(), Box<dyn Error>> {
    Err("cannot take a snapshot: cargo-wadup was built without the feature `wasmtime`".into())
}
