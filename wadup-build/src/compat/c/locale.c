// Locales: musl accepts any name and has but one set of rules. Only its names are accepted here.

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#undef setlocale

static int is_known(const char *name) {
    static const char *const names[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

// What the environment asks for in a category, by the variables that musl reads.
static const char *of_environment(int category) {
    static const char *const variables[] = {
        [LC_CTYPE] = "LC_CTYPE",     [LC_NUMERIC] = "LC_NUMERIC",   [LC_TIME] = "LC_TIME",
        [LC_COLLATE] = "LC_COLLATE", [LC_MONETARY] = "LC_MONETARY", [LC_MESSAGES] = "LC_MESSAGES",
    };
    const char *const order[] = {getenv("LC_ALL"), getenv(variables[category]), getenv("LANG")};
    for (size_t i = 0; i < 3; i++) {
        if (order[i] != NULL && *order[i] != '\0') {
            return order[i];
        }
    }
    return "C";
}

static int is_known_in(int category, const char *name) {
    return is_known(*name == '\0' ? of_environment(category) : name);
}

char *wadup_setlocale(int category, const char *name) {
    if (name == NULL) {
        return setlocale(category, NULL);
    }
    if (category != LC_ALL) {
        return category >= 0 && category < LC_ALL && is_known_in(category, name) ? setlocale(category, name) : NULL;
    }
    // A list has a name for each category, as setlocale returns it.
    const char *rest = name;
    for (int i = 0; i < LC_ALL; i++) {
        char part[24];
        size_t length = strcspn(rest, ";");
        if (length >= sizeof part) {
            return NULL;
        }
        memcpy(part, rest, length);
        part[length] = '\0';
        if (!is_known_in(i, part)) {
            return NULL;
        }
        rest += rest[length] == ';' ? length + 1 : 0;
    }
    return setlocale(LC_ALL, name);
}
