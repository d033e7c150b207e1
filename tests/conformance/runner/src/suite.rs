//! Reads the `suite.toml` of a package: where its tests come from, and which of them run.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::workspace;

/// The tests of one package.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    pub(crate) source: Source,
    pub(crate) run: Run,
}

/// The archive that holds the tests.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Source {
    #[serde(flatten)]
    pub(crate) archive: Archive,
    /// What to unpack, as patterns of tar.
    pub(crate) unpack: Vec<String>,
    /// How many leading folders of each path in the archive to strip.
    #[serde(default = "one")]
    pub(crate) strip: u8,
}

/// Which archive.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Archive {
    /// One that the build of the package put into the store.
    Pinned { file: String, sha256: String },
    /// The source of the CPython that guests run, whichever release that is.
    Python {
        #[allow(dead_code, reason = "it tells the forms apart")]
        python: True,
    },
}

/// The value `true`.
#[derive(Deserialize)]
#[serde(try_from = "bool")]
pub(crate) struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        value.then_some(Self).ok_or("expected `true`")
    }
}

fn one() -> u8 {
    1
}

/// How the tests are run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Run {
    pub(crate) with: With,
    /// Pinned packages that the tests import.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// Options for pytest.
    #[serde(default)]
    pub(crate) options: Vec<String>,
    /// Whether the tests run in the root of the suite, from which they open files by relative paths, and not in `/tmp`.
    #[serde(default)]
    pub(crate) in_root: bool,
    /// Seconds for one file.
    pub(crate) timeout: u64,
    /// Files, and folders of files, below the root of the suite.
    pub(crate) whole: Vec<String>,
    /// Files in these folders that have no tests here.
    #[serde(default)]
    pub(crate) without: Vec<String>,
    /// The same as `whole`, for the part that runs in a minute or two; empty if there is none.
    #[serde(default)]
    pub(crate) sample: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum With {
    Pytest,
    Unittest,
}

impl Suite {
    /// Reads that of `package`.
    pub(crate) fn read(package: &str) -> Result<Self, String> {
        let path = folder(package).join("suite.toml");
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("could not read `{}`: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("`{}`: {error}", path.display()))
    }

    /// The name of what is tested, with its version if the suite pins one.
    pub(crate) fn title(&self, package: &str) -> String {
        let Archive::Pinned { file, .. } = &self.source.archive else {
            return package.to_owned();
        };
        let name = file.strip_suffix(".tar.gz").unwrap_or(file);
        match name.rsplit_once('-') {
            Some((_, version)) => format!("{package} {version}"),
            None => package.to_owned(),
        }
    }

    /// The files to run, in order.
    pub(crate) fn files(&self, root: &Path, sample: bool) -> Result<Vec<String>, String> {
        let wanted = match sample {
            true => &self.run.sample,
            false => &self.run.whole,
        };
        if wanted.is_empty() {
            return Err("the suite has no sample".to_owned());
        }
        let mut files = Vec::new();
        for name in wanted {
            let path = root.join(name);
            // unittest loads a folder as a package.
            if path.is_dir() && self.run.with == With::Pytest {
                collect(root, &path, &mut files)?;
            } else if path.exists() {
                files.push(name.clone());
            } else {
                return Err(format!("`{name}` is not among the tests"));
            }
        }
        files.retain(|file| !self.run.without.contains(file));
        Ok(files)
    }
}

/// Adds the files of tests below `folder`, sorted.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), String> {
    let failed = |error| format!("could not list `{}`: {error}", folder.display());
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(failed)?;
    paths.sort_unstable();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if name.starts_with("test_") && name.ends_with(".py") {
            let below = path.strip_prefix(root).unwrap_or(&path);
            files.push(below.display().to_string());
        }
    }
    Ok(())
}

/// The guest that has several packages, and the folder with their suites.
const SHARED: &str = "packages";

fn root() -> PathBuf {
    workspace().join("tests/conformance")
}

/// The packages that these names of the command line stand for, each with a suite.
pub(crate) fn named(names: &[String]) -> Result<Vec<String>, String> {
    let failed = |error| format!("could not list the suites: {error}");
    let (own, sharing) = (suites(&root()), suites(&root().join(SHARED)));
    let (own, sharing) = (own.map_err(failed)?, sharing.map_err(failed)?);
    let mut packages = Vec::new();
    for name in names {
        if name == SHARED {
            packages.extend(sharing.iter().cloned());
        } else if own.contains(name) || sharing.contains(name) {
            packages.push(name.clone());
        } else {
            return Err(format!(
                "`{name}` has no test suite\nhelp: choose from {}",
                [own, sharing].concat().join(", ")
            ));
        }
    }
    Ok(packages)
}

/// The names of the folders in `folder` with a suite, sorted.
fn suites(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().join("suite.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether a package has a guest of its own.
fn is_own(package: &str) -> bool {
    root().join(package).join("suite.toml").is_file()
}

/// The folder with the lists of a package.
pub(crate) fn folder(package: &str) -> PathBuf {
    match is_own(package) {
        true => root().join(package),
        false => root().join(SHARED).join(package),
    }
}

/// The name of the guest in which the tests of a package run.
pub(crate) fn guest(package: &str) -> &str {
    match is_own(package) {
        true => package,
        false => SHARED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expected::Expected;

    /// All packages with a suite.
    fn all() -> Vec<String> {
        let mut all = suites(&root()).unwrap();
        all.extend(named(&[SHARED.to_owned()]).unwrap());
        all
    }

    #[test]
    fn every_suite_and_its_list_can_be_read() {
        for package in all() {
            let suite = Suite::read(&package).unwrap_or_else(|error| panic!("{error}"));
            assert!(!suite.run.whole.is_empty());
            // CI samples the suites with a guest of their own.
            assert_eq!(suite.run.sample.is_empty(), !is_own(&package), "{package}");
            let list = folder(&package).join("expected.toml");
            Expected::read(&list).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    #[test]
    fn every_suite_is_of_the_version_in_its_guest() {
        for package in all() {
            let suite = Suite::read(&package).unwrap_or_else(|error| panic!("{error}"));
            let Archive::Pinned { sha256, .. } = suite.source.archive else {
                continue;
            };
            let lock = root().join(guest(&package)).join("wadup.lock");
            let lock = fs::read_to_string(lock).unwrap();
            assert!(lock.contains(&sha256), "{package}");
        }
    }

    #[test]
    fn a_suite_that_is_not_there_is_an_error_with_those_that_are() {
        let error = named(&["nunpy".to_owned()]).unwrap_err();

        assert!(error.starts_with("`nunpy` has no test suite"), "{error}");
        assert!(error.contains("numpy, pandas"), "{error}");
    }
}
