//! Compares the artifacts that two stores have both built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cargo::Outcome;

/// How many files of an artifact are listed.
const LISTED: usize = 3;

/// What each machine builds for itself, and why its bytes may differ: none of them gets into a guest.
const OF_ONE_MACHINE: [(&str, &str); 4] = [
    ("build-python", "it has the paths and times of its build"),
    (
        "build-requirements",
        "installed programs name their interpreter",
    ),
    ("c-sources", "Cargo leaves out dot files when it vendors"),
    ("meson-tools", "installed programs name their interpreter"),
];

/// The list of an installed package's files, which also names programs and build files that are removed. A guest gets another list.
const LIST: &str = ".dist-info/RECORD";

/// The files of an artifact, with their hashes.
type Files = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    sha256: String,
}

/// Prints a line for each artifact of both stores.
///
/// # Errors
/// If one differs that should not, or the stores have none in common.
pub(crate) fn compare(one: &Path, other: &Path) -> Outcome {
    let [first, second] = [artifacts(one)?, artifacts(other)?];
    let common: Vec<&String> = first.keys().filter(|id| second.contains_key(*id)).collect();
    let mut differing = 0;
    for id in &common {
        let [one, other] = [files(&first[*id])?, files(&second[*id])?];
        let different = different(&one, &other);
        let reason = OF_ONE_MACHINE
            .iter()
            .find(|(kind, _)| id.starts_with(&format!("{kind}-")));
        match (different.is_empty(), reason) {
            (true, _) => println!("same     {id}"),
            (false, Some((_, reason))) => {
                println!("differs  {id}: {} files; {reason}", different.len());
            }
            (false, None) => {
                differing += 1;
                println!("DIFFERS  {id}: {} files", different.len());
                for file in different.iter().take(LISTED) {
                    println!("           {file}");
                }
            }
        }
    }
    match (common.len(), differing) {
        (0, _) => Err("the stores have no artifact in common".into()),
        (_, 0) => Ok(()),
        (all, _) => Err(format!("{differing} of {all} artifacts differ").into()),
    }
}

/// The folders of artifacts by their names.
fn artifacts(store: &Path) -> Outcome<BTreeMap<String, PathBuf>> {
    let folder = store.join("artifacts");
    let mut artifacts = BTreeMap::new();
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        artifacts.insert(
            entry.file_name().to_string_lossy().into_owned(),
            entry.path(),
        );
    }
    Ok(artifacts)
}

fn files(artifact: &Path) -> Outcome<Files> {
    let file = artifact.join("manifest.json");
    let text =
        fs::read_to_string(&file).map_err(|error| format!("`{}`: {error}", file.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| format!("`{}`: {error}", file.display()))?;
    let files = manifest.files.into_iter();
    Ok(files
        .filter(|(file, _)| !file.ends_with(LIST))
        .map(|(file, entry)| (file, entry.sha256))
        .collect())
}

/// The files that one lacks or has with other bytes.
fn different<'a>(one: &'a Files, other: &'a Files) -> BTreeSet<&'a str> {
    let names = one.keys().chain(other.keys());
    names
        .filter(|name| one.get(*name) != other.get(*name))
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        let owned = |(name, hash): &(&str, &str)| ((*name).to_owned(), (*hash).to_owned());
        entries.iter().map(owned).collect()
    }

    #[test]
    fn files_differ_by_their_bytes_and_by_being_there() {
        let one = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let other = files(&[("a", "1"), ("b", "4"), ("d", "5")]);

        assert_eq!(different(&one, &other), BTreeSet::from(["b", "c", "d"]));
    }
}
