/* What wasi-libc leaves out of <signal.h>: no signal arrives in a guest, so any mask holds. */
#pragma once
#include_next <signal.h>
#define __NEED_sigset_t
#define __NEED_pid_t
#include <bits/alltypes.h>
#ifndef SIG_BLOCK
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#endif
#ifdef __cplusplus
extern "C" {
#endif
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigprocmask(int, const sigset_t *, sigset_t *);
int pthread_sigmask(int, const sigset_t *, sigset_t *);
int kill(pid_t, int);
#ifdef __cplusplus
}
#endif
