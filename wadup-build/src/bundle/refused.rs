//! Which of the user's modules end with a SyntaxError when they are imported or run: those that Python refuses, and those whose
//! imports reach such a one.

use std::collections::BTreeMap;

use super::app::{App, SourceModule};
use super::trace::prefixes;

/// The modules that cannot be used, each with the one at fault.
pub(super) struct Refused<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Refused<'a> {
    /// Follows imports back from what Python refuses. Those of functions count as well; not those that a condition guards, or a
    /// handler that catches SyntaxError.
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

    /// The module at fault for which this one cannot be used.
    pub(super) fn culprit(&self, module: &str) -> Option<&'a str> {
        self.0.get(module).copied()
    }

    fn reached_by(&self, name: &str, module: &SourceModule) -> Option<&'a str> {
        let unguarded = module.imports.iter().filter(|import| import.unguarded);
        // The packages that a module lies in are imported before it.
        unguarded
            .map(|import| import.name.as_str())
            .chain([name])
            .flat_map(prefixes)
            .find_map(|name| self.culprit(name))
    }
}
