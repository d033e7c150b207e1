//! Walks and copies folders of files in the same order on every machine.

use std::fs;
use std::path::Path;

use crate::error::{Error, FileContext, Result};

/// The files in a folder and below, as sorted relative paths with `/` as the separator.
///
/// Symlinks are followed, so that an artifact holds regular files even where a tool created links.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    collect(folder, "", &mut found)?;
    found.sort_unstable();
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).on("list", folder)? {
        let path = entry.on("list", folder)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(Error::malformed(&path, "the file's name is not UTF-8"));
        };
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{relative}/"), found)?;
        } else {
            found.push(relative);
        }
    }
    Ok(())
}

/// Copies the files below `from` that `keep` accepts to the same relative paths below `to`.
pub(crate) fn copy(from: &Path, to: &Path, keep: impl Fn(&str) -> bool) -> Result<()> {
    for file in files(from)?.iter().filter(|file| keep(file)) {
        copy_file(&from.join(file), &to.join(file))?;
    }
    Ok(())
}

/// Copies one file, creating its parent folders.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).on("create", parent)?;
    }
    fs::copy(from, to).on("copy", from)?;
    Ok(())
}

/// Writes a file only if its content differs, so that an unchanged file causes no rebuild.
pub(crate) fn write_if_changed(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == content.as_ref()) {
        return Ok(());
    }
    fs::write(path, content).on("write", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_by_relative_path_in_sorted_order() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b/z.txt", "a.txt", "b/a.txt"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }

        assert_eq!(
            files(folder.path()).unwrap(),
            ["a.txt", "b/a.txt", "b/z.txt"]
        );
    }

    #[test]
    fn copy_takes_only_the_accepted_files() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(&from).unwrap();
        fs::write(from.join("keep.py"), "").unwrap();
        fs::write(from.join("drop.c"), "").unwrap();

        copy(&from, &to, |file| file.ends_with(".py")).unwrap();

        assert_eq!(files(&to).unwrap(), ["keep.py"]);
    }
}
