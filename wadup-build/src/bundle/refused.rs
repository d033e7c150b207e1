//! The user's modules that raise SyntaxError when they are imported: those that do not compile, and those whose imports
//! reach one.

use std::collections::BTreeMap;

use super::app::{App, SourceModule};
use super::trace::prefixes;

/// The modules that cannot be imported, each with the one that does not compile.
pub(super) struct Refused<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Refused<'a> {
    /// Follows imports backwards from modules that do not compile. Imports in functions count; imports under a
    /// condition or in a `try` that catches SyntaxError do not.
    pub(super) fn of(app: &'a App) -> Self {
        let refused = app
            .modules
            .iter()
            .filter(|(_, module)| module.refused().is_some())
            .map(|(name, _)| (name.as_str(), name.as_str()));
        let mut refused = Self(refused.collect());
        loop {
            let more: Vec<(&str, &str)> = app
                .modules
                .iter()
                .filter(|(name, _)| !refused.0.contains_key(name.as_str()))
                .filter_map(|(name, module)| {
                    Some((name.as_str(), refused.reached_by(name, module)?))
                })
                .collect();
            if more.is_empty() {
                return refused;
            }
            refused.0.extend(more);
        }
    }

    /// The module whose syntax error prevents importing this one.
    pub(super) fn culprit(&self, module: &str) -> Option<&'a str> {
        self.0.get(module).copied()
    }

    fn reached_by(&self, name: &str, module: &SourceModule) -> Option<&'a str> {
        let unguarded = module.imports.iter().filter(|import| import.unguarded);
        // The packages that contain a module are imported before it.
        unguarded
            .map(|import| import.name.as_str())
            .chain([name])
            .flat_map(prefixes)
            .find_map(|name| self.culprit(name))
    }
}
