/* A wcsftime that keeps what it does not know (time.c). */
#pragma once
#include_next <wchar.h>
#ifdef __cplusplus
extern "C" {
#endif
size_t wadup_wcsftime(wchar_t *__restrict, size_t, const wchar_t *__restrict, const struct tm *__restrict);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define wcsftime wadup_wcsftime
#endif
#ifdef __cplusplus
}
#endif
