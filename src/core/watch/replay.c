/* The bytes of a replay. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "feed/feed.h"
#include "watch/parts.h"

/* A feed with gzip in it does not move. */
struct played {
    char path[1024];
    struct feed feed;
    bool open, over;
};

struct played *played_new(const char *path) {
    struct played *p = mem_new(1, sizeof *p);
    text_copy(p->path, sizeof p->path, path);
    return p;
}

void played_free(struct played *p) {
    if (p && p->open)
        feed_close(&p->feed);
    free(p);
}

bool played_next(struct played *p, const char **bytes, size_t *len, struct err *e) {
    *len = 0;
    if (p->over)
        return true;
    if (!p->open && !feed_open(&p->feed, p->path, e))
        return false;
    p->open = true;
    bool ok = feed_next(&p->feed, bytes, len, e);
    p->over = !ok || *len == 0;
    return ok;
}

uint64_t played_left(const struct played *p) {
    bool known = p->open && !p->over && p->feed.size_bytes > p->feed.at_bytes;
    return known ? p->feed.size_bytes - p->feed.at_bytes : 0;
}
