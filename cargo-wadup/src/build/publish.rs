//! Writes a finished module, so that no reader sees a part of it.

use std::io;
use std::path::Path;

use fs_err as fs;

/// Writes to a temporary file beside `place`, and renames it.
pub(super) fn file(bytes: &[u8], place: &Path) -> io::Result<()> {
    let unfinished = place.with_extension(format!("{}.unfinished", std::process::id()));
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, place))
        .inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_replaced_and_no_temporary_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("users.snapshot.wasm");
        fs::write(&place, "old").unwrap();

        file(b"new", &place).unwrap();

        assert_eq!(fs::read(&place).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
