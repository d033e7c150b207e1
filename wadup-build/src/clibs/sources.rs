//! The -sys crates with the C sources: supplied by the user, from Cargo's cache, or fetched by Cargo. A lock file pins
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::source::{self, Archive, Sources, unpack};
use crate::store::{Inputs, Recipe, RecipeDirs, code};

/// A manifest with the four crates as dependencies, and the lock file with their hashes.
const MANIFEST: &str = include_str!("crates.toml");
const LOCK: &str = include_str!("crates.lock");

const CRATES: [&str; 4] = ["libz-sys", "bzip2-sys", "liblzma-sys", "libsqlite3-sys"];

/// The recipe of a folder with the crates, one folder each.
pub(crate) struct CSources<'a> {
    /// The Cargo that runs this build.
    pub(crate) cargo: &'a str,
    /// Cargo's home, which contains its downloads.
    pub(crate) cargo_home: &'a Path,
    pub(crate) sources: &'a Sources<'a>,
}

impl Recipe for CSources<'_> {
    fn name(&self) -> String {
        "c-sources".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["sources.rs"]).with("lock", hash::of_bytes(LOCK))
    }

    fn step(&self) -> String {
        "fetching the sources of zlib, bzip2, xz and sqlite".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let missing = self.missing()?;
        if missing.is_empty() {
            return self.unpack(dirs);
        }
        if self.sources.is_offline() {
            return Err(source::not_supplied(&missing, None));
        }
        self.vendor(dirs)
    }
}

impl CSources<'_> {
    /// The crates that must be fetched from the registry.
    pub(crate) fn missing(&self) -> Result<Vec<Archive>> {
        let mut missing = Vec::new();
        for archive in locked()? {
            if self.present(&archive)?.is_none() {
                missing.push(archive);
            }
        }
        Ok(missing)
    }

    /// A crate supplied by the user, or in Cargo's cache.
    fn present(&self, archive: &Archive) -> Result<Option<PathBuf>> {
        if let Some(file) = self.sources.supplied(archive)? {
            return Ok(Some(file));
        }
        let cache = self.cargo_home.join("registry/cache");
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

    fn unpack(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        for (name, archive) in CRATES.iter().zip(locked()?) {
            if let Some(file) = self.present(&archive)? {
                let tree = unpack(&file, dirs.scratch)?;
                fs::rename(&tree, dirs.content.join(name)).on("keep", &tree)?;
            }
        }
        Ok(())
    }

    fn vendor(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let package = dirs.scratch.join("package");
        fs::create_dir_all(package.join("src")).on("create", &package)?;
        for (file, text) in [
            ("Cargo.toml", MANIFEST),
            ("Cargo.lock", LOCK),
            ("src/lib.rs", ""),
        ] {
            let path = package.join(file);
            fs::write(&path, text).on("write", &path)?;
        }
        let vendored = dirs.scratch.join("vendored");
        Program::new(Tool::Cargo, self.cargo, "fetching the C sources")
            .args(["vendor", "--locked"])
            .arg(&vendored)
            .current_dir(&package)
            .log(dirs.log)
            .run()?;
        for name in CRATES {
            let from = vendored.join(name);
            fs::rename(&from, dirs.content.join(name)).on("keep", &from)?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The archives of the four crates, with Cargo's file names and hashes.
pub(crate) fn locked() -> Result<Vec<Archive>> {
    let file = Path::new("crates.lock");
    let lock: Lock = toml::from_str(LOCK).map_err(|error| Error::malformed(file, error))?;
    CRATES
        .iter()
        .map(|name| {
            let package = lock.package.iter().find(|package| package.name == *name);
            let (version, sha256) = package
                .and_then(|package| Some((&package.version, package.checksum.clone()?)))
                .ok_or_else(|| Error::malformed(file, format!("it does not lock {name}")))?;
            Ok(Archive {
                file: format!("{name}-{version}.crate"),
                sha256,
                urls: Vec::new(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::progress::Silent;
    use crate::store::Store;

    #[test]
    fn offline_error_names_every_missing_crate_and_the_variable() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        let environment = Environment::of([("WADUP_OFFLINE", "1")]);
        let recipe = CSources {
            cargo: "no-such-cargo",
            cargo_home: folder.path(),
            sources: &Sources::new(&environment, &store),
        };

        let error = store.artifact(&recipe).unwrap_err().to_string();

        for name in CRATES {
            assert!(error.contains(&format!("{name}-")), "{error}");
        }
        assert!(
            error.contains(".crate (sha256 ") && error.contains("WADUP_SOURCES"),
            "{error}"
        );
    }

    #[test]
    fn cached_crates_must_match_the_locked_hash() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        let nothing: [(&str, &str); 0] = [];
        let sources = Sources::new(&Environment::of(nothing), &store);
        let recipe = CSources {
            cargo: "cargo",
            cargo_home: folder.path(),
            sources: &sources,
        };
        let cache = folder.path().join("registry/cache/some-index");
        fs::create_dir_all(&cache).unwrap();
        fs::write(cache.join(&locked().unwrap()[0].file), "other bytes").unwrap();

        assert_eq!(recipe.missing().unwrap().len(), 4);
    }
}
