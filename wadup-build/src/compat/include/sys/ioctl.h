/* What wasi-libc leaves out of <sys/ioctl.h>: all but FIONREAD and FIONBIO fails with ENOTTY (terminals.c). */
#pragma once
#include_next <sys/ioctl.h>
#include <termios.h>
#ifndef TIOCGWINSZ
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#endif
#ifdef __cplusplus
extern "C" {
#endif
int wadup_ioctl(int, int, ...);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define ioctl wadup_ioctl
#endif
#ifdef __cplusplus
}
#endif
