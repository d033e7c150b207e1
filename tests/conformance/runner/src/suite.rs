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
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    pub(crate) with: With,
    /// Pinned packages that the tests import.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// Options for pytest.
    #[serde(default)]
    pub(crate) options: Vec<String>,
    /// Seconds for one file.
    pub(crate) timeout: u64,
    /// Files, and folders of files, below the root of the suite.
    pub(crate) whole: Vec<String>,
    /// The same, for the part that runs in a minute or two.
    pub(crate) sample: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum With {
    Pytest,
    Unittest,
}

impl With {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pytest => "pytest",
            Self::Unittest => "unittest",
        }
    }
}

impl Suite {
    /// Reads that of `package`.
    pub(crate) fn read(package: &str) -> Result<Self, String> {
        let path = folder(package).join("suite.toml");
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("could not read `{}`: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("`{}`: {error}", path.display()))
    }

    /// The files to run, in order.
    pub(crate) fn files(&self, root: &Path, sample: bool) -> Result<Vec<String>, String> {
        let wanted = match sample {
            true => &self.run.sample,
            false => &self.run.whole,
        };
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

/// The folder with the guest and the lists of a package.
pub(crate) fn folder(package: &str) -> PathBuf {
    workspace().join("tests/conformance").join(package)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::expected::Expected;

    #[test]
    fn every_suite_and_its_list_can_be_read() {
        for package in crate::Package::value_variants() {
            let suite = Suite::read(package.name()).unwrap_or_else(|error| panic!("{error}"));
            assert!(!suite.run.whole.is_empty() && !suite.run.sample.is_empty());
            let list = folder(package.name()).join("expected.toml");
            Expected::read(&list).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
