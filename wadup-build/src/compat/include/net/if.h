/* A guest sees no interfaces of a network (sockets.c). */
#pragma once
#define IF_NAMESIZE 16
#ifdef __cplusplus
extern "C" {
#endif
struct if_nameindex {
    unsigned if_index;
    char *if_name;
};
unsigned if_nametoindex(const char *);
char *if_indextoname(unsigned, char *);
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *);
#ifdef __cplusplus
}
#endif
