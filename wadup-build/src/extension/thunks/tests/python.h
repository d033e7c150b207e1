/* What the tests need of Python.h, laid out as CPython 3.13 does. */
typedef struct object PyObject;
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef int (*inquiry)(PyObject *);
typedef void (*destructor)(PyObject *);
typedef PyObject *(*getter)(PyObject *, void *);
typedef int (*setter)(PyObject *, PyObject *, void *);
typedef PyObject *(*binaryfunc)(PyObject *, PyObject *);
typedef PyObject *(*ternaryfunc)(PyObject *, PyObject *, PyObject *);
typedef int (*visitproc)(PyObject *, void *);
typedef int (*traverseproc)(PyObject *, visitproc, void *);

#define NULL 0
#define METH_VARARGS 0x1
#define METH_KEYWORDS 0x2
#define METH_NOARGS 0x4
#define METH_O 0x8
#define METH_STATIC 0x20
#define METH_FASTCALL 0x80
#define METH_METHOD 0x200

typedef struct { const char *ml_name; PyCFunction ml_meth; int ml_flags; const char *ml_doc; } PyMethodDef;
typedef struct { const char *name; getter get; setter set; const char *doc; void *closure; } PyGetSetDef;
typedef struct { int slot; void *pfunc; } PyType_Slot;
typedef struct { const char *name; int basicsize, itemsize; unsigned flags; PyType_Slot *slots; } PyType_Spec;
typedef struct { int slot; void *value; } PyModuleDef_Slot;

struct object { int ob_refcnt; void *ob_type; };

typedef struct {
    PyObject ob_base;
    void *m_init; int m_index; PyObject *m_copy;
    const char *m_name, *m_doc; int m_size; PyMethodDef *m_methods; PyModuleDef_Slot *m_slots;
    traverseproc m_traverse; inquiry m_clear; destructor m_free;
} PyModuleDef;
#define PyModuleDef_HEAD_INIT {0x3fffffff, NULL}, NULL, 0, NULL

typedef struct {
    binaryfunc nb_add, nb_subtract, nb_multiply, nb_remainder, nb_divmod; ternaryfunc nb_power;
    void *unary[3]; inquiry nb_bool; void *others[26];
} PyNumberMethods;
typedef struct { int (*bf_getbuffer)(PyObject *, void *, int); void (*bf_releasebuffer)(PyObject *, void *); } PyBufferProcs;

typedef struct {
    PyObject ob_base; int ob_size;
    const char *tp_name; int tp_basicsize, tp_itemsize;
    destructor tp_dealloc; int tp_vectorcall_offset; void *tp_getattr, *tp_setattr, *tp_as_async, *tp_repr;
    PyNumberMethods *tp_as_number; void *tp_as_sequence, *tp_as_mapping, *tp_hash, *tp_call, *tp_str, *tp_getattro,
        *tp_setattro;
    PyBufferProcs *tp_as_buffer; unsigned tp_flags; const char *tp_doc;
    traverseproc tp_traverse; inquiry tp_clear; void *tp_richcompare; int tp_weaklistoffset; void *tp_iter, *tp_iternext;
    PyMethodDef *tp_methods; void *tp_members; PyGetSetDef *tp_getset;
    void *tp_base, *tp_dict, *tp_descr_get, *tp_descr_set; int tp_dictoffset;
    ternaryfunc tp_init; void *tp_alloc, *tp_new, *tp_free, *tp_is_gc, *tp_bases, *tp_mro, *tp_cache, *tp_subclasses,
        *tp_weaklist; destructor tp_del; unsigned tp_version_tag; destructor tp_finalize; void *tp_vectorcall;
    unsigned char tp_watched; unsigned short tp_versions_used;
} PyTypeObject;
#define PyVarObject_HEAD_INIT {0x3fffffff, NULL}, 0

_Static_assert(sizeof(PyTypeObject) == 208, "PyTypeObject");
_Static_assert(sizeof(PyModuleDef) == 52, "PyModuleDef");
_Static_assert(sizeof(PyNumberMethods) == 144, "PyNumberMethods");
