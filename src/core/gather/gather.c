#include "gather/gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gather/parts.h"

enum { THREADS_MAX = 8, CHUNK_BYTES = 4 << 20 };

static int threads_of(const struct gather_options *o) {
    long n = o->threads > 0 ? o->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (int)n;
}

static bool open_all(struct sources *all, const struct gather_options *o, struct err *e) {
    uint64_t total = 0;
    bool known = true;
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        if (!feed_open(&s->feed, s->path, e) || !source_look(s, o->format, e))
            return false;
        known = known && s->feed.size_bytes > 0;
        total += s->feed.size_bytes;
    }
    if (o->watch && known)
        atomic_store(&o->watch->total_bytes, total);
    return true;
}

static int64_t origin_of(const struct sources *all) {
    int64_t first = INT64_MIN;
    for (size_t i = 0; i < all->len; i++) {
        int64_t origin = source_origin(&all->item[i]);
        if (origin != INT64_MIN && (first == INT64_MIN || origin < first))
            first = origin;
    }
    return first;
}

/* Opened and looked at before. */
static bool read_all(struct sources *all, const struct gather_options *o, struct summary *out,
                     struct err *e) {
    struct reading g = {.o = o, .threads = threads_of(o), .origin_ms = origin_of(all)};
    int machines = machines_find(all, e);
    if (machines == 0)
        return false;
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        bool ok = is_split(s, &g) ? read_split(s, &g, CHUNK_BYTES, e) : read_whole(s, &g, e);
        feed_close(&s->feed);
        if (!ok)
            return false;
    }
    return run_make(all, machines, out, e);
}

bool gather(const char *const *paths, size_t n, const struct gather_options *o, struct summary *out,
            struct err *e) {
    struct sources all = {0};
    summary_init(out);
    bool ok = sources_list(&all, paths, n, e) && open_all(&all, o, e) && read_all(&all, o, out, e);
    sources_fini(&all);
    return ok;
}

bool gather_bytes(const char *name, const char *bytes, size_t len, const struct gather_options *o,
                  struct summary *out, struct err *e) {
    struct sources all = {0};
    summary_init(out);
    struct input *s = sources_add(&all, name);
    feed_open_memory(&s->feed, name, bytes, len);
    bool ok = source_look(s, o->format, e) && read_all(&all, o, out, e);
    sources_fini(&all);
    return ok;
}
