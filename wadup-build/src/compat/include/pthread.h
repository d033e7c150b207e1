/* What wasi-libc leaves out of <pthread.h>. */
#pragma once
#include_next <pthread.h>
#ifdef __cplusplus
extern "C" {
#endif
__attribute__((noreturn)) void pthread_exit(void *);
int pthread_atfork(void (*)(void), void (*)(void), void (*)(void));
#ifdef __cplusplus
}
#endif
