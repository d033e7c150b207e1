//! Unpacks `.tar.gz` and `.tar.xz` archives, trusting nothing in them.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, FileContext, Result};

/// More than any source archive holds; what goes beyond is an attack or a mistake.
const MAXIMUM_ENTRIES: usize = 50_000;
const MAXIMUM_BYTES: u64 = 2 << 30;

/// Unpacks an archive whose entries all lie below one folder, and returns that folder inside `into`.
///
/// # Errors
/// [`Error::Malformed`] for a path that leads out of the folder, a link that does, too many entries or bytes.
pub(crate) fn unpack(archive: &Path, into: &Path) -> Result<PathBuf> {
    let file = File::open(archive).on("open", archive)?;
    let name = archive.to_string_lossy();
    let reader: Box<dyn Read> = if name.ends_with(".xz") {
        Box::new(liblzma::read::XzDecoder::new_multi_decoder(file))
    } else {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    };
    // One byte more than allowed, so that reaching the limit can be told from ending at it.
    let mut archive_reader = tar::Archive::new(reader.take(MAXIMUM_BYTES + 1));
    let mut top = None;
    let entries = archive_reader.entries().on("read", archive)?;
    for (number, entry) in entries.enumerate() {
        let mut entry = entry.on("read", archive)?;
        let path = entry.path().on("read", archive)?.into_owned();
        if number >= MAXIMUM_ENTRIES || entry.raw_file_position() > MAXIMUM_BYTES {
            return Err(Error::malformed(
                archive,
                "it holds more than a source archive would",
            ));
        }
        let Some(Component::Normal(first)) = path.components().next() else {
            if entry.header().entry_type().is_pax_global_extensions() {
                continue;
            }
            return Err(Error::malformed(
                archive,
                format!("the path `{}` leads out", path.display()),
            ));
        };
        let first = PathBuf::from(first);
        if top.get_or_insert_with(|| first.clone()) != &first {
            return Err(Error::malformed(
                archive,
                format!("`{}` lies beside its folder", path.display()),
            ));
        }
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_dir() || kind.is_symlink()) {
            continue;
        }
        // Refuses `..`, absolute paths and links that lead out of `into`.
        if !entry.unpack_in(into).on("unpack", archive)? {
            return Err(Error::malformed(
                archive,
                format!("the path `{}` leads out", path.display()),
            ));
        }
    }
    let top = into.join(top.ok_or_else(|| Error::malformed(archive, "it is empty"))?);
    fs::metadata(&top).on("read", &top)?;
    Ok(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(paths: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("archive.tar.gz");
        let encoder = flate2::write::GzEncoder::new(
            File::create(&file).unwrap(),
            flate2::Compression::fast(),
        );
        let mut builder = tar::Builder::new(encoder);
        for path in paths {
            let mut header = tar::Header::new_gnu();
            // Written by hand: the library refuses to write what this test is about.
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(2);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, &b"ok"[..]).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap();
        (folder, file)
    }

    #[test]
    fn the_folder_of_the_archive_is_returned() {
        let (folder, file) = packed(&["thing-1.0/a.txt", "thing-1.0/b/c.txt"]);

        let top = unpack(&file, folder.path()).unwrap();

        assert_eq!(top, folder.path().join("thing-1.0"));
        assert_eq!(fs::read_to_string(top.join("b/c.txt")).unwrap(), "ok");
    }

    #[test]
    fn a_path_that_leads_out_is_refused_and_nothing_is_written_there() {
        for path in ["../evil.txt", "/evil.txt", "thing-1.0/../../evil.txt"] {
            let (folder, file) = packed(&[path]);
            let into = folder.path().join("inner/into");
            fs::create_dir_all(&into).unwrap();

            assert!(unpack(&file, &into).is_err(), "{path}");

            assert!(!folder.path().join("inner/evil.txt").exists(), "{path}");
            assert!(!folder.path().join("evil.txt").exists(), "{path}");
        }
    }
}
