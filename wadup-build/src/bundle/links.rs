//! Finds files of equal bytes, so that the bundle holds them once.

use std::collections::{HashMap, hash_map};
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipResult;

/// A link is about as large as the path in it.
const WORTH_A_LINK: u64 = 128;

/// A zip in memory.
type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// The number of an archive, and that of an entry in it.
type Place = (usize, usize);

/// The first entry of each content: others of the same bytes become links to it. Time zones have many names.
#[derive(Default)]
pub(super) struct Originals<'a>(HashMap<(u32, u64), (&'a str, Place)>);

impl<'a> Originals<'a> {
    /// The entry that holds the same bytes already; if there is none, this one is the original from now on.
    ///
    /// Only what has the checksum and the size of another is read.
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

/// The bytes of an entry as the archive holds them.
fn packed(archives: &mut [Archive], (archive, entry): Place) -> ZipResult<Vec<u8>> {
    let mut bytes = Vec::new();
    archives[archive]
        .by_index_raw(entry)?
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The path from a file's folder to another file.
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
    fn a_path_leads_from_the_folder_of_a_file_to_another() {
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
