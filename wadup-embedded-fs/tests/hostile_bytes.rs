//! The file system does not panic for any bytes, and what it accepts is consistent.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{Cursor, Write};

use proptest::prelude::*;
use wadup_embedded_fs::{Image, Node};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

mod walk;

use walk::{steps_and_zip, walk};

/// A small archive with both methods. Each of its bytes is changed.
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

/// The corpus of the fuzzer.
#[test]
fn what_the_fuzzer_kept_is_survived() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/embedded_fs");
    let mut kept = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        steps_and_zip(&std::fs::read(path).unwrap());
        kept += 1;
    }
    assert!(kept > 0);
}

proptest! {
    #[test]
    fn any_steps_are_answered(
        steps in prop::collection::vec(any::<u8>(), 0..200),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = vec![steps.len() as u8];
        bytes.extend(&steps);
        let mut zip = sample();
        for (position, value) in changes {
            let position = position.index(zip.len());
            zip[position] = value;
        }
        bytes.extend(zip);
        steps_and_zip(&bytes);
    }

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
        // Without the end record, only the first check would run.
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
