#include "buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const size_t first_bytes = 64;

void buf_init(struct buf *b, size_t max) {
    *b = (struct buf){.max = max};
    b->cap = first_bytes;
    b->data = mem_new(b->cap, 1);
}

void buf_fini(struct buf *b) {
    free(b->data);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b) {
    b->len = 0;
    b->full = false;
    b->data[0] = '\0';
}

static bool reserve(struct buf *b, size_t more) {
    if (more > b->max || b->len > b->max - more) {
        b->full = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need > b->cap) {
        size_t cap = b->cap;
        while (cap < need)
            cap *= 2;
        b->data = mem_resize(b->data, cap, 1);
        b->cap = cap;
    }
    return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t len) {
    if (!reserve(b, len))
        return false;
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
    return true;
}

bool buf_str(struct buf *b, const char *s) { return buf_add(b, s, strlen(s)); }

bool buf_char(struct buf *b, char c) { return buf_add(b, &c, 1); }

bool buf_vprintf(struct buf *b, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    bool ok = n >= 0 && reserve(b, (size_t)n);
    if (ok) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
    return ok;
}

bool buf_printf(struct buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    bool ok = buf_vprintf(b, fmt, ap);
    va_end(ap);
    return ok;
}

char *buf_take(struct buf *b) {
    char *data = b->data;
    size_t max = b->max;
    buf_init(b, max);
    return data;
}
