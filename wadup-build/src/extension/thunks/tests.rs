//! Extensions in C and C++, adapted, linked and called as CPython calls them.

mod found;
mod left_alone;
mod objects;

use std::fs;
use std::path::{Path, PathBuf};

use super::adapt;
use crate::object::bench::Bench;

/// The part of Python.h that the sources need.
const PYTHON: &str = include_str!("tests/python.h");

/// An object of a source that includes Python.h.
fn extension(bench: &Bench, name: &str, text: &str) -> PathBuf {
    bench.object(name, &format!("{PYTHON}\n{text}"))
}

/// The object with adapters, beside it; and what the log says of them.
fn adapted(object: &Path) -> (PathBuf, Vec<String>) {
    let bytes = fs::read(object).unwrap();
    let adapted = adapt(&bytes, object).unwrap();
    let out = object.with_extension("adapted.o");
    fs::write(&out, &adapted.object).unwrap();
    let log = adapted.adaptations.iter().map(ToString::to_string);
    (out, log.collect())
}

/// What `main`, a source that includes Python.h, returns from `run`.
fn run(bench: &Bench, object: &Path, main: &str) -> Result<i32, String> {
    bench
        .try_run(&[object.to_owned()], &format!("{PYTHON}\n{main}"))
        .unwrap()
        .map_err(|trap| trap.to_string())
}

/// Fails unless `main` traps with the object as it is, and returns `expected` with adapters. Returns the log.
#[track_caller]
fn traps_without_adapters(bench: &Bench, object: &Path, main: &str, expected: i32) -> Vec<String> {
    let trap = run(bench, object, main).unwrap_err();
    assert!(trap.contains("indirect call"), "{trap}");
    let (adapted, log) = adapted(object);
    assert_eq!(run(bench, &adapted, main), Ok(expected), "{log:#?}");
    log
}
