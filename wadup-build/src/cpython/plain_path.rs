//! Paths without spaces and non-ASCII characters, because configure and make cannot handle others.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{FileContext, Result};
use crate::temporary;
use crate::toolchain::Toolchain;

/// A folder to build in, with symlinks to folders under other paths.
pub(super) struct PlainFolder {
    path: PathBuf,
    _temporary: Option<TempDir>,
}

impl PlainFolder {
    /// `scratch` itself, or a temporary folder if its path is not plain.
    pub(super) fn near(scratch: &Path) -> Result<Self> {
        if is_plain(scratch) {
            return Ok(Self {
                path: scratch.to_owned(),
                _temporary: None,
            });
        }
        let temporary = temporary::folder()?;
        Ok(Self {
            path: temporary.path().to_owned(),
            _temporary: Some(temporary),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// `folder` itself, or a symlink with this name to it if its path is not plain.
    pub(super) fn plain(&self, name: &str, folder: &Path) -> Result<PathBuf> {
        if is_plain(folder) {
            return Ok(folder.to_owned());
        }
        let link = self.path.join(name);
        link_to(folder, &link).on("create", &link)?;
        Ok(link)
    }

    /// The toolchain under plain paths.
    pub(super) fn toolchain(&self, toolchain: &Toolchain) -> Result<Toolchain> {
        toolchain.relocated(&|name, folder| self.plain(name, folder))
    }
}

fn is_plain(path: &Path) -> bool {
    path.to_str().is_some_and(|path| {
        path.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "/._-+".contains(letter))
    })
}

#[cfg(unix)]
fn link_to(folder: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(folder, link)
}

#[cfg(not(unix))]
fn link_to(_folder: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_used_unchanged() {
        let folder = tempfile::tempdir().unwrap();

        let plain = PlainFolder::near(folder.path()).unwrap();

        assert_eq!(plain.path(), folder.path());
        assert_eq!(plain.plain("x", folder.path()).unwrap(), folder.path());
    }

    #[test]
    fn other_paths_are_reached_through_symlinks() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("mein Lager, größer");
        std::fs::create_dir(&odd).unwrap();

        let plain = PlainFolder::near(&odd).unwrap();
        let link = plain.plain("artifact", &odd).unwrap();

        assert!(is_plain(plain.path()) && is_plain(&link));
        std::fs::write(link.join("made"), "").unwrap();
        assert!(odd.join("made").is_file());
    }
}
