//! Checks the archive of a release that is not in the table yet, and says what to write there.

use std::fs;
use std::path::Path;

use super::releases::{Release, Series};
use crate::error::{Error, FileContext, Result};
use crate::patch::Fit;
use crate::{hash, source, temporary};

/// A release that may enter the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Candidate {
    /// The name that builds look for in `WADUP_SOURCES`.
    pub file: String,
    /// The path of its series' profile in this crate.
    pub profile: String,
    /// Whether the table has it, with this archive.
    pub is_known: bool,
    /// The lines to write into the table if it has not.
    pub entry: String,
    /// Each patch of the newest release in the table, and why it does not fit this one, if so.
    pub patches: Vec<(String, Option<String>)>,
}

impl Candidate {
    /// Checks the archive of a version, which must belong to a series of the table.
    ///
    /// # Errors
    /// If the archive is not that version's source, or the table has it with another archive.
    pub fn of(version: &str, archive: &Path) -> Result<Self> {
        let series = series_of(version).ok_or_else(|| {
            let series: Vec<&str> = Series::all().map(|series| series.name).collect();
            Error::missing(
                format!("a series for Python {version}"),
                format!(
                    "give a release of {}, or add a series to the table",
                    series.join(" or ")
                ),
            )
        })?;
        let newest = series.newest();
        let sha256 = hash::of_file(archive)?;
        let known = Release::named(version);
        if let Some(other) = known.filter(|known| known.sha256 != sha256) {
            return Err(Error::Checksum {
                file: archive.to_owned(),
                expected: other.sha256.to_owned(),
                found: sha256,
            });
        }
        let folder = temporary::folder()?;
        let tree = source::unpack(archive, folder.path())?;
        refuse_another_version(&tree, version)?;
        let mut patches = Vec::new();
        for patch in newest.patches {
            let problem = match patch.fit(&tree)? {
                Fit::Applies => None,
                Fit::Contained => Some("the release contains it already".to_owned()),
                Fit::Refused(reason) => Some(reason),
            };
            patches.push((patch.name.to_string(), problem));
        }
        Ok(Self {
            file: super::archive(known.unwrap_or(newest))
                .file
                .replace(known.unwrap_or(newest).version, version),
            profile: format!("src/cpython/profiles/{}.profdata.xz", series.name),
            is_known: known.is_some(),
            entry: entry(version, &sha256, newest),
            patches,
        })
    }
}

fn series_of(version: &str) -> Option<&'static Series> {
    let (name, release) = version.rsplit_once('.')?;
    let is_number = !release.is_empty() && release.chars().all(|digit| digit.is_ascii_digit());
    Series::all().find(|series| is_number && series.name == name)
}

/// Reads the version from `Include/patchlevel.h`.
fn refuse_another_version(tree: &Path, version: &str) -> Result<()> {
    let file = tree.join("Include/patchlevel.h");
    let text = fs::read_to_string(&file).on("read", &file)?;
    let defined = text
        .lines()
        .find_map(|line| line.strip_prefix("#define PY_VERSION "))
        .map(|value| value.trim().trim_matches('"'));
    match defined {
        Some(found) if found == version => Ok(()),
        found => Err(Error::malformed(
            &file,
            format!(
                "expected version {version}, found {}",
                found.unwrap_or("none")
            ),
        )),
    }
}

/// The new entry, with what it shares with the newest of its series under the same names.
fn entry(version: &str, sha256: &str, newest: &Release) -> String {
    let series = newest.series.name.replace('.', "_");
    let suites = newest.suites;
    format!(
        "    Release {{\n        \
             version: \"{version}\",\n        \
             series: &SERIES_{series},\n        \
             sha256: \"{sha256}\",\n        \
             suites: &{suites:?},\n        \
             patches: &PATCHES_{series},\n        \
             patches_with_assertions: &[],\n    \
         }},\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a release costs in the table; the profile's release is one line more.
    const MOST_LINES: usize = 9;

    #[test]
    fn an_entry_is_written_as_those_in_the_table() {
        let newest = Series::default().newest();

        let text = entry(newest.version, newest.sha256, newest);

        assert!(include_str!("releases.rs").contains(&text), "{text}");
        assert!(text.lines().count() <= MOST_LINES, "{text}");
    }

    #[test]
    fn a_release_belongs_to_a_series_of_the_table() {
        let series = Series::default();

        let newer = format!("{}.99", series.name);
        assert_eq!(
            series_of(&newer).map(|series| series.name),
            Some(series.name)
        );
        for other in ["2.7.18", series.name, &format!("{}.0rc1", series.name)] {
            assert!(series_of(other).is_none(), "{other}");
        }
    }
}
