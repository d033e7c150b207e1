//! The only place that reads environment variables, and the memory of which ones decided the build.

mod seen;

pub(crate) use seen::Tool;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

/// The environment of a build: what the process was given, or what a test says.
///
/// Every user-facing variable that is asked for is remembered, so that the build script can tell
/// Cargo to run again when one of them changes.
#[derive(Debug)]
pub(crate) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl Environment {
    /// The environment of this process.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads it")]
    pub(crate) fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    /// An environment that holds just the given variables.
    pub(crate) fn of<K: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            asked: RefCell::default(),
        }
    }

    /// A variable that a user may set; an empty one counts as not set.
    pub(crate) fn get(&self, name: &'static str) -> Option<OsString> {
        self.asked.borrow_mut().insert(name);
        self.raw(name)
    }

    /// A variable that a user may set to a path.
    pub(crate) fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// Whether a variable that a user may set is switched on: `1` or `true`.
    pub(crate) fn flag(&self, name: &'static str) -> bool {
        self.get(name)
            .is_some_and(|value| value == "1" || value == "true")
    }

    /// A variable that Cargo or the system owns; it is no reason to run the build script again.
    pub(crate) fn system(&self, name: &str) -> Option<String> {
        self.raw(name)?.into_string().ok()
    }

    /// The user-facing variables asked for so far.
    pub(crate) fn asked(&self) -> Vec<&'static str> {
        self.asked.borrow().iter().copied().collect()
    }

    fn raw(&self, name: &str) -> Option<OsString> {
        self.variables
            .get(std::ffi::OsStr::new(name))
            .filter(|value| !value.is_empty())
            .cloned()
    }
}

/// How many processes a build may run at a time: what Cargo was given, else one for each core.
pub(crate) fn jobs() -> usize {
    Environment::of_process()
        .system("NUM_JOBS")
        .and_then(|jobs| jobs.parse().ok())
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_what_a_user_may_set_and_not_what_cargo_owns() {
        let environment = Environment::of([("WADUP_CACHE_DIR", "/cache"), ("OUT_DIR", "/out")]);

        assert_eq!(environment.path("WADUP_CACHE_DIR"), Some("/cache".into()));
        assert_eq!(environment.get("WADUP_UV"), None);
        assert_eq!(environment.system("OUT_DIR").as_deref(), Some("/out"));

        assert_eq!(environment.asked(), ["WADUP_CACHE_DIR", "WADUP_UV"]);
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let environment = Environment::of([("WADUP_OFFLINE", ""), ("WADUP_CACHE_DIR", "")]);

        assert!(!environment.flag("WADUP_OFFLINE"));
        assert_eq!(environment.path("WADUP_CACHE_DIR"), None);
    }
}
