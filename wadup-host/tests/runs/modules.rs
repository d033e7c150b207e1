//! Guests for the tests, as text.

use wadup_host::{Engine, Guest, Instance, Limits, Options};

pub(crate) fn compile(engine: &Engine, text: &str) -> Guest {
    engine
        .compile("test", &wat::parse_str(text).unwrap())
        .unwrap()
}

pub(crate) fn guest(text: &str) -> Guest {
    compile(&Engine::new(Limits::default()).unwrap(), text)
}

pub(crate) fn instance(text: &str) -> Instance {
    guest(text).instantiate(&Options::default()).unwrap()
}

/// A guest whose `process` returns what `body` leaves on the stack. At hand are
///
/// - `$put`, which writes a file: (path, its length, content, its length) as addresses and lengths,
/// - `$print`, which writes to a descriptor: (descriptor, text, its length),
/// - memory from 1024 on, filled with `data`; a global `$calls`, one more with each call.
pub(crate) fn module(data: &str, body: &str) -> String {
    let data = data
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 1024) "{data}")
  (global $calls (mut i32) (i32.const 0))
  (func $check (param i32) (if (local.get 0) (then unreachable)))
  (func $print (param $fd i32) (param $text i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $text))
    (i32.store (i32.const 4) (local.get $length))
    (call $check (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $open (param $path i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32)
    (call $check (call $path_open (i32.const 3) (i32.const 0) (local.get $path) (local.get $length)
      (local.get $flags) (local.get $rights) (local.get $rights) (i32.const 0) (i32.const 12)))
    (i32.load (i32.const 12)))
  (func $put (param $path i32) (param $path_length i32) (param $text i32) (param $length i32)
    (local $fd i32)
    (local.set $fd (call $open (local.get $path) (local.get $path_length) (i32.const 9) (i64.const 64)))
    (call $print (local.get $fd) (local.get $text) (local.get $length))
    (call $check (call $fd_close (local.get $fd))))
  (func (export "process") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    {body}))"#
    )
}

/// `module` with one file to write, and then `body`.
pub(crate) fn writes(path: &str, content: &str, body: &str) -> String {
    let path_length = path.len();
    let put = format!(
        "(call $put (i32.const 1024) (i32.const {path_length}) (i32.const {}) (i32.const {}))",
        1024 + path_length,
        content.len()
    );
    module(&format!("{path}{content}"), &format!("{put} {body}"))
}
