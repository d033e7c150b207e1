//! The rule about imports.

use wadup_contract::wasi::HOST_FUNCTIONS;

use super::*;

fn findings_with_import(import: &str) -> Vec<String> {
    findings_after("(module", &format!("(module (import {import})"))
}

#[test]
fn an_import_outside_wasi_names_the_archive_that_defines_it() {
    for (symbol, remedy) in [
        ("dlopen", "libdl.a"),
        ("__multc3", "libclang_rt.builtins-wasm32.a"),
        ("__extenddftf2", "libclang_rt.builtins-wasm32.a"),
        ("__divti3", "libclang_rt.builtins-wasm32.a"),
        ("raise", "libwasi-emulated-signal.a"),
        ("clock", "libwasi-emulated-process-clocks.a"),
        ("mmap", "libwasi-emulated-mman.a"),
        ("getpid", "libwasi-emulated-getpid.a"),
        ("PyLong_AsLong", "libpython"),
        ("_Py_Dealloc", "libpython"),
        ("PyInit__socket", "extension module"),
        ("__cxa_throw", "C++ exceptions are not available"),
        ("__cxa_guard_acquire", "libc++abi.a"),
        ("_Znwm", "libc++.a"),
        ("__wasm_setjmp", "setjmp"),
        ("inflateInit2_", "libz.a"),
        ("BZ2_bzDecompress", "libbz2.a"),
        ("lzma_code", "liblzma.a"),
        ("sqlite3_step", "libsqlite3.a"),
        ("mpd_qadd", "libmpdec.a"),
        ("XML_Parse", "libexpat.a"),
        (
            "python_hashlib_Hacl_Hash_SHA2_free_256",
            "libHacl_Hash_SHA2.a",
        ),
        ("PyExpat_XML_Parse", "libexpat.a"),
        (
            "my_own_function",
            "link what defines it, or declare the import",
        ),
    ] {
        let found = findings_with_import(&format!("\"env\" \"{symbol}\" (func)"));

        assert_eq!(found.len(), 1, "{found:?}");
        let start = format!("not in WASI preview 1: `env.{symbol}`; ");
        assert!(found[0].starts_with(&start), "{found:?}");
        assert!(found[0].contains(remedy), "{found:?}");
    }
}

#[test]
fn a_missing_archive_is_one_finding() {
    let imports = |names: &[&str]| {
        let lines = names
            .iter()
            .map(|name| format!("(import \"env\" \"{name}\" (func))"));
        findings_after("(module", &format!("(module {}", lines.collect::<String>()))
    };

    let two_archives = imports(&["mpd_qadd", "mpd_del", "dlsym", "mpd_qsub"]);
    let four_symbols = imports(&["dlopen", "dlsym", "dlclose", "dlerror"]);

    assert_eq!(
        two_archives,
        [
            "not in WASI preview 1: `env.mpd_qadd`, `env.mpd_del`, `env.mpd_qsub`; link CPython's libmpdec.a",
            "not in WASI preview 1: `env.dlsym`; link wasi-libc's libdl.a",
        ]
    );
    assert_eq!(
        four_symbols,
        [
            "not in WASI preview 1: `env.dlopen`, `env.dlsym`, `env.dlclose` and 1 more; link wasi-libc's libdl.a"
        ]
    );
}

#[test]
fn a_wasi_function_that_the_host_lacks_is_rejected() {
    let found = findings_with_import(
        "\"wasi_snapshot_preview1\" \"fd_renumber\" (func (param i32 i32) (result i32))",
    );

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("`__imported_wasi_snapshot_preview1_fd_renumber`"),
        "{found:?}"
    );
}

#[test]
fn an_import_from_wasi_must_be_a_function() {
    let found = findings_with_import("\"wasi_snapshot_preview1\" \"fd_read\" (global i32)");

    assert_eq!(
        found,
        ["`wasi_snapshot_preview1.fd_read` must be imported as a function"]
    );
}

#[test]
fn the_host_functions_are_sorted_and_unique() {
    assert!(HOST_FUNCTIONS.is_sorted_by(|one, next| one < next));
}

#[test]
fn a_declared_import_is_allowed_and_another_of_its_module_is_not() {
    let text = GUEST.replace(
        "(module",
        "(module (import \"host\" \"log\" (func)) (import \"host\" \"send\" (func))",
    );
    let mut rules = Rules {
        declared_imports: vec![import("host", "log")],
        ..Rules::default()
    };

    let found = findings(&text, &rules);
    rules.declared_imports.push(import("host", "send"));

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`host.send`"), "{found:?}");
    assert_eq!(
        gate(&text, &rules).unwrap().imports[0],
        import("host", "log")
    );
}
