/* A guest has no children to wait for (processes.c). */
#pragma once
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#define WNOHANG 1
#define WUNTRACED 2
#define WSTOPPED 2
#define WEXITED 4
#define WCONTINUED 8
#define WNOWAIT 0x1000000
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WTERMSIG(status) ((status) & 0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WCOREDUMP(status) ((status) & 0x80)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (((status) & 0xffff) - 1U < 0xffu)
#define WIFSTOPPED(status) ((short)((((status) & 0xffff) * 0x10001U) >> 8) > 0x7f00)
#define WIFCONTINUED(status) ((status) == 0xffff)
#ifdef __cplusplus
extern "C" {
#endif
typedef enum { P_ALL = 0, P_PID = 1, P_PGID = 2 } idtype_t;
#define __NEED_id_t
#include <bits/alltypes.h>
pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);
pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
int waitid(idtype_t, id_t, siginfo_t *, int);
#ifdef __cplusplus
}
#endif
