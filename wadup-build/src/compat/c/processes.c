// Processes: a guest is the only one it knows, and starts none.

#define _GNU_SOURCE
#include <sched.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fails.h"

FAILS(pid_t, fork, void)
FAILS(pid_t, vfork, void)
FAILS(pid_t, getpgid, pid_t process)
FAILS(pid_t, getpgrp, void)
FAILS(int, setpgid, pid_t process, pid_t group)
FAILS(pid_t, setpgrp, void)
FAILS(pid_t, getsid, pid_t process)
FAILS(pid_t, setsid, void)
FAILS(int, execv, const char *path, char *const arguments[])
FAILS(int, execvp, const char *file, char *const arguments[])
FAILS(int, execve, const char *path, char *const arguments[], char *const variables[])
FAILS(int, fexecve, int fd, char *const arguments[], char *const variables[])
FAILS(pid_t, wait, int *status)
FAILS(pid_t, waitpid, pid_t process, int *status, int flags)
FAILS(pid_t, wait3, int *status, int flags, struct rusage *usage)
FAILS(pid_t, wait4, pid_t process, int *status, int flags, struct rusage *usage)
FAILS(int, waitid, idtype_t kind, id_t id, siginfo_t *information, int flags)
FAILS(int, system, const char *command)
FAILS(int, nice, int increment)
FAILS(int, getpriority, int kind, id_t who)
FAILS(int, setpriority, int kind, id_t who, int priority)
FAILS(int, getrlimit, int resource, struct rlimit *limit)
FAILS(int, setrlimit, int resource, const struct rlimit *limit)
FAILS(int, sched_get_priority_max, int policy)
FAILS(int, sched_get_priority_min, int policy)
FAILS(int, sched_getparam, pid_t process, struct sched_param *parameters)
FAILS(int, sched_getscheduler, pid_t process)
FAILS(int, sched_rr_get_interval, pid_t process, struct timespec *interval)
FAILS(int, sched_setparam, pid_t process, const struct sched_param *parameters)
FAILS(int, sched_setscheduler, pid_t process, int policy, const struct sched_param *parameters)

// The host's process is outside of what a guest can name.
pid_t getppid(void) { return 0; }

static int is_own(pid_t process) {
    if (process == 0 || process == getpid()) {
        return 1;
    }
    errno = ESRCH;
    return 0;
}

int wadup_count_cpus(size_t size, const cpu_set_t *set) {
    int count = 0;
    for (size_t i = 0; i < size; i++) {
        count += __builtin_popcount(set->bits[i]);
    }
    return count;
}

// A guest has one thread, which runs on one processor.
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set) {
    if (!is_own(process)) {
        return -1;
    }
    memset(set, 0, size);
    CPU_SET_S(0, size, set);
    return 0;
}
int sched_setaffinity(pid_t process, size_t size, const cpu_set_t *set) {
    if (!is_own(process)) {
        return -1;
    }
    if (!CPU_ISSET_S(0, size, set)) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

#undef getrusage
// WASI has one clock for all programs, so times count from the start and do not stop. Memory never shrinks, so its size is its peak.
int wadup_getrusage(int who, struct rusage *usage) {
    memset(usage, 0, sizeof *usage);
    if (who == RUSAGE_CHILDREN) {
        return 0;
    }
    if (who != RUSAGE_SELF && who != RUSAGE_THREAD) {
        errno = EINVAL;
        return -1;
    }
    long long ticks = clock();
    usage->ru_utime.tv_sec = ticks / CLOCKS_PER_SEC;
    usage->ru_utime.tv_usec = ticks % CLOCKS_PER_SEC * 1000000 / CLOCKS_PER_SEC;
    usage->ru_maxrss = __builtin_wasm_memory_size(0) * 64;
    return 0;
}

static clock_t ticks_of(long long time, long long second) { return (clock_t)(time * sysconf(_SC_CLK_TCK) / second); }
clock_t wadup_times(struct tms *buffer) {
    struct timespec now;
    memset(buffer, 0, sizeof *buffer);
    buffer->tms_utime = ticks_of(clock(), CLOCKS_PER_SEC);
    if (clock_gettime(CLOCK_MONOTONIC, &now) == -1) {
        return -1;
    }
    return ticks_of(now.tv_sec * 1000000000LL + now.tv_nsec, 1000000000);
}

FAILS_WITH(int, ENOSYS, posix_spawn, pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
           const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[])
FAILS_WITH(int, ENOSYS, posix_spawnp, pid_t *process, const char *file, const posix_spawn_file_actions_t *actions,
           const posix_spawnattr_t *attributes, char *const arguments[], char *const variables[])

// What is asked of a process is collected before posix_spawn refuses to start one.
int posix_spawnattr_init(posix_spawnattr_t *attributes) { return 0; }
int posix_spawnattr_destroy(posix_spawnattr_t *attributes) { return 0; }
int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags) { return 0; }
int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t group) { return 0; }
int posix_spawnattr_setsigmask(posix_spawnattr_t *attributes, const sigset_t *mask) { return 0; }
int posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes, const sigset_t *set) { return 0; }
int posix_spawnattr_setschedparam(posix_spawnattr_t *attributes, const struct sched_param *parameters) { return 0; }
int posix_spawnattr_setschedpolicy(posix_spawnattr_t *attributes, int policy) { return 0; }
int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions) { return 0; }
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions) { return 0; }
int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd, const char *path, int flags,
                                     mode_t mode) {
    return 0;
}
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd) { return 0; }
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from, int to) { return 0; }

// Semaphores are for several processes or threads.
FAILS_WITH(sem_t *, SEM_FAILED, sem_open, const char *name, int flags, ...)
FAILS(int, sem_init, sem_t *semaphore, int shared, unsigned value)
FAILS(int, sem_close, sem_t *semaphore)
FAILS(int, sem_destroy, sem_t *semaphore)
FAILS(int, sem_unlink, const char *name)
FAILS(int, sem_getvalue, sem_t *restrict semaphore, int *restrict value)
FAILS(int, sem_post, sem_t *semaphore)
FAILS(int, sem_wait, sem_t *semaphore)
FAILS(int, sem_trywait, sem_t *semaphore)
FAILS(int, sem_timedwait, sem_t *restrict semaphore, const struct timespec *restrict until)
