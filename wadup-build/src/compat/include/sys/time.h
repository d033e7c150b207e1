/* What wasi-libc leaves out of <sys/time.h>: timers, which fail with ENOSYS (signals.c). */
#pragma once
#include_next <sys/time.h>
#ifdef __cplusplus
extern "C" {
#endif
#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2
struct itimerval {
    struct timeval it_interval;
    struct timeval it_value;
};
int getitimer(int, struct itimerval *);
int setitimer(int, const struct itimerval *, struct itimerval *);
#ifdef __cplusplus
}
#endif
