/* A select that waits no less than it is told to (select.c). */
#pragma once
#include_next <sys/select.h>
#ifdef __cplusplus
extern "C" {
#endif
/* Another symbol instead of a macro: members and functions of C++ may have this name. */
int select(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict, struct timeval *__restrict) __asm__("wadup_select");
#ifdef __cplusplus
}
#endif
