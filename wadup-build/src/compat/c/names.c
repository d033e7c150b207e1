// Names of hosts, services and protocols: only digits are understood, since a guest reaches no name server.

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int h_errno;

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// An entry of the list, with its address behind it.
struct entry {
    struct addrinfo info;
    union address address;
};

static int number_of_port(const char *text, unsigned *port) {
    char *end = NULL;
    if (text == NULL || *text == '\0') {
        *port = 0;
        return 1;
    }
    unsigned long value = strtoul(text, &end, 10);
    *port = (unsigned)value;
    return *text >= '0' && *text <= '9' && *end == '\0' && value <= 65535;
}

// Fills in the address of a host in one family. No host stands for this machine.
static int address_of(const char *host, int family, int passive, unsigned port, union address *address) {
    memset(address, 0, sizeof *address);
    if (family == AF_INET) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((unsigned short)port);
        if (host != NULL) {
            return inet_aton(host, &address->v4.sin_addr);
        }
        address->v4.sin_addr.s_addr = htonl(passive ? 0 : 0x7f000001);
        return 1;
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((unsigned short)port);
    if (host != NULL) {
        return inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1;
    }
    ((unsigned char *)&address->v6.sin6_addr)[15] = passive ? 0 : 1;
    return 1;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static const struct {
        int kind, protocol;
    } kinds[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}};
    static const struct addrinfo none;
    if (hints == NULL) {
        hints = &none;
    }
    if (host == NULL && service == NULL) {
        return EAI_NONAME;
    }
    int family = hints->ai_family;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) {
        return EAI_FAMILY;
    }
    unsigned port;
    if (!number_of_port(service, &port)) {
        return hints->ai_flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
    }
    const int families[] = {AF_INET, AF_INET6};
    struct addrinfo *first = NULL, **last = &first;
    int known = 0;
    for (size_t i = 0; i < 2; i++) {
        union address address;
        if (!address_of(host, families[i], hints->ai_flags & AI_PASSIVE, port, &address)) {
            continue;
        }
        known = 1;
        if (family != AF_UNSPEC && family != families[i]) {
            continue;
        }
        for (size_t k = 0; k < 2; k++) {
            if ((hints->ai_socktype != 0 && hints->ai_socktype != kinds[k].kind) ||
                (hints->ai_protocol != 0 && hints->ai_protocol != kinds[k].protocol)) {
                continue;
            }
            struct entry *entry = calloc(1, sizeof *entry);
            if (entry == NULL) {
                freeaddrinfo(first);
                return EAI_MEMORY;
            }
            entry->address = address;
            entry->info.ai_family = families[i];
            entry->info.ai_socktype = kinds[k].kind;
            entry->info.ai_protocol = kinds[k].protocol;
            entry->info.ai_addr = &entry->address.any;
            entry->info.ai_addrlen = families[i] == AF_INET ? sizeof address.v4 : sizeof address.v6;
            *last = &entry->info;
            last = &entry->info.ai_next;
            if (first == &entry->info && host != NULL && hints->ai_flags & AI_CANONNAME) {
                entry->info.ai_canonname = strdup(host);
            }
        }
    }
    if (first != NULL) {
        *found = first;
        return 0;
    }
    if (known) {
        return family == AF_UNSPEC ? EAI_SOCKTYPE : EAI_NONAME;
    }
    return hints->ai_flags & AI_NUMERICHOST ? EAI_NONAME : EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *found) {
    while (found != NULL) {
        struct addrinfo *next = found->ai_next;
        free(found->ai_canonname);
        free(found);
        found = next;
    }
}

const char *gai_strerror(int code) {
    switch (code) {
    case EAI_BADFLAGS:
        return "Invalid flags";
    case EAI_NONAME:
        return "Name does not resolve: it is no address in digits";
    case EAI_FAIL:
        return "Names cannot be resolved in a guest";
    case EAI_FAMILY:
        return "Unrecognized address family";
    case EAI_SOCKTYPE:
        return "Unrecognized socket type";
    case EAI_SERVICE:
        return "Names of services are unknown in a guest";
    case EAI_MEMORY:
        return "Out of memory";
    case EAI_OVERFLOW:
        return "Overflow";
    default:
        return "Unknown error";
    }
}

int getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t host_size, char *service,
                socklen_t service_size, int flags) {
    char text[INET6_ADDRSTRLEN];
    const union address *known = (const union address *)address;
    const void *digits;
    unsigned port;
    if (address->sa_family == AF_INET && length >= sizeof known->v4) {
        digits = &known->v4.sin_addr;
        port = ntohs(known->v4.sin_port);
    } else if (address->sa_family == AF_INET6 && length >= sizeof known->v6) {
        digits = &known->v6.sin6_addr;
        port = ntohs(known->v6.sin6_port);
    } else {
        return EAI_FAMILY;
    }
    if (flags & NI_NAMEREQD) {
        return EAI_NONAME;
    }
    inet_ntop(address->sa_family, digits, text, sizeof text);
    if (host != NULL && host_size != 0 && snprintf(host, host_size, "%s", text) >= (int)host_size) {
        return EAI_OVERFLOW;
    }
    if (service != NULL && service_size != 0 && snprintf(service, service_size, "%u", port) >= (int)service_size) {
        return EAI_OVERFLOW;
    }
    return 0;
}

const char *hstrerror(int code) { return "Names cannot be resolved in a guest"; }

struct hostent *gethostbyname(const char *name) {
    h_errno = NO_RECOVERY;
    return NULL;
}
struct hostent *gethostbyaddr(const void *address, socklen_t length, int family) {
    h_errno = NO_RECOVERY;
    return NULL;
}
struct servent *getservbyname(const char *name, const char *protocol) { return NULL; }
struct servent *getservbyport(int port, const char *protocol) { return NULL; }
struct protoent *getprotobyname(const char *name) { return NULL; }
