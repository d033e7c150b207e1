/* wasi-libc's times counts nanoseconds, not ticks of the clock as POSIX says (processes.c). */
#pragma once
#include_next <sys/times.h>
#ifdef __cplusplus
extern "C" {
#endif
clock_t wadup_times(struct tms *);
#define times(buffer) wadup_times(buffer)
#ifdef __cplusplus
}
#endif
