//! Tracks which entries of the store are in use, and when each was last used: one file per entry, on which
//! every user holds a shared lock.
//!
//! The lock protects an entry while a build runs. The file's time says when the last use began.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{FileContext, Result};

/// The files, one for each entry ever used. They remain when an entry is removed: deleting a file that another process
/// is about to lock would let two processes hold the same lock.
pub(super) struct Uses {
    folder: PathBuf,
}

/// A use in progress, which ends when this is dropped or the process ends.
pub(super) struct Use {
    _file: File,
}

impl Uses {
    pub(super) fn of(store: &Path) -> Self {
        Self {
            folder: store.join("uses"),
        }
    }

    /// Begins a use, and waits while the entry is being removed.
    ///
    /// Returns `None` if the lock file cannot be created or locked, because the store is read-only or the disk is full.
    /// A build that finds what it needs does not fail for that.
    pub(super) fn begin(&self, name: &str) -> Option<Use> {
        let path = self.folder.join(name);
        let file = match fs::create_dir_all(&self.folder).and_then(|()| open(&path)) {
            Ok(file) => {
                file.lock_shared().ok()?;
                file.set_modified(SystemTime::now()).ok()?;
                file
            }
            Err(_) => {
                let file = File::open(&path).ok()?;
                file.lock_shared().ok()?;
                file
            }
        };
        Some(Use { _file: file })
    }

    /// When the last recorded use began.
    pub(super) fn last(&self, name: &str) -> Result<Option<SystemTime>> {
        let path = self.folder.join(name);
        match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
            Ok(time) => Ok(Some(time)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", &path),
        }
    }

    /// Locks an entry against new uses while it is being removed. Returns `None` if it is in use.
    pub(super) fn exclude(&self, name: &str) -> Result<Option<File>> {
        let was_used = self.last(name)?.is_some();
        let file = try_lock(&self.folder, name)?;
        if let Some(file) = file.as_ref().filter(|_| !was_used) {
            // Creating the file does not count as a use.
            file.set_modified(SystemTime::UNIX_EPOCH)
                .on("date", self.folder.join(name))?;
        }
        Ok(file)
    }
}

/// Locks the file `name` in a folder, unless someone holds the lock.
pub(super) fn try_lock(folder: &Path, name: &str) -> Result<Option<File>> {
    let path = folder.join(name);
    fs::create_dir_all(folder).on("create", folder)?;
    let file = open(&path).on("open", &path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).on("lock", &path),
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}
