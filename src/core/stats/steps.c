/* The steps of a stress test whose plan is not known: levels of its VUs. */
#include <math.h>

#include "stats/steady.h"

#define LEAST_S 20.0
#define LEAST_SHARE 0.03
#define SAME 0.01
#define RISES 0.05
#define DIP_S 5.0

enum { STEPS_LEAST = 3 };

static bool same_level(double a, double b) { return fabs(a - b) <= SAME * fmax(a, b); }

/* The level that begins with point i: as long as it comes back within DIP_S. */
static struct level level_from(const struct series *r, size_t i) {
    const struct point *first = &r->point[i];
    struct level l = {.from_s = first->at_s, .to_s = point_end_s(first), .load = first->vus};
    for (size_t k = i + 1; k < r->points && r->point[k].at_s - l.to_s <= DIP_S; k++)
        if (same_level(r->point[k].vus, l.load))
            l.to_s = point_end_s(&r->point[k]);
    return l;
}

static size_t next_after(const struct series *r, size_t i, double to_s) {
    while (i < r->points && r->point[i].at_s < to_s)
        i++;
    return i;
}

size_t steps_find(const struct series *r, double cut, struct level *out, size_t max) {
    size_t n = 0;
    if (r->points == 0)
        return 0;
    double whole = series_end_s(r) - r->point[0].at_s, last = 0;
    for (size_t i = 0; i < r->points && n < max;) {
        struct level l = level_from(r, i);
        double length = l.to_s - l.from_s;
        bool holds = l.load > 0 && length >= LEAST_S && length >= LEAST_SHARE * whole;
        if (holds && l.load > last * (1 + RISES)) {
            out[n++] = l;
            last = l.load;
        }
        i = holds ? next_after(r, i, l.to_s) : i + 1;
    }
    if (n < STEPS_LEAST)
        return 0;
    for (size_t i = 0; i < n; i++)
        out[i].from_s += cut * (out[i].to_s - out[i].from_s);
    return n;
}
