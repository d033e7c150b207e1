//! Checks a published artifact before it is used.

use std::fs;
use std::path::Path;

use super::manifest::{Comparison, Depth, Manifest};
use super::{Artifact, CONTENT, MANIFEST};
use crate::error::{Error, Result};

/// The result of checking an artifact.
#[derive(Debug)]
pub(super) enum Inspection {
    Absent,
    Intact(Artifact),
    /// It differs from what was published; the first difference.
    Damaged(String),
}

/// Compares the artifact `id` of a store with its manifest.
pub(super) fn inspect(store: &Path, id: &str, depth: Depth) -> Result<Inspection> {
    let folder = store.join("artifacts").join(id);
    if !folder.is_dir() {
        return Ok(Inspection::Absent);
    }
    let file = folder.join(MANIFEST);
    let (manifest, written) = match Manifest::read(&file) {
        Ok(Some(read)) => read,
        Ok(None) => return Ok(damaged("its manifest is missing")),
        Err(Error::Malformed { .. }) => return Ok(damaged("its manifest is malformed")),
        Err(error) => return Err(error),
    };
    let content = folder.join(CONTENT);
    match manifest.compare(&content, depth, written)? {
        Comparison::Different(difference) => return Ok(Inspection::Damaged(difference)),
        Comparison::Touched(now) => renew(&now, &file),
        Comparison::Same => {}
    }
    Ok(Inspection::Intact(Artifact {
        id: id.to_owned(),
        content,
    }))
}

/// Returns an error if a folder is not what its manifest says, by the hashes of all files.
pub(super) fn refuse_differences(content: &Path, file: &Path) -> Result<()> {
    let (manifest, written) =
        Manifest::read(file)?.ok_or_else(|| Error::malformed(file, "it is missing"))?;
    match manifest.compare(content, Depth::Bytes, written)? {
        Comparison::Different(difference) => Err(Error::malformed(content, difference)),
        Comparison::Same | Comparison::Touched(_) => Ok(()),
    }
}

fn damaged(problem: &str) -> Inspection {
    Inspection::Damaged(problem.to_owned())
}

/// Writes the new manifest, which saves later builds the hashing. In a read-only store each build hashes again.
fn renew(manifest: &Manifest, file: &Path) {
    let new = file.with_extension(format!("{}.new", std::process::id()));
    let renewed = manifest
        .write(&new)
        .is_ok_and(|()| fs::rename(&new, file).is_ok());
    if !renewed {
        // There may be no file to remove.
        drop(fs::remove_file(&new));
    }
}
