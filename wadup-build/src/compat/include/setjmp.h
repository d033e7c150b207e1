/* clang turns these into calls of c/jumps.c. A jump cannot leave the package, or pass through a function of CPython. */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
typedef int jmp_buf[4];
typedef jmp_buf sigjmp_buf;
int setjmp(jmp_buf) __attribute__((__returns_twice__));
__attribute__((__noreturn__)) void longjmp(jmp_buf, int);
#define setjmp setjmp
#define _setjmp setjmp
#define _longjmp longjmp
#define sigsetjmp(buffer, mask) ((void)(mask), setjmp(buffer))
#define siglongjmp longjmp
#ifdef __cplusplus
}
#endif
