//! Archives as publishers make them, and as attackers would.

use std::io::Write;

use super::*;

/// One entry: its kind, its path, and where it links to or what it holds.
type Entry<'a> = (EntryType, &'a str, &'a str);

const FILE: EntryType = EntryType::Regular;
const LINK: EntryType = EntryType::Symlink;
const HARD: EntryType = EntryType::Link;

/// A folder with an archive in it, and a folder deep inside for what is unpacked.
struct Bench {
    folder: tempfile::TempDir,
    archive: PathBuf,
    into: PathBuf,
}

impl Bench {
    fn with(entries: &[Entry<'_>]) -> Self {
        let bench = Self::empty();
        let mut builder = tar::Builder::new(bench.encoder());
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
        bench
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

    /// Asserts that it is refused for this reason, and that nothing at all was written.
    #[track_caller]
    fn is_refused(&self, limits: Limits, reason: &str) {
        let error = unpack_within(&self.archive, &self.into, limits).unwrap_err();

        assert!(error.report().contains(reason), "{}", error.report());
        let left: Vec<_> = walk(self.folder.path());
        assert_eq!(left, std::slice::from_ref(&self.archive), "{reason}");
    }
}

/// Written by hand: the library refuses to write what these tests are about.
fn header(path: &str, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// Everything below a folder but folders; links are not followed.
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
fn the_folder_of_the_archive_is_returned_with_its_files_and_links() {
    let bench = Bench::with(&[
        (FILE, "thing-1.0/a.txt", "ok"),
        (FILE, "./thing-1.0/b/c.txt", "ok"),
        (LINK, "thing-1.0/b/link", "../a.txt"),
        (HARD, "thing-1.0/hard", "thing-1.0/a.txt"),
    ]);

    let top = unpack(&bench.archive, &bench.into).unwrap();

    assert_eq!(top, bench.into.join("thing-1.0"));
    for file in ["b/c.txt", "b/link", "hard"] {
        assert_eq!(fs::read_to_string(top.join(file)).unwrap(), "ok", "{file}");
    }
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for path in [
        "../evil.txt",
        "/evil.txt",
        "thing-1.0/../../evil.txt",
        "thing-1.0/../thing-1.0/evil.txt",
        "./../evil.txt",
    ] {
        let bench = Bench::with(&[(FILE, "thing-1.0/first", "ok"), (FILE, path, "evil")]);
        bench.is_refused(LIMITS, "leads out");
    }
}

#[test]
fn a_link_that_leads_out_or_nowhere_is_refused() {
    for entry in [
        (LINK, "thing-1.0/link", "/etc/passwd"),
        (LINK, "thing-1.0/link", "../../../archive.tar.gz"),
        (LINK, "thing-1.0/link", ".."),
        (LINK, "thing-1.0/link", "nowhere"),
        (HARD, "thing-1.0/link", "/etc/passwd"),
        (HARD, "thing-1.0/link", "../../archive.tar.gz"),
    ] {
        let bench = Bench::with(&[(FILE, "thing-1.0/first", "ok"), entry]);
        let reason = if entry.0 == HARD && !entry.2.starts_with('/') {
            "could not unpack"
        } else {
            "leads out"
        };
        bench.is_refused(LIMITS, reason);
    }
}

#[test]
fn links_that_lead_out_only_together_are_refused() {
    // Read by its text alone, the second stays inside; but its first step leads to the top.
    let bench = Bench::with(&[
        (FILE, "thing-1.0/a/b/c/first", "ok"),
        (LINK, "thing-1.0/a/b/c/up", "../../.."),
        (LINK, "thing-1.0/a/b/c/out", "up/../.."),
    ]);
    bench.is_refused(LIMITS, "`a/b/c/out` leads out");
}

#[test]
fn nothing_is_written_through_a_link() {
    let bench = Bench::with(&[
        (FILE, "thing-1.0/first", "ok"),
        (LINK, "thing-1.0/out", "../../.."),
        (FILE, "thing-1.0/out/evil.txt", "evil"),
    ]);
    bench.is_refused(LIMITS, "could not unpack");

    let replaced = Bench::with(&[
        (FILE, "thing-1.0/first", "ok"),
        (LINK, "thing-1.0/first", "../../../evil.txt"),
        (FILE, "thing-1.0/first", "evil"),
    ]);
    replaced.is_refused(LIMITS, "could not unpack");
}

#[test]
fn what_is_no_file_and_what_lies_beside_the_folder_is_refused() {
    let fifo = Bench::with(&[(EntryType::Fifo, "thing-1.0/pipe", "")]);
    fifo.is_refused(LIMITS, "neither a file nor a folder nor a link");

    let beside = Bench::with(&[(FILE, "thing-1.0/a", ""), (FILE, "other/b", "")]);
    beside.is_refused(LIMITS, "`other/b` lies beside its folder `thing-1.0`");

    Bench::with(&[]).is_refused(LIMITS, "it is empty");
}

#[test]
fn a_hundred_thousand_entries_are_refused_before_the_first_is_written() {
    let bench = Bench::empty();
    let mut encoder = bench.encoder();
    let header = header("thing-1.0/a", 0);
    for _ in 0..100_000 {
        encoder.write_all(header.as_bytes()).unwrap();
    }
    encoder.finish().unwrap();

    bench.is_refused(LIMITS, "more than 50000 files");
}

#[test]
fn a_bomb_is_refused_by_what_it_says_and_by_what_it_holds() {
    let small = Limits {
        entries: 10,
        bytes: 1 << 20,
    };
    // A header that promises more than there is.
    let bench = Bench::empty();
    let mut encoder = bench.encoder();
    encoder
        .write_all(header("thing-1.0/a", 3 << 30).as_bytes())
        .unwrap();
    encoder.finish().unwrap();
    bench.is_refused(LIMITS, "2048 MiB");

    // Ever smaller files that are too much only together.
    let half = "0".repeat(600_000);
    let together = Bench::with(&[(FILE, "thing-1.0/a", &half), (FILE, "thing-1.0/b", &half)]);
    together.is_refused(small, "1 MiB");

    // Zeros without end where the next header should be.
    let bench = Bench::empty();
    let mut encoder = bench.encoder();
    encoder
        .write_all(header("thing-1.0/a", 0).as_bytes())
        .unwrap();
    encoder.write_all(&vec![1; 2 << 20]).unwrap();
    encoder.finish().unwrap();
    bench.is_refused(small, "could not read");
}

#[test]
fn an_archive_that_is_cut_short_or_no_archive_is_refused() {
    let bench = Bench::with(&[(FILE, "thing-1.0/a", &"text ".repeat(1000))]);
    let bytes = fs::read(&bench.archive).unwrap();
    fs::write(&bench.archive, &bytes[..bytes.len() / 2]).unwrap();
    bench.is_refused(LIMITS, "could not");

    fs::write(&bench.archive, "no archive").unwrap();
    bench.is_refused(LIMITS, "could not");
}
