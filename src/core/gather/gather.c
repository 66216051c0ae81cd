#include "gather/gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gather/parts.h"

enum { THREADS_MAX = 8, CHUNK_BYTES = 4 << 20, SPLIT_BYTES = 8 << 20 };

static int threads_of(const struct gather_options *o) {
    long n = o->threads > 0 ? o->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (int)n;
}

/* What undoes gzip takes memory: of several files each has it only while it is read. */
static bool open_all(struct inputs *all, const struct gather_options *o, struct err *e) {
    uint64_t total = 0;
    bool known = true;
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        if (!input_open(s, o->format, e))
            return false;
        s->origin_ms = input_origin(s);
        known = known && s->feed.size_bytes > 0;
        total += s->feed.size_bytes;
        if (all->len > 1)
            input_rest(s);
    }
    if (o->watch && known)
        atomic_store(&o->watch->total_bytes, total);
    return true;
}

static int64_t origin_of(const struct inputs *all) {
    int64_t first = INT64_MIN;
    for (size_t i = 0; i < all->len; i++) {
        int64_t origin = all->item[i].origin_ms;
        if (origin != INT64_MIN && (first == INT64_MIN || origin < first))
            first = origin;
    }
    return first;
}

static bool wakes(struct input *s, const struct gather_options *o, struct err *e) {
    return s->feed.fd >= 0 || s->feed.memory || input_open(s, o->format, e);
}

static void take_stats(struct input *s, struct stats **total, bool together) {
    if (!together) {
        finish_samples(s->stats, s->rows, &s->said);
        stats_free(s->stats);
    } else if (*total) {
        stats_join(*total, s->stats, false);
    } else {
        *total = s->stats;
    }
    s->stats = NULL;
}

/* Looked at before. */
static bool read_all(struct inputs *all, const struct gather_options *o, struct summary *out,
                     struct err *e) {
    int machines = machines_find(all, e);
    bool together = machines && machines_have_samples(all, machines), ok = machines > 0;
    struct stats *total = NULL;
    struct reading g = {.o = o,
                        .threads = threads_of(o),
                        .parts = together && machines > 1,
                        .origin_ms = origin_of(all),
                        .chunk_bytes = CHUNK_BYTES,
                        .split_bytes = SPLIT_BYTES};
    for (size_t i = 0; ok && i < all->len; i++) {
        struct input *s = &all->item[i];
        ok = wakes(s, o, e) && input_read(s, &g, e);
        feed_close(&s->feed);
        if (ok && s->stats)
            take_stats(s, &total, together);
    }
    ok = ok && run_make(all, machines, total, o, out, e);
    stats_free(total);
    return ok;
}

bool gather(const char *const *paths, size_t n, const struct gather_options *o, struct summary *out,
            struct err *e) {
    struct inputs all = {0};
    summary_init(out);
    bool ok =
        inputs_list(&all, paths, n, o, e) && open_all(&all, o, e) && read_all(&all, o, out, e);
    inputs_fini(&all);
    return ok;
}

bool gather_bytes(const char *name, const char *bytes, size_t len, const struct gather_options *o,
                  struct summary *out, struct err *e) {
    struct inputs all = {0};
    summary_init(out);
    struct input *s = inputs_add(&all, name);
    feed_open_memory(&s->feed, name, bytes, len);
    bool ok = input_look(s, o->format, e);
    if (ok)
        s->origin_ms = input_origin(s);
    if (ok && o->watch)
        atomic_store(&o->watch->total_bytes, len);
    ok = ok && read_all(&all, o, out, e);
    inputs_fini(&all);
    return ok;
}
