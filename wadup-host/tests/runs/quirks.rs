//! The WADUP host's own behavior, as a guest sees it.

use wadup_host::{Call, Error, Host, Options, Preopen};

use crate::modules::{guest, module};

const ENOSYS: i32 = 52;

fn strict() -> Options {
    Options {
        host: Host::Wadup,
        ..Options::default()
    }
}

/// Calls `process`, whose body may call the import of this name and signature as `$import`.
fn with_import(name: &str, signature: &str, body: &str, options: &Options) -> Call {
    let text = format!(
        r#"(module
  (import "wasi_snapshot_preview1" "{name}" (func $import {signature}))
  (memory (export "memory") 1)
  (data (i32.const 512) "tmp/x")
  (func (export "process") (result i32) {body}))"#
    );
    guest(&text)
        .instantiate(options)
        .unwrap()
        .call("process")
        .unwrap()
}

#[test]
fn an_import_that_the_host_lacks_is_named() {
    for (module, name, parameters) in [
        (
            "wasi_snapshot_preview1",
            "fd_renumber",
            "(param i32 i32) (result i32)",
        ),
        ("env", "dlopen", ""),
    ] {
        let guest = guest(&format!(
            r#"(module (import "{module}" "{name}" (func {parameters})))"#
        ));
        let Err(error) = guest.instantiate(&strict()) else {
            panic!("{name} was provided")
        };
        assert!(matches!(error, Error::UnknownImport { .. }));
        assert!(
            error.to_string().contains(&format!("`{module}.{name}`")),
            "{error}"
        );
    }
}

#[test]
fn initialize_is_never_called() {
    let text = r#"(module (func (export "_initialize") unreachable) (func (export "process")))"#;
    assert!(
        guest(text)
            .instantiate(&strict())
            .unwrap()
            .process(b"")
            .unwrap()
            .result
            .is_ok()
    );
}

#[test]
fn start_is_called_and_its_trap_ignored() {
    let text = r#"(module
        (global $started (mut i32) (i32.const 0))
        (func (export "_start") (global.set $started (i32.const 1)) unreachable)
        (func (export "process") (result i32) (global.get $started)))"#;
    assert_eq!(
        guest(text)
            .instantiate(&strict())
            .unwrap()
            .call("process")
            .unwrap()
            .end,
        Ok(1)
    );
}

#[test]
fn a_command_runs_once() {
    let text = r#"(module
        (global $started (mut i32) (i32.const 0))
        (func (export "_start")
          (if (global.get $started) (then unreachable))
          (global.set $started (i32.const 1))))"#;

    let call = guest(text).run_command(&strict()).unwrap();

    assert_eq!(call.end, Ok(0));
}

#[test]
fn files_are_read_and_written_as_elsewhere() {
    let rows = r#"{"tables": []}"#;
    let text = crate::modules::writes("metadata/1.json", rows, "i32.const 0");
    assert!(
        guest(&text)
            .instantiate(&strict())
            .unwrap()
            .process(b"")
            .unwrap()
            .result
            .is_ok()
    );
}

#[test]
fn random_bytes_are_zero() {
    let body = "(i64.store (i32.const 0) (i64.const -1))
        (drop (call $import (i32.const 0) (i32.const 8)))
        (i64.ne (i64.load (i32.const 0)) (i64.const 0))";
    let signature = "(param i32 i32) (result i32)";
    assert_eq!(
        with_import("random_get", signature, body, &strict()).end,
        Ok(0)
    );
    assert_eq!(
        with_import("random_get", signature, body, &Options::default()).end,
        Ok(1)
    );
}

#[test]
fn a_pointer_outside_the_memory_is_a_trap() {
    let body = "(call $import (i32.const 65535) (i32.const 8))";
    assert!(
        with_import(
            "random_get",
            "(param i32 i32) (result i32)",
            body,
            &strict()
        )
        .end
        .is_err()
    );
}

#[test]
fn nothing_can_be_removed_or_renamed() {
    let path = "(i32.const 3) (i32.const 512) (i32.const 5)";
    for (name, parameters, arguments) in [
        ("path_unlink_file", "i32 i32 i32", path.to_owned()),
        ("path_remove_directory", "i32 i32 i32", path.to_owned()),
        (
            "path_rename",
            "i32 i32 i32 i32 i32 i32",
            format!("{path} {path}"),
        ),
        (
            "path_link",
            "i32 i32 i32 i32 i32 i32 i32",
            format!("(i32.const 3) (i32.const 0) (i32.const 512) (i32.const 5) {path}"),
        ),
        (
            "path_symlink",
            "i32 i32 i32 i32 i32",
            format!("(i32.const 512) (i32.const 5) {path}"),
        ),
        (
            "path_readlink",
            "i32 i32 i32 i32 i32 i32",
            format!("{path} (i32.const 0) (i32.const 8) (i32.const 16)"),
        ),
    ] {
        let signature = format!("(param {parameters}) (result i32)");
        let call = with_import(
            name,
            &signature,
            &format!("(call $import {arguments})"),
            &strict(),
        );
        assert_eq!(call.end, Ok(ENOSYS), "{name}");
    }
}

#[test]
fn listings_have_the_short_header() {
    // The second entry begins after 21 bytes and the 8 of "data.bin": its inode is 0 and its name 8 bytes long.
    let body = "(drop (call $import (i32.const 3) (i32.const 1024) (i32.const 4096) (i64.const 99) (i32.const 0)))
        (i32.load (i32.const 1069))";
    let call = with_import(
        "fd_readdir",
        "(param i32 i32 i32 i64 i32) (result i32)",
        body,
        &strict(),
    );
    assert_eq!(call.end, Ok(8));
}

#[test]
fn waiting_returns_at_once_and_without_an_event() {
    let body = "(i32.store (i32.const 0) (i32.const 9))
        (drop (call $import (i32.const 8) (i32.const 256) (i32.const 1) (i32.const 0)))
        (i32.load (i32.const 0))";
    let call = with_import(
        "poll_oneoff",
        "(param i32 i32 i32 i32) (result i32)",
        body,
        &strict(),
    );
    assert_eq!(call.end, Ok(0));
}

#[test]
fn the_monotonic_clock_is_the_wall_clock() {
    // Nanoseconds since 1970 have more than 60 bits in use; those since a process or machine began do not.
    let body = "(drop (call $import (i32.const 1) (i64.const 0) (i32.const 0)))
        (i64.gt_u (i64.load (i32.const 0)) (i64.const 1000000000000000000))";
    let signature = "(param i32 i64 i32) (result i32)";
    assert_eq!(
        with_import("clock_time_get", signature, body, &strict()).end,
        Ok(1)
    );
    assert_eq!(
        with_import("clock_time_get", signature, body, &Options::default()).end,
        Ok(0)
    );
}

#[test]
fn environment_and_arguments_are_not_passed_on() {
    let options = Options {
        arguments: vec!["program".into()],
        environment: vec![("NAME".into(), "value".into())],
        ..strict()
    };
    let count = "(drop (call $import (i32.const 0) (i32.const 4))) (i32.load (i32.const 0))";
    let signature = "(param i32 i32) (result i32)";
    assert_eq!(
        with_import("args_sizes_get", signature, count, &options).end,
        Ok(0)
    );
    assert_eq!(
        with_import("environ_sizes_get", signature, count, &options).end,
        Ok(0)
    );
}

#[test]
fn there_are_no_folders_beside_the_root_unless_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let more = Options {
        preopens: vec![Preopen {
            host: folder.path().to_path_buf(),
            guest: "/more".into(),
        }],
        ..strict()
    };
    let look = "(call $import (i32.const 4) (i32.const 0))";
    let signature = "(param i32 i32) (result i32)";
    for (options, end) in [(&strict(), 8), (&more, 0)] {
        let call = with_import("fd_prestat_get", signature, look, options);
        assert_eq!(call.end, Ok(end), "8 is EBADF");
    }
}

#[test]
fn proc_exit_is_a_failure() {
    let text = module("", "(call $proc_exit (i32.const 0)) unreachable");
    assert!(
        guest(&text)
            .instantiate(&strict())
            .unwrap()
            .process(b"")
            .unwrap()
            .result
            .is_err()
    );
}
