#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void) {
    fputs("perfscale: no memory left\n", stderr);
    abort();
}

void *mem_new(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *mem_resize(void *old, size_t n, size_t size) {
    if (size && n > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = n * size;
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        out_of_memory();
    return p;
}

char *mem_strndup(const char *s, size_t len) {
    if (!s)
        return NULL;
    char *copy = mem_new(len + 1, 1);
    memcpy(copy, s, len);
    return copy;
}

char *mem_strdup(const char *s) { return s ? mem_strndup(s, strlen(s)) : NULL; }

void *mem_grow(void *items, size_t len, size_t *cap, size_t size) {
    if (len < *cap)
        return items;
    *cap = *cap ? *cap * 2 : 8;
    return mem_resize(items, *cap, size);
}
