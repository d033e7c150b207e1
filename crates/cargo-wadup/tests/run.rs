//! `cargo wadup run` as a user meets it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A guest that puts its input out as a metadata file. The input `fail` makes it print that word and return 1.
const GUEST: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 100) "data.bin")
  (data (i32.const 200) "metadata/rows.json")
  (func $check (param i32) (if (local.get 0) (then unreachable)))
  (func $open (param $path i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32)
    (call $check (call $path_open (i32.const 3) (i32.const 0) (local.get $path) (local.get $length)
      (local.get $flags) (local.get $rights) (local.get $rights) (i32.const 0) (i32.const 12)))
    (i32.load (i32.const 12)))
  (func (export "process") (result i32) (local $fd i32)
    (local.set $fd (call $open (i32.const 100) (i32.const 8) (i32.const 0) (i64.const 2)))
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 60000))
    (call $check (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 4)))
    (call $check (call $fd_close (local.get $fd)))
    (if (i32.eq (i32.load (i32.const 1024)) (i32.const 0x6c696166)) (then
      (call $check (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (return (i32.const 1))))
    (local.set $fd (call $open (i32.const 200) (i32.const 18) (i32.const 9) (i64.const 64)))
    (call $check (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $check (call $fd_close (local.get $fd)))
    (i32.const 0)))"#;

const ROWS: &str = r#"{"tables": [{"name": "t", "columns": [{"name": "a", "data_type": "Int64"}]}],
    "rows": [{"table_name": "t", "values": [{"Int64": 7}]}, {"table_name": "t", "values": [{"Int64": 8}]}]}"#;

/// A folder with the guest and inputs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("guest.wasm"), wat::parse_str(GUEST).unwrap()).unwrap();
        fs::write(folder.path("good"), ROWS).unwrap();
        fs::write(folder.path("bad"), "fail\n").unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `cargo wadup run` with these arguments, in this folder.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-wadup"))
            .args(["wadup", "run"])
            .args(arguments)
            .current_dir(self.0.path())
            .env("WADUP_CACHE_DIR", self.path("cache"))
            .output()
            .unwrap()
    }
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn prints_the_rows() {
    let output = Folder::new().run(&["guest.wasm", "good"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "t\na\n7\n8\n");
    assert_eq!(stderr(&output), "");
}

#[test]
fn reports_a_failing_input_and_goes_on() {
    let output = Folder::new().run(&[
        "guest.wasm",
        "good",
        "bad",
        "missing",
        "good",
        "--format",
        "csv",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "input,a\ngood,7\ngood,8\ngood,7\ngood,8\n");
    assert!(
        stderr(&output).starts_with("fail\nbad: the guest returned 1\nmissing: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn timings_are_the_last_line() {
    let output = Folder::new().run(&["--timings", "guest.wasm", "good"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!(lines[..4], ["t", "a", "7", "8"]);
    let figures: Vec<(&str, &str)> = lines[4]
        .split(", ")
        .map(|figure| figure.split_once(": ").unwrap())
        .collect();
    let names: Vec<&str> = figures.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["rows", "guest", "instantiate", "first call", "second call"]
    );
    assert_eq!(figures[0].1, "2");
    for (_, figure) in &figures[2..] {
        figure.strip_suffix(" ms").unwrap().parse::<f64>().unwrap();
    }
}

#[test]
fn a_failed_first_call_prints_no_timings() {
    let output = Folder::new().run(&["--timings", "guest.wasm", "bad"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
}

#[test]
fn limits_reach_the_guest() {
    let output = Folder::new().run(&["--fuel", "10", "guest.wasm", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("good: out of fuel: 10 units were not enough"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn compiled_code_is_kept_in_the_cache() {
    let folder = Folder::new();
    folder.run(&["guest.wasm", "good"]);
    assert_eq!(
        fs::read_dir(folder.path("cache/compiled")).unwrap().count(),
        1
    );
}

#[test]
fn a_guest_that_is_none_is_an_error() {
    let output = Folder::new().run(&["good", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: cannot compile good: "),
        "{}",
        stderr(&output)
    );
}
