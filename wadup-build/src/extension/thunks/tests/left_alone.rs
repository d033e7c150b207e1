//! What CPython does not read, or can call as it is, keeps its bytes; what it reads and cannot call is an error.

use std::borrow::Cow;
use std::fs;

use super::super::{adapt, hostile_object};
use super::extension;
use crate::object::bench::Bench;

/// Fails unless the object of this source comes back as it is.
#[track_caller]
fn is_left_alone(source: &str) {
    let bench = Bench::new();
    let object = fs::read(extension(&bench, "alone.c", source)).unwrap();

    let adapted = adapt(&object, "alone.o").unwrap();

    assert_eq!(adapted.adaptations, []);
    assert!(matches!(adapted.object, Cow::Borrowed(_)));
}

#[test]
fn an_object_without_tables() {
    is_left_alone("int counter = 3; int next(int step) { return counter += step; }");
}

#[test]
fn an_object_whose_tables_fit() {
    is_left_alone(
        r#"
        static int right(int self, int args) { return self; }
        static PyMethodDef methods[] = {{"right", (PyCFunction)right, METH_VARARGS, NULL}, {NULL}};
        PyModuleDef module = {PyModuleDef_HEAD_INIT, "module", NULL, -1, methods};
        "#,
    );
}

/// OpenSSL lists its providers so: five words, a name, functions. No type names the table.
#[test]
fn rows_that_look_like_getters() {
    is_left_alone(
        r#"
        static int init(int provider) { return provider; }
        static int teardown(int provider, int why) { return why; }
        typedef struct { char *name; int (*init)(int); int (*teardown)(int, int); char *path; int flags; } Info;
        static Info providers[] = {
            {"default", init, NULL, NULL, 0}, {"base", init, teardown, NULL, 0}, {NULL},
        };
        struct { const char *name; Info *providers; } store = {"store", providers};
        "#,
    );
}

/// OpenSSL's functions of an algorithm: pairs of a number and a function, up to number 0.
#[test]
fn pairs_that_look_like_slots() {
    is_left_alone(
        r#"
        static int make(void) { return 1; }
        static int add(int context) { return context; }
        typedef struct { int id; int (*function)(); } Dispatch;
        Dispatch functions[] = {{1, make}, {7, add}, {51, make}, {60, add}, {0, NULL}};
        Dispatch few[] = {{1, make}, {2, add}, {0, NULL}};
        struct { const char *names, *properties; Dispatch *functions; const char *description; } algorithms[] = {
            {"SHA2-256", "provider=default", functions, NULL}, {"SHA2-512", "provider=default", few, NULL},
        };
        struct { const char *name; int size, block, flags; Dispatch *functions; } like_a_spec = {
            "AES-256-GCM", 32, 16, 0, few,
        };
        "#,
    );
}

/// A library's commands, which it calls itself.
#[test]
fn rows_that_look_like_methods_and_that_no_code_hands_to_cpython() {
    is_left_alone(
        r#"
        static int help(int arguments) { return arguments; }
        typedef struct { const char *name; int (*run)(int); int least; const char *text; } Command;
        static Command commands[] = {{"help", help, 1, "doc"}, {"copy", help, 4, NULL}, {NULL}};
        int run_command(int index) { return commands[index].run(commands[index].least); }
        void PyErr_Clear(void);
        void clear(void) { PyErr_Clear(); }
        "#,
    );
}

/// The same where code hands them to CPython: not all of the rows are methods.
#[test]
fn rows_that_look_like_methods_up_to_one() {
    is_left_alone(
        r#"
        void PyUse(void *, void *, void *);
        static int help(int arguments) { return arguments; }
        typedef struct { const char *name; int (*run)(int); int least; const char *text; } Command;
        Command commands[] = {{"help", help, 1, NULL}, {"copy", help, 5, NULL}, {NULL}};
        Command dashed[] = {{"help-all", help, 1, NULL}, {NULL}};
        Command empty[] = {{"help", NULL, 1, NULL}, {NULL}};
        void use(void) { PyUse(commands, dashed, empty); }
        "#,
    );
}

/// The fields of a type, but for one that is a number where a type has a function.
#[test]
fn a_variable_of_the_size_of_a_type() {
    is_left_alone(
        r#"
        static void clear(PyObject *self) {}
        struct { int count; void *type; int size; const char *name; int more[20]; inquiry clear; int rest[27]; } like = {
            0x3fffffff, NULL, 0, "name", {8, 0, 77}, (inquiry)clear, {0},
        };
        _Static_assert(sizeof like == 208, "like a type");
        "#,
    );
}

/// A method that has a number with a fraction cannot be meant for CPython, and its row may be another library's.
#[test]
fn a_row_that_only_code_refers_to_and_no_adapter_can_fix() {
    is_left_alone(
        r#"
        static double half(double number) { return number / 2; }
        struct { const char *name; double (*function)(double); int arguments; const char *text; } functions[] = {
            {"half", half, 1, "halves"}, {NULL},
        };
        void PyUse(void *);
        void use(void) { PyUse(functions); }
        "#,
    );
}

#[test]
fn a_function_that_no_adapter_can_fix_is_an_error_with_its_table() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "fraction.c",
        r#"
        static double get(PyObject *self) { return 1.5; }
        static int scale(int self, float factor) { return self; }
        static PyGetSetDef getset[] = {{"half", (getter)get, NULL, NULL, NULL}, {NULL}};
        static PyMethodDef methods[] = {{"scale", (PyCFunction)scale, METH_O, NULL}, {NULL}};
        PyTypeObject type = {
            PyVarObject_HEAD_INIT, .tp_name = "module.Type", .tp_methods = methods, .tp_getset = getset,
        };
        "#,
    );
    let bytes = fs::read(object).unwrap();

    let error = adapt(&bytes, "fraction.o").unwrap_err().to_string();

    for part in [
        "`fraction.o`",
        "`get`, getter of `half` in `getset`: (i32) -> (f64) is called as (i32, i32) -> (i32)",
        "`scale`, method `scale` in `methods`: (i32, f32) -> (i32) is called as (i32, i32) -> (i32)",
        "help: patch the package",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn anything_but_a_relocatable_object_is_an_error() {
    for bytes in [
        wat::parse_str("(module (func (export \"process\")))").unwrap(),
        wat::parse_str("(component (core module))").unwrap(),
        b"BC\xc0\xde".to_vec(),
    ] {
        adapt(&bytes, "x.o").unwrap_err();
    }
}

#[test]
fn changing_any_byte_does_not_panic() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "small.c",
        r#"
        static int copy(int self) { return self; }
        static PyMethodDef methods[] = {{"copy", (PyCFunction)copy, METH_NOARGS, NULL}, {NULL}};
        PyModuleDef module = {PyModuleDef_HEAD_INIT, "module", NULL, -1, methods};
        "#,
    );
    let object = bench.without_debug_information(&object);
    let object = fs::read(object).unwrap();

    for position in 0..object.len() {
        hostile_object(&object[..position]);
        for value in [0, 0x7f, 0xff, object[position] ^ 1] {
            let mut mutated = object.clone();
            mutated[position] = value;
            hostile_object(&mutated);
        }
    }
}
