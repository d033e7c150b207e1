//! Walks and copies folders of files in the same order on every machine.

use std::fs;
use std::io::ErrorKind;
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
///
/// The file is replaced as a whole: if that is interrupted or the disk is full, the old one stays, and no reader sees a part.
pub(crate) fn write_if_changed(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let content = content.as_ref();
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    // Of a symbolic link, the file behind it is replaced.
    let file = &match path.canonicalize() {
        Ok(file) => file,
        Err(_) if path.is_symlink() => return fs::write(path, content).on("write", path),
        Err(_) => path.to_owned(),
    };
    let new = file.with_extension(format!("{}.new", std::process::id()));
    let replaced = fs::write(&new, content)
        .and_then(|()| match fs::metadata(file) {
            Ok(metadata) => fs::set_permissions(&new, metadata.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&new, file));
    replaced
        .or_else(|error| {
            // What is left of it, if anything, is of no use. The first error says why.
            let _ = fs::remove_file(&new);
            // The file of a folder that cannot be written, or one that is mounted, can only be written in place.
            let in_place = matches!(
                error.kind(),
                ErrorKind::PermissionDenied
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::ResourceBusy
            );
            if in_place && file.exists() {
                fs::write(file, content)
            } else {
                Err(error)
            }
        })
        .on("write", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_as_a_whole_and_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (
            folder.path().join("real.lock"),
            folder.path().join("wadup.lock"),
        );
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real.lock", &link).unwrap();
        let mut opened = fs::File::open(&file).unwrap();

        write_if_changed(&link, "new").unwrap();

        let mut seen = String::new();
        std::io::Read::read_to_string(&mut opened, &mut seen).unwrap();
        assert_eq!(seen, "old");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
        assert!(link.is_symlink());
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(files(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wadup.lock");
        fs::create_dir(&file).unwrap();

        let error = write_if_changed(&file, "new").unwrap_err();

        assert!(error.to_string().contains("wadup.lock"), "{error}");
        assert!(file.is_dir());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

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
