/* What wasi-libc leaves out of <sys/stat.h> (posix.c). */
#pragma once
#include_next <sys/stat.h>
#ifdef __cplusplus
extern "C" {
#endif
mode_t umask(mode_t);
int mkfifo(const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
#ifdef __cplusplus
}
#endif
