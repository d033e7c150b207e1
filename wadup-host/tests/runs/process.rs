//! `process`: what counts and what does not.

use wadup_host::{Cause, Content, Error, Failure, Options, Outcome, Root, Value};

use crate::modules::{guest, instance, module, writes};

const ROWS: &str = r#"{"tables": [{"name": "t", "columns": [{"name": "a", "data_type": "Int64"}]}],
    "rows": [{"table_name": "t", "values": [{"Int64": 7}]}]}"#;

fn rows(outcome: &Outcome) -> usize {
    outcome
        .result
        .as_ref()
        .unwrap()
        .tables
        .iter()
        .map(|table| table.rows.len())
        .sum()
}

#[test]
fn rows_of_a_successful_call_count() {
    let mut instance = instance(&writes("metadata/rows.json", ROWS, "i32.const 0"));

    let outcome = instance.process(b"").unwrap();

    let output = outcome.result.unwrap();
    assert_eq!(output.tables[0].name, "t");
    assert_eq!(output.tables[0].rows, [[Value::Int64(7)]]);
}

#[test]
fn rows_of_a_failed_call_do_not_count_and_do_not_leak_into_the_next() {
    let fails_first =
        "(if (i32.eq (global.get $calls) (i32.const 1)) (then (return (i32.const 3)))) i32.const 0";
    let text = writes("metadata/rows.json", ROWS, fails_first).replace(
        "(export \"process\") (result i32)",
        // The second call writes nothing.
        "(export \"process\") (result i32) (if (i32.eq (global.get $calls) (i32.const 1)) (then (global.set $calls (i32.const 2)) (return (i32.const 0))))",
    );
    let mut instance = instance(&text);

    let failed = instance.process(b"").unwrap();
    let next = instance.process(b"").unwrap();

    assert!(matches!(failed.result, Err(Failure::Status(3))));
    assert_eq!(rows(&next), 0);
}

#[test]
fn a_file_that_the_host_would_drop_is_a_failure() {
    let mut instance = instance(&writes(
        "metadata/rows.json",
        "{\"rows\": [null]}",
        "i32.const 0",
    ));

    let outcome = instance.process(b"").unwrap();

    let Err(Failure::Contract(breach)) = outcome.result else {
        panic!("{outcome:?}")
    };
    assert_eq!(breach.file, "/metadata/rows.json");
}

#[test]
fn sub_content_is_read_back() {
    let description = r#"{"filename": "inner", "offset": 1, "length": 2}"#;
    let mut instance = instance(&writes(
        "subcontent/metadata_1.json",
        description,
        "i32.const 0",
    ));

    let outside = instance.process(b"ab").unwrap();
    let inside = instance.process(b"abc").unwrap();

    assert!(matches!(outside.result, Err(Failure::Contract(_))));
    let output = inside.result.unwrap();
    assert_eq!(output.sub_content[0].filename, "inner");
    assert_eq!(
        output.sub_content[0].content,
        Content::Slice {
            offset: 1,
            length: 2
        }
    );
}

#[test]
fn the_input_of_each_call_is_in_data_bin() {
    let echo = "(local $fd i32)
        (local.set $fd (call $open (i32.const 1024) (i32.const 8) (i32.const 0) (i64.const 2)))
        (i32.store (i32.const 0) (i32.const 2048))
        (i32.store (i32.const 4) (i32.const 100))
        (call $check (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $check (call $fd_close (local.get $fd)))
        (call $print (i32.const 1) (i32.const 2048) (i32.load (i32.const 8)))
        i32.const 0";
    let text = module("data.bin", "BODY").replace(
        "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))\n    BODY",
        echo,
    );
    let mut instance = instance(&text);

    let printed: Vec<String> = [&b"first"[..], b"", b"third"]
        .map(|input| instance.process(input).unwrap().stdout)
        .into();

    assert_eq!(printed, ["first", "", "third"]);
}

#[test]
fn streams_are_kept_apart_and_per_call() {
    let print = "(call $print (i32.const 1) (i32.const 1024) (i32.const 3))
        (call $print (i32.const 2) (i32.const 1027) (i32.const 3)) i32.const 0";
    let mut instance = instance(&module("outerr", print));

    for _ in 0..2 {
        let outcome = instance.process(b"").unwrap();
        assert_eq!((&*outcome.stdout, &*outcome.stderr), ("out", "err"));
    }
}

#[test]
fn a_trap_names_the_function_and_the_instance_goes_on() {
    let first_traps = "(if (i32.eq (global.get $calls) (i32.const 1)) (then (call $check (i32.const 1)))) i32.const 0";
    let mut instance = instance(&module("", first_traps));

    let trapped = instance.process(b"").unwrap();
    let next = instance.process(b"").unwrap();

    let Err(Failure::Trap(trap)) = trapped.result else {
        panic!("{trapped:?}")
    };
    assert_eq!(trap.cause, Cause::Other);
    assert!(trap.message.contains("unreachable"), "{}", trap.message);
    assert!(trap.backtrace.contains("check"), "{}", trap.backtrace);
    assert!(next.result.is_ok());
}

#[test]
fn leaving_by_proc_exit_is_a_failure_even_with_status_0() {
    let mut instance = instance(&module("", "(call $proc_exit (i32.const 0)) unreachable"));

    let outcome = instance.process(b"").unwrap();

    let Err(Failure::Trap(trap)) = outcome.result else {
        panic!("{outcome:?}")
    };
    assert_eq!(trap.cause, Cause::Exit(0));
}

#[test]
fn process_may_return_nothing() {
    let outcome = instance(r#"(module (func (export "process")))"#)
        .process(b"")
        .unwrap();
    assert!(outcome.result.is_ok());
}

#[test]
fn an_export_of_another_type_is_an_error() {
    let mut instance = instance(r#"(module (func (export "process") (param i32)))"#);
    assert!(matches!(instance.process(b""), Err(Error::Export { name }) if name == "process"));
    assert!(matches!(instance.call("nothing"), Err(Error::Export { name }) if name == "nothing"));
}

#[test]
fn initialize_is_called_once_and_only_if_asked_for() {
    let text = r#"(module
        (global $initialized (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $initialized (i32.add (global.get $initialized) (i32.const 1))))
        (func (export "initialized") (result i32) (global.get $initialized)))"#;
    for (initialize, expected) in [(true, 1), (false, 0)] {
        let options = Options {
            initialize,
            ..Options::default()
        };
        let mut instance = guest(text).instantiate(&options).unwrap();
        assert_eq!(instance.call("initialized").unwrap().end, Ok(expected));
    }
}

#[test]
fn a_trap_in_initialize_is_an_error() {
    let result = guest(r#"(module (func (export "_initialize") unreachable))"#)
        .instantiate(&Options::default());
    let Err(error @ Error::Initialize(_)) = result else {
        panic!("initialized")
    };
    assert!(error.to_string().contains("unreachable"), "{error}");
}

#[test]
fn a_trap_in_the_start_section_is_an_error() {
    let result =
        guest("(module (func $start unreachable) (start $start))").instantiate(&Options::default());
    assert!(matches!(result, Err(Error::Initialize(_))));
}

#[test]
fn an_import_that_the_host_does_not_provide_is_named() {
    let result =
        guest(r#"(module (import "env" "dlopen" (func)))"#).instantiate(&Options::default());
    let Err(error @ Error::Instantiate { .. }) = result else {
        panic!("instantiated")
    };
    assert!(error.to_string().contains("env::dlopen"), "{error}");
}

#[test]
fn the_root_folder_can_be_the_callers_own_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let guest = guest(&writes("tmp/left", "x", "i32.const 0"));

    let own = Options {
        root: Root::Folder(folder.path().to_path_buf()),
        ..Options::default()
    };
    let outcome = guest.instantiate(&own).unwrap().process(b"").unwrap();
    let none = Options {
        root: Root::None,
        ..Options::default()
    };
    let result = guest.instantiate(&none).unwrap().process(b"");

    assert!(outcome.result.is_ok());
    assert_eq!(std::fs::read(folder.path().join("tmp/left")).unwrap(), b"x");
    assert!(matches!(result, Err(Error::NoRoot)));
}

#[cfg(unix)]
#[test]
fn a_link_that_a_guest_makes_of_its_folder_leads_the_host_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let victim = folder.path().join("victim");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::create_dir(&victim).unwrap();
    std::fs::write(victim.join("kept"), "kept").unwrap();
    let text = r#"(module
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $remove (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $link (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "metadata../victim")
  (func (export "process") (result i32)
    (i32.or
      (call $remove (i32.const 3) (i32.const 0) (i32.const 8))
      (call $link (i32.const 8) (i32.const 9) (i32.const 3) (i32.const 0) (i32.const 8)))))"#;
    let options = Options {
        root: Root::Folder(root),
        ..Options::default()
    };
    let mut instance = guest(text).instantiate(&options).unwrap();

    for _ in 0..2 {
        let outcome = instance.process(b"").unwrap();

        assert!(outcome.result.unwrap().tables.is_empty());
        assert!(victim.join("kept").exists());
    }
}

#[test]
fn imports_and_exports_can_be_listed() {
    let guest = guest(&module("", "i32.const 0"));
    assert!(
        guest
            .imports()
            .any(|import| import == ("wasi_snapshot_preview1", "path_open"))
    );
    assert_eq!(guest.exports().collect::<Vec<_>>(), ["memory", "process"]);
}

#[test]
fn memory_size_is_that_of_the_linear_memory() {
    assert_eq!(
        instance(&module("", "i32.const 0")).memory_bytes(),
        2 * 65536
    );
    assert_eq!(instance("(module)").memory_bytes(), 0);
}
