//! The default folder of the user's Python.

use std::fs;
use std::path::{Path, PathBuf};

use super::is_identifier;

/// The folder that is tried first.
const PYTHON: &str = "python";

/// Cargo's source folder, which Python projects use as well.
pub(super) const RUST: &str = "src";

/// How deep to search, because symlinks can form a loop.
const MAX_DEPTH: usize = 32;

/// `python`, or `src` if `python` does not exist and `src` contains Python. Neither has to exist.
pub(super) fn python_source(project: &Path) -> PathBuf {
    let (python, rust) = (project.join(PYTHON), project.join(RUST));
    if !python.is_dir() && has_python(&rust, MAX_DEPTH) {
        rust
    } else {
        python
    }
}

/// Whether a folder contains a module, itself or in a package below it.
fn has_python(folder: &Path, depth: usize) -> bool {
    // If the folder cannot be read, a later step reports it.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            depth > 0
                && path.extension().is_none()
                && is_identifier(&name)
                && has_python(&path, depth - 1)
        } else {
            path.extension().is_some_and(|extension| extension == "py") && is_identifier(&name)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(files: &[&str]) -> String {
        let project = tempfile::tempdir().unwrap();
        for file in files {
            let path = project.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = python_source(project.path());
        found
            .strip_prefix(project.path())
            .unwrap()
            .display()
            .to_string()
    }

    #[test]
    fn python_folder_wins_and_src_is_used_if_it_contains_python() {
        for (files, expected) in [
            (&["src/lib.rs", "src/my_module.py"][..], "src"),
            (&["src/lib.rs", "src/my_package/inner/module.py"], "src"),
            (&["python/a.py", "src/my_module.py"], "python"),
            (&["python/data.txt", "src/my_module.py"], "python"),
            (&["src/lib.rs", "src/geometry/mod.rs"], "python"),
            (
                &["src/lib.rs", "src/not-a-module.py", "src/.hidden/a.py"],
                "python",
            ),
            (&[], "python"),
        ] {
            assert_eq!(found_in(files), expected, "{files:?}");
        }
    }
}
