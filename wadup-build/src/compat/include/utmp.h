/* A guest has no terminals of its own (terminals.c). */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int login_tty(int);
#ifdef __cplusplus
}
#endif
