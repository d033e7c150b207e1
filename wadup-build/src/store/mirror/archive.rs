//! Unpacks the archives of artifacts without trusting them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use liblzma::read::XzDecoder;
use liblzma::stream::Stream;
use tar::EntryType;

use super::super::{CONTENT, INPUTS, MANIFEST};
use crate::error::{Error, FileContext, Result};

/// The memory that decompression may take; the level needs 9 MiB.
const MOST_MEMORY: u64 = 128 << 20;

/// More than any artifact has, unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// The name of an artifact's archive.
pub(super) fn file_name(id: &str) -> String {
    format!("{id}.tar.xz")
}

/// Unpacks an archive into the folder `into`; `unpacked` is its size without the compression.
///
/// # Errors
/// [`Error::Malformed`] for any other size, and for what no artifact has: a link, a device, a path out of the
/// folder, two entries of one name.
pub(super) fn unpack(archive: &Path, into: &Path, unpacked: u64) -> Result<()> {
    let refused = |problem: String| Error::malformed(archive, problem);
    let wrong_size = || {
        refused(format!(
            "it does not unpack to the {unpacked} bytes in the index"
        ))
    };
    if unpacked > MOST_BYTES {
        return Err(refused(format!("no artifact has {unpacked} bytes")));
    }
    let file = File::open(archive).on("open", archive)?;
    let stream =
        Stream::new_stream_decoder(MOST_MEMORY, 0).map_err(|error| refused(error.to_string()))?;
    // One byte more than it should have, to notice that there are more.
    let limited = XzDecoder::new_stream(file, stream).take(unpacked + 1);
    let mut reader = tar::Archive::new(limited);
    for entry in reader.entries().on("read", archive)? {
        let mut entry = entry.on("read", archive)?;
        let path = entry.path().on("read", archive)?.into_owned();
        let shown = path.display();
        if entry.raw_file_position().saturating_add(entry.size()) > unpacked {
            return Err(wrong_size());
        }
        if !is_of_artifact(&path) {
            return Err(refused(format!(
                "the path `{shown}` leads out of the artifact"
            )));
        }
        let target = into.join(&path);
        match entry.header().entry_type() {
            EntryType::Directory => fs::create_dir(&target).on("create", &target)?,
            EntryType::Regular => {
                let mut out = File::create_new(&target).on("create", &target)?;
                io::copy(&mut entry, &mut out).on("unpack", archive)?;
                let mode = entry.header().mode().on("read", archive)?;
                set_mode(&target, mode & 0o111 != 0)?;
            }
            _ => return Err(refused(format!("`{shown}` is neither a file nor a folder"))),
        }
    }
    let mut rest = reader.into_inner();
    io::copy(&mut rest, &mut io::sink()).on("read", archive)?;
    match rest.limit() {
        1 => Ok(()),
        _ => Err(wrong_size()),
    }
}

/// Whether a path is one of those that an artifact has, with no component that leads up.
fn is_of_artifact(path: &Path) -> bool {
    let is_plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    is_plain
        && (path.starts_with(CONTENT) || path == Path::new(MANIFEST) || path == Path::new(INPUTS))
}

#[cfg(unix)]
fn set_mode(file: &Path, is_program: bool) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if is_program { 0o755 } else { 0o644 };
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).on("change the mode of", file)
}

#[cfg(not(unix))]
fn set_mode(_file: &Path, _is_program: bool) -> Result<()> {
    Ok(())
}
