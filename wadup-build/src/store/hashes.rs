//! Hashes of files outside the artifacts, read again only when their size or times change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::{Entry, nanoseconds};
use crate::error::Result;

/// The file in the store that remembers them.
const FILE: &str = "hashes.json";

/// The hash of each file, in the same order.
///
/// # Errors
/// If a file cannot be read.
pub(crate) fn of_files(store: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let remembered = store.join(FILE);
    let (mut known, written) = read(&remembered);
    let mut hashes = Vec::with_capacity(files.len());
    let mut changed = false;
    for file in files {
        let stamp = Entry::stamp_of(file)?;
        let entry = match known.get(file) {
            // A file that changed while the hashes were written may have changed twice with the same times.
            Some(entry) if entry.has(stamp) && stamp.is_before(written) => entry.clone(),
            _ => {
                changed = true;
                let entry = Entry::of(file)?;
                known.insert(file.clone(), entry.clone());
                entry
            }
        };
        hashes.push(entry.sha256().to_owned());
    }
    if changed {
        known.retain(|file, _| file.is_file());
        write(&known, &remembered);
    }
    Ok(hashes)
}

type Known = BTreeMap<PathBuf, Entry>;

/// What is remembered, and when it was written. An unreadable file is as good as none: all is hashed again.
fn read(file: &Path) -> (Known, u64) {
    let written = fs::metadata(file).and_then(|metadata| metadata.modified());
    let known = fs::read(file)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match (known, written) {
        (Some(known), Ok(written)) => (known, nanoseconds(written)),
        _ => (Known::new(), 0),
    }
}

/// Remembers the hashes for later builds. In a read-only store each build hashes again.
fn write(known: &Known, file: &Path) {
    let new = file.with_extension(format!("{}.new", std::process::id()));
    let folder = file.parent().unwrap_or(file);
    let is_written = fs::create_dir_all(folder).is_ok()
        && serde_json::to_vec(known).is_ok_and(|text| fs::write(&new, text).is_ok())
        && fs::rename(&new, file).is_ok();
    if !is_written {
        // There may be no file to remove.
        drop(fs::remove_file(&new));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    fn folder_with(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("libc.a");
        fs::write(&file, content).unwrap();
        (folder, file)
    }

    #[test]
    fn changed_files_get_new_hashes() {
        let (folder, file) = folder_with("old");
        let store = folder.path().join("store");
        let hash_now = || of_files(&store, std::slice::from_ref(&file)).unwrap();
        assert_eq!(hash_now(), [hash::of_bytes("old")]);

        // As long as the old content, and at once.
        fs::write(&file, "new").unwrap();

        assert_eq!(hash_now(), [hash::of_bytes("new")]);
        assert_eq!(hash_now(), [hash::of_bytes("new")]);
    }

    #[test]
    fn settled_files_are_not_read_again() {
        let (folder, file) = folder_with("libc");
        let store = folder.path().join("store");
        let files = [file.clone()];
        of_files(&store, &files).unwrap();
        let remembered = store.join(FILE);
        let text = fs::read_to_string(&remembered).unwrap();
        let replaced = text.replace(&hash::of_bytes("libc"), "remembered");
        fs::write(&remembered, replaced).unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(10);
        fs::File::open(&remembered)
            .unwrap()
            .set_modified(later)
            .unwrap();

        assert_eq!(of_files(&store, &files).unwrap(), ["remembered"]);
    }

    #[test]
    fn a_damaged_memory_is_replaced() {
        let (folder, file) = folder_with("libc");
        let store = folder.path().join("store");
        fs::create_dir(&store).unwrap();
        fs::write(store.join(FILE), "{").unwrap();

        let hashes = of_files(&store, std::slice::from_ref(&file)).unwrap();

        assert_eq!(hashes, [hash::of_bytes("libc")]);
        let (known, _) = read(&store.join(FILE));
        assert_eq!(known.keys().collect::<Vec<_>>(), [&file]);
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let (folder, file) = folder_with("libc");
        fs::remove_file(&file).unwrap();

        let error = of_files(folder.path(), std::slice::from_ref(&file)).unwrap_err();

        assert!(error.to_string().contains("libc.a"), "{error}");
    }
}
