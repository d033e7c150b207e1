/* What wasi-libc leaves out of <stdlib.h> (processes.c, terminals.c). */
#pragma once
#include_next <stdlib.h>
#ifdef __cplusplus
extern "C" {
#endif
int posix_openpt(int);
int grantpt(int);
int unlockpt(int);
char *ptsname(int);
int ptsname_r(int, char *, size_t);
int getloadavg(double *, int);
int system(const char *);
#ifdef __cplusplus
}
#endif
