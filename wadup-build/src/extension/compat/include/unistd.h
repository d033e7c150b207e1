/* What wasi-libc leaves out of <unistd.h>: calls fail with ENOSYS (posix.c). */
#pragma once
#include_next <unistd.h>
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif
int dup(int);
int dup2(int, int);
int dup3(int, int, int);
int pipe(int[2]);
int pipe2(int[2], int);
pid_t fork(void);
pid_t vfork(void);
pid_t getppid(void);
pid_t setsid(void);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t);
int setgid(gid_t);
int chown(const char *, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
int lchown(const char *, uid_t, gid_t);
int execv(const char *, char *const[]);
int execvp(const char *, char *const[]);
int execve(const char *, char *const[], char *const[]);
unsigned alarm(unsigned);
#ifdef __cplusplus
}
#endif
