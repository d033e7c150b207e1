//! Finds files with equal contents, so that the bundle contains them once.

use std::collections::{HashMap, hash_map};
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipResult;

/// A link is about as large as the path in it.
const WORTH_A_LINK: u64 = 128;

/// A zip in memory.
type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// The index of an archive, and of an entry in it.
type Place = (usize, usize);

/// The first entry with each content. Later entries with the same content become links to it, as the many names of time
/// zones.
#[derive(Default)]
pub(super) struct Originals<'a>(HashMap<(u32, u64), (&'a str, Place)>);

impl<'a> Originals<'a> {
    /// The earlier entry with the same content, or `None` if this is the first, which is then recorded.
    ///
    /// Only entries with equal checksum and size are compared.
    pub(super) fn of(
        &mut self,
        name: &'a str,
        place: Place,
        archives: &mut [Archive],
    ) -> ZipResult<Option<&'a str>> {
        let entry = archives[place.0].by_index_raw(place.1)?;
        if entry.compressed_size() < WORTH_A_LINK {
            return Ok(None);
        }
        match self.0.entry((entry.crc32(), entry.size())) {
            hash_map::Entry::Occupied(known) => {
                drop(entry);
                let (original, known) = *known.get();
                let equal = packed(archives, known)? == packed(archives, place)?;
                Ok(equal.then_some(original))
            }
            hash_map::Entry::Vacant(free) => {
                free.insert((name, place));
                Ok(None)
            }
        }
    }
}

/// The compressed bytes of an entry.
fn packed(archives: &mut [Archive], (archive, entry): Place) -> ZipResult<Vec<u8>> {
    let mut bytes = Vec::new();
    archives[archive]
        .by_index_raw(entry)?
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The relative path from a file's folder to another file.
pub(super) fn path_to(target: &str, file: &str) -> String {
    let folders = |path: &str| path.matches('/').count();
    let shared = target
        .split_inclusive('/')
        .zip(file.split_inclusive('/'))
        .take_while(|(target, file)| target == file && target.ends_with('/'))
        .map(|(folder, _)| folder.len())
        .sum::<usize>();
    "../".repeat(folders(&file[shared..])) + &target[shared..]
}

#[cfg(test)]
mod tests {
    use super::path_to;

    #[test]
    fn link_targets_are_relative_to_the_links_folder() {
        for (target, file, path) in [
            ("a", "b", "a"),
            ("zones/Europe/Oslo", "zones/Europe/Berlin", "Oslo"),
            ("zones/Europe/Oslo", "zones/Norway", "Europe/Oslo"),
            ("zones/Norway", "zones/Europe/Oslo", "../Norway"),
            ("zone/x", "zones/x", "../zone/x"),
            ("zones", "zones/x/y", "../../zones"),
        ] {
            assert_eq!(path_to(target, file), path, "from {file} to {target}");
        }
    }
}
