//! The manifest of an artifact: what each of its files was when it was published.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::error::{Error, FileContext, Result};
use crate::hash;

/// Size, time and hash of every file below a folder, by its path relative to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Entry {
    size: u64,
    /// Nanoseconds since 1970. A file whose size and time are unchanged is not hashed again:
    /// hashing every artifact would cost each build seconds.
    modified: u64,
    sha256: String,
}

impl Manifest {
    /// Describes a folder as it is now.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in crate::tree::files(folder)? {
            let file = folder.join(&path);
            let (size, modified) = size_and_time(&file).on("read", &file)?;
            let sha256 = hash::of_file(&file)?;
            files.insert(
                path,
                Entry {
                    size,
                    modified,
                    sha256,
                },
            );
        }
        Ok(Self { files })
    }

    /// The manifest in a file; none if there is no such file or it was cut short.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", path),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec(self).map_err(|error| Error::malformed(path, error))?;
        fs::write(path, text).on("write", path)
    }

    /// The first file that is missing or has other bytes than when it was published.
    pub(super) fn first_difference(&self, folder: &Path) -> Result<Option<String>> {
        for (path, entry) in &self.files {
            let file = folder.join(path);
            let Ok((size, modified)) = size_and_time(&file) else {
                return Ok(Some(format!("{path} is missing")));
            };
            let untouched = (size, modified) == (entry.size, entry.modified);
            if !untouched && (size != entry.size || hash::of_file(&file)? != entry.sha256) {
                return Ok(Some(format!("{path} has other bytes")));
            }
        }
        Ok(None)
    }
}

fn size_and_time(file: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::metadata(file)?;
    let modified = metadata
        .modified()?
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    Ok((metadata.len(), modified))
}
