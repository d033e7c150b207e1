//! Finds files of equal bytes, so that the bundle holds them once.

use std::collections::{HashMap, hash_map};
use std::io::{self, Read};

use zip::read::ZipFile;

/// A link is about as large as the path in it.
const WORTH_A_LINK: u64 = 128;

/// The first entry of each content: others of the same bytes become links to it. Time zones have many names.
#[derive(Default)]
pub(super) struct Originals(HashMap<(u32, u64), (String, Vec<u8>)>);

impl Originals {
    /// The entry that holds the same bytes already; if there is none, this one is the original from now on.
    pub(super) fn of<R: Read>(
        &mut self,
        name: &str,
        entry: &mut ZipFile<'_, R>,
    ) -> io::Result<Option<&str>> {
        if entry.compressed_size() < WORTH_A_LINK {
            return Ok(None);
        }
        let mut packed = Vec::new();
        entry.read_to_end(&mut packed)?;
        match self.0.entry((entry.crc32(), entry.size())) {
            hash_map::Entry::Occupied(known) => {
                let (name, bytes) = known.into_mut();
                Ok((*bytes == packed).then_some(name))
            }
            hash_map::Entry::Vacant(place) => {
                place.insert((name.to_owned(), packed));
                Ok(None)
            }
        }
    }
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
