//! The only module that reads environment variables. It records which of them the build used.

mod seen;
mod variables;

pub use seen::Tool;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

/// The environment of a build: that of the process, or the variables of a test.
///
/// Reading a user-facing variable records it, so that the build script can tell Cargo to run again when it changes.
#[derive(Debug)]
pub(crate) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    used: RefCell<BTreeSet<&'static str>>,
}

impl Environment {
    /// The environment of this process.
    #[allow(
        clippy::disallowed_methods,
        reason = "this module reads the environment for all others"
    )]
    pub(crate) fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    /// An environment with only the given variables.
    pub(crate) fn of<K: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            used: RefCell::default(),
        }
    }

    /// A user-facing variable. An empty one counts as unset.
    pub(crate) fn get(&self, name: &'static str) -> Option<OsString> {
        debug_assert!(is_listed(name), "`{name}` is not in the table of variables");
        self.used.borrow_mut().insert(name);
        self.raw(name)
    }

    /// A user-facing variable with a path.
    pub(crate) fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// Whether a user-facing variable is set to `1` or `true`.
    pub(crate) fn flag(&self, name: &'static str) -> bool {
        self.get(name)
            .is_some_and(|value| value == "1" || value == "true")
    }

    /// A variable of Cargo or the system. A change of it does not rerun the build script.
    pub(crate) fn system(&self, name: &str) -> Option<String> {
        self.raw(name)?.into_string().ok()
    }

    /// The user-facing variables read so far.
    pub(crate) fn used(&self) -> Vec<&'static str> {
        self.used.borrow().iter().copied().collect()
    }

    fn raw(&self, name: &str) -> Option<OsString> {
        self.variables
            .get(std::ffi::OsStr::new(name))
            .filter(|value| !value.is_empty())
            .cloned()
    }
}

/// Whether the documents name a variable; the wrappers of rustc are Cargo's own.
fn is_listed(name: &str) -> bool {
    name.starts_with("RUSTC_")
        || variables::VARIABLES
            .iter()
            .any(|variable| variable.name == name)
}

/// How many processes a build may run in parallel: Cargo's number of jobs, or one per core.
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
    fn only_user_facing_variables_are_recorded() {
        let environment = Environment::of([("WADUP_CACHE_DIR", "/cache"), ("OUT_DIR", "/out")]);

        assert_eq!(environment.path("WADUP_CACHE_DIR"), Some("/cache".into()));
        assert_eq!(environment.get("WADUP_UV"), None);
        assert_eq!(environment.system("OUT_DIR").as_deref(), Some("/out"));

        assert_eq!(environment.used(), ["WADUP_CACHE_DIR", "WADUP_UV"]);
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let environment = Environment::of([("WADUP_OFFLINE", ""), ("WADUP_CACHE_DIR", "")]);

        assert!(!environment.flag("WADUP_OFFLINE"));
        assert_eq!(environment.path("WADUP_CACHE_DIR"), None);
    }
}
