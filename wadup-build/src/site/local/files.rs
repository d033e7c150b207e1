//! Packs a project's folder into a source archive, reproducibly.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::{Error, FileContext, Result};
use crate::hash;

/// Folders in a project's root with build output.
const BUILT: [&str; 2] = ["build", "dist"];

/// Files that mark a cache (Cache Directory Tagging Specification) or a virtual environment.
const MARKS: [&str; 2] = ["CACHEDIR.TAG", "pyvenv.cfg"];

/// A packed folder.
pub(super) struct Packed {
    tar: Vec<u8>,
    /// The hash of the files and their names, independent of compression.
    pub(super) sha256: String,
    /// The packed paths: a folder if it is packed completely, else its packed entries.
    pub(super) followed: Vec<PathBuf>,
}

impl Packed {
    /// Writes the archive in the format that uv expects.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let output = File::create(file).on("create", file)?;
        // It is unpacked immediately and not kept.
        let mut encoder = GzEncoder::new(output, Compression::none());
        encoder.write_all(&self.tar).on("write", file)?;
        encoder.finish().map(drop).on("write", file)
    }
}

/// Packs a folder, without hidden folders, caches, virtual environments and build output.
pub(super) fn pack(folder: &Path, name: &str) -> Result<Packed> {
    let mut found = Found::default();
    let whole = walk(folder, "", &mut found)?;
    if whole {
        found.followed = vec![folder.to_owned()];
    }
    found.files.sort_unstable();
    let mut archive = tar::Builder::new(Vec::new());
    for relative in &found.files {
        let path = folder.join(relative);
        let bytes = fs::read(&path).on("read", &path)?;
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive
            .append_data(&mut header, format!("{name}-0/{relative}"), &bytes[..])
            .on("pack", &path)?;
    }
    let tar = archive.into_inner().on("pack", folder)?;
    Ok(Packed {
        sha256: hash::of_bytes(&tar),
        tar,
        followed: found.followed,
    })
}

#[derive(Default)]
struct Found {
    files: Vec<String>,
    followed: Vec<PathBuf>,
}

/// Whether Cargo can watch the whole folder: no left-out folder in it changes all the time.
fn walk(folder: &Path, prefix: &str, found: &mut Found) -> Result<bool> {
    let mut whole = true;
    let mut followed = Vec::new();
    for entry in fs::read_dir(folder).on("list", folder)? {
        let path = entry.on("list", folder)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(Error::malformed(&path, "the file's name is not UTF-8"));
        };
        let relative = format!("{prefix}{name}");
        if !path.is_dir() {
            if !name.ends_with(".pyc") && path.exists() {
                found.files.push(relative);
                followed.push(path);
            }
        } else if name == "__pycache__" || name.ends_with(".egg-info") {
            // Tools recreate it rarely: watching it does no harm.
        } else if is_foreign(&path, name, prefix.is_empty()) {
            whole = false;
        } else {
            let before = found.followed.len();
            if walk(&path, &format!("{relative}/"), found)? {
                found.followed.truncate(before);
                followed.push(path);
            } else {
                whole = false;
            }
        }
    }
    found.followed.extend(followed);
    Ok(whole)
}

fn is_foreign(folder: &Path, name: &str, at_root: bool) -> bool {
    name.starts_with('.')
        || at_root && BUILT.contains(&name)
        || MARKS.iter().any(|mark| folder.join(mark).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    fn names(packed: &Packed) -> Vec<String> {
        let mut archive = tar::Archive::new(&packed.tar[..]);
        let entries = archive.entries().unwrap();
        entries
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect()
    }

    fn followed(folder: &Path) -> Vec<String> {
        let packed = pack(folder, "x").unwrap();
        let relative = |path: &PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
        let mut followed: Vec<String> = packed.followed.iter().map(relative).collect();
        followed.sort_unstable();
        followed
    }

    const PROJECT: [&str; 5] = [
        "pyproject.toml",
        ".gitignore",
        "src/helper/__init__.py",
        "src/helper/build/data.txt",
        "src/helper/__pycache__/__init__.cpython-313.pyc",
    ];

    #[test]
    fn output_of_tools_is_not_packed() {
        let rest = [
            ".git/HEAD",
            ".venv/pyvenv.cfg",
            "env/pyvenv.cfg",
            "env/lib/x.py",
            "build/lib/x.py",
            "dist/x.whl",
            "target/CACHEDIR.TAG",
            "target/x.rlib",
            "src/helper.egg-info/PKG-INFO",
        ];
        let folder = folder_of(&[&PROJECT[..], &rest].concat());

        assert_eq!(
            names(&pack(folder.path(), "helper").unwrap()),
            [
                "helper-0/.gitignore",
                "helper-0/pyproject.toml",
                "helper-0/src/helper/__init__.py",
                "helper-0/src/helper/build/data.txt",
            ]
        );
    }

    #[test]
    fn the_hash_depends_only_on_names_and_contents() {
        let hash = |folder: &tempfile::TempDir| pack(folder.path(), "helper").unwrap().sha256;
        let (first, second) = (folder_of(&PROJECT), folder_of(&PROJECT[..4]));
        let before = hash(&first);

        assert_eq!(before, hash(&second));
        fs::write(first.path().join("src/helper/new.py"), "").unwrap();
        let with_new = hash(&first);
        fs::write(first.path().join("src/helper/new.py"), "x = 1").unwrap();
        assert!(before != with_new && with_new != hash(&first));
    }

    #[test]
    fn a_folder_is_watched_completely_except_what_was_left_out() {
        let clean = folder_of(&PROJECT);
        let with_target =
            folder_of(&[&PROJECT[..], &["target/CACHEDIR.TAG", "docs/.git/HEAD"]].concat());

        assert_eq!(followed(clean.path()), [""]);
        assert_eq!(
            followed(with_target.path()),
            [".gitignore", "pyproject.toml", "src"]
        );
    }
}
