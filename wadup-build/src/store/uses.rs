//! Who uses what of the store, and since when nobody does: one file each, locked in common by all who use it.
//!
//! The lock keeps `free` away for as long as a build runs; the file's time says when the last one began.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{FileContext, Result};

/// The files, one for each thing that was ever used. They stay when the thing goes: removing a file that another
/// process is about to lock would let two processes hold "the" lock.
pub(super) struct Uses {
    folder: PathBuf,
}

/// A use under way; it ends when this is dropped, or with the process.
pub(super) struct Use {
    _file: File,
}

impl Uses {
    pub(super) fn of(store: &Path) -> Self {
        Self {
            folder: store.join("uses"),
        }
    }

    /// Begins a use, waiting while the thing is being freed.
    ///
    /// None where no file can be made or locked, because the store is another user's or the disk is full: that is no
    /// reason to stop a build that finds what it needs.
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

    /// When the last use began, as far as one was noted.
    pub(super) fn last(&self, name: &str) -> Result<Option<SystemTime>> {
        let path = self.folder.join(name);
        match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
            Ok(time) => Ok(Some(time)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", &path),
        }
    }

    /// Holds a thing against every use while it is being freed; none while it is in use.
    pub(super) fn exclude(&self, name: &str) -> Result<Option<File>> {
        let was_used = self.last(name)?.is_some();
        let file = try_lock(&self.folder, name)?;
        if let Some(file) = file.as_ref().filter(|_| !was_used) {
            // Making the file is no use of the thing.
            file.set_modified(SystemTime::UNIX_EPOCH)
                .on("date", self.folder.join(name))?;
        }
        Ok(file)
    }
}

/// The lock in the file `name` of a folder, if nobody holds it.
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
