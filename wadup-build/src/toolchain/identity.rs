//! The identity of a toolchain: one hash over the files that decide the bytes of objects and libraries.
//!
//! Names are relative to each file's own folder, so that the same toolchain at another path has the same identity.

use std::path::{Path, PathBuf};

use super::TARGET;
use crate::error::Result;
use crate::store::hashes;
use crate::{hash, tree};

/// The identity of a clang, by the first line of its version, of single files (wasm-ld, clang's runtime library), and of
/// the target's headers and libraries in a sysroot.
///
/// clang itself and its own headers are identified by that line, in which distributions write the revision of the
/// package: the shared libraries that make up clang are hundreds of megabytes.
pub(super) fn of_tools(
    description: &str,
    files: &[&PathBuf],
    sysroot: &Path,
    store: &Path,
) -> Result<String> {
    let folders = ["include", "lib"].map(|name| sysroot.join(name).join(TARGET));
    let parts = of_files(files, &[&folders[0], &folders[1]], store)?;
    Ok(hash::of_bytes(format!("{description}\n{parts}")))
}

/// The identity of files, and of all files below folders.
pub(super) fn of_files(files: &[&PathBuf], folders: &[&Path], store: &Path) -> Result<String> {
    let mut names = Vec::new();
    let mut paths = Vec::new();
    for file in files {
        names.push(file_name(file));
        paths.push((*file).clone());
    }
    for folder in folders {
        for file in tree::files(folder)? {
            paths.push(folder.join(&file));
            names.push(file);
        }
    }
    let hashes = hashes::of_files(store, &paths)?;
    let lines = hashes.iter().zip(&names);
    let text: String = lines
        .map(|(hash, name)| format!("{hash} {name}\n"))
        .collect();
    Ok(hash::of_bytes(text))
}

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A linker, a runtime library and a sysroot with a header and two libraries.
    fn toolchain(folder: &Path) -> [PathBuf; 6] {
        let sysroot = folder.join("sysroot");
        let library = sysroot.join("lib").join(TARGET);
        let include = sysroot.join("include").join(TARGET);
        fs::create_dir_all(&library).unwrap();
        fs::create_dir_all(include.join("sys")).unwrap();
        let files = [
            folder.join("wasm-ld"),
            folder.join("libclang_rt.builtins.a"),
            include.join("stdio.h"),
            include.join("sys/mman.h"),
            library.join("libc.a"),
            library.join("libwasi-emulated-mman.a"),
        ];
        for file in &files {
            fs::write(file, file_name(file)).unwrap();
        }
        files
    }

    fn identity(folder: &Path, description: &str) -> String {
        let [linker, builtins, ..] = toolchain(folder);
        identity_now(folder, description, &linker, &builtins)
    }

    fn identity_now(folder: &Path, description: &str, linker: &PathBuf, rt: &PathBuf) -> String {
        let store = folder.join("store");
        of_tools(description, &[linker, rt], &folder.join("sysroot"), &store).unwrap()
    }

    #[test]
    fn the_path_of_a_toolchain_does_not_matter() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());

        assert_eq!(
            identity(here.path(), "clang 22"),
            identity(there.path(), "clang 22")
        );
        assert_ne!(
            identity(here.path(), "clang 22"),
            identity(here.path(), "clang 23")
        );
    }

    #[test]
    fn every_file_of_a_toolchain_changes_its_identity() {
        let folder = tempfile::tempdir().unwrap();
        let files = toolchain(folder.path());
        let [linker, builtins, ..] = &files;
        let now = || identity_now(folder.path(), "clang 22", linker, builtins);
        let mut seen = vec![now()];

        for file in &files {
            fs::write(file, "another").unwrap();
            let changed = now();
            assert!(!seen.contains(&changed), "{}", file.display());
            seen.push(changed);
        }
        fs::write(
            folder.path().join("sysroot/lib").join(TARGET).join("new.a"),
            "",
        )
        .unwrap();
        assert!(!seen.contains(&now()), "an added file");
    }
}
