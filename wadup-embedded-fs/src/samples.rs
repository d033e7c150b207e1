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

/// The same with symbolic links, each a name and what it leads to.
pub(crate) fn linked(files: &[(&str, &str)], links: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = written(files, CompressionMethod::Deflated);
    for (name, target) in links {
        writer
            .add_symlink(*name, *target, SimpleFileOptions::default())
            .unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn archive(files: &[(&str, &str)], method: CompressionMethod) -> Vec<u8> {
    written(files, method).finish().unwrap().into_inner()
}

fn written(files: &[(&str, &str)], method: CompressionMethod) -> ZipWriter<Cursor<Vec<u8>>> {
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
    writer
}
