// The end of a thread: a guest has one, which goes on.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void pthread_exit(void *value) {
    fprintf(stderr, "fatal: native code called pthread_exit, which no guest can do\n");
    abort();
}
