//! Names of new guests, which must be valid for a crate and a Python package.

use std::path::Path;

/// Packages that the guest itself imports, which a package of the user would hide.
const NEEDED_BY_THE_GUEST: [&str; 6] = [
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
    "wadup",
];

/// What the tests of the guest import: pytest with its requirements, and coverage.
const NEEDED_BY_ITS_TESTS: [&str; 6] = [
    "coverage",
    "iniconfig",
    "packaging",
    "pluggy",
    "pygments",
    "pytest",
];

/// Folders that Cargo creates beside a library, and crates that are part of Rust.
const TAKEN_BY_RUST: [&str; 9] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc_macro",
    "std",
    "test",
];

/// The Rust reference, "Keywords".
const RUST_KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The keywords in `keyword.kwlist` that are not keywords of Rust and can start a crate's name.
const PYTHON_KEYWORDS: [&str; 19] = [
    "and", "assert", "class", "def", "del", "elif", "except", "finally", "from", "global",
    "import", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "with",
];

/// The public modules of CPython at the top level (`sys.stdlib_module_names`), one to a line.
const STANDARD_LIBRARY: &str = include_str!("standard_library.txt");

/// A name that Cargo, Rust and Python accept.
#[derive(Debug)]
pub(super) struct Name(String);

impl Name {
    /// The name from the last component of a project's path.
    pub(super) fn of(project: &Path) -> Result<Self, String> {
        let name = project
            .file_name()
            .ok_or_else(|| format!("`{}` does not end in a folder name", project.display()))?
            .to_string_lossy()
            .into_owned();
        match Self::problem(&name) {
            Some(problem) => Err(format!(
                "`{name}` is not a valid name for a guest: {problem}"
            )),
            None => Ok(Self(name)),
        }
    }

    /// The name of the crate.
    pub(super) fn package(&self) -> &str {
        &self.0
    }

    /// The name of the Python package.
    pub(super) fn module(&self) -> String {
        module(&self.0)
    }

    fn problem(name: &str) -> Option<&'static str> {
        let module = module(name);
        let module = module.as_str();
        let letter = |first: char| first.is_ascii_alphabetic() || first == '_';
        if !name.starts_with(letter)
            || !module
                .chars()
                .all(|other| letter(other) || other.is_ascii_digit())
        {
            return Some(
                "it must start with a letter and contain only letters, digits, `-` and `_`",
            );
        }
        if module.chars().all(|character| character == '_') {
            return Some("it must contain a letter");
        }
        if RUST_KEYWORDS.contains(&module) {
            return Some("it is a Rust keyword");
        }
        if PYTHON_KEYWORDS.contains(&module) {
            return Some("it is a Python keyword");
        }
        if TAKEN_BY_RUST.contains(&module) {
            return Some("it is reserved by Cargo or Rust");
        }
        if NEEDED_BY_THE_GUEST.contains(&module) {
            return Some("the guest imports another package with this name");
        }
        if NEEDED_BY_ITS_TESTS.contains(&module) {
            return Some("its tests import another package with this name");
        }
        if STANDARD_LIBRARY.lines().any(|known| known == module) {
            return Some("it would hide a module of Python's standard library");
        }
        None
    }
}

/// The name as a Python module.
fn module(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_path_component_names_crate_and_package() {
        let name = Name::of(Path::new("/some where/my-guest2")).unwrap();

        assert_eq!(
            (name.package(), name.module().as_str()),
            ("my-guest2", "my_guest2")
        );
    }

    #[test]
    fn invalid_names_are_refused_with_the_reason() {
        for (name, reason) in [
            ("2fast", "start with a letter"),
            ("my guest", "start with a letter"),
            ("größe", "start with a letter"),
            ("-x", "start with a letter"),
            ("__", "contain a letter"),
            ("match", "Rust keyword"),
            ("lambda", "Python keyword"),
            ("test", "reserved by"),
            ("pydantic-core", "another package"),
            ("packaging", "its tests import"),
            ("json", "standard library"),
        ] {
            let problem = Name::of(Path::new(name)).unwrap_err();
            assert!(problem.contains(reason), "{name}: {problem}");
        }
        assert!(Name::of(Path::new("/")).is_err());
    }
}
