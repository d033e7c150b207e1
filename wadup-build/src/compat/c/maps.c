// Maps of files, for CPython: memory with what the file holds. What is changed in a shared map is written to the file by msync
// and munmap. A map keeps its descriptor open, as if it had a duplicate, which WASI does not offer.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

// A descriptor that a map keeps open.
struct held {
    int fd;
    int holders;
    // Whether its user has closed it.
    int closed;
    struct held *next;
};

// A map whose changes go to its file.
struct map {
    char *data;
    // What the file holds, as far as this map knows.
    char *written;
    size_t length;
    off_t offset;
    int fd;
    struct map *next;
};

static struct held *all_held;
static struct map *all_maps;

static struct held **held_of(int fd) {
    struct held **at = &all_held;
    while (*at != NULL && (*at)->fd != fd) {
        at = &(*at)->next;
    }
    return at;
}

static int close_now(int fd) {
    __wasi_errno_t error = __wasi_fd_close(fd);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

// Keeps a descriptor open until it is released. Returns it, or -1.
int wadup_hold_descriptor(int fd) {
    struct held *held = *held_of(fd);
    if (held == NULL) {
        if (fcntl(fd, F_GETFD) == -1) {
            return -1;
        }
        held = calloc(1, sizeof *held);
        if (held == NULL) {
            errno = ENOMEM;
            return -1;
        }
        held->fd = fd;
        held->next = all_held;
        all_held = held;
    } else if (held->closed && held->holders == 0) {
        errno = EBADF;
        return -1;
    }
    held->holders++;
    return fd;
}

int wadup_release_descriptor(int fd) {
    struct held **at = held_of(fd), *held = *at;
    if (held == NULL) {
        errno = EBADF;
        return -1;
    }
    if (--held->holders > 0) {
        return 0;
    }
    int closed = held->closed;
    *at = held->next;
    free(held);
    return closed ? close_now(fd) : 0;
}

// Replaces libc's. A descriptor that is held stays open at the host, so that its number is not given to another file.
int close(int fd) {
    struct held *held = *held_of(fd);
    if (held == NULL) {
        return close_now(fd);
    }
    if (held->closed) {
        errno = EBADF;
        return -1;
    }
    held->closed = 1;
    return 0;
}

// Reads up to the end of the file; what lies behind is zero.
static int read_all(int fd, char *data, size_t length, off_t offset) {
    while (length > 0) {
        ssize_t count = pread(fd, data, length, offset);
        if (count < 0) {
            return -1;
        }
        if (count == 0) {
            break;
        }
        data += count;
        length -= (size_t)count;
        offset += count;
    }
    memset(data, 0, length);
    return 0;
}

static int write_all(int fd, const char *data, size_t length, off_t offset) {
    while (length > 0) {
        ssize_t count = pwrite(fd, data, length, offset);
        if (count < 0) {
            return -1;
        }
        data += count;
        length -= (size_t)count;
        offset += count;
    }
    return 0;
}

// Writes what has changed in a part of a map, but nothing beyond the end of the file.
static int write_changes(struct map *map, size_t start, size_t end) {
    enum { BLOCK = 4096 };
    struct stat status;
    if (fstat(map->fd, &status) == -1) {
        return -1;
    }
    size_t in_file = status.st_size > map->offset ? (size_t)(status.st_size - map->offset) : 0;
    end = end < in_file ? end : in_file;
    for (size_t at = start; at < end; at += BLOCK) {
        size_t first = at, last = end - at < BLOCK ? end : at + BLOCK;
        if (memcmp(map->data + first, map->written + first, last - first) == 0) {
            continue;
        }
        while (map->data[first] == map->written[first]) {
            first++;
        }
        while (map->data[last - 1] == map->written[last - 1]) {
            last--;
        }
        if (write_all(map->fd, map->data + first, last - first, map->offset + (off_t)first) == -1) {
            return -1;
        }
        memcpy(map->written + first, map->data + first, last - first);
    }
    return 0;
}

static struct map **map_at(const void *address) {
    struct map **at = &all_maps;
    while (*at != NULL && ((const char *)address < (*at)->data || (const char *)address >= (*at)->data + (*at)->length)) {
        at = &(*at)->next;
    }
    return at;
}

static struct map *new_map(char *data, size_t length, int fd, off_t offset) {
    struct map *map = calloc(1, sizeof *map);
    char *written = malloc(length);
    if (map == NULL || written == NULL) {
        free(map);
        free(written);
        errno = ENOMEM;
        return NULL;
    }
    if (wadup_hold_descriptor(fd) == -1) {
        free(map);
        free(written);
        return NULL;
    }
    memcpy(written, data, length);
    *map = (struct map){data, written, length, offset, fd, all_maps};
    return map;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    if (length == 0 || flags & MAP_FIXED || protection & PROT_EXEC || offset < 0) {
        errno = EINVAL;
        return MAP_FAILED;
    }
    char *data = flags & MAP_ANONYMOUS ? calloc(1, length) : malloc(length);
    if (data == NULL) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    if (flags & MAP_ANONYMOUS) {
        return data;
    }
    int writes = protection & PROT_WRITE && (flags & MAP_TYPE) == MAP_SHARED;
    int mode = fcntl(fd, F_GETFL);
    if (mode == -1) {
        goto failed;
    }
    if (!(mode & O_RDONLY) || (writes && !(mode & O_WRONLY))) {
        errno = EACCES;
        goto failed;
    }
    if (read_all(fd, data, length, offset) == -1) {
        goto failed;
    }
    if (writes) {
        struct map *map = new_map(data, length, fd, offset);
        if (map == NULL) {
            goto failed;
        }
        all_maps = map;
    }
    return data;
failed:
    free(data);
    return MAP_FAILED;
}

int munmap(void *address, size_t length) {
    struct map **at = map_at(address), *map = *at;
    int result = 0, error = errno;
    if (map != NULL) {
        result = write_changes(map, 0, map->length);
        error = errno;
        wadup_release_descriptor(map->fd);
        *at = map->next;
        free(map->written);
        free(map);
    }
    free(address);
    errno = error;
    return result;
}

int msync(void *address, size_t length, int flags) {
    struct map *map = *map_at(address);
    if (map == NULL) {
        return 0;
    }
    size_t start = (size_t)((char *)address - map->data);
    size_t end = map->length - start < length ? map->length : start + length;
    return write_changes(map, start, end);
}

void *mremap(void *address, size_t length, size_t new_length, int flags, ...) {
    struct map *map = *map_at(address);
    size_t kept = length < new_length ? length : new_length;
    if (map != NULL && write_changes(map, 0, kept) == -1) {
        return MAP_FAILED;
    }
    char *data = malloc(new_length), *written = map == NULL ? NULL : malloc(new_length);
    if (data == NULL || (map != NULL && written == NULL)) {
        errno = ENOMEM;
        goto failed;
    }
    memcpy(data, address, kept);
    memset(data + kept, 0, new_length - kept);
    if (map != NULL) {
        if (read_all(map->fd, data + kept, new_length - kept, map->offset + (off_t)kept) == -1) {
            goto failed;
        }
        memcpy(written, data, new_length);
        free(map->written);
        map->data = data;
        map->written = written;
        map->length = new_length;
    }
    free(address);
    return data;
failed:
    free(data);
    free(written);
    return MAP_FAILED;
}

// Advice that a system may ignore. The others change what the memory holds.
int madvise(void *address, size_t length, int advice) {
    if (advice >= MADV_NORMAL && advice <= MADV_WILLNEED) {
        return 0;
    }
    errno = EINVAL;
    return -1;
}
