/* musl takes any name in setlocale and changes nothing. This one knows only the locales that have an effect (locale.c). */
#pragma once
#include_next <locale.h>
#ifdef __cplusplus
extern "C" {
#endif
char *wadup_setlocale(int, const char *);
#define setlocale wadup_setlocale
#ifdef __cplusplus
}
#endif
