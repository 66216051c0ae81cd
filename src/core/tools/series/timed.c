/* Tables over time: what happened in each piece of it, and the memory of the server beside it. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tools/series/pieces.h"
#include "tools/series/results.h"
#include "tools/series/table.h"

static const struct series_needs stress_needs = {
    .all = (const enum series_column[]){SERIES_TIME, SERIES_LOAD, SERIES_REQUESTS, SERIES_COLUMNS},
    .words = "t_s, load, requests, and ok or errors",
};
static const struct series_needs soak_needs = {
    .all = (const enum series_column[]){SERIES_TIME, SERIES_COLUMNS},
    .any = (const enum series_column[]){SERIES_P95_MS, SERIES_RPS, SERIES_ERROR_PCT,
                                        SERIES_REQUESTS, SERIES_COLUMNS},
    .words = "t_s and any of p95_ms, rps, error_pct, requests",
};
static const struct series_needs memory_needs = {
    .all = (const enum series_column[]){SERIES_TIME, SERIES_COLUMNS},
    .memory = true,
    .words = "t_s and rss_mb",
};

struct timed {
    struct series_table table;
    struct series_pieces pieces;
    size_t moments[TRACES_MAX];
};

/* --- rows ------------------------------------------------------------------------------------ */

static void take_memory(struct timed *t) {
    const struct sink *out = &t->table.out;
    for (size_t i = 0; i < t->table.header.memories; i++) {
        const struct series_memory *m = &t->table.header.memory[i];
        if (isnan(m->value) || t->moments[i]++ >= MOMENTS_MAX || !out->moment)
            continue;
        out->moment(out->self, m->name, t->table.value[SERIES_TIME], m->value);
    }
}

static bool take_row(void *self) {
    struct timed *t = self;
    const double *v = t->table.value;
    struct series_row r = {.point = point_none(v[SERIES_TIME], NAN),
                           .rps = v[SERIES_RPS],
                           .error_share = v[SERIES_ERROR_PCT] / 100};
    if (!series_failed(&t->table, v[SERIES_REQUESTS], &r.point.failed))
        return false;
    r.point.requests = v[SERIES_REQUESTS];
    r.point.avg_ms = v[SERIES_MEAN_MS];
    r.point.med_ms = v[SERIES_P50_MS];
    r.point.p95_ms = v[SERIES_P95_MS];
    r.point.max_ms = v[SERIES_MAX_MS];
    r.point.vus = v[SERIES_VUS];
    r.point.dropped = v[SERIES_DROPPED];
    r.point.load = v[SERIES_LOAD];
    series_pieces_add(&t->pieces, &r);
    take_memory(t);
    return true;
}

static bool take_memory_row(void *self) {
    take_memory(self);
    return true;
}

/* --- the readers ----------------------------------------------------------------------------- */

static void *open_with(const struct sink *out, const struct series_needs *needs,
                       bool (*row)(void *)) {
    struct timed *t = mem_new(1, sizeof *t);
    series_table_init(&t->table, out, needs, t, row);
    return t;
}

static void *stress_open(const struct sink *out) { return open_with(out, &stress_needs, take_row); }
static void *soak_open(const struct sink *out) { return open_with(out, &soak_needs, take_row); }
static void *memory_open(const struct sink *out) {
    return open_with(out, &memory_needs, take_memory_row);
}

static bool timed_feed(void *self, const char *bytes, size_t len, struct err *e) {
    return series_table_feed(&((struct timed *)self)->table, bytes, len, e);
}

static void say_memory(const struct timed *t) {
    for (size_t i = 0; i < t->table.header.memories; i++) {
        const char *name = t->table.header.memory[i].name;
        if (t->moments[i] == 0)
            sink_remark(&t->table.out, FINDING_WARNING, "no-memory-value", 0,
                        "%.80s holds no figure at all", name);
        if (t->moments[i] > MOMENTS_MAX)
            sink_remark(&t->table.out, FINDING_WARNING, "moments-left-out", 0,
                        "%.80s has more than %d values: the later ones were left out", name,
                        MOMENTS_MAX);
    }
}

static bool has_moments(const struct timed *t) {
    for (size_t i = 0; i < t->table.header.memories; i++)
        if (t->moments[i] > 0)
            return true;
    return false;
}

static bool timed_finish(void *self, struct err *e) {
    struct timed *t = self;
    if (!series_table_finish(&t->table, e))
        return false;
    if (t->table.needs->memory && !has_moments(t)) {
        err_set(e, ERR_FORMAT, "holds no figure in its column of memory");
        return err_fix(e, "give one memory value a row, such as rss_mb");
    }
    series_pieces_say(&t->pieces, &t->table.out);
    say_memory(t);
    return true;
}

static void timed_close(void *self) {
    struct timed *t = self;
    series_table_fini(&t->table);
    series_pieces_fini(&t->pieces);
    free(t);
}

static int stress_sniff(const char *head, size_t len) {
    return series_sniff(head, len, &stress_needs, 96);
}
static int soak_sniff(const char *head, size_t len) {
    return series_sniff(head, len, &soak_needs, 96);
}
static int memory_sniff(const char *head, size_t len) {
    return series_sniff(head, len, &memory_needs, 96);
}

const struct reader series_stress_reader = {
    .name = "series-stress",
    .tool = "series",
    .gives = GIVES_SERIES,
    .own_times = true,
    .sniff = stress_sniff,
    .open = stress_open,
    .feed = timed_feed,
    .finish = timed_finish,
    .close = timed_close,
};

const struct reader series_soak_reader = {
    .name = "series-soak",
    .tool = "series",
    .gives = GIVES_SERIES,
    .own_times = true,
    .sniff = soak_sniff,
    .open = soak_open,
    .feed = timed_feed,
    .finish = timed_finish,
    .close = timed_close,
};

const struct reader series_memory_reader = {
    .name = "series-memory",
    .tool = "series",
    .gives = GIVES_MEMORY,
    .sniff = memory_sniff,
    .open = memory_open,
    .feed = timed_feed,
    .finish = timed_finish,
    .close = timed_close,
};
