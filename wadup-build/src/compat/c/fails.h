/* A function that fails as on a system without it. */
#pragma once
#include <errno.h>

#define FAILS(type, name, ...)                                                                                         \
    type name(__VA_ARGS__) {                                                                                           \
        errno = ENOSYS;                                                                                                \
        return (type)-1;                                                                                               \
    }

/* For functions that return the number of the error, or a pointer. */
#define FAILS_WITH(type, value, name, ...)                                                                             \
    type name(__VA_ARGS__) {                                                                                           \
        errno = ENOSYS;                                                                                                \
        return value;                                                                                                  \
    }
