#include "check/pieces.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/check_parts.h"

enum { PIECES_MOST = 2000 };

void pieces_fini(struct pieces *p) {
    free(p->at);
    *p = (struct pieces){0};
}

struct span {
    double from_s, to_s;
};

/* Requests of which the mean is known carry it. */
static void join(struct piece *x, double *timed, const struct point *p) {
    if (!(p->requests > 0))
        return;
    x->requests += p->requests;
    x->failed += p->failed;
    if (isnan(p->avg_ms))
        return;
    x->mean_ms = (isnan(x->mean_ms) ? 0 : x->mean_ms * *timed) + p->avg_ms * p->requests;
    *timed += p->requests;
    x->mean_ms /= *timed;
}

static struct pieces cut(const struct series *r, struct span s, double length_s) {
    double n = floor((s.to_s - s.from_s) / length_s + 1e-9);
    struct pieces p = {.length_s = length_s};
    if (!(n >= 1) || n > PIECES_MOST)
        return p;
    p.n = (size_t)n;
    p.at = mem_new(p.n, sizeof *p.at);
    double *timed = mem_new(p.n, sizeof *timed);
    for (size_t i = 0; i < p.n; i++)
        p.at[i] = (struct piece){.at_s = s.from_s + (double)i * length_s, .mean_ms = NAN};
    for (size_t i = 0; i < r->points; i++) {
        double middle = r->point[i].at_s + r->point[i].length_s / 2;
        double at = floor((middle - s.from_s) / length_s);
        if (at >= 0 && at < n)
            join(&p.at[(size_t)at], &timed[(size_t)at], &r->point[i]);
    }
    free(timed);
    return p;
}

static bool has_enough(const struct pieces *p, double requests_least) {
    size_t enough = 0;
    for (size_t i = 0; i < p->n; i++)
        enough += p->at[i].requests >= requests_least;
    return 2 * enough >= p->n;
}

static double point_length(const struct series *r) {
    double most = 0;
    for (size_t i = 0; i < r->points; i++)
        most = fmax(most, r->point[i].length_s);
    return most;
}

/* The shortest pieces, whole points each, that hold requests enough. */
static struct pieces shortest(const struct series *r, struct span s, double requests_least,
                              double length_least_s) {
    double point_s = point_length(r);
    if (!(point_s > 0) || !isfinite(s.from_s) || !isfinite(s.to_s))
        return (struct pieces){0};
    double all_s = s.to_s - s.from_s;
    for (double each = 1; each * point_s <= all_s; each = ceil(each * 1.25)) {
        double length_s = each * point_s;
        if (length_s < length_least_s || all_s / length_s > PIECES_MOST)
            continue;
        struct pieces p = cut(r, s, length_s);
        if (has_enough(&p, requests_least))
            return p;
        pieces_fini(&p);
    }
    return (struct pieces){0};
}

struct pieces steady_pieces(const struct check_input *in, double requests_least) {
    const struct stretch *x = judged_stretch(in);
    const struct summary *run = in->run;
    const struct series *r = run->series.points ? &run->series : &run->windows;
    if (!x || r->points == 0)
        return (struct pieces){0};
    return shortest(r, (struct span){x->from_s, x->to_s}, requests_least, 0);
}

struct pieces run_pieces(const struct check_input *in, double requests_least,
                         double length_least_s) {
    const struct series *r = &in->run->series;
    if (r->points == 0)
        return (struct pieces){0};
    return shortest(r, (struct span){r->point[0].at_s, series_end_s(r)}, requests_least,
                    length_least_s);
}
