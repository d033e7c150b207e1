/* What compiled C++ calls to throw and to catch (Itanium C++ ABI, level II), in a guest without exceptions.
 *
 * WebAssembly's own exceptions are refused by the WADUP host, so clang compiles no landing pads: a throw cannot be
 * caught. It says what was thrown, and stops the guest.
 */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The beginning of every std::type_info (Itanium C++ ABI 2.9.5). */
struct type_info {
    const void *vtable;
    const char *name;
};

static _Noreturn void stop(const char *type)
{
    fprintf(stderr,
            "fatal: a C++ exception of the type `%s` (mangled) was thrown, and a guest has no C++ exceptions\n",
            type);
    fflush(stderr);
    abort();
}

void *__cxa_allocate_exception(size_t size)
{
    void *exception = malloc(size);
    if (exception == NULL) {
        stop("St9bad_alloc");
    }
    return exception;
}

void __cxa_free_exception(void *exception)
{
    free(exception);
}

_Noreturn void __cxa_throw(void *exception, struct type_info *type, void (*destructor)(void *))
{
    (void)exception;
    (void)destructor;
    stop(type->name);
}

_Noreturn void __cxa_rethrow(void)
{
    stop("unknown");
}

/* Nothing is ever caught: these stand in code that cannot be reached. */

_Noreturn void *__cxa_begin_catch(void *exception)
{
    (void)exception;
    abort();
}

_Noreturn void __cxa_end_catch(void)
{
    abort();
}
