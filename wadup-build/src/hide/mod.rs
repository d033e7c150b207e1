//! Hides the libraries behind CPython and behind native packages from all other code of a guest, and that code from them.
//!
//! A linker knows one thing by each name, and takes the first definition: with a SQLite among the user's crates,
//! CPython would run on that one, in another version than it was compiled against. So what the archives define gets a name
//! that nobody else has, and those who use it ask for that name. As archives they stay: the linker takes what is asked for.

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
