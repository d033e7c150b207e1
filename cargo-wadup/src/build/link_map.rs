//! Copies the linker's map beside its module, where `cargo wadup size` looks for it.

use std::fs;
use std::io;

use super::artifacts::Guest;
use crate::project;

/// Copies the map from the build script's folder. A linker may not have written one.
pub(super) fn keep(guest: &Guest) -> Result<(), String> {
    let written = guest.build_folder.join(wadup_build::output::LINK_MAP);
    let kept = project::map_beside(&guest.module);
    match fs::copy(&written, &kept) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!(
            "could not copy `{}` to `{}`: {error}",
            written.display(),
            kept.display()
        )),
    }
}
