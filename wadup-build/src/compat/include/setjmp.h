/* A guest's code only goes forward: setjmp marks nothing, and longjmp ends the guest with a message (jumps.c). */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
typedef int jmp_buf[1];
typedef int sigjmp_buf[1];
#define setjmp(buffer) ((void)(buffer), 0)
#define _setjmp(buffer) ((void)(buffer), 0)
#define sigsetjmp(buffer, mask) ((void)(buffer), (void)(mask), 0)
__attribute__((noreturn)) void longjmp(jmp_buf, int);
__attribute__((noreturn)) void _longjmp(jmp_buf, int);
__attribute__((noreturn)) void siglongjmp(sigjmp_buf, int);
#ifdef __cplusplus
}
#endif
