/* A stretch past exact mode: from the classes of the pieces of the timeline in it. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/joined.h"
#include "stats/stretch.h"

enum { PIECES_LEAST = 4 }; /* of a fifth: else its ends are too far from the pieces' */

/* Pieces whose middle lies in it: a moment between pieces belongs to the nearest end. */
static size_t piece_at(const struct stats *s, int64_t ms) {
    int64_t length = timeline_length_ms(&s->time);
    int64_t i = timeline_number(&s->time, ms + length / 2) - s->time.first;
    return i < 0 ? 0 : i < (int64_t)s->time.n ? (size_t)i : s->time.n;
}

static int64_t begin_of(const struct stats *s, size_t piece) {
    return timeline_begin_ms(&s->time, s->time.first + (int64_t)piece);
}

/* --- the stretch ---------------------------------------------------------------------------- */

/* From the pieces between the ends of wanted stretches, which this one consists of. */
static void figures_of_atoms(struct making *m) {
    const struct stats *s = m->s;
    enum kind kind = stats_kind(s);
    struct counts c = {0};
    int64_t row[ATOMS_MAX];
    size_t rows = 0;
    for (size_t i = 0; i < s->atoms; i++) {
        if (s->atom[i].from_ms < m->wanted_from_ms || s->atom[i].from_ms >= m->wanted_to_ms)
            continue;
        counts_join(&c, &s->atom[i].of[kind]);
        row[rows++] = row_of_piece(i, kind, 0);
    }
    struct classes_view v = classes_view(&s->pieces);
    figures_of_counts(m->x->value, &c, m->x->window_s, &s->rules);
    m->error = figures_of_classes(m->x->value, &v, row, rows, &c, &s->rules);
    classes_view_fini(&v);
}

/* Classes of pieces do not tell good answers from others: where all are good they need not. */
static void figures_of_joined(struct making *m, struct joined *j) {
    double *value = m->x->value;
    figures_of_counts(value, &j->counts, m->x->window_s, &m->s->rules);
    bool all_good = counts_all(&j->counts) == j->counts.n[OUTCOME_OK];
    for (size_t i = 0; i < WANTS; i++) {
        const struct want *w = &percentile_wants[i];
        if (w->part == PART_ALL || (w->part == PART_OK && all_good))
            value[w->metric] = joined_percentile(j, w->p);
    }
    m->error = j->error;
}

static double p95_of_part(struct making *m, struct joined *j, const struct classes_view *v,
                          size_t i, size_t n) {
    size_t first = piece_at(m->s, making_cut(m, i, n));
    size_t last = piece_at(m->s, making_cut(m, i + 1, n));
    if (last < first + PIECES_LEAST)
        return NAN;
    joined_make(j, m->s, v, first, last);
    return joined_percentile(j, 0.95);
}

static void fill_parts(struct making *m, struct joined *j, const struct classes_view *v) {
    for (size_t i = 0; i < FIFTHS; i++)
        m->x->fifth_p95_ms[i] = p95_of_part(m, j, v, i, FIFTHS);
    for (size_t i = 0; i < 2; i++)
        m->x->half_p95_ms[i] = p95_of_part(m, j, v, i, 2);
}

/* --- windows -------------------------------------------------------------------------------- */

/* Whole pieces, the same number in each; what is left over at the end is less than one. */
static struct series windows_of(const struct making *m, struct joined *j,
                                const struct classes_view *v) {
    const struct stats *s = m->s;
    size_t first = piece_at(s, m->from_ms), pieces = piece_at(s, m->to_ms) - first;
    size_t each = (pieces + m->windows / 2) / m->windows;
    each = each ? each : 1;
    struct series r = {.points = pieces / each, .start_ms = m->start_ms};
    r.point = mem_new(r.points, sizeof *r.point);
    r.cap = r.points;
    j->error = 0;
    for (size_t i = 0; i < r.points; i++) {
        size_t from = first + i * each;
        joined_make(j, s, v, from, from + each);
        r.point[i] = window_point(m, &j->counts, begin_of(s, from), begin_of(s, from + each));
        r.point[i].med_ms = joined_percentile(j, 0.5);
        r.point[i].p95_ms = joined_percentile(j, 0.95);
    }
    r.percentile_error = j->error;
    return r;
}

void stretch_of_classes(struct making *m, bool wanted) {
    struct joined *j = mem_new(1, sizeof *j);
    struct classes_view v = classes_view(&m->s->points);
    joined_make(j, m->s, &v, piece_at(m->s, m->from_ms), piece_at(m->s, m->to_ms));
    joined_interval(j, &m->x->p95_low_ms, &m->x->p95_high_ms);
    if (wanted)
        figures_of_atoms(m);
    else
        figures_of_joined(m, j);
    fill_parts(m, j, &v);
    if (m->windows)
        m->out->windows = windows_of(m, j, &v);
    classes_view_fini(&v);
    free(j);
}

struct series windows_of_classes(const struct making *m) {
    struct joined *j = mem_new(1, sizeof *j);
    struct classes_view v = classes_view(&m->s->points);
    struct series r = windows_of(m, j, &v);
    classes_view_fini(&v);
    free(j);
    return r;
}
