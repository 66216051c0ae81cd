#include "tools/series/pieces.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"
#include "tools/series/table.h"

void series_pieces_add(struct series_pieces *p, const struct series_row *r) {
    if (p->rows == SERIES_ROWS_MAX) {
        p->left_out++;
        return;
    }
    p->row = mem_grow(p->row, p->rows, &p->cap, sizeof *p->row);
    p->row[p->rows++] = *r;
}

void series_pieces_fini(struct series_pieces *p) {
    free(p->row);
    *p = (struct series_pieces){0};
}

/* --- lengths --------------------------------------------------------------------------------- */

static void set_lengths(struct series_pieces *p) {
    for (size_t i = 0; i + 1 < p->rows; i++)
        p->row[i].point.length_s = p->row[i + 1].point.at_s - p->row[i].point.at_s;
    p->row[p->rows - 1].point.length_s = p->row[p->rows - 2].point.length_s;
    for (size_t i = 0; i < p->rows; i++) {
        struct series_row *r = &p->row[i];
        if (!isnan(r->point.requests))
            continue;
        r->point.requests = r->rps * r->point.length_s;
        r->point.failed = r->point.requests * r->error_share;
    }
}

/* --- many rows to one piece ------------------------------------------------------------------ */

/* The known values of n rows. */
struct joined {
    double time_ms, timed, load;
    double *med, *p95; /* room for n */
    size_t meds, p95s, loads;
};

static void join_one(struct point *to, struct joined *j, const struct point *p) {
    to->requests = sum_known(to->requests, p->requests);
    to->failed = sum_known(to->failed, p->failed);
    to->dropped = sum_known(to->dropped, p->dropped);
    to->max_ms = fmax(to->max_ms, p->max_ms);
    to->vus = fmax(to->vus, p->vus);
    if (p->requests > 0 && !isnan(p->avg_ms)) {
        j->time_ms += p->avg_ms * p->requests;
        j->timed += p->requests;
    }
    if (!isnan(p->med_ms))
        j->med[j->meds++] = p->med_ms;
    if (!isnan(p->p95_ms))
        j->p95[j->p95s++] = p->p95_ms;
    if (!isnan(p->load)) {
        j->load += p->load;
        j->loads++;
    }
}

static struct point join(const struct series_row *r, size_t n, double *room) {
    const struct point *last = &r[n - 1].point;
    struct point to = point_none(r->point.at_s, point_end_s(last) - r->point.at_s);
    struct joined j = {.med = room, .p95 = room + n};
    for (size_t i = 0; i < n; i++)
        join_one(&to, &j, &r[i].point);
    to.avg_ms = j.timed > 0 ? j.time_ms / j.timed : NAN;
    to.med_ms = order_median(j.med, j.meds);
    to.p95_ms = order_median(j.p95, j.p95s);
    to.load = j.loads ? j.load / (double)j.loads : NAN;
    return to;
}

static void say_points(const struct series_pieces *p, const struct sink *out) {
    size_t each = (p->rows + POINTS_MAX - 1) / POINTS_MAX;
    double *room = mem_new(2 * each, sizeof *room);
    for (size_t i = 0; i < p->rows; i += each) {
        size_t n = p->rows - i < each ? p->rows - i : each;
        struct point x = n == 1 ? p->row[i].point : join(&p->row[i], n, room);
        if (out->point)
            out->point(out->self, &x);
    }
    if (each > 1)
        sink_remark(out, FINDING_INFO, "rows-joined", 0,
                    "%zu rows are more than %d: each %zu are one piece, whose p95 is the median "
                    "of theirs",
                    p->rows, POINTS_MAX, each);
    free(room);
}

/* --- the run --------------------------------------------------------------------------------- */

struct totals {
    double requests, failed, time_ms, timed, max_ms, dropped, vus;
    bool counted, all_failed_known;
};

static struct totals totals_of(const struct series_pieces *p) {
    struct totals t = {.max_ms = NAN, .dropped = NAN, .vus = NAN, .all_failed_known = true};
    for (size_t i = 0; i < p->rows; i++) {
        const struct point *x = &p->row[i].point;
        t.max_ms = fmax(t.max_ms, x->max_ms);
        t.vus = fmax(t.vus, x->vus);
        t.dropped = sum_known(t.dropped, x->dropped);
        if (isnan(x->requests))
            continue;
        t.counted = true;
        t.requests += x->requests;
        t.failed += x->failed;
        t.all_failed_known = t.all_failed_known && !isnan(x->failed);
        if (x->requests > 0) {
            t.time_ms += x->requests * x->avg_ms;
            t.timed += x->requests;
        }
    }
    return t;
}

static void say_run(const struct series_pieces *p, const struct sink *out) {
    const struct point *first = &p->row[0].point, *last = &p->row[p->rows - 1].point;
    struct totals t = totals_of(p);
    double length_s = point_end_s(last) - first->at_s;
    if (length_s > 0)
        series_say(out, METRIC_DURATION_S, length_s, "last t_s - first t_s + its length");
    series_say(out, METRIC_DROPPED, t.dropped, "sum of dropped");
    series_say(out, METRIC_VUS_MAX, t.vus, "most of vus");
    series_say(out, METRIC_MAX_MS, t.max_ms, "most of max_ms");
    if (!t.counted)
        return;
    series_say(out, METRIC_REQUESTS, round(t.requests), "sum of requests, or of rps x time");
    if (t.all_failed_known)
        series_say(out, METRIC_FAILED, round(t.failed), "sum of failed requests");
    if (length_s > 0)
        series_say(out, METRIC_RPS, t.requests / length_s, "requests / time");
    if (t.timed > 0)
        series_say(out, METRIC_AVG_MS, t.time_ms / t.timed, "mean_ms weighted by requests");
}

static void say_lost(const struct series_pieces *p, const struct sink *out) {
    bool lost = false;
    for (size_t i = 0; i < p->rows; i++)
        lost = lost || (isnan(p->row[i].point.requests) && !isnan(p->row[i].error_share));
    if (lost)
        sink_remark(out, FINDING_INFO, "errors-without-requests", 0,
                    "error_pct stands in rows that say neither requests nor rps: what failed "
                    "there is not known");
    if (p->left_out)
        sink_remark(out, FINDING_WARNING, "rows-left-out", 0,
                    "there are more than %d rows: %ld later ones were left out", SERIES_ROWS_MAX,
                    p->left_out);
}

void series_pieces_say(struct series_pieces *p, const struct sink *out) {
    if (p->rows == 0)
        return;
    if (p->rows > 1) {
        set_lengths(p);
        say_points(p, out);
    } else {
        sink_remark(out, FINDING_WARNING, "one-row", 0,
                    "one row alone does not say how long it lasted");
    }
    say_run(p, out);
    say_lost(p, out);
}
