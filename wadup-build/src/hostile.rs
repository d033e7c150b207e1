//! Entry points for untrusted bytes: each passes them to a parser and asserts what must hold for every input.
//!
//! Only fuzzers and tests see this module. No input may cause a panic.

use std::path::Path;

use crate::error::Error;
use crate::plan::Plan;
use crate::site::hostile;
use crate::{extension, hide, source};

/// A requirements file, a wadup.lock, a pylock.toml.
pub fn lock(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    hostile::requirements(text);
    hostile::pylock(text);
}

/// A pyproject.toml.
pub fn configuration(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    match Plan::parse(Path::new("/nonexistent"), text) {
        Ok(plan) => assert!(plan.memory.problem().is_none(), "{plan}"),
        Err(Error::Configuration { file, problem }) => {
            assert_eq!(file, Path::new("pyproject.toml"));
            assert!(problem.starts_with("line "), "{problem}");
        }
        Err(other) => panic!("{other}"),
    }
}

/// A relocatable WebAssembly object.
pub fn object(bytes: &[u8]) {
    extension::hostile_object(bytes);
    extension::hostile_jumps(bytes);
    hide::hostile_object(bytes);
}

/// A relocatable WebAssembly object, whose functions in CPython's tables get adapters.
pub fn thunks(bytes: &[u8]) {
    extension::hostile_tables(bytes);
}

/// A source archive, uncompressed.
pub fn archive(bytes: &[u8]) {
    source::hostile_archive(bytes);
}

#[cfg(test)]
mod tests;
