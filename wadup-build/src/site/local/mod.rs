//! Packages whose files lie on this machine: packed, built to a wheel as a source archive of the index is, and pinned by the hash of
//! what was packed.

mod files;
mod recipe;

use std::fs;
use std::path::{Path, PathBuf};

use super::dist_info;
use super::recipes::Recipes;
use super::uv::Uv;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::plan::LocalPackage;
use crate::store::{Artifact, Store};
use recipe::Installed;

/// A package of this machine, ready for a guest.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Of the folder's files, or of the wheel or archive.
    pub(crate) sha256: String,
    /// The installed package.
    pub(crate) artifact: Artifact,
    /// What uv takes for the package.
    pub(super) archive: PathBuf,
    /// The files and folders whose changes are changes of the package.
    pub(crate) followed: Vec<PathBuf>,
}

impl Local {
    /// The line that makes uv take this package, whatever an index has under its name.
    pub(super) fn requirement(&self) -> Result<String> {
        requirement(&self.name, &self.archive)
    }
}

/// Packs and installs packages; `folder` is the build's own, and the archives stay there.
///
/// # Errors
/// When one cannot be built, or has native code: the error names the line that asks for it.
pub(super) fn prepare(
    packages: &[LocalPackage],
    folder: &Path,
    uv: Uv<'_>,
    store: &Store,
    recipes: Recipes<'_>,
) -> Result<Vec<Local>> {
    packages
        .iter()
        .map(|package| {
            if recipes.contain(&package.name) {
                return Err(package.refused(format!(
                    "`{}` has native code, for which wadup has a recipe of its own: it cannot come from `{}`\n\
                     help: remove its source",
                    package.name,
                    package.path.display()
                )));
            }
            one(package, folder, uv, store)
        })
        .collect()
}

fn one(package: &LocalPackage, folder: &Path, uv: Uv<'_>, store: &Store) -> Result<Local> {
    let (archive, sha256, followed) = if package.path.is_dir() {
        let folder = folder.join("local");
        fs::create_dir_all(&folder).on("create", &folder)?;
        let packed = files::pack(&package.path, &package.name)?;
        // Without a version in its name: uv would hold it against the one in the metadata.
        let archive = folder.join(format!("{}.tar.gz", package.name));
        packed.write(&archive)?;
        (archive, packed.sha256, packed.followed)
    } else {
        let file = package.path.clone();
        (file.clone(), hash::of_file(&file)?, vec![file])
    };
    let artifact = store.artifact(&Installed {
        uv,
        package,
        archive: &archive,
        sha256: &sha256,
    })?;
    let version = dist_info::version(artifact.path())?
        .ok_or_else(|| Error::malformed(artifact.path(), "the built package has no version"))?;
    Ok(Local {
        name: package.name.clone(),
        version,
        sha256,
        artifact,
        archive,
        followed,
    })
}

#[cfg(test)]
impl Local {
    /// One that is nowhere, for tests of what becomes of its pin.
    pub(super) fn at(name: &str, archive: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: String::new(),
            sha256: String::new(),
            artifact: Artifact::nowhere(),
            archive: PathBuf::from(archive),
            followed: Vec::new(),
        }
    }
}

fn requirement(name: &str, archive: &Path) -> Result<String> {
    let url = url::Url::from_file_path(archive)
        .map_err(|()| Error::malformed(archive, "the path is not absolute"))?;
    // uv puts variables in for `${NAME}`.
    let url = url.to_string().replace('$', "%24");
    Ok(format!("{name} @ {url}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_no_letter_that_uv_would_read_otherwise() {
        let line = requirement("helper", Path::new("/my gästs/${HOME}/helper.tar.gz")).unwrap();

        assert_eq!(
            line,
            "helper @ file:///my%20g%C3%A4sts/%24%7BHOME%7D/helper.tar.gz\n"
        );
    }
}
