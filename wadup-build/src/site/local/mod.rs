//! Local packages: packed, built into a wheel like a source archive of the index, and pinned by the hash of the packed
//! files.

mod files;
mod recipe;

use std::fs;
use std::path::{Path, PathBuf};

use super::dist_info;
use super::recipes::Recipes;
use super::uv::Uv;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::plan::{LocalPackage, UvTables};
use crate::store::{Artifact, Store};
use recipe::Installed;

/// A local package, ready for a guest.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The hash of the folder's files, or of the wheel or archive.
    pub(crate) sha256: String,
    /// The installed package.
    pub(crate) artifact: Artifact,
    /// The file that uv installs.
    pub(super) archive: PathBuf,
    /// The files and folders to watch for changes.
    pub(crate) followed: Vec<PathBuf>,
}

impl Local {
    /// The constraint that makes uv use this package instead of one on an index.
    pub(super) fn requirement(&self) -> Result<String> {
        requirement(&self.name, &self.archive)
    }
}

/// Packs and installs packages; `folder` is the build's own, which keeps the archives.
///
/// # Errors
/// When one cannot be built, or has native code: the error has the line that requires it.
pub(super) fn prepare(
    tables: &UvTables,
    folder: &Path,
    uv: Uv<'_>,
    store: &Store,
    recipes: Recipes<'_>,
) -> Result<Vec<Local>> {
    tables
        .packages
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
            one(package, &tables.settings, folder, uv, store)
        })
        .collect()
}

fn one(
    package: &LocalPackage,
    settings: &str,
    folder: &Path,
    uv: Uv<'_>,
    store: &Store,
) -> Result<Local> {
    let (archive, sha256, followed) = if package.path.is_dir() {
        let folder = folder.join("local");
        fs::create_dir_all(&folder).on("create", &folder)?;
        let packed = files::pack(&package.path, &package.name)?;
        // Without a version in its name, which uv would compare with the metadata.
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
        settings,
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
    /// A package without files, for tests of its pin.
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
    // uv expands `${NAME}`.
    let url = url.to_string().replace('$', "%24");
    Ok(format!("{name} @ {url}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_in_urls_are_escaped_for_uv() {
        let line = requirement("helper", Path::new("/my gästs/${HOME}/helper.tar.gz")).unwrap();

        assert_eq!(
            line,
            "helper @ file:///my%20g%C3%A4sts/%24%7BHOME%7D/helper.tar.gz\n"
        );
    }
}
