//! Copies the linker's map beside its module, where `cargo wadup size` looks for it.

use std::io;

use fs_err as fs;
use wadup_build::output::LINK_MAP;

use super::artifacts::Guest;
use crate::project;

/// Copies the map from the build script's folder. A linker may not have written one.
pub(super) fn keep(guest: &Guest) -> io::Result<()> {
    let written = guest.build_folder.join(LINK_MAP);
    match fs::copy(written, project::map_beside(&guest.module)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
