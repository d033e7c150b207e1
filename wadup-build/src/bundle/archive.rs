//! Zip files whose bytes depend only on their contents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};

use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::links::{Originals, path_to};
use super::shares::in_shares;
use super::{SITE, library_file, module_of};
use crate::error::{Error, FileContext, Result};
use crate::plan::Excluded;

/// A file on this machine and its name in the zip.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// Writes a zip with sorted names and fixed times and attributes. Entries are compressed if that saves at least a
/// tenth.
pub(super) fn write(mut entries: Vec<Entry>, archive: &Path) -> Result<()> {
    entries.sort_unstable_by(|first, second| first.name.cmp(&second.name));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let compressed: Vec<Result<Vec<PreparedZipFile>>> =
        in_shares(&entries, workers, |_, entries| {
            entries.iter().map(compress).collect()
        });
    let file = File::create(archive).on("create", archive)?;
    let mut writer = ZipWriter::new(BufWriter::new(file));
    for entries in compressed {
        for entry in entries? {
            writer
                .add_prepared_file(entry)
                .map_err(|error| malformed(archive, error))?;
        }
    }
    let mut file = writer.finish().map_err(|error| malformed(archive, error))?;
    file.flush().on("write", archive)
}

/// Fixed values for what would differ between machines.
fn fixed() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .system(System::Unix)
}

fn compress(entry: &Entry) -> Result<PreparedZipFile> {
    let bytes = fs::read(&entry.path).on("read", &entry.path)?;
    let options = fixed().unix_permissions(0o644);
    let prepare = |method, level| {
        let options = options.compression_method(method).compression_level(level);
        PreparedZipFile::from_data(&entry.name, options, &bytes)
            .map_err(|error| malformed(&entry.path, error))
    };
    let deflated = prepare(CompressionMethod::Deflated, Some(9))?;
    // A file that compresses badly is stored, because the guest can borrow its bytes from the bundle.
    if deflated.compressed_size() * 10 <= deflated.uncompressed_size() * 9 {
        Ok(deflated)
    } else {
        prepare(CompressionMethod::Stored, None)
    }
}

/// A zip with some of the bundle's entries, and its name in errors.
#[derive(Debug, Clone)]
pub(crate) struct ZipSlice {
    label: String,
    pub(super) archive: PathBuf,
    /// The standard library modules to take, by dotted name, or `None` for all.
    modules: Option<BTreeSet<String>>,
    /// The modules of packages to leave out.
    excluded: Excluded,
}

impl ZipSlice {
    pub(super) fn new(label: impl Into<String>, archive: PathBuf) -> Self {
        Self {
            label: label.into(),
            archive,
            modules: None,
            excluded: Excluded::default(),
        }
    }

    /// The same slice with only these modules of the standard library.
    pub(super) fn of_modules(self, modules: BTreeSet<String>) -> Self {
        let modules = Some(modules);
        Self { modules, ..self }
    }

    /// The same slice without these modules of packages.
    pub(super) fn without(self, excluded: Excluded) -> Self {
        Self { excluded, ..self }
    }

    fn gives(&self, entry: &str) -> bool {
        let in_site = entry
            .strip_prefix(SITE)
            .and_then(|rest| rest.strip_prefix('/'));
        if in_site.is_some_and(|file| self.excluded.contains_file(file)) {
            return false;
        }
        let (Some(modules), Some(file)) = (&self.modules, library_file(entry)) else {
            return true;
        };
        module_of(file).is_none_or(|module| modules.contains(&module))
    }
}

/// Copies the compressed entries of all slices into one zip, sorted, and returns their names.
///
/// An entry with the same content as an earlier one becomes a symlink to it, which the guest reads as the same file.
///
/// The file is written only if its content differs.
///
/// # Errors
/// If two slices contain the same entry. The error names both slices.
pub(crate) fn assemble(slices: &[ZipSlice], bundle: &Path) -> Result<Vec<String>> {
    let mut archives = slices.iter().map(open).collect::<Result<Vec<_>>>()?;
    let mut entries: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (slice, archive) in archives.iter().enumerate() {
        for (entry, name) in archive.file_names_raw().enumerate() {
            let name = String::from_utf8_lossy(name).into_owned();
            if !slices[slice].gives(&name) {
                continue;
            }
            if let Some((other, _)) = entries.insert(name.clone(), (slice, entry)) {
                let (other, slice) = (&slices[other].label, &slices[slice].label);
                return Err(Error::malformed(
                    bundle,
                    format!("`{name}` is in {other} and in {slice}"),
                ));
            }
        }
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut originals = Originals::default();
    for (name, (slice, entry)) in &entries {
        let path = &slices[*slice].archive;
        let written = match originals.of(name, (*slice, *entry), &mut archives) {
            Ok(Some(original)) => writer.add_symlink(name, path_to(original, name), fixed()),
            Ok(None) => archives[*slice]
                .by_index_raw(*entry)
                .and_then(|entry| writer.raw_copy_file(entry)),
            Err(error) => Err(error),
        };
        written.map_err(|error| malformed(path, error))?;
    }
    let bytes = writer
        .finish()
        .map_err(|error| malformed(bundle, error))?
        .into_inner();
    crate::tree::write_if_changed(bundle, bytes)?;
    Ok(entries.into_keys().collect())
}

fn open(slice: &ZipSlice) -> Result<ZipArchive<Cursor<Vec<u8>>>> {
    let bytes = fs::read(&slice.archive).on("read", &slice.archive)?;
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| malformed(&slice.archive, error))
}

fn malformed(path: &Path, error: zip::result::ZipError) -> Error {
    match error {
        zip::result::ZipError::Io(error) => Error::File {
            action: "write",
            path: path.to_owned(),
            source: error,
        },
        error => Error::malformed(path, error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::time::Instant;

    use super::*;

    fn slice(folder: &Path, label: &str, files: &[(&str, &[u8])]) -> ZipSlice {
        let entries = files
            .iter()
            .enumerate()
            .map(|(number, (name, bytes))| {
                let path = folder.join(format!("{label}-{number}"));
                fs::write(&path, bytes).unwrap();
                Entry {
                    name: (*name).into(),
                    path,
                }
            })
            .collect();
        let archive = folder.join(format!("{label}.zip"));
        write(entries, &archive).unwrap();
        ZipSlice::new(label, archive)
    }

    #[test]
    fn excluded_modules_of_packages_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let files: &[(&str, &[u8])] = &[
            ("site/x/fft/a.pyc", b"a"),
            ("site/x/b.pyc", b"b"),
            ("app/x/fft/c.pyc", b"c"),
        ];
        let excluded = Excluded(vec!["x.fft".parse().unwrap()]);
        let slice = slice(folder.path(), "site", files).without(excluded);

        let names = assemble(&[slice], &folder.path().join("bundle.zip")).unwrap();

        assert_eq!(names, ["app/x/fft/c.pyc", "site/x/b.pyc"]);
    }

    #[test]
    fn zips_are_sorted_and_reproducible() {
        let folder = tempfile::tempdir().unwrap();
        let text = "x".repeat(1000);

        let first = slice(
            folder.path(),
            "first",
            &[("b.py", text.as_bytes()), ("a.py", b"1"), ("B.py", b"")],
        );
        let second = slice(
            folder.path(),
            "second",
            &[("B.py", b""), ("a.py", b"1"), ("b.py", text.as_bytes())],
        );

        assert!(fs::read(&first.archive).unwrap() == fs::read(&second.archive).unwrap());
        let archive = open(&first).unwrap();
        let names: Vec<&[u8]> = archive.file_names_raw().collect();
        assert_eq!(names, [b"B.py", b"a.py", b"b.py"]);
    }

    #[test]
    fn incompressible_files_are_stored() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        let noise: Vec<u8> = (0..4000).map(|_| random()).collect();
        let text = "x".repeat(1000);
        let slice = slice(
            folder.path(),
            "p",
            &[("noise", &noise), ("text", text.as_bytes()), ("empty", b"")],
        );

        let mut archive = open(&slice).unwrap();
        let mut method = |name: &str| archive.by_name(name).unwrap().compression();

        assert_eq!(method("noise"), CompressionMethod::Stored);
        assert_eq!(method("empty"), CompressionMethod::Stored);
        assert_eq!(method("text"), CompressionMethod::Deflated);
    }

    #[test]
    fn bundle_contains_the_entries_of_all_slices_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let text = "x".repeat(1000);
        let slices = [
            slice(folder.path(), "site", &[("site/six.py", text.as_bytes())]),
            slice(
                folder.path(),
                "stdlib",
                &[("lib/os.py", b"os"), ("lib/abc.py", b"abc")],
            ),
            slice(folder.path(), "app", &[("app/café.py", b"1")]),
        ];
        let bundle = folder.path().join("bundle.zip");

        let names = assemble(&slices, &bundle).unwrap();

        assert_eq!(
            names,
            ["app/café.py", "lib/abc.py", "lib/os.py", "site/six.py"]
        );
        let mut archive = ZipArchive::new(Cursor::new(fs::read(&bundle).unwrap())).unwrap();
        let mut read = String::new();
        archive
            .by_name("site/six.py")
            .unwrap()
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, text);
        assert_eq!(archive.by_name("app/café.py").unwrap().size(), 1);
    }

    #[test]
    fn equal_contents_become_symlinks() {
        let folder = tempfile::tempdir().unwrap();
        let mut numbers = 0_u32..;
        let mut unlike = || -> Vec<u8> {
            numbers
                .by_ref()
                .take(99)
                .flat_map(u32::to_be_bytes)
                .collect()
        };
        let (zone, other) = (unlike(), unlike());
        let slices = [
            slice(
                folder.path(),
                "pytz",
                &[("site/pytz/Oslo", &zone), ("site/pytz/Rome", &other)],
            ),
            slice(
                folder.path(),
                "tzdata",
                &[
                    ("site/tzdata/zones/Oslo", &zone),
                    ("site/tzdata/Rome", b"small"),
                ],
            ),
            slice(folder.path(), "small", &[("site/small/Rome", b"small")]),
        ];
        let bundle = folder.path().join("bundle.zip");

        let names = assemble(&slices, &bundle).unwrap();

        let mut archive = ZipArchive::new(Cursor::new(fs::read(&bundle).unwrap())).unwrap();
        let is_link = |name: &String| archive.by_name(name).unwrap().is_symlink();
        let links: Vec<String> = names.into_iter().filter(is_link).collect();
        assert_eq!(links, ["site/tzdata/zones/Oslo"]);
        let link = archive.by_name(&links[0]).unwrap();
        assert_eq!(io::read_to_string(link).unwrap(), "../../pytz/Oslo");
    }

    #[test]
    fn bundle_uses_only_zip_features_that_the_guest_reads() {
        let folder = tempfile::tempdir().unwrap();
        let text = "x".repeat(1000);
        let slices = [slice(
            folder.path(),
            "p",
            &[("a", b"1"), ("b", text.as_bytes())],
        )];
        let bundle = folder.path().join("bundle.zip");

        assemble(&slices, &bundle).unwrap();

        let bytes = fs::read(&bundle).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).unwrap();
            let header = &bytes[usize::try_from(entry.header_start()).unwrap()..][..30];
            // APPNOTE 4.3.7: no flags (neither encryption nor a data descriptor), 1980-01-01, no extra field.
            assert_eq!(header[6..8], [0, 0], "flags");
            assert_eq!(header[10..14], [0, 0, 33, 0], "time and date");
            assert_eq!(header[28..30], [0, 0], "extra field");
        }
    }

    #[test]
    fn slices_keep_selected_modules_and_all_data() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "lib/python3.13/__pycache__/os.cpython-313.pyc",
            "lib/python3.13/json/__init__.pyc",
            "lib/python3.13/json/tool.pyc",
            "lib/python3.13/os.py",
            "lib/python3.13/re.py",
            "lib/python3.13/x-y.py",
        ];
        let files = files.map(|name| (name, &b"1"[..]));
        let wanted = ["json", "os"].map(str::to_owned).into();
        let slice = slice(folder.path(), "stdlib", &files).of_modules(wanted);

        let names = assemble(&[slice], &folder.path().join("bundle.zip")).unwrap();

        assert_eq!(
            names,
            [
                "lib/python3.13/__pycache__/os.cpython-313.pyc",
                "lib/python3.13/json/__init__.pyc",
                "lib/python3.13/os.py",
                "lib/python3.13/x-y.py",
            ]
        );
    }

    #[test]
    fn duplicate_entries_are_an_error_that_names_both_slices() {
        let folder = tempfile::tempdir().unwrap();
        let slices = [
            slice(folder.path(), "six", &[("site/six.py", b"1")]),
            slice(folder.path(), "seven", &[("site/six.py", b"2")]),
        ];

        let error = assemble(&slices, &folder.path().join("bundle.zip"))
            .unwrap_err()
            .to_string();

        assert!(
            error.contains("`site/six.py` is in six and in seven"),
            "{error}"
        );
    }

    #[test]
    fn assembling_thousands_of_entries_is_fast() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<(String, Vec<u8>)> = (0..2500_u32)
            .map(|number| {
                (
                    format!("lib/m{number}.pyc"),
                    number.to_le_bytes().repeat(500),
                )
            })
            .collect();
        let files: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(name, bytes)| (&**name, &**bytes))
            .collect();
        let slices = [slice(folder.path(), "stdlib", &files)];

        let start = Instant::now();
        assemble(&slices, &folder.path().join("bundle.zip")).unwrap();

        let took = start.elapsed();
        assert!(took.as_millis() < 1500, "{took:?}");
    }
}
