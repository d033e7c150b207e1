//! Compiled code on disk is used if it matches, and replaced if it does not.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use wadup_host::{Engine, Limits, Options};

use crate::modules::compile;

const ONE: &str = r#"(module (func (export "answer") (result i32) (i32.const 1)))"#;
const WITH_MEMORY: &str = r#"(module (memory 3) (data (i32.const 65540) "\03")
    (func (export "answer") (result i32) (i32.load8_u (i32.const 65540))))"#;
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
fn the_memory_of_a_guest_is_taken_from_the_file() {
    let folder = tempfile::tempdir().unwrap();

    assert_eq!(answer(&engine(folder.path()), WITH_MEMORY), (3, false));
    assert_eq!(answer(&engine(folder.path()), WITH_MEMORY), (3, true));
}

#[test]
fn a_file_whose_memory_is_elsewhere_is_compiled_again_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    answer(&engine(folder.path()), WITH_MEMORY);
    let path = files(&folder).remove(0);
    let whole = fs::read(&path).unwrap();
    let (content, _) = whole.split_at(whole.len() - 32);
    let (content, position) = content.split_at(content.len() - 8);
    let position = u64::from_le_bytes(position.try_into().unwrap());
    for wrong in [0, 1, position - 65536, position + 65536, u64::MAX] {
        let mut altered = [content, &wrong.to_le_bytes()].concat();
        altered.extend_from_slice(&Sha256::digest(&altered));
        fs::write(&path, altered).unwrap();

        assert_eq!(answer(&engine(folder.path()), WITH_MEMORY), (3, false));
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
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
