/* A guest knows no groups (users.c). */
#pragma once
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif
struct group {
    char *gr_name;
    char *gr_passwd;
    gid_t gr_gid;
    char **gr_mem;
};
struct group *getgrgid(gid_t);
struct group *getgrnam(const char *);
void setgrent(void);
struct group *getgrent(void);
void endgrent(void);
int setgroups(size_t, const gid_t *);
int initgroups(const char *, gid_t);
int getgrouplist(const char *, gid_t, gid_t *, int *);
#ifdef __cplusplus
}
#endif
