//! Zips for the tests, written by the `zip` crate.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip of the given names and texts, stored.
pub(crate) fn stored(files: &[(&str, &str)]) -> Vec<u8> {
    archive(files, CompressionMethod::Stored)
}

/// A zip of the given names and texts, deflated.
pub(crate) fn deflated(files: &[(&str, &str)]) -> Vec<u8> {
    archive(files, CompressionMethod::Deflated)
}

fn archive(files: &[(&str, &str)], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer
            .start_file(
                *name,
                SimpleFileOptions::default().compression_method(method),
            )
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
