//! Hides the symbols of the libraries behind CPython and native packages from all other code of a guest, and the other
//! way around.
//!
//! A linker takes the first definition of a name: with a SQLite among the user's crates, CPython would use that one, in
//! a version other than that of its headers. So the definitions in these archives get unique names, and so do the
//! references to them. They stay archives, from which the linker takes only what is referenced.

mod ar;
mod cxx;
mod library;
mod names;
mod python;

pub(crate) use cxx::{CxxLibraries, CxxUser};
pub(crate) use names::in_libpython;
pub(crate) use python::{PythonLibraries, of_sysroot};

use crate::store::code;

/// What decides the bytes of a hidden archive, beside the module [`object`](crate::object).
const CODE: &[&str] = code!["ar.rs", "library.rs", "names.rs"];

#[cfg(any(test, fuzzing))]
pub(crate) use names::hostile_object;

#[cfg(test)]
mod tests;
