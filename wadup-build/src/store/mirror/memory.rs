//! Remembers the newest index of each mirror, so that nobody can pass off an older one, with artifacts that were withdrawn.

use std::fs;
use std::path::{Path, PathBuf};

use minisign_verify::PublicKey;

use crate::error::{Error, FileContext, Result};
use crate::{hash, tree};

/// The folder in the store that remembers.
const FOLDER: &str = "mirrors";

/// What is remembered of one mirror with one key.
pub(super) struct Memory {
    file: PathBuf,
}

impl Memory {
    pub(super) fn of(store: &Path, mirror: &str, key: &PublicKey) -> Self {
        let name = hash::of_bytes(format!("{key:?} {mirror}"));
        Self {
            file: store.join(FOLDER).join(name),
        }
    }

    /// Remembers an index by its serial number.
    ///
    /// # Errors
    /// If a newer one is remembered.
    pub(super) fn accept(&self, serial: u64) -> Result<()> {
        let newest = fs::read_to_string(&self.file)
            .ok()
            .and_then(|text| text.trim().parse::<u64>().ok())
            .unwrap_or(0);
        if serial < newest {
            return Err(Error::malformed(
                Path::new(super::index::FILE),
                format!(
                    "it is older than the last one from there: its serial number is {serial}, and that was {newest}\n\
                     help: if the mirror was made anew, remove `{}`",
                    self.file.display()
                ),
            ));
        }
        let folder = self.file.parent().unwrap_or(&self.file);
        fs::create_dir_all(folder).on("create", folder)?;
        tree::write_if_changed(&self.file, serial.to_string())
    }
}
