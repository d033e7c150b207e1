// Terminals: a guest reads and writes them as any stream, and controls none.

#include <pty.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utmp.h>

#include "fails.h"

FAILS(int, tcgetattr, int fd, struct termios *settings)
FAILS(int, tcsetattr, int fd, int when, const struct termios *settings)
FAILS(int, tcsendbreak, int fd, int duration)
FAILS(int, tcdrain, int fd)
FAILS(int, tcflush, int fd, int queue)
FAILS(int, tcflow, int fd, int action)
FAILS(int, tcgetwinsize, int fd, struct winsize *size)
FAILS(int, tcsetwinsize, int fd, const struct winsize *size)
FAILS(pid_t, tcgetpgrp, int fd)
FAILS(int, tcsetpgrp, int fd, pid_t group)
FAILS(int, openpty, int *control, int *terminal, char *name, const struct termios *settings, const struct winsize *size)
FAILS(int, forkpty, int *control, char *name, const struct termios *settings, const struct winsize *size)
FAILS(int, login_tty, int fd)
FAILS(int, posix_openpt, int flags)
FAILS(int, grantpt, int fd)
FAILS(int, unlockpt, int fd)
FAILS_WITH(char *, NULL, ptsname, int fd)
FAILS_WITH(int, ENOSYS, ptsname_r, int fd, char *name, size_t size)
FAILS_WITH(char *, NULL, ttyname, int fd)
FAILS_WITH(int, ENOSYS, ttyname_r, int fd, char *name, size_t size)
FAILS_WITH(char *, NULL, ctermid, char *name)

// These only read and write a struct.
speed_t cfgetispeed(const struct termios *settings) { return settings->c_ispeed; }
speed_t cfgetospeed(const struct termios *settings) { return settings->c_ospeed; }
int cfsetispeed(struct termios *settings, speed_t speed) {
    settings->c_ispeed = speed;
    return 0;
}
int cfsetospeed(struct termios *settings, speed_t speed) {
    settings->c_ospeed = speed;
    return 0;
}

#undef ioctl
int wadup_ioctl(int fd, int request, ...) {
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (request == FIONREAD || request == FIONBIO) {
        return ioctl(fd, request, argument);
    }
    errno = ENOTTY;
    return -1;
}
