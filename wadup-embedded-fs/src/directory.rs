//! Directory listings in the form of WASI preview 1's `fd_readdir`.
//!
//! A listing is a run of `dirent` headers (24 bytes: `d_next`, `d_ino`, `d_namlen`, `d_type`, padding), each followed
//! by its name without a terminator. As on other hosts it starts with `.` and `..`. A cookie names the entry that the
//! next call starts with: 0 is `.`, 1 is `..`, and from 2 on the entries are counted.

use crate::image::{Image, Kind, Node};

/// Values of `filetype` in the WASI specification.
const DIRECTORY: u8 = 3;
const REGULAR_FILE: u8 = 4;

/// Encodes the entries from `cookie` on until `limit` bytes are full, the last one cut off if necessary.
///
/// Fewer bytes than `limit` mean that the listing is complete.
pub(crate) fn listing(image: &Image<'_>, directory: Node, cookie: u64, limit: usize) -> Vec<u8> {
    let itself = (".", directory);
    let parent = ("..", image.parent(directory));
    let entries = image
        .entries(directory)
        .map(|entry| (entry.name, entry.node));
    let all = [itself, parent].into_iter().chain(entries).zip(1u64..);
    let mut bytes = Vec::new();
    for ((name, node), next) in all.skip(usize::try_from(cookie).unwrap_or(usize::MAX)) {
        if bytes.len() >= limit {
            break;
        }
        bytes.extend(header(image, node, name, next));
        bytes.extend(name.as_bytes());
    }
    bytes.truncate(limit);
    bytes
}

/// `dirent`: the offsets of its fields are part of the specification.
fn header(image: &Image<'_>, node: Node, name: &str, next: u64) -> [u8; 24] {
    let kind = match image.kind(node) {
        Kind::File => REGULAR_FILE,
        Kind::Directory => DIRECTORY,
    };
    // A name is at most 65,535 bytes long, as its length in the zip has 16 bits.
    let name_length = name.len() as u32;
    let mut header = [0; 24];
    header[..8].copy_from_slice(&next.to_le_bytes());
    header[8..16].copy_from_slice(&image.inode(node).to_le_bytes());
    header[16..20].copy_from_slice(&name_length.to_le_bytes());
    header[20] = kind;
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// Decodes whole entries as (next cookie, inode, type, name).
    fn decoded(mut bytes: &[u8]) -> Vec<(u64, u64, u8, String)> {
        let mut entries = Vec::new();
        while let Some((header, rest)) = bytes.split_at_checked(24) {
            let length = u32::from_le_bytes(header[16..20].try_into().unwrap()) as usize;
            let Some((name, rest)) = rest.split_at_checked(length) else {
                break;
            };
            let number = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().unwrap());
            entries.push((
                number(0),
                number(8),
                header[20],
                String::from_utf8(name.to_vec()).unwrap(),
            ));
            bytes = rest;
        }
        entries
    }

    fn sample() -> Vec<u8> {
        samples::stored(&[("a/x", ""), ("a/y/z", ""), ("b", "")])
    }

    #[test]
    fn a_listing_starts_with_the_directory_and_its_parent() {
        let zip = sample();
        let image = Image::parse(&zip).unwrap();
        let a = image.lookup(Node::ROOT, "a").unwrap();
        let inode = |path| image.inode(image.lookup(Node::ROOT, path).unwrap());
        assert_eq!(
            decoded(&listing(&image, a, 0, 4096)),
            [
                (1, inode("a"), DIRECTORY, ".".into()),
                (2, inode("."), DIRECTORY, "..".into()),
                (3, inode("a/x"), REGULAR_FILE, "x".into()),
                (4, inode("a/y"), DIRECTORY, "y".into()),
            ]
        );
    }

    #[test]
    fn the_root_is_its_own_parent() {
        let zip = sample();
        let image = Image::parse(&zip).unwrap();
        let entries = decoded(&listing(&image, Node::ROOT, 0, 4096));
        assert_eq!(entries[0].1, entries[1].1);
    }

    #[test]
    fn every_cookie_continues_where_its_entry_ended() {
        let zip = sample();
        let image = Image::parse(&zip).unwrap();
        let all = decoded(&listing(&image, Node::ROOT, 0, 4096));
        assert_eq!(all.len(), 4);
        for (position, (next, ..)) in all.iter().enumerate() {
            assert_eq!(
                decoded(&listing(&image, Node::ROOT, *next, 4096)),
                all[position + 1..]
            );
        }
        assert_eq!(listing(&image, Node::ROOT, u64::MAX, 4096), []);
    }

    #[test]
    fn a_full_buffer_cuts_the_last_entry_off() {
        let zip = sample();
        let image = Image::parse(&zip).unwrap();
        let whole = listing(&image, Node::ROOT, 0, 4096);
        for limit in 0..whole.len() + 2 {
            let part = listing(&image, Node::ROOT, 0, limit);
            assert_eq!(part, whole[..limit.min(whole.len())]);
        }
    }
}
