/* What wasi-libc leaves out of <sched.h>: a guest has one processor and no priorities (processes.c). */
#pragma once
#include_next <sched.h>
#define __NEED_size_t
#define __NEED_pid_t
#include <bits/alltypes.h>
#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_RESET_ON_FORK 0x40000000
#ifdef __cplusplus
extern "C" {
#endif
int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_getparam(pid_t, struct sched_param *);
int sched_getscheduler(pid_t);
int sched_rr_get_interval(pid_t, struct timespec *);
int sched_setparam(pid_t, const struct sched_param *);
int sched_setscheduler(pid_t, int, const struct sched_param *);

#ifndef CPU_SETSIZE
#define CPU_SETSIZE 1024
typedef struct cpu_set_t {
    unsigned char bits[CPU_SETSIZE / 8];
} cpu_set_t;
#define CPU_ALLOC_SIZE(count) (((count) + 7) / 8)
#define CPU_ALLOC(count) ((cpu_set_t *)__builtin_calloc(1, CPU_ALLOC_SIZE(count)))
#define CPU_FREE(set) __builtin_free(set)
#define CPU_ZERO_S(size, set) ((void)__builtin_memset(set, 0, size))
#define CPU_ISSET_S(cpu, size, set)                                                                                    \
    ((size_t)(cpu) < 8 * (size_t)(size) && ((set)->bits[(cpu) / 8] >> ((cpu) % 8) & 1))
#define CPU_SET_S(cpu, size, set)                                                                                      \
    ((size_t)(cpu) < 8 * (size_t)(size) ? (void)((set)->bits[(cpu) / 8] |= 1 << ((cpu) % 8)) : (void)0)
#define CPU_COUNT_S(size, set) wadup_count_cpus(size, set)
#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set) CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
int wadup_count_cpus(size_t, const cpu_set_t *);
int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
#endif
#ifdef __cplusplus
}
#endif
