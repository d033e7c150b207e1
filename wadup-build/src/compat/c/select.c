// select: wasi-libc's cuts the timeout to whole milliseconds, so that a loop that waits for less does not wait at all. This one rounds up.

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

#define MICROSECONDS 1000000

int wadup_select(int count, fd_set *restrict to_read, fd_set *restrict to_write, fd_set *restrict to_fail,
                 struct timeval *restrict timeout) {
    if (timeout == NULL) {
        return pselect(count, to_read, to_write, to_fail, NULL, NULL);
    }
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= MICROSECONDS) {
        errno = EINVAL;
        return -1;
    }
    struct timespec whole = {.tv_sec = timeout->tv_sec, .tv_nsec = (timeout->tv_usec + 999) / 1000 * 1000000};
    if (whole.tv_nsec == 1000000000L && whole.tv_sec < LLONG_MAX) {
        whole.tv_sec++;
        whole.tv_nsec = 0;
    }
    return pselect(count, to_read, to_write, to_fail, &whole, NULL);
}
