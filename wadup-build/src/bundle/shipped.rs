//! Selects the files of a folder that go into the guest: all files, including dot files, except leftovers of tools and
//! machines.

use std::collections::BTreeSet;

use super::{is_bytecode, is_module};

/// Folders of version control, editors, and caches of tools.
const FOLDERS: [&str; 17] = [
    ".bzr",
    ".eggs",
    ".git",
    ".hg",
    ".hypothesis",
    ".idea",
    ".ipynb_checkpoints",
    ".jj",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vs",
    ".vscode",
];

/// Files of desktops, coverage and version control. `.git` is a file in a submodule.
const FILES: [&str; 5] = [".DS_Store", ".coverage", ".git", "Thumbs.db", "desktop.ini"];

/// The start and end of names that editors and archivers give to backup copies: `x.py~`, `.x.py.swp`, `#x.py#`,
/// `.#x.py`, `._x.py`.
const COPIES: [(&str, &str); 6] = [
    ("", "~"),
    (".", ".swp"),
    (".", ".swo"),
    ("#", "#"),
    (".#", ""),
    ("._", ""),
];

/// Native code for the build machine, which no guest can load.
const NATIVE: [&str; 3] = [".so", ".pyd", ".dylib"];

/// The file that marks a folder as a virtual environment, whatever its name.
const ENVIRONMENT: &str = "pyvenv.cfg";

/// Files and folders that usually contain passwords and keys. `.env.example` and the like are meant to be shared.
const SECRETS: [&str; 8] = [
    ".aws",
    ".git-credentials",
    ".gnupg",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
    ".ssh",
];
const VARIABLES: &str = ".env";
const EXAMPLES: [&str; 5] = ["defaults", "dist", "example", "sample", "template"];

/// The files of the user's folder that go into the guest.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) files: Vec<String>,
    /// Files that are left out although the user may want them.
    pub(super) secrets: Vec<String>,
}

/// Selects from the user's files, given by relative path.
pub(super) fn of_user(files: Vec<String>) -> Selection {
    let environments: Vec<String> = files
        .iter()
        .filter_map(|file| file.strip_suffix(ENVIRONMENT))
        .filter(|folder| folder.ends_with('/'))
        .map(str::to_owned)
        .collect();
    let mut selection = Selection::default();
    for file in files {
        let in_environment = environments.iter().any(|folder| file.starts_with(folder));
        if in_environment || !is_shipped(&file) || is_of_machine(&file) {
            continue;
        }
        if file.split('/').any(is_secret) {
            selection.secrets.push(file);
        } else {
            selection.files.push(file);
        }
    }
    selection
}

/// In a folder with Rust sources, keeps modules and the files in folders that contain modules, except Rust sources.
/// Other files may be ones that Rust code includes, which must not get into the guest twice.
pub(super) fn keep_python(files: &mut Vec<String>) {
    let top = |file: &str| file.split_once('/').map(|(folder, _)| folder.to_owned());
    let of_python: BTreeSet<String> = files
        .iter()
        .filter(|file| is_module(file))
        .filter_map(|file| top(file))
        .collect();
    files.retain(|file| {
        let wanted = match top(file) {
            Some(folder) => of_python.contains(&folder),
            None => is_module(file),
        };
        wanted && !file.ends_with(".rs")
    });
}

/// Whether a file goes into the guest. The same rule applies to the user and to packages.
pub(super) fn is_shipped(file: &str) -> bool {
    let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
    let is_copy = COPIES
        .iter()
        .any(|(start, end)| name.starts_with(start) && name.ends_with(end));
    let left_behind = FILES.contains(&name)
        || is_copy
        || folders.split('/').any(|folder| FOLDERS.contains(&folder));
    !left_behind && !is_bytecode(file)
}

/// Whether it belongs to an installation on the build machine.
fn is_of_machine(file: &str) -> bool {
    let metadata = file.split('/').any(|part| part.ends_with(".egg-info"));
    metadata || NATIVE.iter().any(|suffix| file.ends_with(suffix))
}

fn is_secret(name: &str) -> bool {
    let of_variables = match name.strip_prefix(VARIABLES) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('.')
            .is_some_and(|kind| !EXAMPLES.contains(&kind)),
        None => false,
    };
    of_variables || SECRETS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(files: &[&str]) -> Selection {
        of_user(files.iter().map(|&file| file.to_owned()).collect())
    }

    #[test]
    fn dot_files_are_shipped() {
        let files = [
            ".gitkeep",
            "users/.hidden",
            "users/.templates/page.html",
            "users/.gitignore",
            "users/.env.example",
            "users/.envelope",
            "users/data.git",
            "users/git/x.py",
        ];

        let selection = selected(&files);

        assert_eq!(selection.files, files);
        assert!(selection.secrets.is_empty());
    }

    #[test]
    fn leftovers_of_tools_are_not_shipped() {
        let files = [
            ".git/config",
            ".git",
            ".venv/lib/x.py",
            "env/bin/python",
            "env/pyvenv.cfg",
            "users/.mypy_cache/3.13/users.data.json",
            "users/.DS_Store",
            "users/._x.py",
            "users/.x.py.swp",
            "users/x.py~",
            "users/.#x.py",
            "users/#x.py#",
            "users/__pycache__/x.cpython-311.pyc",
            "users/fast.abi3.so",
            "users.egg-info/PKG-INFO",
        ];

        let selection = selected(&files);

        assert!(selection.files.is_empty(), "{selection:?}");
        assert!(selection.secrets.is_empty(), "{selection:?}");
    }

    #[test]
    fn secrets_are_left_out_and_reported() {
        let files = [".env", "users/.env.production", "users/.ssh/id", "x/.netrc"];

        let selection = selected(&files);

        assert!(selection.files.is_empty(), "{selection:?}");
        assert_eq!(selection.secrets, files);
    }

    #[test]
    fn python_source_may_itself_be_a_virtual_environment() {
        assert_eq!(selected(&["pyvenv.cfg", "x.py"]).files.len(), 2);
    }
}
