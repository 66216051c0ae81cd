#include "tools/locust/history.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tools/locust/results.h"

enum {
    HELD_MAX = 4096, /* percentiles of the whole run show themselves long before */
    GAP_S = 5,       /* Locust writes a row each second, under load every second one */
    REMARKS_MAX = 5, /* of one kind */
};

void locust_history_init(struct locust_history *h, const struct sink *out) {
    *h = (struct locust_history){.out = out, .users_max = NAN, .p100_ms = NAN};
}

void locust_history_fini(struct locust_history *h) { free(h->held); }

static void say_point(const struct locust_history *h, const struct point *p) {
    struct point said = *p;
    if (!h->windows)
        said.med_ms = said.p95_ms = NAN;
    if (h->out->point)
        h->out->point(h->out->self, &said);
}

static void say_held(struct locust_history *h) {
    for (size_t i = 0; i < h->held_n; i++)
        say_point(h, &h->held[i]);
    h->held_n = 0;
}

static void take_point(struct locust_history *h, const struct point *p) {
    if (h->windows || h->held_n == HELD_MAX || h->out->so_far) {
        say_held(h);
        say_point(h, p);
        return;
    }
    h->held = mem_grow(h->held, h->held_n, &h->held_cap, sizeof *h->held);
    h->held[h->held_n++] = *p;
}

/* Percentiles of the whole run end at the class of the longest time, which never falls; those of
 * the last seconds do so only while that time is among them. Scripts can set classes of their own.
 */
static bool shows_window(const struct locust_history *h, const struct locust_totals *t,
                         const struct locust_moment *m) {
    bool falls = m->p100_ms < h->p100_ms && t->max_ms >= h->newest.max_ms &&
                 t->requests >= h->newest.requests;
    return t->requests > 0 && (falls || m->p100_ms < 0.75 * t->max_ms - 0.5);
}

/* Mean of what came between two rows, from their means and counts. */
static double mean_between(const struct locust_totals *a, const struct locust_totals *b) {
    double n = b->requests - a->requests;
    double before = a->requests > 0 ? a->requests * a->avg_ms : 0;
    double sum = b->requests * b->avg_ms - before;
    return n > 0 && sum >= 0 ? sum / n : NAN;
}

/* A class that no request fell into is written as 0. */
static double unless_zero(double ms) { return ms > 0 ? ms : NAN; }

static struct point point_between(const struct locust_history *h, const struct locust_totals *t,
                                  const struct locust_moment *m) {
    return (struct point){.at_s = h->last.at_s,
                          .length_s = m->at_s - h->last.at_s,
                          .requests = t->requests - h->totals.requests,
                          .failed = t->failed - h->totals.failed,
                          .avg_ms = h->cut_off ? NAN : mean_between(&h->totals, t),
                          .med_ms = unless_zero(m->p50_ms),
                          .p95_ms = unless_zero(m->p95_ms),
                          .max_ms = t->max_ms > h->totals.max_ms ? t->max_ms : NAN,
                          .vus = fmax(h->last.users, m->users),
                          .dropped = NAN,
                          .load = NAN};
}

static void start(struct locust_history *h, const struct locust_totals *t,
                  const struct locust_moment *m) {
    h->first_s = m->at_s;
    h->first_requests = h->any ? 0 : t->requests;
    h->any = true;
    h->totals = h->newest = *t;
    h->last = *m;
}

/* Counts that fall: the statistics were reset (--reset-stats), or another run begins. */
static bool starts_again(struct locust_history *h, const struct locust_totals *t) {
    if (t->requests >= h->newest.requests && t->failed >= h->newest.failed)
        return false;
    if (h->resets++ < REMARKS_MAX)
        sink_remark(h->out, FINDING_WARNING, "counts-restart", t->line,
                    "the counts begin again in line %ld: the statistics were reset, or another "
                    "run follows; the figures are of what comes after",
                    t->line);
    return true;
}

/* The time of a row on a clock that never goes back. */
static double clock_of(struct locust_history *h, double at_s, long line) {
    double now_s = at_s + h->back_s, step_s = now_s - h->last.at_s;
    if (step_s < 0) {
        if (h->jumps++ < REMARKS_MAX)
            sink_remark(h->out, FINDING_WARNING, "clock-jump", line,
                        "the clock jumps back by %.0f s in line %ld", -step_s, line);
        h->back_s -= step_s;
        return h->last.at_s;
    }
    if (step_s > GAP_S && h->gaps++ < REMARKS_MAX)
        sink_remark(h->out, FINDING_WARNING, "gap", line,
                    "no row for %.0f s before line %ld: the load generator stood still, or had "
                    "no time to write",
                    step_s, line);
    return now_s;
}

static void take_users(struct locust_history *h, double users, long line) {
    if (isnan(users) || users <= h->users_max)
        return;
    h->users_max = users;
    h->users_line = line;
}

void locust_history_add(struct locust_history *h, const struct locust_totals *t,
                        const struct locust_moment *m) {
    struct locust_moment now = *m;
    take_users(h, m->users, t->line);
    h->windows |= shows_window(h, t, m);
    h->p100_ms = m->p100_ms;
    if (h->any)
        now.at_s = clock_of(h, m->at_s, t->line);
    if (!h->any || starts_again(h, t)) {
        start(h, t, &now);
        return;
    }
    h->newest = *t;
    if (now.at_s == h->last.at_s) /* the next row with another time has what this one adds */
        return;
    struct point p = point_between(h, t, &now);
    take_point(h, &p);
    h->totals = *t;
    h->last = now;
}

void locust_history_end(struct locust_history *h) { say_held(h); }
