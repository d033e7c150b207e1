//! Looks up Python modules and functions in what is known of the guest.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::{Error, Result};
use wadup_contract::index::{Index, PythonModule};

use crate::nearest::{list, nearest};
use crate::target::Target;

/// The Python module that wadup itself puts into every guest.
pub(super) const RUNTIME_MODULE: &str = "wadup";

/// What is known of the modules of a guest.
pub(super) struct PythonNames<'a> {
    /// Those in the bundle.
    pub(super) index: &'a Index,
    /// The names of those in Rust.
    pub(super) in_rust: BTreeSet<String>,
}

impl<'a> PythonNames<'a> {
    /// Checks that the module and the function of `target` exist, as far as that is known without running them.
    pub(super) fn check_target(&self, target: &Target) -> Result<()> {
        let Target {
            module,
            function,
            span,
        } = target;
        let Some(found) = self.find_module(module, *span)? else {
            return Ok(());
        };
        if found.open || found.names.contains(function) {
            return Ok(());
        }
        let help =
            did_you_mean(function, found.names.iter().map(String::as_str)).unwrap_or_default();
        Err(Error::new(
            *span,
            format!("the Python module `{module}` does not define `{function}`{help}"),
        ))
    }

    /// What is known of the Python module `module`: nothing if it is written in Rust, or if there is no bundle.
    pub(super) fn find_module(&self, module: &str, span: Span) -> Result<Option<&'a PythonModule>> {
        let package = module
            .split_once('.')
            .map_or(module, |(package, _)| package);
        if package == RUNTIME_MODULE || self.in_rust.contains(package) {
            return Ok(None);
        }
        let Some(modules) = &self.index.modules else {
            return Ok(None);
        };
        let found = modules.get(module).ok_or_else(|| {
            let known = modules.keys().chain(&self.in_rust).map(String::as_str);
            let help = did_you_mean(module, known).unwrap_or_else(|| {
                "\nhelp: add it to the crate's Python code, or its package to `dependencies` in pyproject.toml".to_owned()
            });
            Error::new(span, format!("the bundle does not have a Python module `{module}`{help}"))
        })?;
        match &found.problem {
            None => Ok(Some(found)),
            Some(problem) => Err(Error::new(
                span,
                format!("the Python module `{module}` cannot be imported: {problem}"),
            )),
        }
    }
}

/// The help for a `name` that is not among the `known` ones, if it resembles one of them.
fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let guesses = nearest(name, known);
    (!guesses.is_empty()).then(|| format!("\nhelp: did you mean {}?", list(&guesses, "or")))
}
