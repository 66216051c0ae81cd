#include "soak/parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"

/* Beyond these no figure of a machine lies, and sums of squares stay finite. */
static const double VALUE_MOST = 1e100;
static const double TIME_MOST_S = 1e12;

static int by_time(const void *a, const void *b) {
    const struct moment *x = a, *y = b;
    if (x->t_s != y->t_s)
        return x->t_s > y->t_s ? 1 : -1;
    return order_doubles(&x->value, &y->value);
}

double soak_quantile(const double *sorted, size_t n, double part) {
    double place = (double)(n - 1) * part;
    size_t k = (size_t)place;
    if (k + 1 >= n)
        return sorted[n - 1];
    return sorted[k] + (place - (double)k) * (sorted[k + 1] - sorted[k]);
}

static bool usable(const struct moment *m) {
    return fabs(m->t_s) <= TIME_MOST_S && fabs(m->value) <= VALUE_MOST; /* false for NAN */
}

/* Moves the samples from the end of the warm-up on to the front. */
static void cut_warm_up(struct samples *s, double warm_up) {
    if (s->n == 0)
        return;
    double from = s->at[0].t_s + warm_up * samples_length_s(s);
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].t_s >= from)
            s->at[kept++] = s->at[i];
    s->n = kept;
}

void samples_take(struct samples *s, const struct moment *at, size_t n, double sign,
                  double warm_up) {
    *s = (struct samples){.at = mem_new(n, sizeof *s->at)};
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        if (!usable(&at[i]))
            continue;
        sorted = sorted && (s->n == 0 || s->at[s->n - 1].t_s <= at[i].t_s);
        s->at[s->n++] = (struct moment){at[i].t_s, sign * at[i].value};
    }
    if (!sorted)
        qsort(s->at, s->n, sizeof *s->at, by_time);
    s->seen = s->n;
    cut_warm_up(s, warm_up);
}

void samples_drop(struct samples *s) {
    free(s->at);
    *s = (struct samples){0};
}

double samples_length_s(const struct samples *s) {
    return s->n == 0 ? 0 : s->at[s->n - 1].t_s - s->at[0].t_s;
}

double samples_median(const struct samples *s, size_t from, size_t n) {
    double *v = mem_new(n, sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = s->at[from + i].value;
    double median = order_median(v, n);
    free(v);
    return median;
}

static size_t block_of(const struct samples *s, size_t i, size_t count) {
    double length = samples_length_s(s);
    if (!(length > 0))
        return 0;
    size_t k = (size_t)((s->at[i].t_s - s->at[0].t_s) / length * (double)count);
    return k < count ? k : count - 1; /* the last sample lies on the end */
}

static double extreme(const struct samples *s, size_t from, size_t n, double sign) {
    double most = s->at[from].value;
    for (size_t i = from; i < from + n; i++)
        if (sign * (s->at[i].value - most) > 0)
            most = s->at[i].value;
    return most;
}

void samples_to_blocks(const struct samples *s, size_t count, bool median, struct trend *out) {
    double width = samples_length_s(s) / (double)count;
    out->blocks = 0;
    for (size_t i = 0, n; i < s->n; i += n) {
        size_t k = block_of(s, i, count);
        for (n = 1; i + n < s->n && block_of(s, i + n, count) == k;)
            n++;
        out->block_s[out->blocks] = s->at[0].t_s + ((double)k + 0.5) * width;
        out->block[out->blocks++] = median ? samples_median(s, i, n) : extreme(s, i, n, -1);
        out->level_end = extreme(s, i, n, 1);
    }
}
