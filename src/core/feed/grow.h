/* feed/grow.h
 * A file that somebody else is still writing, or has not begun yet: its bytes as they come. Never
 * waits, never keeps the writer from anything; several can follow one file. A file that was
 * truncated, or replaced by another one of its name, is read from its start again. */
#ifndef PERFSCALE_FEED_GROW_H
#define PERFSCALE_FEED_GROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

enum grow_news {
    GROW_BYTES,  /* there are more bytes */
    GROW_QUIET,  /* nothing new */
    GROW_ABSENT, /* it is not there (yet, or no more) */
    GROW_ANEW,   /* it was truncated or replaced: what follows is from its start */
    GROW_FAILED, /* it cannot be read; e says why; trying again later is fine */
};

/* Bytes by which it is seen that a file is still the one that was read. */
enum { GROW_MARK_BYTES = 128 };
struct grow_mark {
    char bytes[GROW_MARK_BYTES];
    size_t len;
};

struct grow {
    char path[1024];
    int fd; /* -1: not open */
    dev_t device;
    ino_t inode;
    uint64_t at_bytes;   /* read so far */
    uint64_t size_bytes; /* when looked at last */
    int64_t changed_ms;  /* of its last change, ms since 1970; -1: not there */
    int notify;          /* inotify descriptor; -1: none can be had */
    int watched;         /* what it watches; -1: nothing yet */
    bool closed;         /* its writer closed it after the last byte that was seen */
    /* --- its own --- */
    int order; /* a second one, which nobody waits for: it tells writing and closing in order */
    int ordered;
    bool ended;                   /* the latest that it told is a closing */
    struct grow_mark first, last; /* of what was read */
    struct timespec written, touched;
};

/* Opens nothing yet. Fails never; a path that is too long is ABSENT for ever. */
void grow_init(struct grow *g, const char *path);
void grow_close(struct grow *g);

/* Up to size bytes into to; *len is 0 with all news but GROW_BYTES. A directory, a device or a pipe
 * is GROW_FAILED (ERR_FORMAT), and is not opened. A file that was removed or replaced is read to
 * its end first. */
enum grow_news grow_next(struct grow *g, char *to, size_t size, size_t *len, struct err *e);

/* The first bytes of the file, wherever reading stands; false: it is not there, or cannot be read.
 */
bool grow_head(struct grow *g, char *to, size_t size, size_t *len);

/* Passes over all that is there now. */
void grow_skip(struct grow *g);

/* From its start again. */
void grow_again(struct grow *g);

/* What was read or passed over last is no line end. */
bool grow_in_line(const struct grow *g);

/* Bytes that are there and were not read yet, as far as the last look tells. */
uint64_t grow_left(const struct grow *g);

/* Readable when its writer has closed it; -1: not opened yet, or that cannot be told here (network
 * file systems never tell). grow_next() takes note of it. Once it is there it stays the same. */
int grow_fd(const struct grow *g);

#endif
