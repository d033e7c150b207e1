//! Operations without sense, as a guest may ask for them: nothing panics, and the counts stay those of what is there.

use super::path::Place;
use super::tree::{Content, Id, Kind, ROOT, Tree};
use crate::limits::Limits;

/// Numbers that decide what is asked for next, out of bytes.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// Zero when there are no more bytes.
    fn below(&mut self, end: u64) -> u64 {
        let (number, rest) = match *self.0 {
            [low, high, ref rest @ ..] if end > 256 => {
                (u16::from_le_bytes([low, high]).into(), rest)
            }
            [number, ref rest @ ..] => (number.into(), rest),
            [] => (0, self.0),
        };
        self.0 = rest;
        number % end
    }

    fn path(&mut self) -> String {
        let names = ["a", "b", "c", "..", ".", "a/", "/", ""];
        let count = 1 + self.below(4);
        let names = (0..count).map(|_| names[self.below(names.len() as u64) as usize]);
        names.collect::<Vec<_>>().join("/")
    }
}

/// The entries and bytes that can be reached, with those of nodes that only `open` holds.
fn counted(tree: &Tree, open: &[Id]) -> (u64, u64) {
    let (mut names, mut bytes) = (0, 0);
    let mut seen = std::collections::BTreeSet::new();
    let mut pending: Vec<Id> = open.iter().copied().chain([ROOT]).collect();
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        match &tree.get(id).unwrap().kind {
            Kind::File(Content::Own(own)) => bytes += own.len() as u64,
            Kind::File(Content::Given(_)) => {}
            Kind::Link(target) => bytes += target.len() as u64,
            Kind::Folder(folder) => folder.after(0).for_each(|(_, _, id)| {
                names += 1;
                pending.push(id);
            }),
        }
    }
    (names, bytes)
}

/// Does to a tree what `bytes` say.
pub(crate) fn operations(bytes: &[u8]) {
    let limits = Limits::default().files(20).file_bytes(300);
    let mut numbers = Numbers(bytes);
    let mut tree = Tree::new(&limits);
    let mut open: Vec<Id> = Vec::new();
    while !numbers.0.is_empty() {
        let place = |tree: &Tree, numbers: &mut Numbers| -> Option<Place> {
            let start = match open.get(numbers.below(4) as usize) {
                Some(&folder) if tree.is_folder(folder) => folder,
                _ => ROOT,
            };
            let follow = numbers.below(2) == 0;
            tree.resolve(start, &numbers.path(), follow).ok()
        };
        let Some(at) = place(&tree, &mut numbers) else {
            continue;
        };
        // What is refused is as welcome as what succeeds.
        let _ = match numbers.below(10) {
            0 => tree.make_folder(&at),
            1 => {
                let empty = Kind::File(Content::Own(Vec::new()));
                tree.create(at.folder, &at.name, empty).map(drop)
            }
            2 => {
                let link = Kind::Link(numbers.path() + "x");
                tree.create(at.folder, &at.name, link).map(drop)
            }
            3 => tree.remove_file(&at),
            4 => tree.remove_folder(&at),
            5 => match place(&tree, &mut numbers) {
                Some(to) => tree.rename(&at, &to),
                None => Ok(()),
            },
            6 => match (at.node, place(&tree, &mut numbers)) {
                (Some(id), Some(to)) if !tree.is_folder(id) => tree.link(to.folder, &to.name, id),
                _ => Ok(()),
            },
            7 => match at.node {
                Some(id) => {
                    let offset = numbers.below(200);
                    tree.write(id, offset, &[1; 20][..numbers.below(20) as usize])
                }
                None => Ok(()),
            },
            8 => match at.node {
                Some(id) if open.len() < 4 => {
                    open.push(id);
                    tree.open(id)
                }
                Some(id) => tree.resize(id, numbers.below(400)),
                None => Ok(()),
            },
            _ => match open.pop() {
                Some(id) => tree.close(id),
                None => Ok(()),
            },
        };
        assert_eq!(tree.counts(), counted(&tree, &open));
    }
}
