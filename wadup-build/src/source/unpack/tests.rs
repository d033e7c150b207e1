//! Archives as publishers make them, and as attackers might.

use std::io::Write;

use super::*;

/// One entry: its type, its path, and its link target or its content.
type Entry<'a> = (EntryType, &'a str, &'a str);

const FILE: EntryType = EntryType::Regular;
const LINK: EntryType = EntryType::Symlink;
const HARD: EntryType = EntryType::Link;

/// A folder with an archive, and a nested folder to unpack into.
struct Fixture {
    folder: tempfile::TempDir,
    archive: PathBuf,
    into: PathBuf,
}

impl Fixture {
    fn with(entries: &[Entry<'_>]) -> Self {
        let fixture = Self::empty();
        let mut builder = tar::Builder::new(fixture.encoder());
        for (kind, path, text) in entries {
            let is_link = [LINK, HARD].contains(kind);
            let mut header = header(path, if is_link { 0 } else { text.len() as u64 });
            header.set_entry_type(*kind);
            if is_link {
                header.as_gnu_mut().unwrap().linkname[..text.len()]
                    .copy_from_slice(text.as_bytes());
            }
            header.set_cksum();
            let content = if is_link { "" } else { text };
            builder.append(&header, content.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap();
        fixture
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive.tar.gz");
        let into = folder.path().join("inner/into");
        fs::create_dir_all(&into).unwrap();
        Self {
            folder,
            archive,
            into,
        }
    }

    fn encoder(&self) -> flate2::write::GzEncoder<File> {
        let file = File::create(&self.archive).unwrap();
        flate2::write::GzEncoder::new(file, flate2::Compression::fast())
    }

    /// Asserts that the archive is refused for this reason, and that nothing was written.
    #[track_caller]
    fn assert_refused(&self, limits: Limits, reason: &str) {
        let error = unpack_within(&self.archive, &self.into, limits).unwrap_err();

        assert!(error.report().contains(reason), "{}", error.report());
        let left: Vec<_> = walk(self.folder.path());
        assert_eq!(left, std::slice::from_ref(&self.archive), "{reason}");
    }
}

/// Built by hand, because the library refuses to write such headers.
fn header(path: &str, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// All files below a folder. Links are not followed.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(walk(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn unpack_returns_the_top_folder_with_files_and_links() {
    let fixture = Fixture::with(&[
        (FILE, "thing-1.0/a.txt", "ok"),
        (FILE, "./thing-1.0/b/c.txt", "ok"),
        (LINK, "thing-1.0/b/link", "../a.txt"),
        (HARD, "thing-1.0/hard", "thing-1.0/a.txt"),
    ]);

    let top = unpack(&fixture.archive, &fixture.into).unwrap();

    assert_eq!(top, fixture.into.join("thing-1.0"));
    for file in ["b/c.txt", "b/link", "hard"] {
        assert_eq!(fs::read_to_string(top.join(file)).unwrap(), "ok", "{file}");
    }
}

#[cfg(unix)]
#[test]
fn the_owner_can_write_what_the_archive_has_as_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::empty();
    let mut builder = tar::Builder::new(fixture.encoder());
    for (kind, path, mode) in [
        (EntryType::Directory, "thing-1.0/", 0o555),
        (EntryType::Directory, "thing-1.0/closed/", 0o055),
        (FILE, "thing-1.0/closed/a.txt", 0o444),
    ] {
        let mut header = header(path, 0);
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_cksum();
        builder.append(&header, &[][..]).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap();

    let top = unpack(&fixture.archive, &fixture.into).unwrap();

    for (path, mode) in [("", 0o755), ("closed", 0o755), ("closed/a.txt", 0o644)] {
        let metadata = fs::metadata(top.join(path)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn paths_that_lead_out_are_refused() {
    for path in [
        "../evil.txt",
        "/evil.txt",
        "thing-1.0/../../evil.txt",
        "thing-1.0/../thing-1.0/evil.txt",
        "./../evil.txt",
    ] {
        let fixture = Fixture::with(&[(FILE, "thing-1.0/first", "ok"), (FILE, path, "evil")]);
        fixture.assert_refused(LIMITS, "leads out");
    }
}

#[test]
fn links_that_lead_out_or_nowhere_are_refused() {
    for entry in [
        (LINK, "thing-1.0/link", "/etc/passwd"),
        (LINK, "thing-1.0/link", "../../../archive.tar.gz"),
        (LINK, "thing-1.0/link", ".."),
        (LINK, "thing-1.0/link", "nowhere"),
        (HARD, "thing-1.0/link", "/etc/passwd"),
        (HARD, "thing-1.0/link", "../../archive.tar.gz"),
    ] {
        let fixture = Fixture::with(&[(FILE, "thing-1.0/first", "ok"), entry]);
        let reason = if entry.0 == HARD && !entry.2.starts_with('/') {
            "could not unpack"
        } else {
            "leads out"
        };
        fixture.assert_refused(LIMITS, reason);
    }
}

#[test]
fn links_that_lead_out_in_combination_are_refused() {
    // The text of the second link stays inside, but its first component leads to the top.
    let fixture = Fixture::with(&[
        (FILE, "thing-1.0/a/b/c/first", "ok"),
        (LINK, "thing-1.0/a/b/c/up", "../../.."),
        (LINK, "thing-1.0/a/b/c/out", "up/../.."),
    ]);
    fixture.assert_refused(LIMITS, "`a/b/c/out` leads out");
}

#[test]
fn nothing_is_written_through_links() {
    let fixture = Fixture::with(&[
        (FILE, "thing-1.0/first", "ok"),
        (LINK, "thing-1.0/out", "../../.."),
        (FILE, "thing-1.0/out/evil.txt", "evil"),
    ]);
    fixture.assert_refused(LIMITS, "could not unpack");

    let replaced = Fixture::with(&[
        (FILE, "thing-1.0/first", "ok"),
        (LINK, "thing-1.0/first", "../../../evil.txt"),
        (FILE, "thing-1.0/first", "evil"),
    ]);
    replaced.assert_refused(LIMITS, "could not unpack");
}

#[test]
fn special_files_and_entries_outside_the_top_folder_are_refused() {
    let fifo = Fixture::with(&[(EntryType::Fifo, "thing-1.0/pipe", "")]);
    fifo.assert_refused(LIMITS, "not a file, a folder or a link");

    let beside = Fixture::with(&[(FILE, "thing-1.0/a", ""), (FILE, "other/b", "")]);
    beside.assert_refused(
        LIMITS,
        "`other/b` is outside of the top-level folder `thing-1.0`",
    );

    Fixture::with(&[]).assert_refused(LIMITS, "it is empty");
}

#[test]
fn too_many_entries_are_refused_before_any_is_written() {
    let fixture = Fixture::empty();
    let mut encoder = fixture.encoder();
    let header = header("thing-1.0/a", 0);
    for _ in 0..100_000 {
        encoder.write_all(header.as_bytes()).unwrap();
    }
    encoder.finish().unwrap();

    fixture.assert_refused(LIMITS, "more than 50000 files");
}

#[test]
fn archive_bombs_are_refused_by_header_and_by_content() {
    let small = Limits {
        entries: 10,
        bytes: 1 << 20,
    };
    // A header that promises more than the archive contains.
    let fixture = Fixture::empty();
    let mut encoder = fixture.encoder();
    encoder
        .write_all(header("thing-1.0/a", 3 << 30).as_bytes())
        .unwrap();
    encoder.finish().unwrap();
    fixture.assert_refused(LIMITS, "2048 MiB");

    // Two files that exceed the limit only together.
    let half = "0".repeat(600_000);
    let together = Fixture::with(&[(FILE, "thing-1.0/a", &half), (FILE, "thing-1.0/b", &half)]);
    together.assert_refused(small, "1 MiB");

    // Garbage where the next header should be.
    let fixture = Fixture::empty();
    let mut encoder = fixture.encoder();
    encoder
        .write_all(header("thing-1.0/a", 0).as_bytes())
        .unwrap();
    encoder.write_all(&vec![1; 2 << 20]).unwrap();
    encoder.finish().unwrap();
    fixture.assert_refused(small, "could not read");
}

#[test]
fn truncated_and_invalid_archives_are_refused() {
    let fixture = Fixture::with(&[(FILE, "thing-1.0/a", &"text ".repeat(1000))]);
    let bytes = fs::read(&fixture.archive).unwrap();
    fs::write(&fixture.archive, &bytes[..bytes.len() / 2]).unwrap();
    fixture.assert_refused(LIMITS, "could not");

    fs::write(&fixture.archive, "not an archive").unwrap();
    fixture.assert_refused(LIMITS, "could not");
}
