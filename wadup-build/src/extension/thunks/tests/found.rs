//! What CPython reads is found, and its functions can be called afterwards as CPython calls them.

use super::{extension, traps_without_adapters};
use crate::object::bench::Bench;

#[test]
fn methods_of_a_module_are_called_by_their_flags() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "module.c",
        r#"
        static int noargs(int self) { return self; }
        static int o(int self) { return self * 2; }
        static int varargs_one(int self) { return self * 3; }
        static int varargs_three(int self, int args, int kwds) { return self + args + kwds; }
        static int keywords(int self, int args) { return self + args; }
        static int fastcall(int self, int args) { return self + args; }
        static int fastcall_keywords(int self) { return self; }
        static int method(int self, int type, int args, int count) { return self + type + args + count; }
        static int none(void) { return 7; }
        static int right(int self, int args) { return self + args; }
        static void nothing(int self, int args) {}
        PyMethodDef methods[] = {
            {"noargs", (PyCFunction)noargs, METH_NOARGS, "doc"},
            {"o", (PyCFunction)o, METH_O | METH_STATIC, NULL},
            {"varargs_one", (PyCFunction)varargs_one, METH_VARARGS, NULL},
            {"varargs_three", (PyCFunction)varargs_three, METH_VARARGS, NULL},
            {"keywords", (PyCFunction)keywords, METH_VARARGS | METH_KEYWORDS, NULL},
            {"fastcall", (PyCFunction)fastcall, METH_FASTCALL, NULL},
            {"fastcall_keywords", (PyCFunction)fastcall_keywords, METH_FASTCALL | METH_KEYWORDS, NULL},
            {"method", (PyCFunction)method, METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
            {"none", (PyCFunction)none, METH_NOARGS, NULL},
            {"right", (PyCFunction)right, METH_VARARGS, NULL},
            {"nothing", (PyCFunction)nothing, METH_VARARGS, NULL},
            {NULL, NULL, 0, NULL},
        };
        PyModuleDef module = {PyModuleDef_HEAD_INIT, "module", NULL, -1, methods};
        "#,
    );
    let main = r"
        extern PyMethodDef methods[];
        #define AS(i, ...) ((int (*)(__VA_ARGS__))methods[i].ml_meth)
        int run(void) {
            return AS(0, int, int)(1, 100)
                + AS(1, int, int)(1, 100)
                + AS(2, int, int)(1, 100)
                + AS(3, int, int)(10, 20)
                + AS(4, int, int, int)(100, 200, 1000)
                + AS(5, int, int, int)(1000, 2000, 10000)
                + AS(6, int, int, int, int)(10000, 1, 1, 1)
                + AS(7, int, int, int, int, int)(100000, 200000, 300000, 400000, 5)
                + AS(8, int, int)(1, 1)
                + AS(9, int, int)(1000000, 2000000)
                + AS(10, int, int)(1, 1);
        }";

    let log = traps_without_adapters(
        &bench,
        &object,
        main,
        6 + 30 + 300 + 3000 + 10000 + 1_000_000 + 7 + 3_000_000,
    );

    assert_eq!(log.len(), 10, "{log:#?}");
    assert_eq!(
        log[0],
        "`noargs`, method `noargs` in `methods`: (i32) -> (i32) is called as (i32, i32) -> (i32)"
    );
    assert_eq!(
        log[9],
        "`nothing`, method `nothing` in `methods`: (i32, i32) -> () is called as (i32, i32) -> (i32)"
    );
}

#[test]
fn a_static_type_leads_to_its_fields_its_suites_its_methods_and_its_getters() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "type.c",
        r#"
        static int cleared;
        static void clear(PyObject *self) { cleared += 1; }
        static int traverse(PyObject *self, visitproc visit) { return 20; }
        static int dealloc(PyObject *self) { cleared += 300; return 1; }
        static int add(int left, int right, int unused) { return left + right + unused; }
        static int getbuffer(PyObject *self, void *view) { return 4000; }
        static int get(int self) { return self; }
        static int set(int self, int value) { cleared += value; return 0; }
        static int copy(int self) { return self; }
        int cleared_so_far(void) { return cleared; }
        static PyMethodDef methods[] = {{"copy", (PyCFunction)copy, METH_NOARGS, NULL}, {NULL}};
        static PyGetSetDef getset[] = {
            {"read", (getter)get, NULL, "doc", NULL},
            {"both", (getter)get, (setter)set, NULL, methods},
            {NULL},
        };
        static PyNumberMethods number = {.nb_add = (binaryfunc)add};
        static PyBufferProcs buffer = {.bf_getbuffer = (void *)getbuffer};
        PyTypeObject type = {
            PyVarObject_HEAD_INIT, .tp_name = "module.Type", .tp_basicsize = 8,
            .tp_dealloc = (destructor)dealloc, .tp_clear = (inquiry)clear, .tp_traverse = (traverseproc)traverse,
            .tp_as_number = &number, .tp_as_buffer = &buffer, .tp_methods = methods, .tp_getset = getset,
        };
        "#,
    );
    let main = r"
        extern PyTypeObject type;
        int cleared_so_far(void);
        int run(void) {
            int result = type.tp_clear(NULL) + type.tp_traverse(NULL, NULL, NULL);
            type.tp_dealloc(NULL);
            result += (int)type.tp_as_number->nb_add((void *)50000, (void *)10000);
            result += type.tp_as_buffer->bf_getbuffer(NULL, NULL, 0);
            result += (int)type.tp_methods[0].ml_meth((void *)100000, NULL);
            result += (int)type.tp_getset[0].get((void *)1000000, NULL);
            result += type.tp_getset[1].set(NULL, (void *)2000000, NULL);
            return result + cleared_so_far();
        }";

    let log = traps_without_adapters(&bench, &object, main, 3_164_321);

    let begins = |text: &str| log.iter().any(|line| line.starts_with(text));
    assert!(
        begins("`clear`, tp_clear in `type`: (i32) -> () is called as (i32) -> (i32)"),
        "{log:#?}"
    );
    assert!(begins("`add`, nb_add in `number`: "), "{log:#?}");
    assert!(begins("`get`, getter of `both` in `getset`: "), "{log:#?}");
    assert!(begins("`set`, setter of `both` in `getset`: "), "{log:#?}");
    assert_eq!(log.len(), 9, "{log:#?}");
}

#[test]
fn a_spec_leads_to_its_slots_and_to_the_tables_that_these_name() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "spec.c",
        r#"
        static void clear(PyObject *self) {}
        static int init(int self) { return self; }
        static int add(int left) { return left; }
        static int get(int self) { return self; }
        static PyGetSetDef getset[] = {{"value", (getter)get, NULL, NULL, NULL}, {NULL}};
        static PyType_Slot slots[] = {
            {51, clear}, {60, init}, {7, add}, {56, "documentation"}, {73, getset}, {0, NULL},
        };
        PyType_Spec specs[2] = {
            {"module.Type", 8, 0, 0, slots},
            {"module.Other", 8, 0, 0, slots},
        };
        "#,
    );
    let main = r"
        extern PyType_Spec specs[2];
        int run(void) {
            PyType_Slot *slots = specs[1].slots;
            return ((inquiry)slots[0].pfunc)(NULL)
                + (int)((ternaryfunc)slots[1].pfunc)((void *)1, NULL, NULL)
                + (int)((binaryfunc)slots[2].pfunc)((void *)20, NULL)
                + (int)((PyGetSetDef *)slots[4].pfunc)->get((void *)300, NULL);
        }";

    let log = traps_without_adapters(&bench, &object, main, 321);

    assert_eq!(
        log[2], "`add`, Py_nb_add in `slots`: (i32) -> (i32) is called as (i32, i32) -> (i32)",
        "{log:#?}"
    );
    assert_eq!(log.len(), 4, "{log:#?}");
}

#[test]
fn a_module_definition_has_functions_of_its_own() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "slots.c",
        r#"
        static int state;
        static void exec(PyObject *module, int unused) { state = 4; }
        static int clear(void) { return 30; }
        int state_of_it(void) { return state; }
        static PyModuleDef_Slot slots[] = {{2, exec}, {4, (void *)1}, {0, NULL}};
        PyModuleDef module = {
            PyModuleDef_HEAD_INIT, "module", "doc", 8, NULL, slots, NULL, (inquiry)clear, NULL,
        };
        "#,
    );
    let main = r"
        extern PyModuleDef module;
        int state_of_it(void);
        int run(void) {
            int result = ((inquiry)module.m_slots[0].value)(NULL) + module.m_clear(NULL);
            return result + state_of_it();
        }";

    let log = traps_without_adapters(&bench, &object, main, 34);

    assert_eq!(log.len(), 2, "{log:#?}");
}

/// regex and NumPy fill in most of a type when they are imported.
#[test]
fn a_type_that_code_completes_leads_to_what_code_writes() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "code.c",
        r#"
        static void clear(PyObject *self) {}
        static int get(int self) { return self; }
        static int add(int left) { return left; }
        static PyGetSetDef getset[] = {{"value", (getter)get, NULL, NULL, NULL}, {NULL}};
        static PyNumberMethods number;
        PyTypeObject type = {PyVarObject_HEAD_INIT, .tp_name = "module.Type"};
        void complete(void) {
            type.tp_clear = (inquiry)clear;
            type.tp_getset = getset;
            type.tp_as_number = &number;
            number.nb_add = (binaryfunc)add;
        }
        "#,
    );
    let main = r"
        extern PyTypeObject type;
        void complete(void);
        int run(void) {
            complete();
            return type.tp_clear(NULL)
                + (int)type.tp_getset[0].get((void *)1, NULL)
                + (int)type.tp_as_number->nb_add((void *)20, NULL);
        }";

    let log = traps_without_adapters(&bench, &object, main, 21);

    assert_eq!(log.len(), 3, "{log:#?}");
}

/// Cython makes a function of one `PyMethodDef`, and others hand theirs to `PyModule_AddFunctions`.
#[test]
fn methods_that_code_hands_to_cpython_are_known_by_all_of_their_rows() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "lone.c",
        r#"
        static int copy(int self) { return self; }
        PyMethodDef methods[] = {
            {"__copy__", (PyCFunction)copy, METH_NOARGS, NULL},
            {"copy", (PyCFunction)copy, METH_NOARGS, "doc"},
            {NULL},
        };
        PyMethodDef one = {"one", (PyCFunction)copy, METH_O, NULL};
        void PyModule_AddFunctions(PyObject *, PyMethodDef *);
        PyObject *PyCFunction_NewEx(PyMethodDef *, PyObject *, PyObject *);
        PyObject *exec(PyObject *module) {
            PyModule_AddFunctions(module, methods);
            return PyCFunction_NewEx(&one, NULL, module);
        }
        "#,
    );
    let main = r"
        extern PyMethodDef methods[], one;
        void PyModule_AddFunctions(PyObject *module, PyMethodDef *methods) {}
        PyObject *PyCFunction_NewEx(PyMethodDef *method, PyObject *self, PyObject *module) { return NULL; }
        int run(void) {
            return (int)methods[1].ml_meth((void *)1, NULL) + (int)one.ml_meth((void *)20, NULL);
        }";

    let log = traps_without_adapters(&bench, &object, main, 21);

    assert_eq!(log.len(), 3, "{log:#?}");
}

#[test]
fn tables_of_cxx_with_lambdas_and_templates_are_tables_too() {
    let bench = Bench::new();
    let source = super::PYTHON.replace("_Static_assert", "static_assert");
    let object = bench.object(
        "tables.cc",
        &format!(
            r#"extern "C" {{ {source} }}
            namespace {{
            template <int N> int get(int self) {{ return self + N; }}
            struct Type {{
                static int size(Type *) {{ return 20; }}
            }};
            PyMethodDef methods[] = {{
                {{"lambda", reinterpret_cast<PyCFunction>(+[](int self) {{ return self; }}), METH_NOARGS, nullptr}},
                {{"size", reinterpret_cast<PyCFunction>(&Type::size), METH_NOARGS, nullptr}},
                {{}},
            }};
            PyGetSetDef getset[] = {{{{"value", reinterpret_cast<getter>(&get<300>), nullptr, nullptr, nullptr}}, {{}}}};
            PyTypeObject make() {{ return {{}}; }}
            }}
            extern "C" PyTypeObject type = {{
                PyVarObject_HEAD_INIT, .tp_name = "module.Type", .tp_methods = methods, .tp_getset = getset,
            }};"#
        ),
    );
    let main = r"
        extern PyTypeObject type;
        int run(void) {
            return (int)type.tp_methods[0].ml_meth((void *)1, NULL)
                + (int)type.tp_methods[1].ml_meth(NULL, NULL)
                + (int)type.tp_getset[0].get(NULL, NULL);
        }";

    let log = traps_without_adapters(&bench, &object, main, 321);

    assert_eq!(log.len(), 3, "{log:#?}");
}

#[test]
fn sizes_of_64_bits_are_converted() {
    let bench = Bench::new();
    let object = extension(
        &bench,
        "wide.c",
        r#"
        static long long hash(PyObject *self) { return 0x500000007; }
        static long long item(int self, long long index) { return self + index; }
        PyTypeObject type = {PyVarObject_HEAD_INIT, .tp_name = "Type", .tp_hash = hash};
        PyType_Slot slots[] = {{44, item}, {56, "doc"}, {0, NULL}};
        PyType_Spec spec = {"Type", 8, 0, 0, slots};
        "#,
    );
    let main = r"
        extern PyTypeObject type;
        extern PyType_Slot slots[];
        int run(void) {
            return ((int (*)(PyObject *))type.tp_hash)(NULL) + 10 * ((int (*)(int, int))slots[0].pfunc)(3, -1);
        }";

    let log = traps_without_adapters(&bench, &object, main, 27);

    assert_eq!(log.len(), 2, "{log:#?}");
}
