//! Which inputs are accepted, and what is reported of the others.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use wadup_contract::index::{PythonModule, Snapshot};

use super::*;
use crate::input;

/// An index of the modules `users` (with `main` and `helper`), `users.scoring` (with `score`), `users.old`, which Python refuses,
/// and the open `pydantic`.
fn index(entry: Option<&str>) -> Index {
    let closed = |names: &[&str]| PythonModule {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        ..PythonModule::default()
    };
    let modules = BTreeMap::from([
        ("users".to_owned(), closed(&["main", "helper"])),
        ("users.scoring".to_owned(), closed(&["score"])),
        (
            "users.old".to_owned(),
            PythonModule {
                problem: Some("users/old.py: line 1: SyntaxError".to_owned()),
                ..closed(&[])
            },
        ),
        (
            "pydantic".to_owned(),
            PythonModule {
                open: true,
                ..closed(&[])
            },
        ),
    ]);
    Index {
        entry: entry.map(str::to_owned),
        snapshot: Snapshot::default(),
        modules: Some(modules),
        tests: false,
    }
}

fn library(tokens: TokenStream) -> Result<Guest> {
    check(
        input::parse(tokens).unwrap(),
        CrateKind::Library,
        &index(Some("users:main")),
    )
}

fn messages(result: Result<Guest>) -> Vec<String> {
    result
        .unwrap_err()
        .into_iter()
        .map(|error| error.to_string())
        .collect()
}

#[test]
fn the_entry_of_the_macro_comes_before_that_of_the_project() {
    for (tokens, expected) in [
        (quote! {}, "main"),
        (quote! { entry: "users:helper" }, "helper"),
    ] {
        let entry = library(tokens).unwrap().entry;

        assert!(
            matches!(&entry, Entry::Function(target) if target.function == expected),
            "{entry:?}"
        );
    }
}

#[test]
fn a_module_that_is_the_entry_is_imported_by_a_snapshot_if_it_defines_main() {
    for (entry, imported) in [
        ("users", vec!["users"]),
        ("users.scoring", vec![]),
        ("pydantic", vec![]),
    ] {
        let input = input::parse(quote! {}).unwrap();

        let guest = check(input, CrateKind::Library, &index(Some(entry))).unwrap();

        assert!(matches!(&guest.entry, Entry::Module { module, .. } if module == entry));
        assert_eq!(guest.snapshot_imports, imported, "{entry}");
    }
}

#[test]
fn a_module_that_is_the_entry_and_is_missing_is_reported_with_what_was_meant() {
    for (entry, expected) in [
        (
            "user",
            "the bundle does not have a Python module `user`\nhelp: did you mean `users`?",
        ),
        (
            "users.main",
            "the bundle does not have a Python module `users.main`\nhelp: did you mean `users:main`?",
        ),
    ] {
        assert_eq!(messages(library(quote! { entry: #entry })), [expected]);
    }
}

#[test]
fn a_guest_without_an_entry_is_refused() {
    let input = input::parse(quote! {}).unwrap();

    let messages = messages(check(input, CrateKind::Library, &index(None)));

    assert!(
        messages[0].starts_with("this guest has no entry\nhelp: "),
        "{messages:?}"
    );
}

#[test]
fn an_error_in_the_entry_of_the_project_names_the_project() {
    for (entry, fault) in [
        (
            "users:mian",
            "the Python module `users` does not define `mian`\nhelp: did you mean `main`?",
        ),
        ("users:", "`users:` is not a valid entry point"),
        ("mian", "the bundle does not have a Python module `mian`"),
    ] {
        let input = input::parse(quote! {}).unwrap();

        let messages = messages(check(input, CrateKind::Library, &index(Some(entry))));

        let expected = format!("`entry-point` under [tool.wadup] in pyproject.toml: {fault}");
        assert!(messages[0].starts_with(&expected), "{messages:?}");
    }
}

#[test]
fn names_of_an_open_module_are_not_checked() {
    let result = library(quote! { exports: { schema: "pydantic:not_known_before_it_runs" } });

    assert!(result.is_ok());
}

#[test]
fn a_snapshot_imports_each_module_once_that_the_host_or_pyproject_names() {
    let mut index = index(Some("users:main"));
    index.snapshot.preload = vec!["pydantic".to_owned(), "users".to_owned()];
    let exports = quote! { exports: { score: "users.scoring:score", help: "users:helper" } };

    let guest = check(input::parse(exports).unwrap(), CrateKind::Library, &index).unwrap();

    assert_eq!(
        guest.snapshot_imports,
        ["users", "users.scoring", "pydantic"]
    );
}

#[test]
fn an_error_in_what_a_snapshot_needs_names_pyproject() {
    let mut index = index(Some("users:main"));
    index.snapshot.preload = vec!["pydantics".to_owned()];
    index.snapshot.init = Some("users:load".to_owned());

    let errors: Vec<String> = check(input::parse(quote! {}).unwrap(), CrateKind::Library, &index)
        .unwrap_err()
        .into_iter()
        .map(|error| error.to_string())
        .collect();

    assert!(
        errors.iter().any(|error| error.starts_with(
            "`preload` under [tool.wadup] in pyproject.toml: the bundle does not have a Python module `pydantics`"
        )),
        "{errors:?}"
    );
    assert!(
        errors.iter().any(|error| error.starts_with(
            "`snapshot-init` under [tool.wadup] in pyproject.toml: the Python module `users` does not define `load`"
        )),
        "{errors:?}"
    );
}

#[test]
fn a_module_that_python_refuses_is_refused_wherever_a_guest_begins_with_it() {
    let refused =
        "the Python module `users.old` cannot be imported: users/old.py: line 1: SyntaxError";
    let mut index = index(Some("users.old:main"));
    index.snapshot.preload = vec!["users.old".to_owned()];
    index.snapshot.init = Some("users.old:load".to_owned());
    let exports = quote! { exports: { old: "users.old:run" } };

    let result = check(input::parse(exports).unwrap(), CrateKind::Library, &index);

    let in_pyproject = |key| format!("`{key}` under [tool.wadup] in pyproject.toml: {refused}");
    let mut messages = messages(result);
    messages.sort();
    assert_eq!(
        messages,
        [
            in_pyproject("entry-point"),
            in_pyproject("preload"),
            refused.to_owned()
        ]
    );
}

#[test]
fn without_a_bundle_no_name_is_checked() {
    let unknown = Index {
        modules: None,
        ..index(Some("anything:main"))
    };
    let input =
        input::parse(quote! { modules: [fast], exports: { score: "other:score" } }).unwrap();

    assert!(check(input, CrateKind::Library, &unknown).is_ok());
}

#[test]
fn functions_of_rust_modules_and_of_wadup_are_not_checked() {
    let result = library(quote! {
        entry: "fast:run",
        modules: [fast, r#match],
        exports: { inner: "fast.inner:run", matches: "match:run", settle: "wadup:flush" },
    });

    assert!(result.is_ok());
}

#[test]
fn all_missing_names_are_reported_together_with_the_nearest_ones() {
    let result = library(quote! {
        entry: "users:hepler",
        exports: { score: "users.scorng:score", other: "sql:run" },
    });

    assert_eq!(
        messages(result),
        [
            "the bundle does not have a Python module `users.scorng`\nhelp: did you mean `users.scoring`?",
            "the bundle does not have a Python module `sql`\nhelp: add it to the crate's Python code, or its package to `dependencies` in pyproject.toml",
            "the Python module `users` does not define `hepler`\nhelp: did you mean `helper`?",
        ]
    );
}

#[test]
fn a_rust_module_cannot_take_the_name_of_another_module() {
    let result = library(quote! { modules: [wadup, native::users, fast, other::fast] });

    assert_eq!(
        messages(result),
        [
            "`wadup` is not a valid module name: every guest has a Python module `wadup`\nhelp: rename the `#[pymodule]`",
            "`users` is not a valid module name: the bundle has a Python module `users`\nhelp: rename the `#[pymodule]`",
            "duplicate module `fast`",
        ]
    );
}

#[test]
fn an_export_cannot_take_the_name_of_another_symbol() {
    let result = library(
        quote! { exports: { process: "users:main", free: "users:main", größe: "users:main" } },
    );

    let messages = messages(result);
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[2].contains("only ASCII letters"), "{messages:?}");
}

#[test]
fn a_program_has_no_exports() {
    let input = input::parse(quote! { exports: { score: "users:main" } }).unwrap();

    let messages = messages(check(input, CrateKind::Program, &index(Some("users:main"))));

    assert!(
        messages[0].starts_with("a program has no exports"),
        "{messages:?}"
    );
}
