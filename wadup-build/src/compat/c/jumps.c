// Jumps out of a function, and the end of a thread: a guest's code only goes forward.

#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void end(const char *function) {
    fprintf(stderr, "fatal: native code called %s, which no guest can do\n", function);
    abort();
}
_Noreturn void pthread_exit(void *value) { end("pthread_exit"); }
_Noreturn void longjmp(int *buffer, int value) { end("longjmp"); }
_Noreturn void _longjmp(int *buffer, int value) { end("longjmp"); }
_Noreturn void siglongjmp(int *buffer, int value) { end("longjmp"); }
