/* wasi-libc's times counts nanoseconds, not ticks of the clock as POSIX says (processes.c). */
#pragma once
#include_next <sys/times.h>
#ifdef __cplusplus
extern "C" {
#endif
clock_t wadup_times(struct tms *);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define times(buffer) wadup_times(buffer)
#endif
#ifdef __cplusplus
}
#endif
