//! Commands, modules with `_start`.

use wadup_host::{Cause, Error, Options, Preopen};

use crate::modules::{guest, instance, writes};

fn command(body: &str) -> String {
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") {body}))"#
    )
}

#[test]
fn returning_is_status_0() {
    assert_eq!(
        guest(&command(""))
            .run_command(&Options::default())
            .unwrap()
            .end,
        Ok(0)
    );
}

#[test]
fn proc_exit_gives_the_status() {
    for status in [0, 3] {
        let text = command(&format!("(call $proc_exit (i32.const {status}))"));
        assert_eq!(
            guest(&text).run_command(&Options::default()).unwrap().end,
            Ok(status)
        );
    }
}

#[test]
fn a_trap_is_not_a_status() {
    let call = guest(&command("unreachable"))
        .run_command(&Options::default())
        .unwrap();
    assert_eq!(call.end.unwrap_err().cause, Cause::Other);
}

#[test]
fn arguments_environment_and_folders_are_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let count_arguments = "(drop (call $args_sizes_get (i32.const 0) (i32.const 4)))";
    let count_variables = "(drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))";
    // Descriptor 3 is the root folder, 4 the further one.
    let look_for_folder =
        "(i32.store (i32.const 0) (call $fd_prestat_get (i32.const 4) (i32.const 8)))";
    let exit = "(call $proc_exit (i32.load (i32.const 0)))";
    let options = Options {
        arguments: vec!["program".into(), "one".into(), "two".into()],
        environment: vec![("NAME".into(), "value".into())],
        preopens: vec![Preopen {
            host: folder.path().to_path_buf(),
            guest: "/more".into(),
        }],
        ..Options::default()
    };
    for (body, given, default) in [
        (count_arguments, 3, 0),
        (count_variables, 1, 0),
        (look_for_folder, 0, 8),
    ] {
        let guest = guest(&command(&format!("{body} {exit}")));
        assert_eq!(
            guest.run_command(&options).unwrap().end,
            Ok(given),
            "{body}"
        );
        assert_eq!(
            guest.run_command(&Options::default()).unwrap().end,
            Ok(default),
            "{body}"
        );
    }
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    let preopens = vec![Preopen {
        host: "does/not/exist".into(),
        guest: "/more".into(),
    }];
    let result = guest(&command("")).run_command(&Options {
        preopens,
        ..Options::default()
    });
    let Err(error @ Error::File { .. }) = result else {
        panic!("{result:?}")
    };
    assert!(
        error
            .to_string()
            .starts_with("cannot open does/not/exist: "),
        "{error}"
    );
}

#[test]
fn a_reactor_is_not_a_command() {
    let result = guest(&writes("tmp/x", "", "i32.const 0")).run_command(&Options::default());
    assert!(matches!(result, Err(Error::Export { name }) if name == "_start"));
}

#[test]
fn output_beyond_the_limit_is_dropped_with_a_note() {
    // 128 times 64 KiB.
    let text = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "process") (result i32) (local $times i32)
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 65536))
    (loop
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (local.set $times (i32.add (local.get $times) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get $times) (i32.const 128))))
    (i32.const 0)))"#;
    let outcome = instance(text).process(b"").unwrap();
    assert!(outcome.result.is_ok());
    assert!(
        outcome
            .stdout
            .ends_with("[7340032 more bytes were dropped: 1048576 of each stream are kept]\n")
    );
}
