/* musl takes any name in setlocale and changes nothing. This one knows only the locales that have an effect (locale.c). */
#pragma once
#include_next <locale.h>
#ifdef __cplusplus
extern "C" {
#endif
char *wadup_setlocale(int, const char *);
/* Not in C++, where a class may have a member of that name. */
#ifndef __cplusplus
#define setlocale wadup_setlocale
#endif
#ifdef __cplusplus
}
#endif
