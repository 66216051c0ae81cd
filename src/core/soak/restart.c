#include "soak/soak.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/order.h"
#include "soak/parts.h"

/* What tells a restart from a garbage collection. */
struct signs {
    const struct soak_traffic *traffic;
    size_t n;
    double sample_s; /* how far from the fall they may lie */
    double errors_most, rps_least;
};

/* Median distance in time of neighbours in an array whose items begin with their t_s; 0 when there
 * are none. */
static double usual_step(const void *items, size_t size, size_t n) {
    double *step = mem_new(n, sizeof *step), before = NAN;
    size_t steps = 0;
    for (size_t i = 0; i < n; i++) {
        double t_s;
        memcpy(&t_s, (const char *)items + i * size, sizeof t_s);
        if (isfinite(t_s - before))
            step[steps++] = fabs(t_s - before);
        before = t_s;
    }
    double median = steps > 0 ? order_median(step, steps) : 0;
    free(step);
    return median;
}

static double median_rps(const struct soak_traffic *at, size_t n) {
    double *rps = mem_new(n, sizeof *rps);
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(at[i].rps))
            rps[known++] = at[i].rps;
    double median = order_median(rps, known);
    free(rps);
    return median;
}

/* First traffic at or after a time. */
static size_t first_from(const struct signs *s, double t_s) {
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->traffic[mid].t_s < t_s)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool disturbed(const struct signs *s, double from_s, double to_s) {
    for (size_t i = first_from(s, from_s - s->sample_s);
         i < s->n && s->traffic[i].t_s <= to_s + s->sample_s; i++)
        if (s->traffic[i].error_rate > s->errors_most || s->traffic[i].rps < s->rps_least)
            return true;
    return false;
}

size_t soak_restarts(const struct moment *memory, size_t n, const struct soak_traffic *traffic,
                     size_t m, const struct soak_rules *rules, double *at_s, size_t most) {
    struct signs signs = {
        .traffic = traffic,
        .n = m,
        .sample_s =
            fmax(usual_step(memory, sizeof *memory, n), usual_step(traffic, sizeof *traffic, m)),
        .errors_most = rules->restart_errors,
        .rps_least = median_rps(traffic, m) * (1 - rules->restart_dip),
    };
    size_t found = 0;
    const struct moment *before = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(memory[i].t_s) || !isfinite(memory[i].value))
            continue;
        if (before && before->value - memory[i].value > rules->restart_fall * before->value &&
            before->value > 0 && disturbed(&signs, before->t_s, memory[i].t_s)) {
            if (found < most)
                at_s[found] = memory[i].t_s;
            found++;
        }
        before = &memory[i];
    }
    return found;
}
