//! A folder of the disk that a guest sees as `/`, through which input and output pass.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use wadup_contract::file::{INPUT, METADATA, SUB_CONTENT, TEMPORARY};

use crate::error::Error;
use crate::limits::{Exceeded, Limit, Limits};

/// What a call left behind, in the order in which the host reads it.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Everything below `/metadata`: the path below it, and the bytes.
    pub(crate) metadata: Vec<(String, Vec<u8>)>,
    /// Everything in `/subcontent`.
    pub(crate) sub_content: Vec<(String, Vec<u8>)>,
    /// The limit, if there was more than may be read.
    pub(crate) exceeded: Option<Exceeded>,
}

/// A folder with the entries that the WADUP host prepares: `/data.bin`, `/metadata`, `/subcontent` and `/tmp`.
#[derive(Debug)]
pub(crate) struct RootFolder {
    path: PathBuf,
    /// Removes the folder with the instance; absent if the folder is the caller's.
    _private: Option<TempDir>,
}

impl RootFolder {
    /// A new folder, removed when this value is dropped.
    pub(crate) fn private() -> Result<Self, Error> {
        let private = TempDir::with_prefix("wadup-")
            .map_err(Error::file("create a folder in", &std::env::temp_dir()))?;
        let path = private.path().to_path_buf();
        Self {
            path,
            _private: Some(private),
        }
        .prepared()
    }

    /// The caller's own folder, which may have other contents too.
    pub(crate) fn existing(path: &Path) -> Result<Self, Error> {
        Self {
            path: path.to_path_buf(),
            _private: None,
        }
        .prepared()
    }

    fn prepared(self) -> Result<Self, Error> {
        fs::create_dir_all(&self.path).map_err(Error::file("create", &self.path))?;
        self.put_input(&[])?;
        Ok(self)
    }

    /// Where the guest's absolute path `guest` is on the host.
    fn on_host(&self, guest: &str) -> PathBuf {
        self.path.join(guest.trim_start_matches('/'))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folders that the WADUP host prepares, as far as they are not there, and replaces `/data.bin` as a whole: a file that
    /// the guest still has open keeps the old bytes.
    pub(crate) fn put_input(&self, input: &[u8]) -> Result<(), Error> {
        for folder in [METADATA, SUB_CONTENT, TEMPORARY] {
            let folder = self.on_host(folder);
            if !is_folder(&folder) {
                remove(&folder)?;
                fs::create_dir(&folder).map_err(Error::file("create", &folder))?;
            }
        }
        let path = self.on_host(INPUT);
        remove(&path)?;
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| file.write_all(input))
            .map_err(Error::file("write", &path))
    }

    /// Reads and removes what the guest left for the host.
    pub(crate) fn take(&self, limits: &Limits) -> Result<Files, Error> {
        let maximum = limits.file_bytes;
        let metadata = take(&self.on_host(METADATA), maximum)?;
        let sub_content = take(&self.on_host(SUB_CONTENT), maximum)?;
        let is_complete = metadata.is_some() && sub_content.is_some();
        Ok(Files {
            metadata: metadata.unwrap_or_default(),
            sub_content: sub_content.unwrap_or_default(),
            exceeded: (!is_complete).then(|| Exceeded::new(Limit::FileBytes, maximum)),
        })
    }
}

/// Files by their path below a folder.
type Taken = Vec<(String, Vec<u8>)>;

/// Shorter names come first, so that `10` follows `9`.
pub(crate) fn in_order(files: &mut Taken) {
    files.sort_by(|(left, _), (right, _)| (left.len(), left).cmp(&(right.len(), right)));
}

/// Whether this is a folder, and not a symbolic link to one: a guest can make a link that leads out of its root folder.
fn is_folder(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_dir())
}

/// Removes whatever is there; what a symbolic link leads to stays.
fn remove(path: &Path) -> Result<(), Error> {
    let removed = if is_folder(path) {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Reads and removes all files below `folder`; its own folders stay. None if the guest left no folder there. Nothing if they are longer than `maximum` together: the length of
/// a file is the guest's choice.
fn take(folder: &Path, maximum: u64) -> Result<Option<Taken>, Error> {
    let mut found = Vec::new();
    let mut total: u64 = 0;
    let mut folders = Vec::new();
    if is_folder(folder) {
        folders.push(folder.to_path_buf());
    }
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).map_err(Error::file("list", &current))? {
            let entry = entry.map_err(Error::file("list", &current))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(Error::file("look at", &path))?;
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            // A symbolic link made by the guest must not lead to the host's own files. It counts as an empty file, which is not valid.
            let mut bytes = Vec::new();
            if kind.is_file() {
                let length = entry
                    .metadata()
                    .map_err(Error::file("look at", &path))?
                    .len();
                total = total.saturating_add(length);
                if total <= maximum {
                    bytes = fs::read(&path).map_err(Error::file("read", &path))?;
                }
            }
            fs::remove_file(&path).map_err(Error::file("remove", &path))?;
            let name = path
                .strip_prefix(folder)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            found.push((name, bytes));
        }
    }
    in_order(&mut found);
    Ok((total <= maximum).then_some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_files_once_and_in_order() {
        let root = RootFolder::private().unwrap();
        fs::create_dir(root.path().join("metadata/deeper")).unwrap();
        for name in ["10.json", "9.json", "deeper/1.json"] {
            fs::write(root.path().join("metadata").join(name), name).unwrap();
        }
        let names = |files: Files| {
            files
                .metadata
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(root.take(&Limits::default()).unwrap()),
            ["9.json", "10.json", "deeper/1.json"]
        );
        assert!(names(root.take(&Limits::default()).unwrap()).is_empty());
    }

    #[test]
    fn an_open_input_keeps_its_bytes() {
        use std::io::Read;
        let root = RootFolder::private().unwrap();
        root.put_input(b"old").unwrap();
        let mut opened = fs::File::open(root.path().join("data.bin")).unwrap();
        root.put_input(b"new and longer").unwrap();
        let mut bytes = String::new();
        opened.read_to_string(&mut bytes).unwrap();
        assert_eq!(bytes, "old");
        assert_eq!(
            fs::read(root.path().join("data.bin")).unwrap(),
            b"new and longer"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_made_by_the_guest_is_not_followed() {
        let root = RootFolder::private().unwrap();
        let secret = root.path().join("tmp/secret");
        fs::write(&secret, "secret").unwrap();
        std::os::unix::fs::symlink(&secret, root.path().join("metadata/rows.json")).unwrap();
        assert_eq!(
            root.take(&Limits::default()).unwrap().metadata,
            [("rows.json".to_owned(), Vec::new())]
        );
        assert!(secret.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_a_folder_is_not_followed_and_does_not_stay() {
        let root = RootFolder::private().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("kept"), "kept").unwrap();
        for name in ["metadata", "subcontent", "tmp"] {
            let folder = root.path().join(name);
            fs::remove_dir(&folder).unwrap();
            std::os::unix::fs::symlink(elsewhere.path(), folder).unwrap();
        }

        let files = root.take(&Limits::default()).unwrap();
        root.put_input(b"next").unwrap();

        assert!(files.metadata.is_empty() && files.sub_content.is_empty());
        assert!(elsewhere.path().join("kept").exists());
        assert!(is_folder(&root.path().join("metadata")));
        assert!(is_folder(&root.path().join("tmp")));
    }

    #[test]
    fn a_folder_in_place_of_the_input_is_replaced() {
        let root = RootFolder::private().unwrap();
        let input = root.path().join("data.bin");
        fs::remove_file(&input).unwrap();
        fs::create_dir_all(input.join("deeper")).unwrap();
        fs::remove_dir(root.path().join("metadata")).unwrap();

        assert!(root.take(&Limits::default()).unwrap().metadata.is_empty());
        root.put_input(b"next").unwrap();

        assert_eq!(fs::read(&input).unwrap(), b"next");
    }

    #[test]
    fn a_file_longer_than_the_limit_is_not_read() {
        let root = RootFolder::private().unwrap();
        let file = fs::File::create(root.path().join("metadata/rows.json")).unwrap();
        // Sparse.
        file.set_len(1 << 40).unwrap();

        let files = root.take(&Limits::default()).unwrap();

        let exceeded = files.exceeded.unwrap();
        assert_eq!(
            (exceeded.limit, exceeded.maximum),
            (Limit::FileBytes, 1 << 30)
        );
        assert!(root.take(&Limits::default()).unwrap().exceeded.is_none());
    }
}
