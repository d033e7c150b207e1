//! Each limit of a pool by name: the guest that exceeds it fails with it, and the next input is processed.

use std::time::Duration;

use wadup_host::{Failure, Limit, Limits};

use crate::modules::{guest, module, writes};

/// Fails on the input with this limit, and with a limit that is just enough it does not.
#[track_caller]
fn exceeds(text: &str, limits: Limits, limit: Limit) {
    let pool = guest(text).pool(limits).unwrap();
    for _ in 0..2 {
        let outcome = pool.run("").unwrap();
        let Err(failure) = outcome.result else {
            panic!("{limit:?} was not exceeded")
        };
        assert_eq!(failure.limit(), Some(limit), "{failure}");
    }
}

#[track_caller]
fn fits(text: &str, limits: Limits) {
    let outcome = guest(text).pool(limits).unwrap().run("").unwrap();
    assert!(outcome.result.is_ok(), "{outcome:?}");
}

fn bare(body: &str) -> String {
    format!(
        r#"(module (memory (export "memory") 1) (func $process (export "process") (result i32) {body}))"#
    )
}

const ENDLESS: &str = "(loop (br 0)) (i32.const 0)";

#[test]
fn deadline() {
    let limits = Limits::default().deadline(Duration::from_millis(50));
    exceeds(&bare(ENDLESS), limits, Limit::Deadline);
}

#[test]
fn deadline_of_a_guest_that_sleeps_in_the_host() {
    let sleeps = r#"(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "process") (result i32)
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.const -1))
        (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#;
    let limits = Limits::default().deadline(Duration::from_millis(50));
    exceeds(sleeps, limits, Limit::Deadline);
}

#[test]
fn a_guest_cannot_wait_for_more_than_it_can_have_open() {
    let polls = |count: u32| {
        format!(
            r#"(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 64)
      (func (export "process") (result i32)
        (call $poll (i32.const 0) (i32.const 0x200000) (i32.const {count}) (i32.const 0x300000))))"#
        )
    };

    let status = |count| {
        let pool = guest(&polls(count)).pool(Limits::default()).unwrap();
        pool.run("").unwrap().result.map(drop)
    };

    assert!(status(8193).is_ok());
    assert!(matches!(status(8194), Err(Failure::Status(28))));
}

#[test]
fn a_file_that_cannot_be_opened_any_more_keeps_its_bytes() {
    // Opens the input until no descriptor is left, tries to truncate it, and returns its length.
    let text = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "data.bin")
  (func $open (param $flags i32) (param $rights i64) (result i32)
    (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 8)
      (local.get $flags) (local.get $rights) (local.get $rights) (i32.const 0) (i32.const 0)))
  (func (export "process") (result i32)
    (loop $more (br_if $more (i32.eqz (call $open (i32.const 0) (i64.const 2)))))
    (if (i32.ne (call $open (i32.const 8) (i64.const 64)) (i32.const 33)) (then unreachable))
    (drop (call $seek (i32.const 4) (i64.const 0) (i32.const 2) (i32.const 8)))
    (i32.load (i32.const 8))))"#;

    let outcome = guest(text).pool(Limits::default()).unwrap().run("12345");

    assert!(matches!(outcome.unwrap().result, Err(Failure::Status(5))));
}

#[test]
fn deadline_of_a_guest_that_never_starts() {
    let text = "(module (func $start (loop (br 0))) (start $start) (func (export \"process\")))";
    let limits = Limits::default().deadline(Duration::from_millis(50));
    exceeds(text, limits, Limit::Deadline);
}

#[test]
fn fuel() {
    exceeds(&bare(ENDLESS), Limits::default().fuel(10_000), Limit::Fuel);
}

#[test]
fn stack() {
    let deep = bare("(call $process)");
    exceeds(&deep, Limits::default(), Limit::Stack);
    exceeds(&deep, Limits::default().stack(4 << 20), Limit::Stack);
}

#[test]
fn memory_of_a_guest_that_gives_up() {
    let grow = "(i32.eq (memory.grow (i32.const 160000)) (i32.const -1))";
    let limits = Limits::default().memory(1 << 20);
    exceeds(&bare(grow), limits.clone(), Limit::Memory);
    exceeds(
        &bare(&format!("(if {grow} (then unreachable)) (i32.const 0)")),
        limits,
        Limit::Memory,
    );
}

#[test]
fn memory_is_that_of_all_memories() {
    let text = r#"(module (memory 8) (memory 8) (func (export "process") (result i32)
        (i32.eq (memory.grow 1 (i32.const 1)) (i32.const -1))))"#;
    fits(text, Limits::default().memory(17 * 65536));
    exceeds(text, Limits::default().memory(16 * 65536), Limit::Memory);
}

#[test]
fn a_table_as_large_as_a_guest_likes_is_refused() {
    let text = r#"(module (table 1 funcref) (func (export "process") (result i32)
        (i32.ne (table.grow (ref.null func) (i32.const 0x7ffffff0)) (i32.const -1))))"#;
    fits(text, Limits::default());
    let text = "(module (table 9000000 funcref) (func (export \"process\")))";
    assert!(
        guest(text)
            .pool(Limits::default())
            .unwrap()
            .run("")
            .is_err()
    );
}

#[test]
fn stdout_and_stderr() {
    for (stream, limit) in [(1, Limit::Stdout), (2, Limit::Stderr)] {
        let print = format!("(call $print (i32.const {stream}) (i32.const 1024) (i32.const 3))");
        let text = module("abc", &format!("{print} (loop {print} (br 0)) i32.const 0"));
        let limits = Limits::default().stdout(100).stderr(100);
        exceeds(&text, limits.clone(), limit);

        fits(
            &module("abc", &format!("{print} i32.const 0")),
            limits.stdout(3).stderr(3),
        );
    }
}

const ROWS: &str = r#"{"tables":[{"name":"t","columns":[{"name":"a","data_type":"Int64"}]}],"rows":[{"table_name":"t","values":[{"Int64":7}]},{"table_name":"t","values":[{"Int64":8}]}]}"#;

#[test]
fn rows_and_their_bytes() {
    let text = writes("metadata/rows.json", ROWS, "i32.const 0");
    let bytes = ROWS.len() as u64;

    fits(&text, Limits::default().rows(2).row_bytes(bytes));
    exceeds(&text, Limits::default().rows(1), Limit::Rows);
    exceeds(
        &text,
        Limits::default().row_bytes(bytes - 1),
        Limit::RowBytes,
    );
}

#[test]
fn sub_contents_and_their_bytes() {
    let description = r#"{"filename":"inner","offset":0,"length":0}"#;
    let text = writes("subcontent/metadata_1.json", description, "i32.const 0");
    let bytes = description.len() as u64;

    fits(
        &text,
        Limits::default().sub_contents(1).sub_content_bytes(bytes),
    );
    exceeds(&text, Limits::default().sub_contents(0), Limit::SubContents);
    exceeds(
        &text,
        Limits::default().sub_content_bytes(bytes - 1),
        Limit::SubContentBytes,
    );
}

#[test]
fn files_and_their_bytes() {
    let text = writes("tmp/file", "12345", "i32.const 0");

    fits(&text, Limits::default().files(1).file_bytes(5));
    exceeds(&text, Limits::default().files(0), Limit::Files);
    exceeds(&text, Limits::default().file_bytes(4), Limit::FileBytes);
}

#[test]
fn sizes_that_a_guest_chooses_are_refused_before_the_host_allocates_them() {
    let sized = |size: &str| {
        format!(
            r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "metadata/rows.json")
  (func (export "process") (result i32)
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 18) (i32.const 9)
      (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 0)))
    (i32.store (i32.const 8) (i32.const 1024))
    (i32.store (i32.const 12) (i32.const 1))
    {size}))"#
        )
    };
    let size = "(call $set_size (i32.load (i32.const 0)) (i64.const 0x10000000000))";
    let position = "(call $pwrite (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i64.const 0x10000000000) (i32.const 16))";
    for text in [sized(size), sized(position)] {
        exceeds(&text, Limits::default(), Limit::FileBytes);
    }
    // Buffers without number, of any length, are an error of the guest's own: `EINVAL`, and a trap outside its memory.
    let vectors = "(call $pwrite (i32.load (i32.const 0)) (i32.const 8) (i32.const 0x10000000) (i64.const 0) (i32.const 16))";
    let outcome = guest(&sized(vectors))
        .pool(Limits::default())
        .unwrap()
        .run("")
        .unwrap();
    assert!(
        matches!(outcome.result, Err(Failure::Status(28))),
        "{outcome:?}"
    );
    let long = "(i32.store (i32.const 12) (i32.const -1))
        (call $pwrite (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i64.const 0) (i32.const 16))";
    let outcome = guest(&sized(long))
        .pool(Limits::default())
        .unwrap()
        .run("")
        .unwrap();
    assert!(
        matches!(outcome.result, Err(Failure::Trap(_))),
        "{outcome:?}"
    );
}
