//! Compiled code on disk is used if it matches, and replaced if it does not.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use wadup_host::{Engine, Limits, Options};

use crate::modules::compile;

const ONE: &str = r#"(module (func (export "answer") (result i32) (i32.const 1)))"#;
const TWO: &str = r#"(module (func (export "answer") (result i32) (i32.const 2)))"#;

fn engine(folder: &Path) -> Engine {
    Engine::new(Limits::default()).unwrap().with_cache(folder)
}

/// What the guest answers, and whether its code came from the cache.
fn answer(engine: &Engine, text: &str) -> (i32, bool) {
    let guest = compile(engine, text);
    let answer = guest
        .instantiate(&Options::default())
        .unwrap()
        .call("answer")
        .unwrap()
        .end
        .unwrap();
    (answer, guest.was_cached())
}

fn files(folder: &TempDir) -> Vec<PathBuf> {
    fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn the_second_time_nothing_is_compiled() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(answer(&engine(folder.path()), ONE), (1, false));
    assert_eq!(answer(&engine(folder.path()), ONE), (1, true));
}

#[test]
fn another_guest_or_another_engine_has_its_own_file() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(answer(&engine(folder.path()), ONE), (1, false));
    assert_eq!(answer(&engine(folder.path()), TWO), (2, false));
    let with_fuel = Engine::new(Limits {
        fuel: Some(100),
        ..Limits::default()
    })
    .unwrap()
    .with_cache(folder.path());
    assert_eq!(answer(&with_fuel, ONE), (1, false));
    assert_eq!(files(&folder).len(), 3);
}

#[test]
fn a_damaged_file_is_compiled_again_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    answer(&engine(folder.path()), ONE);
    let path = files(&folder).remove(0);
    let whole = fs::read(&path).unwrap();
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    for damaged in [
        Vec::new(),
        b"foreign".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        altered,
    ] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(answer(&engine(folder.path()), ONE), (1, false));
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    assert_eq!(answer(&engine(folder.path()), ONE), (1, true));
}

#[test]
fn without_a_cache_nothing_is_kept() {
    let engine = Engine::new(Limits::default()).unwrap();
    assert_eq!(answer(&engine, ONE), (1, false));
    assert_eq!(answer(&engine, ONE), (1, false));
}

#[test]
fn a_cache_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = engine(&file)
        .compile("test", &wat::parse_str(ONE).unwrap())
        .unwrap_err();
    assert!(error.to_string().starts_with("cannot create "), "{error}");
}

#[test]
fn bytes_that_are_not_a_module_are_an_error_that_names_the_guest() {
    let folder = tempfile::tempdir().unwrap();
    let error = engine(folder.path())
        .compile("broken.wasm", b"\0asm")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot compile broken.wasm: "),
        "{error}"
    );
    assert_eq!(files(&folder).len(), 0);
}
