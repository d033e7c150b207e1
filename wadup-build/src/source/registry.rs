//! Crates as source archives: from the user's folder, Cargo's cache, or fetched by Cargo.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Archive, Sources};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::temporary;

/// A crate of crates.io at one version.
#[derive(Debug)]
pub(crate) struct PinnedCrate<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    /// The hash of its archive, as in `Cargo.lock`.
    pub(crate) sha256: &'a str,
}

/// The Cargo that runs this build, and the folder in which it keeps downloads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cargo<'a> {
    pub(crate) program: &'a str,
    pub(crate) home: &'a Path,
}

impl PinnedCrate<'_> {
    fn archive(&self) -> Archive {
        Archive {
            file: format!("{}-{}.crate", self.name, self.version),
            sha256: self.sha256.to_owned(),
            urls: Vec::new(),
        }
    }

    /// The path of its archive, checked.
    ///
    /// # Errors
    /// If no place has it, or one has other bytes under its name.
    pub(crate) fn obtain(&self, sources: &Sources<'_>, cargo: Cargo<'_>) -> Result<PathBuf> {
        let archive = self.archive();
        if !sources.is_here(&archive)?
            && let Some(cached) = cached(&archive, cargo.home)?
        {
            return Ok(cached);
        }
        sources.obtain(&archive, Some(&|file| self.fetch(cargo, file)))
    }

    /// Fetches the crate with Cargo, and copies its archive to `file`.
    fn fetch(&self, cargo: Cargo<'_>, file: &Path) -> Result<()> {
        let scratch = temporary::folder()?;
        let manifest = scratch.path().join("Cargo.toml");
        let text = format!(
            "[package]\nname = \"source\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"Cargo.toml\"\n\
             [dependencies]\n{} = \"={}\"\n[workspace]\n",
            self.name, self.version
        );
        fs::write(&manifest, text).on("write", &manifest)?;
        Program::new(
            Tool::Cargo,
            cargo.program,
            format!("fetching the source of the crate {}", self.name),
        )
        .arg("fetch")
        .current_dir(scratch.path())
        .run()?;
        let archive = self.archive();
        let fetched = cached(&archive, cargo.home)?.ok_or_else(|| {
            Error::missing(
                format!("{archive} in Cargo's cache"),
                "supply it in the folder that WADUP_SOURCES names",
            )
        })?;
        fs::copy(&fetched, file).map(drop).on("copy", &fetched)
    }
}

/// The archive in Cargo's cache, if one there has its name and hash.
fn cached(archive: &Archive, home: &Path) -> Result<Option<PathBuf>> {
    let cache = home.join("registry/cache");
    let Ok(registries) = fs::read_dir(&cache) else {
        return Ok(None);
    };
    for registry in registries {
        let file = registry.on("list", &cache)?.path().join(&archive.file);
        if file.is_file() && hash::of_file(&file)? == archive.sha256 {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::progress::Silent;
    use crate::store::Store;

    const CONTENT: &str = "the crate";

    /// Looks for a crate offline, with a file of its name in Cargo's cache.
    fn offline(cached: &str) -> Result<PathBuf> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        let environment = Environment::of([("WADUP_OFFLINE", "1")]);
        let cache = folder.path().join("registry/cache/some-index");
        fs::create_dir_all(&cache).unwrap();
        fs::write(cache.join("thing-src-1.0+2.0.crate"), cached).unwrap();
        let sha256 = hash::of_bytes(CONTENT);
        let pinned = PinnedCrate {
            name: "thing-src",
            version: "1.0+2.0",
            sha256: sha256.leak(),
        };
        let cargo = Cargo {
            program: "no-such-cargo",
            home: folder.path(),
        };
        pinned.obtain(&Sources::new(&environment, &store), cargo)
    }

    #[test]
    fn a_crate_in_cargos_cache_needs_no_network() {
        assert!(
            offline(CONTENT)
                .unwrap()
                .ends_with("thing-src-1.0+2.0.crate")
        );
    }

    #[test]
    fn offline_error_names_the_crate_that_the_cache_has_with_other_bytes() {
        let error = offline("other bytes").unwrap_err().to_string();

        assert!(
            error.contains("thing-src-1.0+2.0.crate (sha256 "),
            "{error}"
        );
        assert!(error.contains("WADUP_SOURCES"), "{error}");
    }
}
