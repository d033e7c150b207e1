//! Checks a well-formed input against the bundle, and against what every guest has.

mod call;
mod entry;
mod export_name;
mod export_values;
mod fit;
mod function;
mod module_name;
mod python_name;
mod python_type;
mod rust_type;

use syn::{Path, Result};
use wadup_contract::index::Index;

use crate::errors::Errors;
use crate::input::Input;
use crate::signature::{Function, Signature};
use crate::target::{Entry, Target};
pub(crate) use call::Passing;
use proc_macro2::Ident;
use python_name::PythonNames;

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
    /// Paths that should lead to `#[pymodule]`s; only the compiler knows whether they do.
    pub(crate) modules: Vec<Path>,
    /// Further functions for the host to call. None in a program.
    pub(crate) exports: Vec<Export>,
    /// Python functions that Rust calls, and how each passes its arguments.
    pub(crate) functions: Vec<(Function, Vec<Passing>)>,
    /// What to call before a snapshot is written out.
    pub(crate) snapshot_init: Option<Target>,
    /// The modules to import before that: once each, those of the entry, the exports and the functions first.
    pub(crate) snapshot_imports: Vec<String>,
    /// Whether to export what runs the guest's own tests.
    pub(crate) tests: bool,
}

/// A function that the host can call.
#[derive(Debug)]
pub(crate) struct Export {
    /// Its name.
    pub(crate) name: Ident,
    /// What it takes and returns, and how it passes its arguments, if it does not just return a status.
    pub(crate) values: Option<(Signature, Vec<Passing>)>,
    /// The Python function that it calls.
    pub(crate) target: Target,
}

/// Checks `input`.
///
/// # Errors
///
/// Every name in it that the bundle does not have or that is taken, combined.
pub(crate) fn check(input: Input, kind: CrateKind, index: &Index) -> Result<Guest> {
    let mut errors = Errors::default();
    let names = PythonNames {
        index,
        in_rust: module_name::check(&input.modules, index, &mut errors),
    };
    let mut exports = Vec::new();
    for export in input.exports {
        errors.keep(export_name::check(&export.name));
        let values = match export.signature {
            None => {
                errors.keep(names.check_target(&export.target));
                None
            }
            Some(signature) => {
                export_values::check(&signature, &mut errors);
                let passing = function::check(
                    &export.name,
                    &signature,
                    &export.target,
                    &names,
                    &mut errors,
                );
                Some((signature, passing))
            }
        };
        exports.push(Export {
            name: export.name,
            values,
            target: export.target,
        });
    }
    let mut functions = Vec::new();
    for function in input.functions {
        let passing = function::check(
            &function.name,
            &function.signature,
            &function.target,
            &names,
            &mut errors,
        );
        functions.push((function, passing));
    }
    if let (CrateKind::Program, Some(key)) = (kind, input.exports_key) {
        let message = "a program has no exports\n\
                       help: to export functions, make this crate a library with `crate-type = [\"cdylib\"]`";
        errors.report(key, message);
    }
    let entry = entry::check(input.entry, &names);
    let snapshot_init = entry::check_snapshot_init(&names);
    entry::check_preload(&names, &mut errors);
    let found = entry.and_then(|entry| Ok((entry, snapshot_init?)));
    errors.into_result(found.map(|(entry, snapshot_init)| Guest {
        snapshot_imports: entry::snapshot_imports(&entry, &exports, &functions, index),
        entry,
        modules: input.modules,
        exports,
        functions,
        snapshot_init,
        tests: index.tests,
    }))
}

#[cfg(test)]
mod tests;
