//! No bytes whatever make the file system panic, and what it accepts is consistent.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{Cursor, Write};

use proptest::prelude::*;
use wadup_embedded_fs::{AccessError, Descriptor, Descriptors, Image, Kind, Node, OpenOptions};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A small archive with both methods, whose every byte is worth changing.
fn sample() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, method) in [
        ("a", CompressionMethod::Stored),
        ("a-b", CompressionMethod::Deflated),
        ("d/e/f", CompressionMethod::Deflated),
        ("d/g", CompressionMethod::Stored),
    ] {
        writer
            .start_file(
                name,
                SimpleFileOptions::default().compression_method(method),
            )
            .unwrap();
        writer.write_all(&b"text ".repeat(20)).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Uses everything there is in an archive, if it is one.
fn walk(zip: &[u8]) {
    let Ok(image) = Image::parse(zip) else { return };
    let mut files = Descriptors::new(image.clone());
    let mut directories = vec![(Node::ROOT, String::new())];
    while let Some((directory, path)) = directories.pop() {
        for entry in image.entries(directory) {
            let path = format!("{path}{}", entry.name);
            assert_eq!(image.lookup(Node::ROOT, &path), Ok(entry.node));
            assert_eq!(image.lookup(directory, entry.name), Ok(entry.node));
            assert_eq!(image.parent(entry.node), directory);
            let open = files
                .open(Descriptor::ROOT, &path, OpenOptions::default())
                .unwrap();
            match image.kind(entry.node) {
                Kind::Directory => {
                    assert!(files.list(open, 0, 4096).unwrap().len() >= 2 * 24);
                    directories.push((entry.node, format!("{path}/")));
                }
                Kind::File => match files.read(open, usize::MAX) {
                    Ok(contents) => assert_eq!(contents.len() as u64, image.size(entry.node)),
                    Err(error) => assert_eq!(error, AccessError::Damaged),
                },
            }
            files.close(open).unwrap();
        }
    }
}

#[test]
fn every_single_changed_byte_is_survived() {
    let sample = sample();
    walk(&sample);
    for position in 0..sample.len() {
        for value in [
            0,
            1,
            b'/',
            b'.',
            0x7f,
            0xff,
            sample[position].wrapping_add(1),
        ] {
            let mut zip = sample.clone();
            zip[position] = value;
            walk(&zip);
        }
    }
}

#[test]
fn every_cut_is_refused() {
    let sample = sample();
    for length in 0..sample.len() {
        assert!(Image::parse(&sample[..length]).is_err());
    }
}

proptest! {
    #[test]
    fn several_changed_bytes_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)
    ) {
        let mut zip = sample();
        for (position, value) in changes {
            let position = position.index(zip.len());
            zip[position] = value;
        }
        walk(&zip);
    }

    #[test]
    fn shuffled_pieces_are_survived(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6)
    ) {
        let sample = sample();
        let mut zip = Vec::new();
        for (from, to) in cuts {
            let (from, to) = (from.index(sample.len()), to.index(sample.len()));
            zip.extend(&sample[from.min(to)..from.max(to)]);
        }
        // The end record is needed to get any further than the first check.
        zip.extend(&sample[sample.len() - 22..]);
        walk(&zip);
    }

    #[test]
    fn any_path_is_answered(path in "[ab-g./]{0,12}") {
        let zip = sample();
        let image = Image::parse(&zip).unwrap();
        if let Ok(node) = image.lookup(Node::ROOT, &path) {
            prop_assert!(image.inode(node) > 0);
            prop_assert!(!path.starts_with('/'));
        }
    }
}
