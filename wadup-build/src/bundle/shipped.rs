//! Which files of a folder go into the guest: all, dot files too, but what tools and machines leave in it.

use std::collections::BTreeSet;

use super::{is_bytecode, is_module};

/// Folders of version control, of editors, and of tools that keep something for the next time.
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

/// What desktops, coverage and version control write beside the files; `.git` is a file in a submodule.
const FILES: [&str; 5] = [".DS_Store", ".coverage", ".git", "Thumbs.db", "desktop.ini"];

/// What the names of files begin and end with of which an editor or an archiver keeps another: `x.py~`, `.x.py.swp`,
/// `#x.py#`, `.#x.py`, `._x.py`.
const COPIES: [(&str, &str); 6] = [
    ("", "~"),
    (".", ".swp"),
    (".", ".swo"),
    ("#", "#"),
    (".#", ""),
    ("._", ""),
];

/// Native code for the machine that builds: no guest can load it.
const NATIVE: [&str; 3] = [".so", ".pyd", ".dylib"];

/// The file that makes a folder a virtual environment, whatever its name.
const ENVIRONMENT: &str = "pyvenv.cfg";

/// Files and folders that hold passwords and keys by custom. `.env.example` and its kin are made to be given away.
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

/// What of the user's folder goes into the guest.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) files: Vec<String>,
    /// What is left out although a user may want it.
    pub(super) secrets: Vec<String>,
}

/// What goes in of the user's files, given by their relative paths.
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

/// Keeps of a folder that is Rust's as well the modules, and what lies in folders that hold modules, but for Rust's sources. What else
/// is there can be what Rust code includes, and must not get into the guest a second time.
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

/// Whether a file goes into the guest: the rule for the user and for packages alike.
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

/// Whether it is about an installation on the machine that builds.
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
    fn dot_files_are_shipped_like_all_others() {
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
    fn what_tools_leave_behind_is_not() {
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
    fn secrets_are_left_out_and_told() {
        let files = [".env", "users/.env.production", "users/.ssh/id", "x/.netrc"];

        let selection = selected(&files);

        assert!(selection.files.is_empty(), "{selection:?}");
        assert_eq!(selection.secrets, files);
    }

    #[test]
    fn a_source_folder_that_is_an_environment_is_still_the_users() {
        assert_eq!(selected(&["pyvenv.cfg", "x.py"]).files.len(), 2);
    }
}
