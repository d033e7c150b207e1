// Files and the system: what wasi-libc leaves out, and what WASI cannot do.

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "fails.h"

FAILS(int, dup, int fd)
FAILS(int, dup2, int from, int to)
FAILS(int, dup3, int from, int to, int flags)
FAILS(int, pipe, int ends[2])
FAILS(int, pipe2, int ends[2], int flags)
FAILS(int, chroot, const char *path)
FAILS(int, fchdir, int fd)
FAILS(int, flock, int fd, int operation)
FAILS(int, lockf, int fd, int operation, off_t length)
FAILS(int, mkfifo, const char *path, mode_t mode)
FAILS(int, mknod, const char *path, mode_t mode, dev_t device)
FAILS(int, sethostname, const char *name, size_t length)
FAILS(int, shm_open, const char *name, int flags, mode_t mode)
FAILS(int, shm_unlink, const char *name)
FAILS(int, getloadavg, double averages[], int count)

// A file keeps the owner that it has: all that can be asked for is nothing.
static int change(int found, const struct stat *status, uid_t user, gid_t group) {
    if (found == -1) {
        return -1;
    }
    if ((user == (uid_t)-1 || user == status->st_uid) && (group == (gid_t)-1 || group == status->st_gid)) {
        return 0;
    }
    errno = ENOSYS;
    return -1;
}
int chown(const char *path, uid_t user, gid_t group) {
    struct stat status;
    return change(stat(path, &status), &status, user, group);
}
int fchown(int fd, uid_t user, gid_t group) {
    struct stat status;
    return change(fstat(fd, &status), &status, user, group);
}
int lchown(const char *path, uid_t user, gid_t group) {
    struct stat status;
    return change(lstat(path, &status), &status, user, group);
}

// New files have the permissions that the host gives them: no mask is in effect, and none can be.
mode_t umask(mode_t mask) {
    if (mask == 0) {
        return 0;
    }
    errno = ENOSYS;
    return (mode_t)-1;
}

#undef fcntl
int wadup_fcntl(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    long argument = va_arg(rest, long);
    va_end(rest);
    switch (command) {
    case F_GETFD:
    case F_SETFD:
    case F_GETFL:
    case F_SETFL:
        return fcntl(fd, command, argument);
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
        errno = ENOSYS;
        return -1;
    default:
        errno = EINVAL;
        return -1;
    }
}

// These have no result: errno says that nothing was logged.
void openlog(const char *name, int options, int facility) { errno = ENOSYS; }
void syslog(int priority, const char *format, ...) { errno = ENOSYS; }
void closelog(void) {}
int setlogmask(int mask) {
    static int current = 0xff;
    int before = current;
    if (mask != 0) {
        current = mask;
    }
    return before;
}
