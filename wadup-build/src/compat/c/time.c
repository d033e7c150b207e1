// wcsftime: musl drops the whole text if the format has a directive that it does not know. Here such a directive stays as it is.

#include <stdlib.h>
#include <time.h>
#include <wchar.h>

#undef wcsftime

// The length of the directive at a percent sign, or 0 if the format ends in it.
static size_t length_of(const wchar_t *directive) {
    const wchar_t *end = directive + 1;
    if (*end == L'-' || *end == L'_' || *end == L'0') {
        end++;
    }
    if (*end == L'+') {
        end++;
    }
    while (*end >= L'0' && *end <= L'9') {
        end++;
    }
    if (*end == L'E' || *end == L'O') {
        end++;
    }
    return *end == L'\0' ? 0 : (size_t)(end + 1 - directive);
}

// Whether musl knows a directive. What it prints may be empty, so that something stands before it.
static int is_known(const wchar_t *directive, size_t length, const struct tm *moment) {
    wchar_t format[16] = L"x", text[256];
    if (length == 0 || length > sizeof format / sizeof *format - 2) {
        return 0;
    }
    wmemcpy(format + 1, directive, length);
    return wcsftime(text, sizeof text / sizeof *text, format, moment) != 0;
}

size_t wadup_wcsftime(wchar_t *restrict text, size_t size, const wchar_t *restrict format,
                      const struct tm *restrict moment) {
    wchar_t *known = malloc((2 * wcslen(format) + 1) * sizeof *known);
    if (known == NULL) {
        return 0;
    }
    wchar_t *end = known;
    while (*format != L'\0') {
        size_t length = 1;
        if (*format == L'%') {
            length = length_of(format);
            if (!is_known(format, length, moment)) {
                *end++ = L'%';
                length = 1;
            }
        }
        wmemcpy(end, format, length);
        end += length;
        format += length;
    }
    *end = L'\0';
    size_t written = wcsftime(text, size, known, moment);
    free(known);
    return written;
}
