//! Packs artifacts into archives, the same bytes on every machine.
//!
//! An archive has the files and folders of an artifact and nothing else: no links, no owners, no times.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use liblzma::write::XzEncoder;
use tar::{EntryType, Header};

use super::super::{CONTENT, INPUTS, MANIFEST};
use super::index::Packed;
use crate::error::{FileContext, Result};
use crate::hash;

/// Compresses nearly as well as 9, in a third of the time.
const LEVEL: u32 = 6;

/// Packs the folder of an artifact; `manifest` says what is in its content.
pub(super) fn pack(artifact: &Path, manifest: &[u8], to: &Path) -> Result<Packed> {
    let file = File::create(to).on("create", to)?;
    let mut archive = tar::Builder::new(Counted {
        inner: XzEncoder::new(file, LEVEL),
        count: 0,
    });
    append(&mut archive, MANIFEST, manifest, 0o644).on("write", to)?;
    let inputs = artifact.join(INPUTS);
    let text = fs::read(&inputs).on("read", &inputs)?;
    append(&mut archive, INPUTS, &text, 0o644).on("write", to)?;
    append_folder(&mut archive, &artifact.join(CONTENT), CONTENT, to)?;
    let counted = archive.into_inner().on("write", to)?;
    counted.inner.finish().on("write", to)?;
    Ok(Packed {
        sha256: hash::of_file(to)?,
        size: fs::metadata(to).on("read", to)?.len(),
        unpacked: counted.count,
    })
}

/// Adds a folder with all that is below it, in the order of names. Links are followed, as everywhere in the store.
fn append_folder<W: Write>(
    archive: &mut tar::Builder<W>,
    folder: &Path,
    name: &str,
    to: &Path,
) -> Result<()> {
    let mut header = header(0o755, 0);
    header.set_entry_type(EntryType::Directory);
    archive
        .append_data(&mut header, format!("{name}/"), io::empty())
        .on("write", to)?;
    let entries = fs::read_dir(folder).on("list", folder)?;
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()
        .on("list", folder)?;
    names.sort_unstable();
    for inside in names {
        let path = folder.join(&inside);
        let name = format!("{name}/{}", inside.to_string_lossy());
        if path.is_dir() {
            append_folder(archive, &path, &name, to)?;
        } else {
            let bytes = fs::read(&path).on("read", &path)?;
            append(archive, &name, &bytes, mode(&path)?).on("write", to)?;
        }
    }
    Ok(())
}

fn append<W: Write>(
    archive: &mut tar::Builder<W>,
    name: &str,
    bytes: &[u8],
    mode: u32,
) -> io::Result<()> {
    archive.append_data(&mut header(mode, bytes.len() as u64), name, bytes)
}

fn header(mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    header
}

/// Counts the bytes that are written.
struct Counted<W> {
    inner: W,
    count: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The mode of a file as far as it matters: whether it is a program.
#[cfg(unix)]
fn mode(file: &Path) -> Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file).on("read", file)?.permissions().mode();
    Ok(if mode & 0o111 == 0 { 0o644 } else { 0o755 })
}

#[cfg(not(unix))]
fn mode(_file: &Path) -> Result<u32> {
    Ok(0o644)
}
