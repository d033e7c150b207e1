// The functions of POSIX that wasi-libc leaves out: a call fails as on a system without them.

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(type, name, ...)                                                                                         \
    type name(__VA_ARGS__) {                                                                                           \
        errno = ENOSYS;                                                                                                \
        return -1;                                                                                                     \
    }

FAILS(int, dup, int fd)
FAILS(int, dup2, int from, int to)
FAILS(int, dup3, int from, int to, int flags)
FAILS(int, pipe, int ends[2])
FAILS(int, pipe2, int ends[2], int flags)
FAILS(pid_t, fork, void)
FAILS(pid_t, vfork, void)
FAILS(pid_t, setsid, void)
FAILS(int, setuid, uid_t user)
FAILS(int, setgid, gid_t group)
FAILS(int, chown, const char *path, uid_t user, gid_t group)
FAILS(int, fchown, int fd, uid_t user, gid_t group)
FAILS(int, lchown, const char *path, uid_t user, gid_t group)
FAILS(int, execv, const char *path, char *const arguments[])
FAILS(int, execvp, const char *file, char *const arguments[])
FAILS(int, execve, const char *path, char *const arguments[], char *const variables[])
FAILS(int, kill, pid_t process, int number)
FAILS(pid_t, wait, int *status)
FAILS(pid_t, waitpid, pid_t process, int *status, int flags)
FAILS(int, system, const char *command)

// There is one process, of the user 0, and no clock that could end it.
pid_t getppid(void) { return 0; }
uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
unsigned alarm(unsigned seconds) { return 0; }

struct passwd *getpwuid(uid_t user) { return NULL; }
struct passwd *getpwnam(const char *name) { return NULL; }

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    return EAI_FAIL;
}
void freeaddrinfo(struct addrinfo *found) {}
const char *gai_strerror(int code) { return "names cannot be resolved in a guest"; }
struct hostent *gethostbyname(const char *name) { return NULL; }

int sigemptyset(sigset_t *set) {
    memset(set, 0, sizeof *set);
    return 0;
}
int sigfillset(sigset_t *set) {
    memset(set, -1, sizeof *set);
    return 0;
}
int sigaddset(sigset_t *set, int number) { return 0; }
int sigdelset(sigset_t *set, int number) { return 0; }
int sigismember(const sigset_t *set, int number) { return 0; }
int sigprocmask(int how, const sigset_t *set, sigset_t *old) { return old ? sigemptyset(old) : 0; }
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) { return sigprocmask(how, set, old); }

// Nothing forks, so nothing has to be done before or after.
int pthread_atfork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) { return 0; }

static _Noreturn void end(const char *function) {
    fprintf(stderr, "fatal: native code called %s, which no guest can do\n", function);
    abort();
}
_Noreturn void pthread_exit(void *value) { end("pthread_exit"); }
_Noreturn void longjmp(int *buffer, int value) { end("longjmp"); }
_Noreturn void _longjmp(int *buffer, int value) { end("longjmp"); }
_Noreturn void siglongjmp(int *buffer, int value) { end("longjmp"); }
