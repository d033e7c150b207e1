//! Keeps the linker's map beside its module, where `cargo wadup size` looks for it.

use std::io;

use fs_err as fs;
use wadup_build::output::LINK_MAP;

use super::artifacts::Guest;
use crate::project;

/// The map in the build script's folder. A linker may not have written one.
pub(super) fn written(guest: &Guest) -> io::Result<Option<String>> {
    match fs::read_to_string(guest.build_folder.join(LINK_MAP)) {
        Ok(map) => Ok(Some(map)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the map of the finished module.
pub(super) fn keep(guest: &Guest, map: &str) -> io::Result<()> {
    fs::write(project::map_beside(&guest.module), map)
}
