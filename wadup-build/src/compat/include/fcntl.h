/* What wasi-libc leaves out of <fcntl.h>: locks and duplicates, which fail with ENOSYS (posix.c). */
#pragma once
#include_next <fcntl.h>
#define F_DUPFD 0
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#define F_DUPFD_CLOEXEC 1030
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#ifdef __cplusplus
extern "C" {
#endif
int wadup_fcntl(int, int, ...);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define fcntl wadup_fcntl
#endif
#ifdef __cplusplus
}
#endif
