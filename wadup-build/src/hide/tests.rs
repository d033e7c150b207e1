//! Links hidden libraries beside others that define the same symbols.

use std::fs;
use std::path::{Path, PathBuf};

use super::library::{Library, names_of};
use super::names::{Names, Public};
use crate::object::bench::Bench;

/// A library with hidden symbols.
fn hidden(bench: &Bench, name: &str, objects: &[PathBuf], public: Public) -> PathBuf {
    let file = bench.archive(&format!("{name}.a"), objects);
    let names = names_of(&[Library::read(&file, public).unwrap()]).unwrap();
    let renamed: Vec<PathBuf> = objects
        .iter()
        .map(|object| rename(&names, object))
        .collect();
    bench.archive(&format!("{name}.hidden.a"), &renamed)
}

fn rename(names: &Names, object: &Path) -> PathBuf {
    let renamed = names.rename(&fs::read(object).unwrap()).unwrap();
    let file = object.with_extension("hidden.o");
    fs::write(&file, renamed).unwrap();
    file
}

/// A library with a function, a table and a pointer, and the interpreter's code that uses it.
fn interpreter(bench: &Bench, version: i32) -> [PathBuf; 2] {
    let library = format!(
        "int table[2] = {{ {version}, {version} }};
         int version(int index) {{ return table[index]; }}
         int (*pointer)(int) = version;"
    );
    let user = "
        int version(int); extern int (*pointer)(int); extern int table[2];
        int PyInit_zlib(void) { return 7; }
        int Py_Version(void) { return version(0) + pointer(1) + table[1] + PyInit_zlib(); }";
    [
        bench.object(&format!("library{version}.c"), &library),
        bench.object(&format!("user{version}.c"), user),
    ]
}

const CALLS_BOTH: &str = "
    int Py_Version(void); int version(int); int PyInit_zlib(void);
    int run(void) { return 10000 * Py_Version() + version(0) + PyInit_zlib(); }";

#[test]
fn interpreter_and_user_code_each_call_their_own_version() {
    let bench = Bench::new();
    let objects = interpreter(&bench, 1);
    let users = bench.object(
        "users.c",
        "int version(int index) { return 200 + index; } int PyInit_zlib(void) { return 5000; }",
    );
    let plain = bench.archive("libpython.a", &objects);
    let hidden = hidden(&bench, "libpython", &objects, Public::PythonApi);

    // Without hiding, the user's functions win or the linker finds duplicate symbols.
    assert!(bench.run(&[users.clone(), plain], CALLS_BOTH).is_err());
    let result = bench.run(&[users, hidden], CALLS_BOTH).unwrap();

    assert_eq!(result, 10000 * (3 + 7) + 200 + 5000);
}

#[test]
fn linker_takes_only_referenced_members_of_hidden_libraries() {
    let bench = Bench::new();
    let [library, user] = interpreter(&bench, 1);
    let unused = bench.object(
        "unused.c",
        "int missing(void); int unused(void) { return missing(); }",
    );
    let hidden = hidden(
        &bench,
        "libpython",
        &[library, user, unused],
        Public::PythonApi,
    );

    let result = bench.run(
        &[hidden],
        "int Py_Version(void); int run(void) { return Py_Version(); }",
    );

    assert_eq!(result.unwrap(), 3 + 7);
}

#[test]
fn libraries_without_public_symbols_cannot_be_called() {
    let bench = Bench::new();
    let hidden = hidden(&bench, "libz", &interpreter(&bench, 1), Public::Nothing);

    let error = bench
        .run(
            &[hidden],
            "int version(int); int run(void) { return version(0); }",
        )
        .unwrap_err()
        .to_string();

    assert!(error.contains("undefined symbol: version"), "{error}");
}

#[test]
fn inline_functions_of_two_versions_stay_separate() {
    let bench = Bench::new();
    // The function is in a COMDAT group, of which the linker keeps the first.
    let version = |number: i32, caller: &str| {
        format!(
            "inline __attribute__((noinline)) int version() {{ return {number}; }}
             int (*volatile {caller}_pointer)() = version;
             extern \"C\" int {caller}() {{ return {caller}_pointer(); }}"
        )
    };
    let users = bench.object("users.cc", &version(1, "users"));
    let packages = [bench.object("packages.cc", &version(20, "PyPackage"))];
    let hidden = hidden(&bench, "packages", &packages, Public::PythonApi);

    let result = bench.run(
        &[users, hidden],
        "int users(void); int PyPackage(void); int run(void) { return users() + PyPackage(); }",
    );

    assert_eq!(result.unwrap(), 21);
}
