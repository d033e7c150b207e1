//! The manifest of an artifact: the state of each file when it was published.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Error, FileContext, Result};
use crate::hash;

/// Size, times and hash of every file below a folder, by relative path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    files: BTreeMap<String, Entry>,
}

/// The state of one file.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(super) struct Entry {
    #[serde(flatten)]
    stamp: Stamp,
    sha256: String,
}

impl Entry {
    /// The current state of a file.
    pub(super) fn of(file: &Path) -> Result<Self> {
        let stamp = Self::stamp_of(file)?;
        let sha256 = hash::of_file(file)?;
        Ok(Self { stamp, sha256 })
    }

    /// The current metadata of a file.
    pub(super) fn stamp_of(file: &Path) -> Result<Stamp> {
        let stamp = fs::metadata(file).and_then(|metadata| Stamp::of(&metadata));
        stamp.on("read", file)
    }

    /// Whether the file had this metadata.
    pub(super) fn has(&self, stamp: Stamp) -> bool {
        self.stamp == stamp
    }

    /// The hash of the file's bytes.
    pub(super) fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// File metadata, which is available without reading the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq)]
pub(super) struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    /// When the file or its metadata last changed. Unlike `modified`, no program can set it back.
    #[serde(default)]
    changed: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> io::Result<Self> {
        Ok(Self {
            size: metadata.len(),
            modified: nanoseconds(metadata.modified()?),
            changed: changed(metadata),
        })
    }

    /// Whether the file last changed before this time, in nanoseconds since 1970.
    pub(super) fn is_before(self, time: u64) -> bool {
        self.changed < time
    }
}

/// How thoroughly an artifact is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Files with unchanged metadata are not read. Hashing every artifact would add seconds to each build.
    Stamps,
    /// Every file is hashed.
    Bytes,
}

/// The result of a comparison.
#[derive(Debug)]
pub(super) enum Comparison {
    /// Nothing has changed.
    Same,
    /// Only metadata has changed: files were copied, touched or restored. The manifest has the new metadata.
    Touched(Manifest),
    /// The first file that is missing, added, or has different content.
    Different(String),
}

impl Manifest {
    /// Describes the current state of a folder.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in crate::tree::files(folder)? {
            let file = folder.join(&path);
            files.insert(path, Entry::of(&file)?);
        }
        Ok(Self { files })
    }

    /// The manifest in a file, and when it was written, or `None` if the file does not exist.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it is truncated or invalid.
    pub(super) fn read(path: &Path) -> Result<Option<(Self, SystemTime)>> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).on("read", path),
        };
        let written = fs::metadata(path).and_then(|metadata| metadata.modified());
        let manifest =
            serde_json::from_slice(&bytes).map_err(|error| Error::malformed(path, error))?;
        Ok(Some((manifest, written.on("read", path)?)))
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let text = self.text().map_err(|error| Error::malformed(path, error))?;
        fs::write(path, text).on("write", path)
    }

    /// The text of a file with this manifest.
    pub(super) fn text(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// The manifest as it is on every machine: with no times.
    #[cfg(any(test, feature = "push"))]
    pub(super) fn without_times(mut self) -> Self {
        for entry in self.files.values_mut() {
            entry.stamp.modified = 0;
            entry.stamp.changed = 0;
        }
        self
    }

    /// Compares a folder with this manifest, which was written at `written`.
    pub(super) fn compare(
        &self,
        folder: &Path,
        depth: Depth,
        written: SystemTime,
    ) -> Result<Comparison> {
        if !folder.is_dir() {
            return Ok(Comparison::Different("all files are missing".to_owned()));
        }
        let present = crate::tree::files(folder)?;
        if let Some(added) = present.iter().find(|path| !self.files.contains_key(*path)) {
            return Ok(Comparison::Different(format!("{added} was added")));
        }
        let mut now = self.clone();
        for (path, entry) in &mut now.files {
            let file = folder.join(path);
            let Ok(stamp) = fs::metadata(&file).and_then(|metadata| Stamp::of(&metadata)) else {
                return Ok(Comparison::Different(format!("{path} is missing")));
            };
            // A file that changed while the manifest was written may have changed twice with the same metadata.
            let is_settled = stamp.is_before(nanoseconds(written));
            if depth == Depth::Stamps && stamp == entry.stamp && is_settled {
                continue;
            }
            if stamp.size != entry.stamp.size || hash::of_file(&file)? != entry.sha256 {
                return Ok(Comparison::Different(format!("{path} has changed")));
            }
            entry.stamp = stamp;
        }
        Ok(if now.files == self.files {
            Comparison::Same
        } else {
            Comparison::Touched(now)
        })
    }

    /// The total size of all files.
    pub(super) fn size(&self) -> u64 {
        self.files.values().map(|entry| entry.stamp.size).sum()
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds =
        i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    u64::try_from(nanoseconds).unwrap_or(0)
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> u64 {
    0
}

/// Nanoseconds since 1970.
pub(super) fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}
