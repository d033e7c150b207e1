/* What wasi-libc leaves out of <signal.h>: sets and masks, for the signals that a guest raises itself (signals.c). */
#pragma once
#include_next <signal.h>
#define __NEED_sigset_t
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_pthread_t
#define __NEED_struct_timespec
#define __NEED_time_t
#include <bits/alltypes.h>
#ifndef SIG_BLOCK
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#endif
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_TRAPPED 4
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#ifdef __cplusplus
extern "C" {
#endif
typedef struct {
    int si_signo, si_code, si_errno;
    pid_t si_pid;
    uid_t si_uid;
    int si_status;
    long si_band;
} siginfo_t;
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigprocmask(int, const sigset_t *, sigset_t *);
int sigpending(sigset_t *);
int sigwait(const sigset_t *, int *);
int sigwaitinfo(const sigset_t *, siginfo_t *);
int sigtimedwait(const sigset_t *, siginfo_t *, const struct timespec *);
int siginterrupt(int, int);
int pthread_sigmask(int, const sigset_t *, sigset_t *);
int pthread_kill(pthread_t, int);
int kill(pid_t, int);
int killpg(pid_t, int);
/* Knows the mask. */
int wadup_raise(int);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define raise wadup_raise
#endif
#ifdef __cplusplus
}
#endif
