//! The name of a new guest: a crate's to Cargo, and a package's to Python.

use std::path::Path;

/// What the guest needs under these names itself; a package of the user's would hide it.
const NEEDED_BY_THE_GUEST: [&str; 6] = [
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
    "wadup",
];

/// The folders that Cargo makes beside a library, and the crates that come with Rust.
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

/// Those of `keyword.kwlist` that are no keywords of Rust and may begin a crate's name.
const PYTHON_KEYWORDS: [&str; 19] = [
    "and", "assert", "class", "def", "del", "elif", "except", "finally", "from", "global",
    "import", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "with",
];

/// The public modules of CPython 3.13 at the top level (`sys.stdlib_module_names`), one to a line.
const STANDARD_LIBRARY: &str = include_str!("standard_library.txt");

/// A name that Cargo, Rust and Python take.
#[derive(Debug)]
pub(super) struct Name(String);

impl Name {
    /// The name that the last part of a project's path gives.
    pub(super) fn of(project: &Path) -> Result<Self, String> {
        let name = project
            .file_name()
            .ok_or_else(|| format!("`{}` names no folder to make", project.display()))?
            .to_string_lossy()
            .into_owned();
        match Self::problem(&name) {
            Some(problem) => Err(format!("`{name}` cannot name a guest: {problem}")),
            None => Ok(Self(name)),
        }
    }

    /// The crate's name.
    pub(super) fn package(&self) -> &str {
        &self.0
    }

    /// The Python package's name.
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
            return Some("begin with a letter and go on with letters, digits, `-` and `_`");
        }
        if module.chars().all(|character| character == '_') {
            return Some("it needs a letter");
        }
        if RUST_KEYWORDS.contains(&module) {
            return Some("it is a keyword of Rust");
        }
        if PYTHON_KEYWORDS.contains(&module) {
            return Some("it is a keyword of Python");
        }
        if TAKEN_BY_RUST.contains(&module) {
            return Some("Cargo and Rust use it themselves");
        }
        if NEEDED_BY_THE_GUEST.contains(&module) {
            return Some("the guest imports another package of this name");
        }
        if STANDARD_LIBRARY.lines().any(|known| known == module) {
            return Some("it would hide a module of Python's standard library");
        }
        None
    }
}

/// The name that Python can import.
fn module(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_the_path_names_crate_and_package() {
        let name = Name::of(Path::new("/some where/my-guest2")).unwrap();

        assert_eq!(
            (name.package(), name.module().as_str()),
            ("my-guest2", "my_guest2")
        );
    }

    #[test]
    fn a_name_that_cargo_rust_or_python_would_trip_over_is_refused_with_the_reason() {
        for (name, reason) in [
            ("2fast", "begin with a letter"),
            ("my guest", "begin with a letter"),
            ("größe", "begin with a letter"),
            ("-x", "begin with a letter"),
            ("__", "needs a letter"),
            ("match", "keyword of Rust"),
            ("lambda", "keyword of Python"),
            ("test", "use it themselves"),
            ("pydantic-core", "another package"),
            ("json", "standard library"),
        ] {
            let problem = Name::of(Path::new(name)).unwrap_err();
            assert!(problem.contains(reason), "{name}: {problem}");
        }
        assert!(Name::of(Path::new("/")).is_err());
    }
}
