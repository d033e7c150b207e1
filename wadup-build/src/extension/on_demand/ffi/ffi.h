/* The part of libffi's interface that describes types, for ctypes and cffi. A guest calls no function by its address:
 * wasm checks a function's signature, which an address does not tell. Two kinds of calls are possible nevertheless: of
 * closures, which are data here, and of functions that were made known (ffi_know). */
#ifndef WADUP_FFI_H
#define WADUP_FFI_H

#include <stddef.h>
#include <stdint.h>

typedef unsigned int ffi_arg;
typedef int ffi_sarg;

typedef struct _ffi_type {
    size_t size;
    unsigned short alignment;
    unsigned short type;
    struct _ffi_type **elements;
} ffi_type;

enum {
    FFI_TYPE_VOID,
    FFI_TYPE_INT,
    FFI_TYPE_FLOAT,
    FFI_TYPE_DOUBLE,
    FFI_TYPE_LONGDOUBLE,
    FFI_TYPE_UINT8,
    FFI_TYPE_SINT8,
    FFI_TYPE_UINT16,
    FFI_TYPE_SINT16,
    FFI_TYPE_UINT32,
    FFI_TYPE_SINT32,
    FFI_TYPE_UINT64,
    FFI_TYPE_SINT64,
    FFI_TYPE_STRUCT,
    FFI_TYPE_POINTER,
};
/* Macros in libffi, which programs test. */
#define FFI_TYPE_LONGDOUBLE FFI_TYPE_LONGDOUBLE
#define FFI_CLOSURES 1

typedef enum { FFI_OK, FFI_BAD_TYPEDEF, FFI_BAD_ABI, FFI_BAD_ARGTYPE } ffi_status;
typedef enum { FFI_DEFAULT_ABI = 1 } ffi_abi;

typedef struct {
    ffi_abi abi;
    unsigned nargs;
    ffi_type **arg_types;
    ffi_type *rtype;
} ffi_cif;

typedef struct _ffi_closure {
    ffi_cif *cif;
    void (*fun)(ffi_cif *, void *, void **, void *);
    void *user_data;
    struct _ffi_closure *next;
} ffi_closure;

extern ffi_type ffi_type_void, ffi_type_uint8, ffi_type_sint8, ffi_type_uint16, ffi_type_sint16, ffi_type_uint32,
    ffi_type_sint32, ffi_type_uint64, ffi_type_sint64, ffi_type_float, ffi_type_double, ffi_type_longdouble,
    ffi_type_pointer;
#define ffi_type_uchar ffi_type_uint8
#define ffi_type_schar ffi_type_sint8
#define ffi_type_ushort ffi_type_uint16
#define ffi_type_sshort ffi_type_sint16
#define ffi_type_uint ffi_type_uint32
#define ffi_type_sint ffi_type_sint32
#define ffi_type_ulong ffi_type_uint32
#define ffi_type_slong ffi_type_sint32

/* Computes the layout of structures, and fails for a type that has none. */
ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **types);
ffi_status ffi_prep_cif_var(ffi_cif *cif, ffi_abi abi, unsigned fixed, unsigned count, ffi_type *result,
                            ffi_type **types);

void *ffi_closure_alloc(size_t size, void **code);
void ffi_closure_free(void *closure);
ffi_status ffi_prep_closure_loc(ffi_closure *closure, ffi_cif *cif,
                                void (*fun)(ffi_cif *, void *, void **, void *), void *user_data, void *code);

/* The older form, for the same code. */
#define ffi_prep_closure(closure, cif, fun, user_data) ffi_prep_closure_loc(closure, cif, fun, user_data, closure)

/* Makes a function known whose parameters and result are all pointers or integers of their size; returns it. */
void *ffi_know(void *function);

/* Whether ffi_call can call a function with these types. */
int ffi_can_call(const ffi_cif *cif, void *function);

/* Why not. */
#define FFI_CANNOT_CALL "a guest cannot call a function by its address, because wasm checks signatures"

/* Ends the guest for a function that ffi_can_call refuses. */
void ffi_call(ffi_cif *cif, void *function, void *result, void **values);

#endif
