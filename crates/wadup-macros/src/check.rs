//! Checks a well-formed input against the bundle, and against what every guest has.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Error, Path, Result};

use crate::errors::Errors;
use crate::index::Index;
use crate::input::{Export, Input};
use crate::nearest::{list, nearest};
use crate::symbols;
use crate::target::Target;

/// The Python module that wadup itself puts into every guest.
const HOST_MODULE: &str = "wadup";

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
    /// The function behind `process`, or behind `main` in a program.
    pub(crate) entry: Target,
    /// Paths to what should be `#[pymodule]`s, which only the compiler can tell.
    pub(crate) modules: Vec<Path>,
    /// Further functions for the host to call. None in a program.
    pub(crate) exports: Vec<Export>,
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
    errors.into_result(entry.map(|entry| Guest {
        entry,
        modules: input.modules,
        exports: input.exports,
    }))
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
    entry: Option<Target>,
    rust_modules: &BTreeSet<String>,
    index: &Index,
) -> Result<Target> {
    if let Some(target) = entry {
        return check_target(&target, rust_modules, index).map(|()| target);
    }
    let span = Span::call_site();
    let Some(text) = &index.entry else {
        let message = "this guest has no entry. Name the function that it runs, here with `entry: \"module:function\"`, \
                       or in pyproject.toml with `entry-point = \"module:function\"` under [tool.wadup]";
        return Err(Error::new(span, message));
    };
    let target = Target::parse(text, span).and_then(|target| {
        check_target(&target, rust_modules, index)?;
        Ok(target)
    });
    target.map_err(|error| {
        Error::new(
            span,
            format!("`entry-point` under [tool.wadup] in pyproject.toml: {error}"),
        )
    })
}

/// Checks that the module and the function of `target` exist, as far as can be told without running them.
fn check_target(target: &Target, rust_modules: &BTreeSet<String>, index: &Index) -> Result<()> {
    let Target {
        module,
        function,
        span,
    } = target;
    let package = module
        .split_once('.')
        .map_or(module.as_str(), |(package, _)| package);
    if package == HOST_MODULE || rust_modules.contains(package) {
        return Ok(());
    }
    let Some(modules) = &index.modules else {
        return Ok(());
    };
    let Some(found) = modules.get(module) else {
        let known = modules.keys().chain(rust_modules).map(String::as_str);
        let hint = did_you_mean(module, known).unwrap_or_else(|| {
            "; add it to the crate's Python code, or its package to `dependencies` in pyproject.toml".to_owned()
        });
        return Err(Error::new(
            *span,
            format!("the bundle has no module `{module}`{hint}"),
        ));
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
    use crate::index::Module;
    use crate::input;

    /// An index of the modules `users` (with `main` and `helper`), `users.scoring` (with `score`) and the open `pydantic`.
    fn index(entry: Option<&str>) -> Index {
        let closed = |names: &[&str]| Module {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            open: false,
        };
        let modules = BTreeMap::from([
            ("users".to_owned(), closed(&["main", "helper"])),
            ("users.scoring".to_owned(), closed(&["score"])),
            (
                "pydantic".to_owned(),
                Module {
                    names: Vec::new(),
                    open: true,
                },
            ),
        ]);
        Index {
            path: "/index.json".to_owned(),
            entry: entry.map(str::to_owned),
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
        assert_eq!(library(quote! {}).unwrap().entry.function, "main");
        assert_eq!(
            library(quote! { entry: "users:helper" })
                .unwrap()
                .entry
                .function,
            "helper"
        );
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
            ("users", "`users` is not of the form"),
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
