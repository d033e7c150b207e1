//! Checks a well-formed input against the bundle, and against what every guest has.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Error, Path, Result};

use crate::errors::Errors;
use crate::index::{Index, Module};
use crate::input::{Export, Input};
use crate::nearest::{list, nearest};
use crate::symbols;
use crate::target::{Entry, Target};

/// The Python module that wadup itself puts into every guest.
const HOST_MODULE: &str = "wadup";

/// The function that is called of a module that is the entry.
const MAIN: &str = "main";

/// What kind of crate the macro stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrateKind {
    /// The host calls its exports, as often as it likes.
    Library,
    /// Started once, with arguments.
    Program,
}

/// What the macro is to generate; everything in it exists.
#[derive(Debug)]
pub(crate) struct Guest {
    /// What is behind `process`, or behind `main` in a program.
    pub(crate) entry: Entry,
    /// Paths to what should be `#[pymodule]`s, which only the compiler can tell.
    pub(crate) modules: Vec<Path>,
    /// Further functions for the host to call. None in a program.
    pub(crate) exports: Vec<Export>,
    /// What to call before a snapshot is written out.
    pub(crate) snapshot_init: Option<Target>,
    /// The modules to import before that: once each, those of the entry and the exports first.
    pub(crate) snapshot_imports: Vec<String>,
}

/// Checks `input`.
///
/// # Errors
///
/// Every name in it that is missing from the bundle or taken, combined.
pub(crate) fn check(input: Input, kind: CrateKind, index: &Index) -> Result<Guest> {
    let mut errors = Errors::default();
    let names = module_names(&input.modules, index, &mut errors);
    for export in &input.exports {
        errors.keep(check_export_name(export));
        errors.keep(check_target(&export.target, &names, index));
    }
    if let (CrateKind::Program, Some(key)) = (kind, input.exports_key) {
        let message = "a program has no exports: the host starts it, and `main` runs the entry. \
                       For exports, make this a library with `crate-type = [\"cdylib\"]`";
        errors.report(key, message);
    }
    let entry = check_entry(input.entry, &names, index);
    let snapshot_init = check_snapshot_init(&names, index);
    for module in &index.snapshot.preload {
        let span = Span::call_site();
        let checked = find_module(module, span, &names, index).map(drop);
        errors.keep(checked.map_err(|error| in_pyproject("preload", &error)));
    }
    let found = entry.and_then(|entry| Ok((entry, snapshot_init?)));
    errors.into_result(found.map(|(entry, snapshot_init)| Guest {
        snapshot_imports: snapshot_imports(&entry, &input.exports, index),
        entry,
        modules: input.modules,
        exports: input.exports,
        snapshot_init,
    }))
}

fn snapshot_imports(entry: &Entry, exports: &[Export], index: &Index) -> Vec<String> {
    let of_entry = is_prepared_by_import(entry, index).then(|| entry.module());
    let of_exports = exports.iter().map(|export| export.target.module.as_str());
    let preloaded = index.snapshot.preload.iter().map(String::as_str);
    let mut imports: Vec<String> = Vec::new();
    for module in of_entry.into_iter().chain(of_exports).chain(preloaded) {
        if !imports.iter().any(|import| import == module) {
            imports.push(module.to_owned());
        }
    }
    imports
}

/// Whether importing the module of the entry comes before the work: it is the work itself of a module without `main`, and a
/// snapshot would do that before there is an input.
fn is_prepared_by_import(entry: &Entry, index: &Index) -> bool {
    match entry {
        Entry::Function(_) => true,
        Entry::Module { module, .. } => index
            .modules
            .as_ref()
            .and_then(|modules| modules.get(module))
            .is_some_and(|found| found.names.iter().any(|name| name == MAIN)),
    }
}

/// The names under which Python imports `modules`: the last part of each path.
fn module_names(modules: &[Path], index: &Index, errors: &mut Errors) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for segment in modules.iter().filter_map(|path| path.segments.last()) {
        let name = segment.ident.unraw().to_string();
        let span = segment.ident.span();
        if name == HOST_MODULE {
            errors.report(
                span,
                "the module name `wadup` is taken: every guest has its own `wadup`",
            );
        } else if index
            .modules
            .as_ref()
            .is_some_and(|modules| modules.contains_key(&name))
        {
            let message = format!(
                "the module name `{name}` is taken: the bundle has a Python module of that name"
            );
            errors.report(span, message);
        } else if !names.insert(name.clone()) {
            errors.report(span, format_args!("the module `{name}` is given twice"));
        }
    }
    names
}

/// Checks that the host can find `export` under its name, and nothing else under it.
fn check_export_name(export: &Export) -> Result<()> {
    let name = export.name.unraw().to_string();
    let fault = if name.is_ascii() {
        symbols::taken(&name)
    } else {
        Some(format!(
            "the export name `{name}` has letters outside ASCII, which Rust does not allow in a symbol"
        ))
    };
    fault.map_or(Ok(()), |message| {
        Err(Error::new(export.name.span(), message))
    })
}

/// The entry: the one of the macro, else that of pyproject.toml.
fn check_entry(
    entry: Option<Entry>,
    rust_modules: &BTreeSet<String>,
    index: &Index,
) -> Result<Entry> {
    if let Some(entry) = entry {
        return check_parsed_entry(&entry, rust_modules, index).map(|()| entry);
    }
    let span = Span::call_site();
    let Some(text) = &index.entry else {
        let message = "this guest has no entry. Name the function that it runs, here with `entry: \"module:function\"`, \
                       or in pyproject.toml with `entry-point = \"module:function\"` under [tool.wadup]";
        return Err(Error::new(span, message));
    };
    let entry = Entry::parse(text, span).and_then(|entry| {
        check_parsed_entry(&entry, rust_modules, index)?;
        Ok(entry)
    });
    entry.map_err(|error| in_pyproject("entry-point", &error))
}

fn check_parsed_entry(entry: &Entry, rust_modules: &BTreeSet<String>, index: &Index) -> Result<()> {
    let (module, span) = match entry {
        Entry::Function(target) => return check_target(target, rust_modules, index),
        Entry::Module { module, span } => (module, *span),
    };
    let Err(error) = find_module(module, span, rust_modules, index) else {
        return Ok(());
    };
    // `users.main` for `users:main` is the likeliest slip, and the module of that name never the nearest one.
    let meant = module.rsplit_once('.').and_then(|(package, function)| {
        let known = index.modules.as_ref()?.get(package)?;
        let defines = known.names.iter().any(|name| name == function);
        defines.then(|| {
            format!("the bundle has no module `{module}`: did you mean `{package}:{function}`?")
        })
    });
    Err(meant.map_or(error, |message| Error::new(span, message)))
}

/// The function that a snapshot calls, if pyproject.toml names one.
fn check_snapshot_init(rust_modules: &BTreeSet<String>, index: &Index) -> Result<Option<Target>> {
    index
        .snapshot
        .init
        .as_ref()
        .map(|text| {
            let target = Target::parse(text, Span::call_site()).and_then(|target| {
                check_target(&target, rust_modules, index)?;
                Ok(target)
            });
            target.map_err(|error| in_pyproject("snapshot-init", &error))
        })
        .transpose()
}

fn in_pyproject(key: &str, error: &Error) -> Error {
    Error::new(
        error.span(),
        format!("`{key}` under [tool.wadup] in pyproject.toml: {error}"),
    )
}

/// Checks that the module and the function of `target` exist, as far as can be told without running them.
fn check_target(target: &Target, rust_modules: &BTreeSet<String>, index: &Index) -> Result<()> {
    let Target {
        module,
        function,
        span,
    } = target;
    let Some(found) = find_module(module, *span, rust_modules, index)? else {
        return Ok(());
    };
    if found.open || found.names.contains(function) {
        return Ok(());
    }
    let hint = did_you_mean(function, found.names.iter().map(String::as_str)).unwrap_or_default();
    Err(Error::new(
        *span,
        format!("the module `{module}` defines no `{function}`{hint}"),
    ))
}

/// What is known of the Python module `module`; nothing of one that is written in Rust, or where there is no bundle.
fn find_module<'a>(
    module: &str,
    span: Span,
    rust_modules: &BTreeSet<String>,
    index: &'a Index,
) -> Result<Option<&'a Module>> {
    let package = module
        .split_once('.')
        .map_or(module, |(package, _)| package);
    if package == HOST_MODULE || rust_modules.contains(package) {
        return Ok(None);
    }
    let Some(modules) = &index.modules else {
        return Ok(None);
    };
    let found = modules.get(module).ok_or_else(|| {
        let known = modules.keys().chain(rust_modules).map(String::as_str);
        let hint = did_you_mean(module, known).unwrap_or_else(|| {
            "; add it to the crate's Python code, or its package to `dependencies` in pyproject.toml".to_owned()
        });
        Error::new(span, format!("the bundle has no module `{module}`{hint}"))
    })?;
    match &found.problem {
        None => Ok(Some(found)),
        Some(problem) => Err(Error::new(
            span,
            format!("the module `{module}` cannot be imported: {problem}"),
        )),
    }
}

/// The end of a message about a `name` that is not among the `known` ones, if one of them is near.
fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let guesses = nearest(name, known);
    (!guesses.is_empty()).then(|| format!(": did you mean {}?", list(&guesses, "or")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;
    use crate::index::Snapshot;
    use crate::input;

    /// An index of the modules `users` (with `main` and `helper`), `users.scoring` (with `score`), `users.old`, which Python refuses,
    /// and the open `pydantic`.
    fn index(entry: Option<&str>) -> Index {
        let closed = |names: &[&str]| Module {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            open: false,
            problem: None,
        };
        let modules = BTreeMap::from([
            ("users".to_owned(), closed(&["main", "helper"])),
            ("users.scoring".to_owned(), closed(&["score"])),
            (
                "users.old".to_owned(),
                Module {
                    problem: Some("users/old.py: line 1: SyntaxError".to_owned()),
                    ..closed(&[])
                },
            ),
            (
                "pydantic".to_owned(),
                Module {
                    open: true,
                    ..closed(&[])
                },
            ),
        ]);
        Index {
            path: "/index.json".to_owned(),
            entry: entry.map(str::to_owned),
            snapshot: Snapshot::default(),
            modules: Some(modules),
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
                "the bundle has no module `user`: did you mean `users`?",
            ),
            (
                "users.main",
                "the bundle has no module `users.main`: did you mean `users:main`?",
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
            messages[0].starts_with("this guest has no entry."),
            "{messages:?}"
        );
    }

    #[test]
    fn a_wrong_entry_of_the_project_is_blamed_on_the_project() {
        for (entry, fault) in [
            ("users:mian", "the module `users` defines no `mian`"),
            ("users:", "`users:` is not a valid entry point"),
            ("mian", "the bundle has no module `mian`"),
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
    fn what_a_snapshot_needs_is_checked_and_blamed_on_pyproject() {
        let mut index = index(Some("users:main"));
        index.snapshot.preload = vec!["pydantics".to_owned()];
        index.snapshot.init = Some("users:load".to_owned());

        let errors: Vec<String> =
            check(input::parse(quote! {}).unwrap(), CrateKind::Library, &index)
                .unwrap_err()
                .into_iter()
                .map(|error| error.to_string())
                .collect();

        assert!(
            errors.iter().any(|error| error.starts_with(
                "`preload` under [tool.wadup] in pyproject.toml: the bundle has no module `pydantics`"
            )),
            "{errors:?}"
        );
        assert!(
            errors.iter().any(|error| error.starts_with(
                "`snapshot-init` under [tool.wadup] in pyproject.toml: the module `users` defines no `load`"
            )),
            "{errors:?}"
        );
    }

    #[test]
    fn a_module_that_python_refuses_is_refused_wherever_a_guest_begins_with_it() {
        let refused =
            "the module `users.old` cannot be imported: users/old.py: line 1: SyntaxError";
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
                "the bundle has no module `users.scorng`: did you mean `users.scoring`?",
                "the bundle has no module `sql`; add it to the crate's Python code, or its package to `dependencies` in pyproject.toml",
                "the module `users` defines no `hepler`: did you mean `helper`?",
            ]
        );
    }

    #[test]
    fn a_rust_module_cannot_take_the_name_of_another_module() {
        let result = library(quote! { modules: [wadup, native::users, fast, other::fast] });

        assert_eq!(
            messages(result),
            [
                "the module name `wadup` is taken: every guest has its own `wadup`",
                "the module name `users` is taken: the bundle has a Python module of that name",
                "the module `fast` is given twice",
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
        assert!(messages[2].contains("outside ASCII"), "{messages:?}");
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
}
