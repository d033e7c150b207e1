/* A wcsftime that keeps what it does not know (time.c). */
#pragma once
#include_next <wchar.h>
#ifdef __cplusplus
extern "C" {
#endif
size_t wadup_wcsftime(wchar_t *__restrict, size_t, const wchar_t *__restrict, const struct tm *__restrict);
#define wcsftime wadup_wcsftime
#ifdef __cplusplus
}
#endif
