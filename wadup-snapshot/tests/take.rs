//! Snapshots of small modules: what is kept, what is reported, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use wadup_snapshot::{Error, Finding, Options, Read, Snapshot, take};
use wasmtime::{Engine, Instance, Linker, Module, Store};

/// A guest that reports one running Python function. `body` is its initialization, `more` has further fields.
fn guest(imports: &str, body: &str, more: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            {imports}
            (global $__stack_pointer (mut i32) (i32.const 1024))
            (memory (export "memory") 1)
            (data (i32.const 1024) "/wadup/app/users/__init__.py:7 in load\00")
            (data (i32.const 1100) "/etc/hosts")
            (data (i32.const 1200) "[[\"HOME\", \"/wadup/app/users/__init__.py:9 in <module>\"]]\00")
            (func (export "wadup-snapshot-stack") (result i32) (i32.const 1024))
            (func (export "_initialize") unreachable)
            (func (export "wadup-snapshot-initialize"))
            (func (export "wizer-initialize") {body})
            {more})"#
    );
    wat::parse_str(text).unwrap()
}

const RANDOM_GET: &str = r#"(import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))"#;
const CLOCK: &str = r#"(import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))"#;
const PATH_OPEN: &str = r#"(import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))"#;

fn taken(guest: &[u8]) -> Snapshot {
    take(guest, &Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(guest: &[u8]) -> Error {
    take(guest, &Options::default()).unwrap_err()
}

/// An instance of a module whose imports nobody calls.
fn instance(wasm: &[u8]) -> (Store<()>, Instance) {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, wasm).unwrap();
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&module).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    (store, instance)
}

/// What the export `answer` of a module returns.
fn answer(wasm: &[u8]) -> i32 {
    let (mut store, instance) = instance(wasm);
    let answer = instance.get_typed_func::<(), i32>(&mut store, "answer");
    answer.unwrap().call(&mut store, ()).unwrap()
}

fn exports(wasm: &[u8]) -> Vec<String> {
    let module = Module::new(&Engine::default(), wasm).unwrap();
    module
        .exports()
        .map(|export| export.name().to_owned())
        .collect()
}

#[test]
fn memory_is_kept_except_for_the_stack_and_the_initialization_is_gone() {
    let stored =
        "(i32.store (i32.const 2048) (i32.const 42)) (i32.store (i32.const 512) (i32.const 1))";
    let sum = r#"(func (export "answer") (result i32)
        (i32.add (i32.load (i32.const 2048)) (i32.load (i32.const 512))))"#;

    let snapshot = taken(&guest("", stored, sum));

    assert_eq!(answer(&snapshot.wasm), 42);
    assert_eq!(snapshot.findings, []);
    assert_eq!(
        exports(&snapshot.wasm),
        ["memory", "wadup-snapshot-stack", "_initialize", "answer"]
    );
}

#[test]
fn a_program_starts_where_it_is_resumed() {
    let start = r#"(func (export "_start") unreachable) (func (export "wadup-snapshot-resume"))"#;

    let snapshot = taken(&guest("", "", start));

    assert_eq!(
        exports(&snapshot.wasm),
        ["memory", "wadup-snapshot-stack", "_initialize", "_start"]
    );
}

#[test]
fn a_host_can_initialize_a_snapshot_as_often_as_it_likes() {
    let answer = r#"(func (export "answer") (result i32) (i32.const 42))"#;

    let snapshot = taken(&guest("", "", answer));

    let (mut store, instance) = instance(&snapshot.wasm);
    let initialize = instance.get_typed_func::<(), ()>(&mut store, "_initialize");
    let initialize = initialize.unwrap();
    for _ in 0..3 {
        initialize.call(&mut store, ()).unwrap();
    }
}

#[test]
fn entropy_and_time_are_the_same_in_every_snapshot_and_reported_once() {
    let reads = "(drop (call $random_get (i32.const 2048) (i32.const 13)))
        (drop (call $random_get (i32.const 2064) (i32.const 8)))
        (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 2080)))";
    let guest = guest(&[RANDOM_GET, CLOCK].concat(), reads, "");

    let [first, second] = [taken(&guest), taken(&guest)];

    assert_eq!(first.wasm, second.wasm);
    let place = Some("/wadup/app/users/__init__.py:7 in load".to_owned());
    let finding = |read| Finding {
        read,
        place: place.clone(),
    };
    assert_eq!(
        first.findings,
        [finding(Read::Entropy), finding(Read::Clock)]
    );
}

#[test]
fn waiting_takes_no_time_and_moves_the_clocks() {
    let poll = r#"(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))"#;
    const HOUR: u64 = 3_600_000_000_000;
    // Subscriptions: to the monotonic clock for two hours and for one, and to the same clock at three hours.
    let subscriptions = format!(
        r#"(data (i32.const 2064) "\01") (data (i32.const 2112) "\01") (data (i32.const 2160) "\01\00\00\00\00\00\00\00{}")
           (data (i32.const 2184) "\01") (data (i32.const 2072) "{}") (data (i32.const 2120) "{}")"#,
        bytes(3 * HOUR),
        bytes(2 * HOUR),
        bytes(HOUR),
    );
    let wait = "(drop (call $poll (i32.const 2048) (i32.const 3072) (i32.const 2) (i32.const 3000)))
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 3200)))
        (drop (call $poll (i32.const 2144) (i32.const 3072) (i32.const 1) (i32.const 3004)))
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 3208)))
        (i32.store (i32.const 3008) (call $poll (i32.const 2048) (i32.const 3072) (i32.const 0) (i32.const 3012)))";
    let waited = format!(
        r#"{subscriptions} (func (export "answer") (result i32)
            (i64.eq (i64.load (i32.const 3200)) (i64.const {HOUR}))
            (i64.eq (i64.load (i32.const 3208)) (i64.const {}))
            (i64.eq (i64.load (i32.const 3000)) (i64.const 0x100000001))
            (i32.eq (i32.load (i32.const 3008)) (i32.const 28))
            i32.and i32.and i32.and)"#,
        3 * HOUR
    );

    let snapshot = taken(&guest(&[CLOCK, poll].concat(), wait, &waited));

    assert_eq!(answer(&snapshot.wasm), 1);
}

/// A number as the text of a data segment.
fn bytes(number: u64) -> String {
    let bytes = number.to_le_bytes();
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

#[test]
fn what_is_read_while_no_python_function_runs_is_reported_without_a_place() {
    let reads = "(drop (call $random_get (i32.const 2048) (i32.const 8)))
        (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 2080)))";
    let guest = |stack: &str| {
        let text = format!(
            r#"(module {RANDOM_GET} {CLOCK} (memory (export "memory") 1)
                (func (export "wadup-snapshot-stack") (result i32) (i32.const {stack}))
                (func (export "wizer-initialize") {reads}))"#
        );
        wat::parse_str(text).unwrap()
    };
    let (not_started, nothing_runs) = (guest("0"), guest("1024"));

    let [before, after] = [not_started, nothing_runs].map(|guest| taken(&guest).findings);

    let finding = |read| Finding { read, place: None };
    // Every guest reads the clock when it starts.
    assert_eq!(before, [finding(Read::Entropy)]);
    assert_eq!(after, [finding(Read::Entropy), finding(Read::Clock)]);
}

#[test]
fn a_file_of_the_host_is_not_found_and_reported_by_its_path() {
    let opens = "(if (i32.ne (i32.const 44)
            (call $path_open (i32.const 3) (i32.const 0) (i32.const 1101) (i32.const 9)
                (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 2048)))
        (then unreachable))";

    let snapshot = taken(&guest(PATH_OPEN, opens, ""));

    assert_eq!(
        snapshot.findings[0].read,
        Read::File("/etc/hosts".to_owned())
    );
}

#[test]
fn what_the_guest_read_from_its_copy_of_the_environment_is_reported_by_name() {
    let environment =
        r#"(func (export "wadup-snapshot-environment") (result i32) (i32.const 1200))"#;

    let snapshot = taken(&guest("", "", environment));

    assert_eq!(
        snapshot.findings[0].to_string(),
        "/wadup/app/users/__init__.py:9 in <module>: reads the environment (HOME), which is empty while a snapshot is taken"
    );
}

#[test]
fn strictly_a_finding_is_an_error() {
    let guest = guest(
        RANDOM_GET,
        "(drop (call $random_get (i32.const 2048) (i32.const 4)))",
        "",
    );

    let error = take(
        &guest,
        &Options {
            strict: true,
            ..Options::default()
        },
    )
    .unwrap_err()
    .to_string();

    assert!(
        error.contains("users/__init__.py:7 in load: reads entropy"),
        "{error}"
    );
}

#[test]
fn a_function_that_only_the_real_host_has_is_an_error_that_names_it() {
    let import = r#"(import "env" "lookup" (func $lookup))"#;

    let unused = taken(&guest(import, "", ""));
    let error = refused(&guest(import, "(call $lookup)", "")).to_string();

    assert_eq!(unused.findings, []);
    assert!(error.contains("`env.lookup`"), "{error}");
    assert!(
        error.contains(": at /wadup/app/users/__init__.py:7 in load\nhelp: "),
        "{error}"
    );
}

#[test]
fn a_failed_initialization_is_an_error_with_what_was_printed() {
    let exits = r#"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))"#;
    let prints =
        "(i32.store (i32.const 2048) (i32.const 1100)) (i32.store (i32.const 2052) (i32.const 10))
        (drop (call $write (i32.const 2) (i32.const 2048) (i32.const 1) (i32.const 2056)))
        (call $exit (i32.const 1))";

    let error = refused(&guest(exits, prints, "")).to_string();
    let trapped = refused(&guest("", "unreachable", "")).to_string();

    assert!(error.contains("(exit status 1)\n/etc/hosts"), "{error}");
    assert!(trapped.contains("unreachable"), "{trapped}");
}

#[test]
fn a_module_that_is_not_a_guest_is_refused() {
    let other = wat::parse_str("(module (memory (export \"memory\") 1))").unwrap();

    assert!(matches!(refused(&other), Error::NotAGuest { .. }));
    assert!(matches!(refused(b"no wasm"), Error::NotAGuest { .. }));
}
