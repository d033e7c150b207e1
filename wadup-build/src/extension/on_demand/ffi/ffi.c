/* Layouts of types, and the calls that are possible without knowing a function's signature in wasm. */

#include "ffi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define TYPE(name, kind, type) ffi_type name = {sizeof(type), _Alignof(type), kind, NULL}
ffi_type ffi_type_void = {1, 1, FFI_TYPE_VOID, NULL};
TYPE(ffi_type_uint8, FFI_TYPE_UINT8, uint8_t);
TYPE(ffi_type_sint8, FFI_TYPE_SINT8, int8_t);
TYPE(ffi_type_uint16, FFI_TYPE_UINT16, uint16_t);
TYPE(ffi_type_sint16, FFI_TYPE_SINT16, int16_t);
TYPE(ffi_type_uint32, FFI_TYPE_UINT32, uint32_t);
TYPE(ffi_type_sint32, FFI_TYPE_SINT32, int32_t);
TYPE(ffi_type_uint64, FFI_TYPE_UINT64, uint64_t);
TYPE(ffi_type_sint64, FFI_TYPE_SINT64, int64_t);
TYPE(ffi_type_float, FFI_TYPE_FLOAT, float);
TYPE(ffi_type_double, FFI_TYPE_DOUBLE, double);
TYPE(ffi_type_longdouble, FFI_TYPE_LONGDOUBLE, long double);
TYPE(ffi_type_pointer, FFI_TYPE_POINTER, void *);

static size_t aligned(size_t size, size_t alignment) { return (size + alignment - 1) / alignment * alignment; }

/* The layout of C: each member at the next address of its alignment. */
static ffi_status lay_out(ffi_type *type)
{
    if (type->type != FFI_TYPE_STRUCT || type->size != 0) {
        return FFI_OK;
    }
    if (type->elements == NULL) {
        return FFI_BAD_TYPEDEF;
    }
    for (ffi_type **element = type->elements; *element != NULL; element++) {
        ffi_status status = lay_out(*element);
        if (status != FFI_OK) {
            return status;
        }
        type->size = aligned(type->size, (*element)->alignment) + (*element)->size;
        if (type->alignment < (*element)->alignment) {
            type->alignment = (*element)->alignment;
        }
    }
    if (type->alignment == 0) {
        return FFI_BAD_TYPEDEF;
    }
    type->size = aligned(type->size, type->alignment);
    return FFI_OK;
}

ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **types)
{
    if (abi != FFI_DEFAULT_ABI) {
        return FFI_BAD_ABI;
    }
    ffi_status status = lay_out(result);
    for (unsigned i = 0; i < count && status == FFI_OK; i++) {
        status = lay_out(types[i]);
    }
    *cif = (ffi_cif){abi, count, types, result};
    return status;
}

ffi_status ffi_prep_cif_var(ffi_cif *cif, ffi_abi abi, unsigned fixed, unsigned count, ffi_type *result,
                            ffi_type **types)
{
    (void)fixed;
    return ffi_prep_cif(cif, abi, count, result, types);
}

/* All closures. The address of one is the code of its function: no function of wasm has so high an index. */
static ffi_closure *closures;

void *ffi_closure_alloc(size_t size, void **code)
{
    ffi_closure *closure = calloc(1, size < sizeof *closure ? sizeof *closure : size);
    if (closure != NULL) {
        closure->next = closures;
        closures = closure;
        *code = closure;
    }
    return closure;
}

void ffi_closure_free(void *freed)
{
    for (ffi_closure **place = &closures; *place != NULL; place = &(*place)->next) {
        if (*place == freed) {
            *place = (*place)->next;
            free(freed);
            return;
        }
    }
}

ffi_status ffi_prep_closure_loc(ffi_closure *closure, ffi_cif *cif,
                                void (*fun)(ffi_cif *, void *, void **, void *), void *user_data, void *code)
{
    (void)code;
    closure->cif = cif;
    closure->fun = fun;
    closure->user_data = user_data;
    return FFI_OK;
}

static ffi_closure *closure_at(const void *code)
{
    ffi_closure *closure = closures;
    while (closure != NULL && closure != code) {
        closure = closure->next;
    }
    return closure;
}

enum { KNOWN = 8 };
static void *known[KNOWN];

void *ffi_know(void *function)
{
    for (int i = 0; i < KNOWN; i++) {
        if (known[i] == NULL || known[i] == function) {
            known[i] = function;
            return function;
        }
    }
    abort();
}

static int is_known(const void *function)
{
    for (int i = 0; i < KNOWN; i++) {
        if (function != NULL && known[i] == function) {
            return 1;
        }
    }
    return 0;
}

static int is_word(const ffi_type *type)
{
    return type->size == sizeof(ffi_arg) && type->type != FFI_TYPE_FLOAT && type->type != FFI_TYPE_STRUCT;
}

static int are_alike(const ffi_cif *one, const ffi_cif *other)
{
    int alike = one->nargs == other->nargs && one->rtype->size == other->rtype->size &&
                one->rtype->type == other->rtype->type;
    for (unsigned i = 0; alike && i < one->nargs; i++) {
        alike = one->arg_types[i]->size == other->arg_types[i]->size;
    }
    return alike;
}

int ffi_can_call(const ffi_cif *cif, void *function)
{
    const ffi_closure *closure = closure_at(function);
    if (closure != NULL) {
        return closure->fun != NULL && are_alike(cif, closure->cif);
    }
    int can = is_known(function) && (cif->nargs == 2 || cif->nargs == 3) && is_word(cif->rtype);
    for (unsigned i = 0; can && i < cif->nargs; i++) {
        can = is_word(cif->arg_types[i]);
    }
    return can;
}

void ffi_call(ffi_cif *cif, void *function, void *result, void **values)
{
    if (!ffi_can_call(cif, function)) {
        fprintf(stderr, "fatal: %s\n", FFI_CANNOT_CALL);
        abort();
    }
    ffi_closure *closure = closure_at(function);
    if (closure != NULL) {
        closure->fun(closure->cif, result, values, closure->user_data);
        return;
    }
    ffi_arg **words = (ffi_arg **)values;
    *(ffi_arg *)result = cif->nargs == 2 ? ((ffi_arg(*)(ffi_arg, ffi_arg))function)(*words[0], *words[1])
                                         : ((ffi_arg(*)(ffi_arg, ffi_arg, ffi_arg))function)(*words[0], *words[1],
                                                                                             *words[2]);
}

/* The program itself can be opened, as everywhere, but no symbol is found in it. */
static const char *problem;

void *dlopen(const char *file, int flags)
{
    (void)flags;
    static char itself;
    problem = file == NULL ? NULL : "a guest cannot load libraries";
    return file == NULL ? &itself : NULL;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    (void)handle;
    (void)name;
    problem = "a guest has no table of symbols";
    return NULL;
}

int dlclose(void *handle)
{
    (void)handle;
    return 0;
}

char *dlerror(void)
{
    const char *last = problem;
    problem = NULL;
    return (char *)last;
}
