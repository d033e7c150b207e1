//! Writes artifacts of the store into a folder that can be a mirror.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::archive;
use super::index::{self, Index, Packed};
use super::pack;
use super::settings::parse_key;
use super::signing::SigningKey;
use crate::error::{Error, FileContext, Result};
use crate::store::inspection::{Inspection, inspect};
use crate::store::manifest::{Depth, Manifest};
use crate::store::uses::Uses;
use crate::store::{CONTENT, MANIFEST, remove};
use crate::{hash, tree};

/// What was written into a mirror.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Pushed {
    /// The archives that the mirror did not have, by artifact, with their sizes in bytes.
    pub added: Vec<(String, u64)>,
    /// The artifacts that it had already.
    pub kept: Vec<String>,
    /// The artifacts that only this machine can use, each with the reason.
    pub left_out: Vec<(String, String)>,
}

/// Packs artifacts into the folder `mirror`, and signs an index of these and of those that the folder had.
pub(in crate::store) fn push(
    store: &Path,
    ids: &[String],
    mirror: &Path,
    key: &SigningKey,
) -> Result<Pushed> {
    fs::create_dir_all(mirror).on("create", mirror)?;
    let old = old_index(mirror, key)?;
    let mut artifacts = old.as_ref().map_or_else(BTreeMap::new, |old| {
        // What someone deleted is withdrawn.
        let is_there = |id: &str| mirror.join(archive::file_name(id)).is_file();
        let kept = old.artifacts.iter().filter(|(id, _)| is_there(id));
        kept.map(|(id, packed)| (id.clone(), packed.clone()))
            .collect()
    });
    let mut pushed = Pushed::default();
    for id in ids {
        let file = mirror.join(archive::file_name(id));
        if let Some(packed) = artifacts.get(id)
            && hash::of_file(&file)? == packed.sha256
        {
            pushed.kept.push(id.clone());
            continue;
        }
        let _use = Uses::of(store).begin(id);
        match inspect(store, id, Depth::Stamps)? {
            Inspection::Intact(_) => {}
            Inspection::Absent => {
                let help = "build the guest again";
                return Err(Error::missing(
                    format!("artifact `{id}` in the store"),
                    help,
                ));
            }
            Inspection::Damaged(difference) => {
                return Err(Error::Damaged {
                    artifact: id.clone(),
                    difference,
                });
            }
        }
        let folder = store.join("artifacts").join(id);
        if let Some(reason) = why_of_this_machine(&folder, store)? {
            pushed.left_out.push((id.clone(), reason));
            continue;
        }
        let packed = pack_whole(&folder, &file)?;
        pushed.added.push((id.clone(), packed.size));
        artifacts.insert(id.clone(), packed);
    }
    let is_new = old.as_ref().is_none_or(|old| old.artifacts != artifacts);
    if is_new {
        let serial = old.map_or(0, |old| old.serial + 1).max(now());
        write_index(&Index::new(serial, artifacts), mirror, key)?;
    }
    Ok(pushed)
}

/// Packs an artifact into a file that is there as a whole or not at all.
fn pack_whole(artifact: &Path, file: &Path) -> Result<Packed> {
    let path = artifact.join(MANIFEST);
    let (manifest, _) =
        Manifest::read(&path)?.ok_or_else(|| Error::malformed(&path, "it is missing"))?;
    let manifest = manifest.without_times().text();
    let manifest = manifest.map_err(|error| Error::malformed(&path, error))?;
    let partial = file.with_extension("partial");
    let packed = pack::pack(artifact, &manifest, &partial).and_then(|packed| {
        fs::rename(&partial, file)
            .on("write", file)
            .map(|()| packed)
    });
    if packed.is_err() {
        // There may be no file to remove.
        drop(remove(&partial));
    }
    packed
}

/// The index that the folder has already. Only what the key signed is signed again.
fn old_index(mirror: &Path, key: &SigningKey) -> Result<Option<Index>> {
    if !mirror.join(index::FILE).exists() {
        return Ok(None);
    }
    let public = parse_key(&key.public()).map_err(|problem| Error::malformed(mirror, problem))?;
    let read = Index::read(&public, |name, _| {
        let file = mirror.join(name);
        fs::read(&file).on("read", &file)
    });
    read.map(Some).map_err(|error| {
        let problem = format!(
            "its index cannot be added to: {}\nhelp: choose another folder, or the key of this one",
            error.report()
        );
        Error::malformed(mirror, problem)
    })
}

fn write_index(index: &Index, mirror: &Path, key: &SigningKey) -> Result<()> {
    let text = index.text()?;
    let signature = key.sign(&text);
    for (name, bytes) in [
        (index::FILE, &text[..]),
        (index::SIGNATURE, signature.as_bytes()),
    ] {
        let file = mirror.join(name);
        let partial = mirror.join(format!("{name}.partial"));
        fs::write(&partial, bytes).on("write", &partial)?;
        fs::rename(&partial, &file).on("write", &file)?;
    }
    Ok(())
}

/// Why an artifact is of no use to other machines, if it is not.
fn why_of_this_machine(artifact: &Path, store: &Path) -> Result<Option<String>> {
    let content = artifact.join(CONTENT);
    // A path into the folder where the artifact was being built leads nowhere here either.
    let artifacts = store.join("artifacts");
    let path = artifacts.as_os_str().as_encoded_bytes();
    for name in tree::files(&content)? {
        let file = content.join(&name);
        let bytes = fs::read(&file).on("read", &file)?;
        if bytes.windows(path.len()).any(|part| part == path) {
            return Ok(Some(format!("{name} contains a path of the store")));
        }
    }
    Ok(None)
}

/// The seconds since 1970.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}
