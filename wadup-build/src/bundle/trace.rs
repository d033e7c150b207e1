//! The trace: which modules of the standard library imports can reach, according to their source.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// An import that a module may execute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Import {
    /// The dotted name of a module, or of something in one.
    pub(crate) name: String,
    /// Whether the importing module cannot be imported without it.
    pub(crate) needed: bool,
    /// Whether it is executed unconditionally, and nothing catches a SyntaxError from it.
    pub(crate) unguarded: bool,
    /// The import is executed only if one of these modules cannot be imported.
    pub(crate) instead_of: Vec<String>,
}

impl Import {
    /// An import that code in C or Rust may execute.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            needed: false,
            unguarded: false,
            instead_of: Vec::new(),
        }
    }
}

/// The imports of each module, by dotted name.
pub(crate) type Imports = BTreeMap<String, Vec<Import>>;

/// The modules of `library` that can be reached from `roots`, the imports of all other code.
///
/// A module that needs a missing module, as `ssl` needs `_ssl`, can never be imported and is not reached.
pub(crate) fn reached<'a>(
    library: &'a Imports,
    roots: impl IntoIterator<Item = &'a Import>,
) -> BTreeSet<&'a str> {
    let broken = broken(library);
    let importable = |name: &str| {
        let (top, _) = name.split_once('.').unwrap_or((name, ""));
        library.contains_key(top) && prefixes(name).all(|prefix| !broken.contains(prefix))
    };
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut pending: Vec<&Import> = roots.into_iter().collect();
    while let Some(import) = pending.pop() {
        let succeeds = |name: &String| importable(name) && library.contains_key(name.as_str());
        let stands_in = import.instead_of.iter().any(|name| !succeeds(name));
        if !importable(&import.name) || !(import.instead_of.is_empty() || stands_in) {
            continue;
        }
        for prefix in prefixes(&import.name) {
            if let Some((name, imports)) = library.get_key_value(prefix)
                && found.insert(name)
            {
                pending.extend(imports);
            }
        }
    }
    found
}

/// Those of `names` that `roots` import, or a module of `library` that they cannot do without.
///
/// A module of the library that can do without, as `http.client` can do without `ssl`, does not count.
pub(crate) fn demanded<'n, 'a>(
    names: &[&'n str],
    library: &'a Imports,
    roots: impl IntoIterator<Item = &'a Import>,
) -> BTreeSet<&'n str> {
    let mut demanded = BTreeSet::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut pending: Vec<&Import> = roots.into_iter().collect();
    while let Some(import) = pending.pop() {
        for prefix in prefixes(&import.name) {
            demanded.extend(names.iter().filter(|name| **name == prefix));
            if let Some((name, imports)) = library.get_key_value(prefix)
                && seen.insert(name)
            {
                pending.extend(imports.iter().filter(|import| import.needed));
            }
        }
    }
    demanded
}

/// The modules of `library` that can be imported.
pub(super) fn importable(library: &Imports) -> impl Iterator<Item = &str> {
    let broken = broken(library);
    library
        .keys()
        .map(String::as_str)
        .filter(move |module| !broken.contains(module))
}

/// `a`, `a.b` and `a.b.c` for `a.b.c`.
pub(super) fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.')
        .map(|(end, _)| &name[..end])
        .chain([name])
}

/// The modules that cannot be imported, because a module that they need is missing or cannot be imported.
fn broken(library: &Imports) -> BTreeSet<&str> {
    let mut broken: BTreeSet<&str> = BTreeSet::new();
    loop {
        let fails = |name: &str| {
            let (top, _) = name.split_once('.').unwrap_or((name, ""));
            !library.contains_key(top) || prefixes(name).any(|prefix| broken.contains(prefix))
        };
        let more: Vec<&str> = library
            .iter()
            .filter(|(module, _)| !broken.contains(module.as_str()))
            .filter(|(module, imports)| {
                let in_broken_package = prefixes(module).any(|prefix| broken.contains(prefix));
                in_broken_package
                    || imports
                        .iter()
                        .any(|import| import.needed && fails(&import.name))
            })
            .map(|(module, _)| module.as_str())
            .collect();
        if more.is_empty() {
            return broken;
        }
        broken.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(name: &str) -> Import {
        Import {
            needed: true,
            ..Import::of(name)
        }
    }

    fn instead_of(alternative: &str, name: &str) -> Import {
        Import {
            instead_of: vec![alternative.to_owned()],
            ..Import::of(name)
        }
    }

    fn library(modules: &[(&str, &[Import])]) -> Imports {
        modules
            .iter()
            .map(|(name, imports)| ((*name).to_owned(), imports.to_vec()))
            .collect()
    }

    fn from(library: &Imports, root: &str) -> Vec<String> {
        let root = Import::of(root);
        reached(library, [&root])
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn imports_are_followed_through_modules_and_packages() {
        let library = library(&[
            ("json", &[needed("json.decoder")]),
            ("json.decoder", &[needed("re")]),
            ("json.tool", &[needed("argparse")]),
            ("argparse", &[]),
            ("re", &[]),
        ]);

        assert_eq!(from(&library, "json"), ["json", "json.decoder", "re"]);
        assert_eq!(
            from(&library, "json.tool"),
            ["argparse", "json", "json.decoder", "json.tool", "re"]
        );
    }

    #[test]
    fn names_in_a_module_reach_the_module() {
        let library = library(&[("os", &[]), ("posixpath", &[])]);

        assert_eq!(from(&library, "os.path.join"), ["os"]);
        assert!(from(&library, "pydantic").is_empty());
    }

    #[test]
    fn fallback_modules_are_reached_only_if_the_first_choice_is_missing() {
        let modules: [(&str, &[Import]); 3] = [
            ("decimal", &[instead_of("_decimal", "_pydecimal")]),
            ("_pydecimal", &[]),
            ("_decimal", &[]),
        ];

        assert_eq!(from(&library(&modules), "decimal"), ["decimal"]);
        assert_eq!(
            from(&library(&modules[..2]), "decimal"),
            ["_pydecimal", "decimal"]
        );
    }

    #[test]
    fn modules_that_code_cannot_do_without_are_demanded() {
        let library = library(&[
            ("ssl", &[needed("_ssl")]),
            ("http.client", &[Import::of("ssl")]),
            ("urllib.request", &[needed("http.client")]),
        ]);
        let from = |root| {
            let root = Import::of(root);
            demanded(&["_hashlib", "_ssl"], &library, [&root])
                .into_iter()
                .collect::<Vec<_>>()
        };

        assert_eq!(from("ssl.SSLContext"), ["_ssl"]);
        assert_eq!(from("_hashlib"), ["_hashlib"]);
        assert!(from("urllib.request").is_empty());
    }

    #[test]
    fn modules_with_missing_dependencies_are_not_reached() {
        let library = library(&[
            ("asyncio", &[needed("asyncio.events")]),
            ("asyncio.events", &[needed("socket")]),
            ("asyncio.tasks", &[]),
            ("socket", &[needed("_socket")]),
            ("logging", &[Import::of("socket")]),
        ]);

        assert!(from(&library, "asyncio.tasks").is_empty());
        assert_eq!(from(&library, "logging"), ["logging"]);
    }
}
