/* A guest has no terminals of its own (terminals.c). */
#pragma once
#include <termios.h>
#ifdef __cplusplus
extern "C" {
#endif
int openpty(int *, int *, char *, const struct termios *, const struct winsize *);
int forkpty(int *, char *, const struct termios *, const struct winsize *);
#ifdef __cplusplus
}
#endif
