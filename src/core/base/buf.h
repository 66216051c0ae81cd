/* base/buf.h
 * A growing string of bytes with a limit. data always ends with a NUL that len does not count, and
 * is never NULL after buf_init. A buffer that would grow past max keeps what it has, takes no more
 * and sets full: look at it once at the end instead of after every call. */
#ifndef PERFSCALE_BASE_BUF_H
#define PERFSCALE_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* owned */
    size_t len;
    size_t cap;
    size_t max; /* bytes it may hold */
    bool full;  /* something did not fit */
};

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);
void buf_clear(struct buf *b); /* empty again, memory kept, full reset */

/* Append. false when it does not fit: nothing of it is added and full is set. */
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_str(struct buf *b, const char *s);
bool buf_char(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* The bytes as a string of the caller's (free it); b is empty afterwards and still usable. */
char *buf_take(struct buf *b);

#endif
