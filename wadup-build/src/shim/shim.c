/* The entry into CPython: everything that needs a structure whose layout is not part of the stable ABI.
 *
 * Every string that reaches the interpreter before the user's code is put together by the preprocessor,
 * from wadup_config.h, which the build writes. What follows the start is done in Rust.
 */

#include <Python.h>

#include <locale.h>

#include "wadup_config.h"

/* One module that is linked into the guest; a table of them ends with a NULL name. */
struct wadup_module {
    const char *name;
    PyObject *(*init)(void);
};

#define DECLARE(name, init) extern PyObject *init(void);
WADUP_EXTENSIONS(DECLARE)

/* The static constructors of a module that has some, which its loader would run before it calls the init function. */
#define DECLARE_CONSTRUCTORS(name, init) extern void init##_constructors(void) __attribute__((weak));
WADUP_EXTENSIONS(DECLARE_CONSTRUCTORS)

/* The loader of shared objects says what a module is called in full; the import of built-in ones does not. Without it, the
 * functions of some modules say that they are from a module named by the last component, and cannot be pickled. */
extern const char *_PyImport_SwapPackageContext(const char *name);
#define LOADED(name, init) \
    static PyObject *load_##init(void) \
    { \
        static int constructed; \
        if (!constructed && init##_constructors != NULL) { \
            init##_constructors(); \
        } \
        constructed = 1; \
        const char *outer = _PyImport_SwapPackageContext(name); \
        PyObject *module = init(); \
        _PyImport_SwapPackageContext(outer); \
        return module; \
    }
WADUP_EXTENSIONS(LOADED)

#define ENTRY(name, init) {name, load_##init},
static const struct wadup_module extensions[] = {WADUP_EXTENSIONS(ENTRY){NULL, NULL}};

/* The modules inside the interpreter. libpython has a table of all of them (Modules/config.c); as the linker finds
 * this one first, it takes neither that one nor the modules that are only named there. Their functions are hidden
 * from the rest of the guest, under names that only the linker knows. */
#define DECLARE_BUILTIN(name, init, symbol) extern PyObject *init(void) __asm__(symbol);
#define DECLARE_NOTHING(name)
WADUP_BUILTINS(DECLARE_BUILTIN, DECLARE_NOTHING)
#define ENTRY_OF_BUILTIN(name, init, symbol) {name, init},
#define ENTRY_WITHOUT_INIT(name) {name, NULL},
extern struct _inittab _PyImport_Inittab[];
struct _inittab _PyImport_Inittab[] = {WADUP_BUILTINS(ENTRY_OF_BUILTIN, ENTRY_WITHOUT_INIT){NULL, NULL}};

/* The preprocessor joins a narrow literal to a wide one (C11 6.4.5). */
#define STDLIB L"" WADUP_MOUNT "/lib/python" WADUP_PYTHON_SERIES

/* In CPython's own order: what runs, the library, the packages. */
static const wchar_t *const search_paths[] = {
    L"" WADUP_MOUNT "/app",
    STDLIB,
    L"" WADUP_MOUNT "/site",
};

/* How deep CPython's C code may recurse before it raises RecursionError. CPython's own limit for WASI, 5000
 * (Include/cpython/pystate.h), was chosen for a host with 8 MiB of native stack; the default of wasmtime and
 * of the WADUP host is 512 KiB, which holds 700. 500 would be too low for real programs' source. */
enum { C_RECURSION_LIMIT = 650 };

static const char *register_modules(const struct wadup_module *modules)
{
    for (; modules->name != NULL; modules++) {
        if (PyImport_AppendInittab(modules->name, modules->init) != 0) {
            return "out of memory while registering the built-in modules";
        }
    }
    return NULL;
}

static PyStatus preinitialise(void)
{
    PyPreConfig preconfig;
    PyPreConfig_InitIsolatedConfig(&preconfig);
    preconfig.utf8_mode = 1;
    /* C code that formats in the locale can then write every letter. CPython's own command takes this one too where
     * the environment names none (PEP 538). */
    setlocale(LC_CTYPE, "C.UTF-8");
    return Py_PreInitialize(&preconfig);
}

static PyStatus set_paths(PyConfig *config)
{
    PyStatus status = PyConfig_SetString(config, &config->home, L"" WADUP_MOUNT);
    if (PyStatus_Exception(status)) {
        return status;
    }
    /* Frozen modules, such as os, have a __file__ only where the library's folder is told. */
    status = PyConfig_SetString(config, &config->stdlib_dir, STDLIB);
    if (PyStatus_Exception(status)) {
        return status;
    }
    config->module_search_paths_set = 1;
    for (size_t i = 0; i < sizeof search_paths / sizeof *search_paths; i++) {
        status = PyWideStringList_Append(&config->module_search_paths, search_paths[i]);
        if (PyStatus_Exception(status)) {
            return status;
        }
    }
    return status;
}

static PyStatus initialise(PyConfig *config, int argc, char *const *argv, int fixed_hashes)
{
    PyStatus status = set_paths(config);
    if (PyStatus_Exception(status)) {
        return status;
    }
    if (fixed_hashes) {
        /* As PYTHONHASHSEED=0: a snapshot holds dicts and sets that are laid out by their hashes. */
        config->use_hash_seed = 1;
        config->hash_seed = 0;
    }
    config->parse_argv = 0;
    status = PyConfig_SetBytesArgv(config, argc, argv);
    if (PyStatus_Exception(status)) {
        return status;
    }
    /* The mount is read-only, and all of it is on sys.path already. */
    config->write_bytecode = 0;
    config->site_import = 0;
    config->pathconfig_warnings = 0;
    status = Py_InitializeFromConfig(config);
    if (!PyStatus_Exception(status)) {
        PyThreadState_Get()->c_recursion_remaining = C_RECURSION_LIMIT;
    }
    return status;
}

static const char *import_first(void)
{
#ifdef WADUP_FIRST_IMPORT
    PyObject *module = PyImport_ImportModule(WADUP_FIRST_IMPORT);
    if (module == NULL) {
        PyErr_Clear();
        return "the module " WADUP_FIRST_IMPORT " cannot be imported";
    }
    Py_DECREF(module);
#endif
    return NULL;
}

/* Whether the interpreter has started. */
static int started;

static PyStatus start_interpreter(int argc, char *const *argv, int fixed_hashes)
{
    PyStatus status = preinitialise();
    if (PyStatus_Exception(status)) {
        return status;
    }
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    status = initialise(&config, argc, argv, fixed_hashes);
    PyConfig_Clear(&config);
    return status;
}

/* Starts the interpreter; NULL, or a message that says why it did not start. May be called once. */
const char *wadup_shim_start(const struct wadup_module *modules, int argc, char *const *argv, int fixed_hashes)
{
    const char *problem = register_modules(extensions);
    if (problem == NULL) {
        problem = register_modules(modules);
    }
    if (problem != NULL) {
        return problem;
    }
    PyStatus status = start_interpreter(argc, argv, fixed_hashes);
    if (PyStatus_Exception(status)) {
        return status.err_msg != NULL ? status.err_msg : "the interpreter asked to exit";
    }
    started = 1;
    return import_first();
}

/* Adds one line for a frame to the text of a given length; returns the new length, or the old one if it does not fit. */
static size_t add_frame(char *text, size_t length, size_t capacity, PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    const char *file = PyUnicode_AsUTF8(code->co_filename);
    const char *name = PyUnicode_AsUTF8(code->co_qualname);
    int added = 0;
    if (file != NULL && name != NULL) {
        added = snprintf(text + length, capacity - length, "%s:%d in %s\n", file, PyFrame_GetLineNumber(frame), name);
    } else {
        PyErr_Clear();
    }
    Py_DECREF(code);
    return added > 0 && length + (size_t)added < capacity ? length + (size_t)added : length;
}

/* Adds the frames of this thread, which holds the GIL; returns the length of the text. */
static size_t add_frames(char *text, size_t capacity)
{
    size_t length = 0;
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());
    while (frame != NULL) {
        length = add_frame(text, length, capacity, frame);
        PyFrameObject *caller = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = caller;
    }
    return length;
}

/* The Python functions that are running, the innermost first, one to a line as "file:line in name"; cut off where the
 * buffer ends. Empty where none is running, and NULL where none is because the interpreter has not started yet. Valid
 * until the next call. May be called from within any function that the guest imports. */
const char *wadup_shim_stack(void)
{
    static char text[32768];
    size_t length = 0;
    /* CPython releases the GIL around most calls of the host, and no state is current then: where there is none it is
     * taken for the walk, but for the time before there is a GIL to take. */
    int can_hold = started || PyThreadState_GetUnchecked() != NULL;
    if (can_hold && PyGILState_GetThisThreadState() != NULL) {
        PyGILState_STATE held = PyGILState_Ensure();
        PyObject *raised = PyErr_GetRaisedException();
        length = add_frames(text, sizeof text);
        PyErr_SetRaisedException(raised);
        PyGILState_Release(held);
    }
    text[length] = '\0';
    return length == 0 && !started ? NULL : text;
}
