/* feed/gzip.h
 * Undoes gzip, in a thread of its own when the source never waits: what reads the bytes works
 * beside it. */
#ifndef PERFSCALE_FEED_GZIP_H
#define PERFSCALE_FEED_GZIP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflate;

/* More stored bytes: how many were written to to (at most size); 0 at the end, -1 with errno. */
typedef long inflate_source(void *context, char *to, size_t size);

enum inflate_state {
    INFLATE_GOES_ON,
    INFLATE_END,     /* whole */
    INFLATE_CUT,     /* the source ended inside a member */
    INFLATE_DAMAGED, /* not gzip from here on */
    INFLATE_FAILED,  /* the source said -1; errno is in error */
};

/* beside: in a thread. A source that may wait for others (a pipe) must not have one, for nothing
 * could end it. */
struct inflate *inflate_open(inflate_source *source, void *context, bool beside);

/* The next piece, valid until the next call; *len = 0 when there is no more. */
enum inflate_state inflate_next(struct inflate *z, const char **bytes, size_t *len, int *error);

/* Stored bytes taken from the source so far. */
uint64_t inflate_taken(struct inflate *z);

/* Stored bytes before the damage; after INFLATE_DAMAGED. */
uint64_t inflate_sound(const struct inflate *z);

/* Also in the middle: the thread ends first. */
void inflate_close(struct inflate *z);

#endif
