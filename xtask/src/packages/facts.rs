//! What a build says of a package: its version, its backend, and the object in the store.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::guest::Guest;
use super::list::Package;
use super::read;

/// The facts of a built package.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Facts {
    pub(super) version: String,
    pub(super) backend: String,
    /// How long the build took that is in the store, without that of its requirements.
    pub(super) seconds: u64,
    /// The size of its objects together.
    pub(super) bytes: u64,
}

/// The facts of a package that the guest was last built with, under this title.
///
/// # Errors
/// If it has no native code.
pub(super) fn of(guest: &Guest, title: &str, package: &Package) -> Result<Facts, String> {
    let said = |error: Box<dyn std::error::Error>| error.to_string();
    let lock = read(&guest.kept_lock(title)).map_err(said)?;
    let code = package.code();
    let version = version(&lock, code).ok_or("wadup.lock does not pin it")?;
    let artifact = format!("{code}-{version}");
    let objects = objects(&build_output(&guest.built()).map_err(said)?, &artifact);
    let Some(first) = objects.first() else {
        return Err("it was built without native code".to_owned());
    };
    let bytes = objects
        .iter()
        .filter_map(|object| fs::metadata(object).ok())
        .map(|file| file.len())
        .sum();
    Ok(Facts {
        backend: backend(&lock, code),
        seconds: built_in(first, &artifact).map_or(0, |time| time.as_secs()),
        bytes,
        version,
    })
}

/// The version that a lock pins.
fn version(lock: &str, name: &str) -> Option<String> {
    let start = format!("{name}==");
    let line = lock.lines().find_map(|line| line.strip_prefix(&start))?;
    line.split([' ', ';']).next().map(str::to_owned)
}

/// The build requirement that identifies a backend, and the backend's name. Earlier ones win.
const BACKENDS: [(&str, &str); 7] = [
    ("maturin", "maturin"),
    ("setuptools-rust", "setuptools-rust"),
    ("meson-python", "meson-python"),
    ("scikit-build-core", "scikit-build-core"),
    ("hatchling", "hatchling"),
    ("poetry-core", "poetry"),
    ("setuptools", "setuptools"),
];

/// The backend, from the build requirements in the lock, and the language that it translates.
fn backend(lock: &str, name: &str) -> String {
    let section = format!("\n# to build {name}: ");
    let Some((_, rest)) = lock.split_once(&section) else {
        return "a recipe of wadup".to_owned();
    };
    let requires = rest.split("\n# to build ").next().unwrap_or(rest);
    let has = |requirement: &str| {
        let pin = format!("{requirement}==");
        requires.lines().any(|line| line.starts_with(&pin))
    };
    let backend = BACKENDS.iter().find(|(requirement, _)| has(requirement));
    let backend = backend.map_or("its own", |(_, backend)| backend);
    let language = [
        ("cython", "Cython"),
        ("pybind11", "pybind11"),
        ("cffi", "cffi"),
    ]
    .into_iter()
    .find(|(requirement, _)| has(requirement));
    match language {
        Some((_, language)) => format!("{backend}, {language}"),
        None => backend.to_owned(),
    }
}

/// What the build script said to Cargo the last time.
fn build_output(release: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let mut outputs = Vec::new();
    for entry in fs::read_dir(release.join("build"))? {
        let file = entry?.path().join("output");
        if let Ok(metadata) = file.metadata() {
            outputs.push((metadata.modified()?, file));
        }
    }
    let links = |text: &String| text.contains("/objects/") || text.contains("cargo:rustc-link-arg");
    outputs.sort();
    for (_, file) in outputs.iter().rev() {
        let text = read(file)?;
        if links(&text) {
            return Ok(text);
        }
    }
    Err("no build script has linked a guest".into())
}

/// The objects of an artifact in the link line.
fn objects(output: &str, artifact: &str) -> Vec<PathBuf> {
    let beginnings = [format!("{artifact}-"), format!("{artifact}+")];
    output
        .lines()
        .filter_map(|line| line.split_once('=').map(|(_, value)| value))
        .map(|value| value.rsplit_once('=').map_or(value, |(_, path)| path))
        .filter(|value| value.ends_with(".o") && value.contains("/objects/"))
        .filter(|value| {
            value.split('/').any(|component| {
                beginnings
                    .iter()
                    .any(|beginning| component.starts_with(beginning.as_str()))
            })
        })
        .map(PathBuf::from)
        .collect()
}

/// How long the newest artifact of this name was being built.
fn built_in(object: &Path, artifact: &str) -> Option<Duration> {
    let store = object
        .ancestors()
        .find(|folder| folder.ends_with("artifacts"))?;
    let beginning = format!("{artifact}-");
    let mut builds = Vec::new();
    for entry in fs::read_dir(store).ok()? {
        let folder = entry.ok()?.path();
        let name = folder.file_name()?.to_string_lossy().into_owned();
        if name.starts_with(&beginning) {
            let begun = folder.metadata().ok()?.created().ok()?;
            let manifest = folder.join("manifest.json").metadata().ok()?;
            builds.push((manifest.modified().ok()?, begun));
        }
    }
    let (ended, begun) = builds.into_iter().max()?;
    ended.duration_since(begun).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "msgpack==1.2.4 \\\n    --hash=sha256:aa\n\n# to build msgpack: sha256:bb\ncython==3.1 \\\n    --hash=sha256:cc\nsetuptools==80\n\n# to build rpds-py: sha256:dd\nmaturin==1.9\n";

    #[test]
    fn version_and_backend_are_those_of_the_lock() {
        assert_eq!(version(LOCK, "msgpack").as_deref(), Some("1.2.4"));
        assert_eq!(backend(LOCK, "msgpack"), "setuptools, Cython");
        assert_eq!(backend(LOCK, "rpds-py"), "maturin");
        assert_eq!(backend(LOCK, "numpy"), "a recipe of wadup");
    }

    #[test]
    fn the_objects_of_a_package_are_found_in_the_link_line() {
        let output = "cargo:rustc-link-arg=/s/artifacts/lz4-4.4-ab/content/objects/lz4._version.o\n\
                      cargo:rustc-link-arg=/s/artifacts/lz4-4.4+c++-ab/content/objects/lz4.block.o\n\
                      cargo:rustc-link-arg=/s/artifacts/shim-ab/content/shim.o\n";

        assert_eq!(objects(output, "lz4-4.4").len(), 2);
        assert!(objects(output, "lz4-4").is_empty());
    }
}
