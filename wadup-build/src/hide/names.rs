//! Which names are hidden, and what they become.

use std::borrow::Cow;
use std::collections::HashMap;

use wasmparser::{SymbolFlags, SymbolInfo};

use crate::object::{self, Edit, Refusal};

/// What hidden names begin with. No C source can define such a name, nor a Rust one without `export_name`.
pub(super) const PREFIX: &str = "wadup.";

/// What of an archive the rest of the guest may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Public {
    /// CPython's C API.
    PythonApi,
    /// Nothing: its users are hidden with it.
    Nothing,
}

impl Public {
    fn holds(self, name: &str) -> bool {
        self == Self::PythonApi && is_python_api(name)
    }
}

/// Whether extensions and the user's crates may call it: all that CPython exports but for the functions that make its own
/// modules, whose names a module of the user's can have too.
fn is_python_api(name: &str) -> bool {
    ["Py", "_Py", "PY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        && !name.starts_with("PyInit_")
}

/// The name of something that libpython defines, as the guest is linked.
pub(crate) fn in_libpython(name: &str) -> Cow<'_, str> {
    if is_python_api(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(hidden(name))
    }
}

fn hidden(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// The names that are hidden, with what they become.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// Hides what an object defines, but for what is public.
    pub(super) fn hide(&mut self, object: &[u8], public: Public) -> Result<(), Refusal> {
        for name in object::definitions(object)? {
            if !public.holds(name) && !self.0.contains_key(name) {
                self.0.insert(name.to_owned(), hidden(name));
            }
        }
        Ok(())
    }

    /// The same object, which defines and uses the hidden names.
    pub(super) fn rename(&self, object: &[u8]) -> Result<Vec<u8>, Refusal> {
        object::rewrite(object, &mut Renaming(self))
    }

    fn replacing<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }
}

struct Renaming<'a>(&'a Names);

impl<'a> Edit<'a> for Renaming<'a> {
    fn symbol(&mut self, symbol: &mut SymbolInfo<'a>) {
        let Some((flags, name)) = object::named(symbol) else {
            return;
        };
        // A local symbol may be called like another object's global one.
        if !flags.contains(SymbolFlags::BINDING_LOCAL) {
            *name = self.0.replacing(name);
        }
    }

    fn import(&mut self, name: &'a str) -> &'a str {
        self.0.replacing(name)
    }

    /// Of a group that two objects have, the linker keeps the first and drops what the second has in it.
    fn group(&mut self, name: &'a str) -> Option<Cow<'a, str>> {
        Some(Cow::Owned(hidden(name)))
    }
}

/// Whatever the bytes, hiding what they define is refused or leaves nothing else to see.
#[cfg(any(test, fuzzing))]
pub(crate) fn hostile_object(bytes: &[u8]) {
    let mut names = Names::default();
    if names.hide(bytes, Public::Nothing).is_ok()
        && let Ok(renamed) = names.rename(bytes)
    {
        let visible = object::definitions(&renamed).unwrap_or_default();
        let is_hidden = |name: &&str| name.starts_with(PREFIX);
        assert!(visible.iter().all(is_hidden), "{visible:?}");
    }
}
