// Sockets: preview 1 can use those that a host opened, and make none.

#include <net/if.h>
#include <stddef.h>
#include <sys/socket.h>

#include "fails.h"

FAILS(int, socket, int family, int kind, int protocol)
FAILS(int, bind, int fd, const struct sockaddr *address, socklen_t length)
FAILS(int, connect, int fd, const struct sockaddr *address, socklen_t length)
FAILS(int, listen, int fd, int waiting)
FAILS(int, getsockname, int fd, struct sockaddr *restrict address, socklen_t *restrict length)
FAILS(int, getpeername, int fd, struct sockaddr *restrict address, socklen_t *restrict length)
FAILS(int, setsockopt, int fd, int level, int option, const void *value, socklen_t length)
FAILS(int, socketpair, int family, int kind, int protocol, int ends[2])
FAILS(ssize_t, sendto, int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length)
FAILS(ssize_t, recvfrom, int fd, void *restrict data, size_t size, int flags, struct sockaddr *restrict from,
      socklen_t *restrict length)
FAILS(ssize_t, sendmsg, int fd, const struct msghdr *message, int flags)
FAILS(ssize_t, recvmsg, int fd, struct msghdr *message, int flags)

FAILS_WITH(unsigned, 0, if_nametoindex, const char *name)
FAILS_WITH(char *, NULL, if_indextoname, unsigned index, char *name)
FAILS_WITH(struct if_nameindex *, NULL, if_nameindex, void)
void if_freenameindex(struct if_nameindex *list) {}
