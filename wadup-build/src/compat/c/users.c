// Users and groups: WASI has none, and no number stands for nobody but -1.

#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

#include "fails.h"

uid_t getuid(void) { return (uid_t)-1; }
uid_t geteuid(void) { return (uid_t)-1; }
gid_t getgid(void) { return (gid_t)-1; }
gid_t getegid(void) { return (gid_t)-1; }
int getresuid(uid_t *real, uid_t *effective, uid_t *saved) {
    *real = *effective = *saved = (uid_t)-1;
    return 0;
}
int getresgid(gid_t *real, gid_t *effective, gid_t *saved) {
    *real = *effective = *saved = (gid_t)-1;
    return 0;
}
int getgroups(int count, gid_t groups[]) { return 0; }

FAILS(int, setuid, uid_t user)
FAILS(int, setgid, gid_t group)
FAILS(int, seteuid, uid_t user)
FAILS(int, setegid, gid_t group)
FAILS(int, setreuid, uid_t real, uid_t effective)
FAILS(int, setregid, gid_t real, gid_t effective)
FAILS(int, setresuid, uid_t real, uid_t effective, uid_t saved)
FAILS(int, setresgid, gid_t real, gid_t effective, gid_t saved)
FAILS(int, setgroups, size_t count, const gid_t *groups)
FAILS(int, initgroups, const char *user, gid_t group)
FAILS(int, getgrouplist, const char *user, gid_t group, gid_t *groups, int *count)
FAILS_WITH(char *, NULL, getlogin, void)
FAILS_WITH(int, ENOSYS, getlogin_r, char *name, size_t size)

// Nobody is listed. errno stays as it is, which says so.
struct passwd *getpwuid(uid_t user) { return NULL; }
struct passwd *getpwnam(const char *name) { return NULL; }
struct passwd *getpwent(void) { return NULL; }
void setpwent(void) {}
void endpwent(void) {}
struct group *getgrgid(gid_t group) { return NULL; }
struct group *getgrnam(const char *name) { return NULL; }
struct group *getgrent(void) { return NULL; }
void setgrent(void) {}
void endgrent(void) {}
