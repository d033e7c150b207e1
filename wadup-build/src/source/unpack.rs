//! Unpacks `.tar.gz` and `.tar.xz` archives without trusting their contents.
//!
//! An archive is read twice: nothing is written until all of it has been checked.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use tar::EntryType;

use crate::error::{Error, FileContext, Result};

/// The limits for an archive.
#[derive(Debug, Clone, Copy)]
struct Limits {
    entries: usize,
    /// The unpacked size.
    bytes: u64,
}

/// More than any source archive or WASI SDK contains. Anything larger is an attack or a mistake.
const LIMITS: Limits = Limits {
    entries: 50_000,
    bytes: 2 << 30,
};

/// Unpacks an archive whose entries are all in one top-level folder, and returns that folder inside `into`.
///
/// # Errors
/// [`Error::Malformed`] for a path or a link out of that folder, an entry that is not a file, a folder or a link, two
/// entries of one name, or too many entries or bytes. Nothing of the archive is left behind.
pub(crate) fn unpack(archive: &Path, into: &Path) -> Result<PathBuf> {
    unpack_within(archive, into, LIMITS)
}

fn unpack_within(archive: &Path, into: &Path, limits: Limits) -> Result<PathBuf> {
    let top = into.join(survey(archive, limits)?);
    let unpacked = write(archive, into, limits).and_then(|()| refuse_links_out(archive, &top));
    if let Err(error) = unpacked {
        // Why it was refused matters more than what cannot be removed, of a folder that perhaps was not made.
        let _ = fs::remove_dir_all(&top);
        return Err(error);
    }
    fs::metadata(&top).on("read", &top)?;
    Ok(top)
}

/// The decompressed archive, truncated just above the limit.
fn open(archive: &Path, limits: Limits) -> Result<tar::Archive<impl Read>> {
    let file = File::open(archive).on("open", archive)?;
    let reader: Box<dyn Read> = if archive.to_string_lossy().ends_with(".xz") {
        Box::new(liblzma::read::XzDecoder::new_multi_decoder(file))
    } else {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    };
    // One byte more than allowed, to distinguish exceeding the limit from reaching it. Headers count, because an
    // archive of only headers is an attack too.
    Ok(tar::Archive::new(reader.take(limits.bytes + 1)))
}

/// Checks every entry, and returns the top-level folder.
fn survey(archive: &Path, limits: Limits) -> Result<PathBuf> {
    let refused = |problem: String| Error::malformed(archive, problem);
    let mut top = None;
    let mut total = 0_u64;
    let mut reader = open(archive, limits)?;
    for (number, entry) in reader.entries().on("read", archive)?.enumerate() {
        let entry = entry.on("read", archive)?;
        let path = entry.path().on("read", archive)?.into_owned();
        let kind = entry.header().entry_type();
        total = total.saturating_add(entry.size());
        if number >= limits.entries || total.max(entry.raw_file_position()) > limits.bytes {
            return Err(refused(format!(
                "it contains more than {} files or {} MiB, which no source archive does",
                limits.entries,
                limits.bytes >> 20
            )));
        }
        if kind.is_pax_global_extensions() {
            continue;
        }
        let first = first_folder(&path).ok_or_else(|| {
            refused(format!(
                "the path `{}` leads out of the folder",
                path.display()
            ))
        })?;
        if top.get_or_insert_with(|| first.clone()) != &first {
            return Err(refused(format!(
                "`{}` is outside of the top-level folder `{}`",
                path.display(),
                top.unwrap_or_default().display()
            )));
        }
        if !is_allowed(kind) {
            return Err(refused(format!(
                "`{}` is not a file, a folder or a link",
                path.display()
            )));
        }
        if kind.is_symlink() || kind.is_hard_link() {
            let target = entry.link_name().on("read", archive)?.unwrap_or_default();
            if target.has_root() {
                return Err(refused(format!(
                    "the link `{}` leads out of the folder, to `{}`",
                    path.display(),
                    target.display()
                )));
            }
        }
    }
    top.ok_or_else(|| refused("it is empty".to_owned()))
}

/// The first component of a path, if none of its components leads up or is absolute.
fn first_folder(path: &Path) -> Option<PathBuf> {
    let mut parts = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .peekable();
    let first = PathBuf::from(parts.peek()?.as_os_str());
    parts
        .all(|part| matches!(part, Component::Normal(_)))
        .then_some(first)
}

fn is_allowed(kind: EntryType) -> bool {
    kind.is_file() || kind.is_dir() || kind.is_symlink() || kind.is_hard_link()
}

fn write(archive: &Path, into: &Path, limits: Limits) -> Result<()> {
    let mut reader = open(archive, limits)?;
    // Otherwise a link could replace a file after the check.
    reader.set_overwrite(false);
    for entry in reader.entries().on("read", archive)? {
        let mut entry = entry.on("read", archive)?;
        if entry.header().entry_type().is_pax_global_extensions() {
            continue;
        }
        // This refuses to write through links that lead out of `into`.
        if !entry.unpack_in(into).on("unpack", archive)? {
            let path = entry.path().on("read", archive)?;
            let problem = format!("the path `{}` leads out of the folder", path.display());
            return Err(Error::malformed(archive, problem));
        }
        let path = into.join(entry.path().on("read", archive)?);
        make_writable(&path).on("unpack", &path)?;
    }
    Ok(())
}

/// Lets the owner write a file or use a folder whatever its mode in the archive: its contents follow, and patches.
fn make_writable(path: &Path) -> io::Result<()> {
    let metadata = path.symlink_metadata()?;
    let mut permissions = metadata.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let needed = if metadata.is_dir() { 0o700 } else { 0o600 };
        permissions.set_mode(permissions.mode() | needed);
    }
    if metadata.is_symlink() || permissions == metadata.permissions() {
        return Ok(());
    }
    fs::set_permissions(path, permissions)
}

/// Refuses links through which a build of the sources would read or write elsewhere.
fn refuse_links_out(archive: &Path, top: &Path) -> Result<()> {
    let real = fs::canonicalize(top).on("read", top)?;
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).on("list", &folder)? {
            let path = entry.on("list", &folder)?.path();
            let kind = fs::symlink_metadata(&path).on("read", &path)?.file_type();
            // A dangling link counts, because a build could create its target.
            let leads_out = kind.is_symlink()
                && !fs::canonicalize(&path).is_ok_and(|end| end.starts_with(&real));
            if leads_out {
                let inside = path.strip_prefix(top).unwrap_or(&path);
                let problem = format!(
                    "the link `{}` leads out of the folder or nowhere",
                    inside.display()
                );
                return Err(Error::malformed(archive, problem));
            }
            if kind.is_dir() {
                folders.push(path);
            }
        }
    }
    Ok(())
}

/// For any input, nothing is written outside of the target folder, and no link in it leads out.
#[cfg(any(test, fuzzing))]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
pub(crate) fn hostile_archive(bytes: &[u8]) {
    use std::io::Write;

    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive.tar.gz");
    let file = File::create(&archive).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap();
    let into = folder.path().join("inner/into");
    fs::create_dir_all(&into).unwrap();
    let limits = Limits {
        entries: 100,
        bytes: 1 << 20,
    };

    let unpacked = unpack_within(&archive, &into, limits);

    let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(
        (names(folder.path()), names(&folder.path().join("inner"))),
        (2, 1)
    );
    match unpacked {
        Ok(top) => {
            assert_eq!(names(&into), 1);
            refuse_links_out(&archive, &top).unwrap();
        }
        Err(error) => assert_eq!(names(&into), 0, "left behind after: {}", error.report()),
    }
}

#[cfg(test)]
mod tests;
