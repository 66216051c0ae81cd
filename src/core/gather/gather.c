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

static void set_total(const struct inputs *all, struct gather_watch *watch) {
    uint64_t total = 0;
    for (size_t i = 0; i < all->len + all->memories; i++) {
        const struct input *s = i < all->len ? &all->item[i] : &all->memory[i - all->len];
        if (s->feed.size_bytes == 0)
            return;
        total += s->feed.size_bytes;
    }
    atomic_store(&watch->total_bytes, total);
}

/* What undoes gzip takes memory: of several files each has it only while it is read. */
static bool open_all(struct inputs *all, const struct gather_options *o, struct err *e) {
    for (size_t i = 0; i < all->len;) {
        struct input *s = &all->item[i];
        if (!input_open(s, o->format, e))
            return false;
        if (s->reader->gives == GIVES_MEMORY) {
            if (!memory_take(all, i, o, e))
                return false;
            continue;
        }
        s->origin_ms = input_origin(s);
        if (all->len > 1)
            input_rest(s);
        i++;
    }
    copies_drop(all);
    if (o->watch)
        set_total(all, o->watch);
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

/* A file that nobody named, and that is no result after all, does not spoil the others. */
static bool can_leave_out(const struct inputs *all, const struct input *s) {
    bool others = false;
    for (size_t i = 0; i < all->len; i++) {
        const struct input *x = &all->item[i];
        others = others || (x != s && x->machine == s->machine && !x->left_out);
    }
    return others && s->listed && !s->reader->samples && s->why.kind == ERR_FORMAT;
}

static bool read_one(struct inputs *all, struct input *s, const struct read_how *g, struct err *e) {
    bool ok = wakes(s, g->o, &s->why) && input_read(s, g, &s->why);
    feed_close(&s->feed);
    if (ok)
        return true;
    s->left_out = can_leave_out(all, s);
    if (!s->left_out && e)
        *e = s->why;
    return s->left_out;
}

/* Looked at before. */
static bool read_all(struct inputs *all, const struct gather_options *o, struct summary *out,
                     struct err *e) {
    int machines = machines_find(all, e);
    bool together = machines && machines_have_samples(all, machines), ok = machines > 0;
    struct stats *total = NULL;
    struct read_how g = {.o = o,
                         .threads = threads_of(o),
                         .parts = together && machines > 1,
                         .origin_ms = origin_of(all),
                         .chunk_bytes = CHUNK_BYTES,
                         .split_bytes = SPLIT_BYTES};
    for (size_t i = 0; ok && i < all->len; i++) {
        struct input *s = &all->item[i];
        ok = read_one(all, s, &g, e);
        if (ok && s->stats)
            take_stats(s, &total, together);
    }
    ok = ok && run_make(all, machines, total, o, out, e);
    stats_free(total);
    return ok;
}

static bool make(struct inputs *all, const struct gather_options *o, struct summary *out,
                 struct err *e) {
    if (all->len > 0)
        return read_all(all, o, out, e);
    bool ok = memory_alone(all, o, out, e);
    end_sentences(&out->findings);
    return ok;
}

bool gather(const char *const *paths, size_t n, const struct gather_options *o, struct summary *out,
            struct err *e) {
    struct inputs all = {0};
    summary_init(out);
    bool ok = inputs_list(&all, paths, n, o, e) && open_all(&all, o, e) && make(&all, o, out, e);
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
    if (ok && o->watch)
        atomic_store(&o->watch->total_bytes, len);
    if (ok && s->reader->gives == GIVES_MEMORY)
        ok = memory_take(&all, 0, o, e);
    else if (ok)
        s->origin_ms = input_origin(s);
    ok = ok && make(&all, o, out, e);
    inputs_fini(&all);
    return ok;
}
