#![cfg(target_os = "linux")]

use super::*;
use crate::{Engine, Limits, Number, Options};

/// Sees to it that the module without its contents is used, and calls its export `run`.
#[track_caller]
fn run(module: &str) -> i32 {
    let wasm = wat::parse_str(module).unwrap();
    let initial = Initial::of(&wasm).unwrap();
    assert_ne!(initial.module(), wasm);
    let engine = Engine::new(Limits::default()).unwrap();
    let guest = engine.compile("test.wasm", &wasm).unwrap();
    let mut instance = guest.instantiate(&Options::default()).unwrap();
    match instance.call_with("run", &[]).unwrap().end.unwrap() {
        Some(Number::I32(number)) => number,
        other => panic!("not a number but {other:?}"),
    }
}

#[test]
fn contents_are_in_whole_pages() {
    let wasm = wat::parse_str(
        r#"(module (memory 9) (data (i32.const 65537) "ab") (data (i32.const 262144) "c"))"#,
    )
    .unwrap();

    let initial = Initial::of(&wasm).unwrap();

    let contents = initial.contents();
    assert_eq!(initial.address(), WASM_PAGE);
    assert_eq!(contents.len(), 4 * WASM_PAGE);
    assert_eq!(contents[..4], *b"\0ab\0");
    assert_eq!(contents[3 * WASM_PAGE], b'c');
}

#[test]
fn later_segments_are_written_over_earlier_ones() {
    let module = r#"(module (memory 1)
        (data (i32.const 8) "\01\02\03\04") (data (i32.const 9) "\07")
        (func (export "run") (result i32) (i32.load (i32.const 8))))"#;

    assert_eq!(run(module), 0x0403_0701);
}

#[test]
fn passive_segments_keep_their_numbers_and_bytes() {
    let module = r#"(module (memory 1)
        (data (i32.const 0) "\09") (data $passive "\05") (data (i32.const 2) "\01")
        (func (export "run") (result i32)
            (memory.init $passive (i32.const 1) (i32.const 0) (i32.const 1))
            (i32.load (i32.const 0))))"#;

    assert_eq!(run(module), 0x01_05_09);
}

#[test]
fn a_start_function_finds_the_contents() {
    let module = r#"(module (memory 1) (global $seen (mut i32) (i32.const 0))
        (data (i32.const 4) "\2a")
        (func $start (global.set $seen (i32.load8_u (i32.const 4))))
        (func (export "run") (result i32) (global.get $seen))
        (start $start))"#;

    assert_eq!(run(module), 42);
}

#[test]
fn what_wasmtime_must_see_to_itself_is_left_to_it() {
    for module in [
        r#"(module)"#,
        r#"(module (memory 1) (memory 1) (data (i32.const 0) "a"))"#,
        r#"(module (import "a" "b" (memory 1)) (data (i32.const 0) "a"))"#,
        r#"(module (memory i64 1) (data (i64.const 0) "a"))"#,
        r#"(module (memory 1 1 shared) (data (i32.const 0) "a"))"#,
        r#"(module (import "a" "b" (global i32)) (memory 1) (data (global.get 0) "a"))"#,
        // Outside of the memory, which instances must trap for.
        r#"(module (memory 1) (data (i32.const 65536) "a"))"#,
        r#"(module (memory 1) (data (i32.const -1) "a"))"#,
        r#"(module (memory 1) (data (i32.const 65537) ""))"#,
        // Two bytes would take a gigabyte.
        r#"(module (memory 20000) (data (i32.const 0) "a") (data (i32.const 1000000000) "a"))"#,
    ] {
        let wasm = wat::parse_str(module).unwrap();

        assert!(Initial::of(&wasm).is_none(), "{module}");
    }
}
