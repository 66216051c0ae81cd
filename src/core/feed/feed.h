/* feed/feed.h
 * Bytes in: from a file, standard input or memory (a paste), in pieces, gzip undone. Knows bytes,
 * not formats. */
#ifndef PERFSCALE_FEED_FEED_H
#define PERFSCALE_FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { FEED_PIECE_BYTES = 64 << 10 };

struct feed {
    char name[512];     /* for errors: a path, "-", "paste" */
    int fd;             /* -1: memory */
    const char *memory; /* borrowed */
    size_t memory_len, memory_at;
    char *piece; /* owned; FEED_PIECE_BYTES */
    bool first;
    uint64_t size_bytes; /* of the file; 0 unknown (a pipe) */
    uint64_t at_bytes;   /* taken from the source so far, as it is stored */
    bool gzip;
    bool cut;           /* gzip without its end: a file that is still written, or was cut off */
    struct inflate *gz; /* owned; NULL unless gzip. A feed with it does not move in memory */
    const char *head;   /* of gzip: stored bytes that were read to see what it is */
    size_t head_len;
};

/* "-" is standard input. Refuses directories and devices (ERR_FORMAT) and what is not there
 * (ERR_IO). */
bool feed_open(struct feed *f, const char *path, struct err *e);

/* Bytes that stay the caller's until feed_close(). */
void feed_open_memory(struct feed *f, const char *name, const char *bytes, size_t len);

/* The next piece, valid until the next call; *len = 0 at the end. The first piece holds
 * FEED_PIECE_BYTES when there are so many, so that a format can be told from it; ERR_FORMAT when it
 * is empty or of a binary file. Of gzip the content: several members in a row too, and what can be
 * inflated of one that is cut; ERR_FORMAT when it is damaged in the middle. */
bool feed_next(struct feed *f, const char **bytes, size_t *len, struct err *e);
void feed_close(struct feed *f);

/* Are these the first bytes of a gzip file? */
bool feed_is_gzip(const char *bytes, size_t len);

/* Reads len bytes at offset at of a plain regular file that is open (not gzip), from any thread;
 * fewer only at its end. */
bool feed_read_at(const struct feed *f, uint64_t at, char *to, size_t len, size_t *got,
                  struct err *e);

#endif
