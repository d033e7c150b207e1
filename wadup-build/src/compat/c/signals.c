// Signals: those that a guest raises itself. A mask holds them back until it is lifted; no other process sends any.

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "fails.h"

#define LAST 64

static sigset_t mask;
static sigset_t pending;

static sigset_t bit(int number) { return number >= 1 && number <= LAST ? 1ULL << (number - 1) : 0; }

int sigemptyset(sigset_t *set) {
    *set = 0;
    return 0;
}
int sigfillset(sigset_t *set) {
    *set = ~0ULL;
    return 0;
}

static int refuse(int number) {
    if (bit(number) != 0) {
        return 0;
    }
    errno = EINVAL;
    return -1;
}
int sigaddset(sigset_t *set, int number) {
    *set |= bit(number);
    return refuse(number);
}
int sigdelset(sigset_t *set, int number) {
    *set &= ~bit(number);
    return refuse(number);
}
int sigismember(const sigset_t *set, int number) {
    return refuse(number) == 0 ? (*set & bit(number)) != 0 : -1;
}

#undef raise
int wadup_raise(int number) {
    if (mask & bit(number)) {
        pending |= bit(number);
        return 0;
    }
    return raise(number);
}

// The lowest number that is pending in a set, which is no longer pending then.
static int take(sigset_t set) {
    set &= pending;
    if (set == 0) {
        return 0;
    }
    pending &= ~(set & -set);
    return __builtin_ctzll(set) + 1;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
    sigset_t before = mask;
    if (set != NULL) {
        switch (how) {
        case SIG_BLOCK:
            mask |= *set;
            break;
        case SIG_UNBLOCK:
            mask &= ~*set;
            break;
        case SIG_SETMASK:
            mask = *set;
            break;
        default:
            return EINVAL;
        }
        mask &= ~(bit(SIGKILL) | bit(SIGSTOP));
    }
    if (old != NULL) {
        *old = before;
    }
    for (int number; (number = take(~mask)) != 0;) {
        raise(number);
    }
    return 0;
}
int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
    int error = pthread_sigmask(how, set, old);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}
int sigpending(sigset_t *set) {
    *set = pending;
    return 0;
}

// Who waits for a signal that is not pending waits for ever, because nobody sends it.
int sigwait(const sigset_t *set, int *number) {
    *number = take(*set);
    return *number == 0 ? ENOSYS : 0;
}
static int wait_for(const sigset_t *set, siginfo_t *information, int otherwise) {
    int number = take(*set);
    if (number == 0) {
        errno = otherwise;
        return -1;
    }
    if (information != NULL) {
        memset(information, 0, sizeof *information);
        information->si_signo = number;
        information->si_pid = getpid();
    }
    return number;
}
int sigwaitinfo(const sigset_t *set, siginfo_t *information) { return wait_for(set, information, ENOSYS); }
int sigtimedwait(const sigset_t *set, siginfo_t *information, const struct timespec *time) {
    if ((*set & pending) == 0 && nanosleep(time, NULL) == -1) {
        return -1;
    }
    return wait_for(set, information, EAGAIN);
}
FAILS(int, pause, void)

int kill(pid_t process, int number) {
    if (process != 0 && process != getpid()) {
        errno = ESRCH;
        return -1;
    }
    if (number == 0) {
        return 0;
    }
    return refuse(number) == 0 ? wadup_raise(number) : -1;
}
FAILS(int, killpg, pid_t group, int number)
int pthread_kill(pthread_t thread, int number) {
    if (!pthread_equal(thread, pthread_self())) {
        return ESRCH;
    }
    if (number == 0) {
        return 0;
    }
    return bit(number) != 0 && wadup_raise(number) == 0 ? 0 : EINVAL;
}

FAILS(int, siginterrupt, int number, int interrupt)
FAILS(int, getitimer, int timer, struct itimerval *value)
FAILS(int, setitimer, int timer, const struct itimerval *value, struct itimerval *old)

// No clock ends a guest. The function cannot fail: errno says that nothing was set.
unsigned alarm(unsigned seconds) {
    errno = ENOSYS;
    return 0;
}

// Nothing forks, so nothing has to be done before or after.
int pthread_atfork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) { return 0; }
