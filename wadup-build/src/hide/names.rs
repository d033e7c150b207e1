//! Which symbols are hidden, and their new names.

use std::borrow::Cow;
use std::collections::HashMap;

use wasmparser::{SymbolFlags, SymbolInfo};

use crate::object::{self, Edit, Refusal};

/// The prefix of hidden names. C cannot define such a name, and neither can Rust without `export_name`.
pub(super) const PREFIX: &str = "wadup.";

/// The symbols of an archive that the rest of the guest may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Public {
    /// CPython's C API.
    PythonApi,
    /// None: the code that uses the archive is renamed with it.
    Nothing,
}

impl Public {
    fn holds(self, name: &str) -> bool {
        self == Self::PythonApi && is_python_api(name)
    }
}

/// Whether extensions and the user's crates may use a symbol: everything that CPython exports except the init functions
/// of its own modules, because a user's module may have the same name.
fn is_python_api(name: &str) -> bool {
    ["Py", "_Py", "PY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        && !name.starts_with("PyInit_")
}

/// The name of a symbol of libpython in the linked guest.
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

/// The hidden names, each with its new name.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// Hides the symbols that an object defines, except public ones.
    pub(super) fn hide(&mut self, object: &[u8], public: Public) -> Result<(), Refusal> {
        for name in object::definitions(object)? {
            if !public.holds(name) && !self.0.contains_key(name) {
                self.0.insert(name.to_owned(), hidden(name));
            }
        }
        Ok(())
    }

    /// Rewrites an object to define and use the hidden names.
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
        // A local symbol may have the name of another object's global symbol.
        if !flags.contains(SymbolFlags::BINDING_LOCAL) {
            *name = self.0.replacing(name);
        }
    }

    fn import(&mut self, name: &'a str) -> &'a str {
        self.0.replacing(name)
    }

    /// Of two COMDAT groups with one name, the linker keeps the first and drops the second with its contents.
    fn group(&mut self, name: &'a str) -> Option<Cow<'a, str>> {
        Some(Cow::Owned(hidden(name)))
    }
}

/// For any input, hiding fails or leaves no other visible symbols.
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
