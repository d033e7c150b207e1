//! Names that an export cannot have, because something else in the guest has them.
//!
//! An export is a symbol of the link. With the name of a C function it would still link, and be called in place of that function, by
//! CPython too.

use wadup_contract::export::{MEMORY, PROCESS};

/// What the macro, the linker and the contract with the host define.
const OF_WADUP: [&str; 3] = ["main", MEMORY, PROCESS];

/// How symbols begin, and to whom these belong. C reserves a leading underscore ("Reserved identifiers" in the C standard), and the linker and the
/// compiler use it.
const PREFIXES: [(&str, &str); 5] = [
    ("_", "the compiler and the linker"),
    ("PY", "CPython"),
    ("Py", "CPython"),
    ("pthread_", "the C library"),
    ("wadup_", "wadup"),
];

/// Symbols without a prefix, one in a line.
const OF_C_CODE: &str = include_str!("symbols.txt");

/// To what in the guest `name` belongs, as the reason why an export cannot have it; nothing if it is free.
pub(crate) fn owner(name: &str) -> Option<String> {
    if OF_WADUP.contains(&name) {
        return Some("every guest has a symbol of this name".to_owned());
    }
    if let Some((prefix, owner)) = PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Some(format!(
            "names that begin with `{prefix}` belong to {owner}"
        ));
    }
    let is_c = OF_C_CODE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|symbol| symbol == name);
    is_c.then(|| "a C function of the guest has this name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_free() {
        for name in [
            "score",
            "reset",
            "run",
            "process_all",
            "pydantic",
            "python",
            "mainly",
            // CPython's own are hidden.
            "compress",
            "crc32",
            "sqlite3_open",
        ] {
            assert_eq!(owner(name), None);
        }
    }

    #[test]
    fn what_every_guest_has_is_taken() {
        for name in ["process", "memory", "main", "_initialize", "_start"] {
            assert!(owner(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_prefix_names_its_owner() {
        let reason = owner("PyInit_fast").unwrap();

        assert_eq!(reason, "names that begin with `Py` belong to CPython");
    }

    #[test]
    fn functions_of_c_are_taken() {
        for name in ["free", "malloc", "read", "signal", "abs"] {
            let reason = owner(name).unwrap();

            assert_eq!(reason, "a C function of the guest has this name", "{name}");
        }
    }

    #[test]
    fn no_line_of_the_list_repeats_a_prefix_or_another_line() {
        let symbols: Vec<&str> = OF_C_CODE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();

        assert!(symbols.is_sorted_by(|first, second| first < second));
        for symbol in symbols {
            assert!(
                !PREFIXES
                    .iter()
                    .any(|(prefix, _)| symbol.starts_with(prefix)),
                "{symbol}"
            );
        }
    }
}
