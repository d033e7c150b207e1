//! Objects from clang, isolated, linked by wasm-ld and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use super::super::{Constructors, Export, isolate, merge, merge_isolated};
use crate::object::bench::{Bench, tool};

/// An object that exports only the function `from`, as `to`.
fn isolated(bench: &Bench, inputs: &[PathBuf], from: &str, to: &str) -> PathBuf {
    isolated_with(Constructors::AtStart, bench, inputs, from, to)
}

fn isolated_with(
    constructors: Constructors,
    bench: &Bench,
    inputs: &[PathBuf],
    from: &str,
    to: &str,
) -> PathBuf {
    let out = bench.path(&format!("{to}.isolated.o"));
    let log = bench.path("log");
    let exports = [export(from, to)];
    merge_isolated(&tool("wasm-ld"), inputs, &exports, constructors, &out, &log).unwrap();
    out
}

fn export(from: &str, to: &str) -> Export {
    Export {
        from: from.into(),
        to: to.into(),
    }
}

/// An extension with a global function and global data that any other may have too, called through pointers.
fn extension(step: i32) -> String {
    format!(
        "int counter = {step};
         int next(void) {{ return counter += {step}; }}
         static int twice(void) {{ return next() + next(); }}
         int (*const functions[2])(void) = {{ next, twice }};
         int (*volatile chosen)(void);
         int PyInit_lib(int which) {{ chosen = functions[which]; return chosen(); }}"
    )
}

const CALLS_BOTH: &str = "
    int init_one(int); int init_two(int);
    int run(void) { return init_one(0) + 100 * init_two(0) + 10000 * init_one(1); }";

#[test]
fn two_objects_with_the_same_symbols_link_and_each_sees_its_own() {
    let bench = Bench::new();
    let one = bench.object("one.c", &extension(1));
    let two = bench.object("two.c", &extension(10));
    let isolated = [
        isolated(&bench, slice::from_ref(&one), "PyInit_lib", "init_one"),
        isolated(&bench, slice::from_ref(&two), "PyInit_lib", "init_two"),
    ];

    let as_they_are = bench.run(&[one, two], CALLS_BOTH).unwrap_err().to_string();
    let result = bench.run(&isolated, CALLS_BOTH).unwrap();

    assert!(
        as_they_are.contains("duplicate symbol: counter"),
        "{as_they_are}"
    );
    // 1 + 1, then 10 + 10 in the other's counter, then 3 + 4 in the first again.
    assert_eq!(result, 2 + 100 * 20 + 10000 * 7);
}

#[test]
fn the_constructors_of_every_object_run() {
    let bench = Bench::new();
    // clang runs constructors itself where nothing is volatile.
    let extension = |value: i32| {
        format!(
            "static volatile int state;
             __attribute__((constructor)) void start(void) {{ state += {value}; }}
             int PyInit_lib(void) {{ return state; }}"
        )
    };
    let isolated = [
        isolated(
            &bench,
            &[bench.object("one.c", &extension(3))],
            "PyInit_lib",
            "init_one",
        ),
        isolated(
            &bench,
            &[bench.object("two.c", &extension(40))],
            "PyInit_lib",
            "init_two",
        ),
    ];

    let main =
        "int init_one(void); int init_two(void); int run(void) { return init_one() + init_two(); }";

    assert_eq!(bench.run(&isolated, main).unwrap(), 43);
}

#[test]
fn constructors_that_wait_for_the_import_run_when_they_are_called_in_their_order() {
    let bench = Bench::new();
    let extension = |first: i32| {
        format!(
            "static volatile int state = {first};
             __attribute__((constructor(2000))) static void later(void) {{ state = 10 * state + 2; }}
             __attribute__((constructor(1000))) static void sooner(void) {{ state = 10 * state + 1; }}
             int PyInit_lib(void) {{ return state; }}"
        )
    };
    let isolated = [("one", 3), ("two", 4)].map(|(name, first)| {
        isolated_with(
            Constructors::AtImport,
            &bench,
            &[bench.object(&format!("{name}.c"), &extension(first))],
            "PyInit_lib",
            &format!("init_{name}"),
        )
    });

    let main = "int init_one(void); void init_one_constructors(void) __attribute__((weak));
                int init_two(void); void init_two_constructors(void) __attribute__((weak));
                int run(void) { if (!init_one_constructors) return -1;
                                int before = init_one(); init_one_constructors();
                                return 100000 * before + 100 * init_one() + init_two(); }";

    assert_eq!(
        bench.run(&isolated, main).unwrap(),
        100_000 * 3 + 100 * 312 + 4
    );
}

#[test]
fn an_object_without_constructors_has_no_function_that_calls_them() {
    let bench = Bench::new();
    let inputs = [bench.object("one.c", "int PyInit_lib(void) { return 5; }")];
    let [waits, starts] = [Constructors::AtImport, Constructors::AtStart].map(|constructors| {
        let object = isolated_with(constructors, &bench, &inputs, "PyInit_lib", "init_lib");
        fs::read(object).unwrap()
    });

    assert_eq!(waits, starts);
}

#[test]
fn each_object_keeps_its_own_copy_of_a_template() {
    let bench = Bench::new();
    // The template's function and its static variable are weak and lie in COMDAT groups: objects share them.
    let extension = |name: &str| {
        format!(
            "template <class T> struct Count {{ static T value; static T next() {{ return ++value; }} }};
             template <class T> T Count<T>::value = 0;
             extern \"C\" int {name}() {{ return Count<int>::next(); }}"
        )
    };
    let shared = [
        bench.object("one.cc", &extension("init_one")),
        bench.object("two.cc", &extension("init_two")),
    ];
    let isolated = [
        isolated(&bench, &shared[..1], "init_one", "init_one"),
        isolated(&bench, &shared[1..], "init_two", "init_two"),
    ];
    let main = "int init_one(void); int init_two(void);
                int run(void) { return init_one() + 10 * init_one() + 100 * init_two(); }";

    assert_eq!(bench.run(&shared, main).unwrap(), 321);
    assert_eq!(bench.run(&isolated, main).unwrap(), 121);
}

#[test]
fn what_an_object_leaves_undefined_is_shared() {
    let bench = Bench::new();
    let extension = "extern int shared; int PyInit_lib(void) { return ++shared; }";
    let isolated = [
        isolated(
            &bench,
            &[bench.object("one.c", extension)],
            "PyInit_lib",
            "init_one",
        ),
        isolated(
            &bench,
            &[bench.object("two.c", extension)],
            "PyInit_lib",
            "init_two",
        ),
    ];

    let main = "int shared = 5; int init_one(void); int init_two(void);
                int run(void) { init_one(); return init_two(); }";

    assert_eq!(bench.run(&isolated, main).unwrap(), 7);
}

#[test]
fn an_archive_gives_what_the_export_needs_and_no_more() {
    let bench = Bench::new();
    let archive = bench.archive(
        "library.a",
        &[
            bench.object(
                "root.c",
                "int helper(void); int PyInit_lib(void) { return helper() + 1; }",
            ),
            bench.object("helper.c", "int helper(void) { return 6; }"),
            bench.object(
                "other.c",
                "int missing(void); int other(void) { return missing(); }",
            ),
        ],
    );
    let isolated = isolated(&bench, &[archive], "PyInit_lib", "init_one");

    let result = bench.run(
        slice::from_ref(&isolated),
        "int init_one(void); int run(void) { return init_one(); }",
    );

    assert_eq!(result.unwrap(), 7);
    assert!(!contains(&isolated, b"missing"));
}

#[test]
fn the_merged_object_carries_no_debug_information_and_no_list_of_names() {
    let bench = Bench::new();
    let object = bench.object("one.c", &extension(1));
    let out = bench.path("merged.o");

    merge(
        &tool("wasm-ld"),
        slice::from_ref(&object),
        &[export("PyInit_lib", "_")],
        &out,
    )
    .unwrap();

    for section in ["debug_info", "producers"] {
        assert!(
            contains(&object, section.as_bytes()),
            "{section} in what clang makes"
        );
        assert!(!contains(&out, section.as_bytes()), "{section}");
    }
    assert!(contains(&out, b"target_features"));
}

#[test]
fn an_object_that_was_not_merged_stays_linkable_with_its_debug_information() {
    let bench = Bench::new();
    let object = bench.object("one.c", &extension(1));
    let bytes = fs::read(&object).unwrap();

    let isolated = isolate(&bytes, &[export("PyInit_lib", "init_one")]).unwrap();
    fs::write(&object, isolated).unwrap();
    let result = bench.run(
        slice::from_ref(&object),
        "int init_one(int); int run(void) { return init_one(1); }",
    );

    assert_eq!(result.unwrap(), 5);
    assert!(contains(&object, b"debug_info"));
}

#[test]
fn a_missing_export_is_named() {
    let bench = Bench::new();
    let object = bench.object("one.c", &extension(1));
    let exports = [export("PyInit_other", "init_other")];

    let error = merge_isolated(
        &tool("wasm-ld"),
        &[object],
        &exports,
        Constructors::AtStart,
        &bench.path("out.o"),
        &bench.path("log"),
    )
    .unwrap_err();

    assert!(error.to_string().contains("PyInit_other"), "{error}");
}

fn contains(file: &Path, text: &[u8]) -> bool {
    fs::read(file)
        .unwrap()
        .windows(text.len())
        .any(|window| window == text)
}
