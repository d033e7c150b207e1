//! Objects of every shape take adapters: merged, isolated, without relocations of code, with many functions.

use std::fs;
use std::slice;

use super::{PYTHON, adapted, extension, run, traps_without_adapters};
use crate::extension::isolate::{Export, isolate, merge};
use crate::object::bench::{Bench, tool};

const TABLE: &str = r#"
    PyMethodDef methods[] = {{"f", (PyCFunction)f, METH_NOARGS, NULL}, {NULL}};
    PyModuleDef module = {PyModuleDef_HEAD_INIT, "module", NULL, -1, methods};
"#;

const CALLS_THE_METHOD: &str = "
    extern PyModuleDef module;
    int run(void) { return (int)module.m_methods[0].ml_meth((void *)40, NULL); }";

#[test]
fn code_without_any_relocation_gets_its_first() {
    let bench = Bench::new();
    let source = format!("static int f(int self) {{ return self + 2; }} {TABLE}");
    let object = extension(&bench, "leaf.c", &source);

    traps_without_adapters(&bench, &object, CALLS_THE_METHOD, 42);
}

#[test]
fn a_count_of_functions_that_grows_by_a_byte_moves_all_relocations_of_code() {
    let bench = Bench::new();
    // With the adapter there are 128 functions, a number of two bytes. Each but the first calls the one before.
    let chain: String = (1..127)
        .map(|n| {
            format!(
                "__attribute__((noinline)) int f{n}(int self) {{ return f{}(self) + 1; }}\n",
                n - 1
            )
        })
        .collect();
    let source = format!(
        "__attribute__((noinline)) int f0(int self) {{ return self; }}\n{chain}\n{}",
        TABLE.replace("(PyCFunction)f,", "(PyCFunction)f126,")
    );
    let object = extension(&bench, "many.c", &source);

    traps_without_adapters(&bench, &object, CALLS_THE_METHOD, 166);
}

#[test]
fn a_function_of_another_object_gets_its_adapter_where_the_table_is() {
    let bench = Bench::new();
    let table = extension(
        &bench,
        "table.c",
        &format!("int f(int self); int other(void) {{ return 1; }} {TABLE}"),
    );
    let main = format!("{CALLS_THE_METHOD} int f(int self) {{ return self + 2; }}");

    let log = traps_without_adapters(&bench, &table, &main, 42);

    assert!(log[0].starts_with("`f`, method `f`"), "{log:?}");
}

#[test]
fn tables_alone_are_to_be_merged_with_code() {
    let bench = Bench::new();
    let table = extension(&bench, "table.c", &format!("int f(int self); {TABLE}"));
    let bytes = fs::read(table).unwrap();

    let error = super::adapt(&bytes, "table.o").unwrap_err().to_string();

    assert!(error.contains("merge it"), "{error}");
}

#[test]
fn a_function_has_one_adapter_for_each_way_in_which_it_is_called() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "shared.c",
        r#"
        static int f(int self) { return self; }
        PyMethodDef methods[] = {
            {"a", (PyCFunction)f, METH_NOARGS, NULL},
            {"b", (PyCFunction)f, METH_O, NULL},
            {"c", (PyCFunction)f, METH_FASTCALL, NULL},
            {NULL},
        };
        PyModuleDef module = {PyModuleDef_HEAD_INIT, "module", NULL, -1, methods};
        "#,
    );

    let (out, log) = adapted(&object);

    assert_eq!(log.len(), 3, "{log:?}");
    let functions = |file| {
        let bytes = fs::read(file).unwrap();
        super::super::Object::read(&bytes).unwrap().function_count()
    };
    assert_eq!(functions(&out), functions(&object) + 2);
}

#[test]
fn objects_are_merged_adapted_isolated_and_linked() {
    let bench = Bench::new();
    let table = extension(
        &bench,
        "table.c",
        &format!("int f(int self); {TABLE} void *PyInit_lib(void) {{ return &module; }}"),
    );
    let function = extension(
        &bench,
        "function.c",
        "int offset = 2; int f(int self) { return self + offset; }",
    );
    let merged = bench.path("merged.o");
    let export = Export {
        from: "PyInit_lib".into(),
        to: "init_lib".into(),
    };
    let exports = slice::from_ref(&export);
    merge(&tool("wasm-ld"), &[table, function], exports, &merged).unwrap();
    let (out, log) = adapted(&merged);
    let isolated = isolate(&fs::read(&out).unwrap(), exports).unwrap();
    fs::write(&out, isolated).unwrap();

    let result = run(
        &bench,
        &out,
        "PyModuleDef *init_lib(void);
         int run(void) { return (int)init_lib()->m_methods[0].ml_meth((void *)40, NULL); }",
    );

    assert_eq!(result, Ok(42));
    assert_eq!(log.len(), 1, "{log:?}");
}

/// With its debug information, as clang made it.
#[test]
fn the_adapted_object_is_valid_and_names_its_adapters() {
    let bench = Bench::new();
    let source = format!("static int f(int self) {{ return self + 2; }} {TABLE}");
    let object = bench.object("valid.c", &format!("{PYTHON}\n{source}"));

    let (out, _) = adapted(&object);

    let bytes = fs::read(out).unwrap();
    wasmi::Module::new(&wasmi::Engine::default(), &bytes).unwrap();
    assert!(
        bytes
            .windows(b"f.adapter".len())
            .any(|part| part == b"f.adapter")
    );
}
