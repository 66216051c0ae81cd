#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "stats/figures.h"
#include "stats/pick.h"

struct piece {
    const struct stats *s;
    enum kind kind;
    int64_t from_ms, to_ms;
};

static void count_piece(const struct piece *p, struct counts *c) {
    struct entry e;
    for (size_t b = 0; b < p->s->log.blocks; b++) {
        const struct log_block *k = &p->s->log.block[b];
        if (k->last_ms < p->from_ms || k->first_ms >= p->to_ms)
            continue;
        struct log_state at = {.base_ms = LOG_NO_TIME};
        for (size_t i = 0; i < k->n; i++)
            if (log_decode(&at, k->word[i], &e) && e.end_ms >= p->from_ms && e.end_ms < p->to_ms &&
                names_kind(&p->s->names, e.endpoint) == p->kind)
                counts_add(c, e.value, e.outcome, 1);
    }
}

static void figures_of_log(const struct piece *p, figures *value, double length_s) {
    struct counts c = {0};
    const struct counts *of = &c;
    count_piece(p, &c);
    figures_of_counts(*value, &c, length_s, &p->s->rules);
    pick_percentiles(&(struct pick){.log = &p->s->log,
                                    .names = &p->s->names,
                                    .by = PICK_TIMES,
                                    .kind = p->kind,
                                    .begin_ms = p->from_ms,
                                    .length_ms = (uint64_t)(p->to_ms - p->from_ms),
                                    .of = &of,
                                    .groups = 1,
                                    .want = percentile_wants,
                                    .wants = WANTS,
                                    .rules = &p->s->rules,
                                    .value = value});
}

/* From the pieces between the ends of wanted stretches, which this one consists of. Returns how far
 * its percentiles may be off. */
static double figures_of_atoms(const struct piece *p, double value[ENDPOINT_METRICS],
                               double length_s) {
    struct counts c = {0};
    int64_t row[ATOMS_MAX];
    size_t rows = 0;
    for (size_t i = 0; i < p->s->atoms; i++) {
        if (p->s->atom[i].from_ms < p->from_ms || p->s->atom[i].from_ms >= p->to_ms)
            continue;
        counts_join(&c, &p->s->atom[i].of[p->kind]);
        row[rows++] = row_of_piece(i, p->kind, 0);
    }
    figures_of_counts(value, &c, length_s, &p->s->rules);
    struct classes_view v = classes_view(&p->s->pieces);
    double error = figures_of_classes(value, &v, row, rows, &c, &p->s->rules);
    classes_view_fini(&v);
    return error;
}

/* From whole seconds: percentiles are not known. */
static void figures_of_seconds(const struct piece *p, double value[ENDPOINT_METRICS],
                               double length_s) {
    const struct timeline *t = &p->s->time;
    struct counts c = {0};
    for (size_t i = 0; i < t->n; i++) {
        int64_t begin = timeline_begin_ms(t, t->first + (int64_t)i);
        if (begin >= p->from_ms && begin < p->to_ms)
            counts_join(&c, &t->at[i].of[p->kind]);
    }
    figures_of_counts(value, &c, length_s, &p->s->rules);
}

static double dropped_in(const struct series *r, double from_s, double to_s) {
    double sum = NAN;
    for (size_t i = 0; i < r->points; i++)
        if (r->point[i].at_s >= from_s && r->point[i].at_s < to_s && !isnan(r->point[i].dropped))
            sum = (isnan(sum) ? 0 : sum) + r->point[i].dropped;
    return sum;
}

/* start_ms: what from_s and to_s count from. A stretch that the run did not reach is left out. */
static void add_stretch(struct stats *s, struct summary *out, const struct stretch_wanted *w,
                        int64_t start_ms, double *error) {
    struct extent run;
    struct piece p = {.s = s,
                      .kind = stats_kind(s),
                      .from_ms = start_ms + (int64_t)llround(w->from_s * 1000),
                      .to_ms = start_ms + (int64_t)llround(w->to_s * 1000)};
    if (!figures_extent(s, &run))
        return;
    int64_t from = p.from_ms > run.start_ms ? p.from_ms : run.start_ms;
    int64_t to = p.to_ms < run.end_ms ? p.to_ms : run.end_ms;
    if (to <= from)
        return;
    struct stretch *x = &out->stretch[out->stretches++];
    double offset_s = (double)(start_ms - out->series.start_ms) / 1000;
    *x = stretch_none();
    x->from_s = w->from_s;
    x->to_s = w->to_s;
    text_copy(x->name, sizeof x->name, w->name);
    double length_s = x->window_s = (double)(to - from) / 1000;
    if (s->exact)
        figures_of_log(&p, &x->value, length_s);
    else if (s->stretches && s->atoms)
        *error = fmax(*error, figures_of_atoms(&p, x->value, length_s));
    else
        figures_of_seconds(&p, x->value, length_s);
    x->vus = series_mean_vus(&out->series, (double)(from - out->series.start_ms) / 1000,
                             (double)(to - out->series.start_ms) / 1000);
    x->dropped = dropped_in(&out->series, w->from_s + offset_s, w->to_s + offset_s);
}

static int by_begin(const void *a, const void *b) {
    const struct stretch *x = a, *y = b;
    return x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

void finish_stretches(struct stats *s, struct summary *out) {
    if (s->time.n == 0 || s->seen[stats_kind(s)] == 0)
        return;
    free(out->stretch);
    out->stretches = 0;
    out->stretch = mem_new(s->stretches + 1, sizeof *out->stretch);
    struct stretch_wanted steady = {.name = "steady"};
    double error = 0;
    int64_t start_ms = s->origin_ms != INT64_MIN ? s->origin_ms
                       : s->requests[stats_kind(s)].first_ms != INT64_MAX
                           ? s->requests[stats_kind(s)].first_ms
                           : out->series.start_ms;
    for (size_t i = 0; i < s->stretches; i++)
        add_stretch(s, out, &s->stretch[i], start_ms, &error);
    if (s->stretches == 0 && steady_find(&out->series, &steady.from_s, &steady.to_s))
        add_stretch(s, out, &steady, out->series.start_ms, &error);
    qsort(out->stretch, out->stretches, sizeof *out->stretch, by_begin);
    figures_say_error(&out->findings, "stretches", error);
}
