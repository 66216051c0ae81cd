#include "stats/figures.h"

#include <math.h>

#include "base/unit.h"

static double ms_of(double value, const struct sample_rules *rules) {
    return percentile_ms(value, rules);
}

static double mean(big_sum sum, uint64_t n, const struct sample_rules *rules) {
    return n ? ms_of((double)sum, rules) / (double)n : NAN;
}

void figures_of_counts(double value[ENDPOINT_METRICS], const struct counts *c, double length_s,
                       const struct sample_rules *rules) {
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        value[m] = NAN;
    uint64_t n = counts_all(c);
    bool told = c->n[OUTCOME_UNKNOWN] == 0;
    value[METRIC_REQUESTS] = (double)n;
    value[METRIC_FAILED] = told ? (double)c->n[OUTCOME_FAILED] : NAN;
    value[METRIC_RPS] = length_s > 0 ? (double)n / length_s : NAN;
    if (n == 0)
        return;
    value[METRIC_AVG_MS] =
        mean(c->sum[OUTCOME_OK] + c->sum[OUTCOME_FAILED] + c->sum[OUTCOME_UNKNOWN], n, rules);
    value[METRIC_MIN_MS] = ms_of((double)counts_least(c), rules);
    value[METRIC_MAX_MS] = ms_of((double)c->most, rules);
    if (told) {
        value[METRIC_OK_AVG_MS] = mean(c->sum[OUTCOME_OK], c->n[OUTCOME_OK], rules);
        value[METRIC_BAD_AVG_MS] = mean(c->sum[OUTCOME_FAILED], c->n[OUTCOME_FAILED], rules);
    }
}

/* --- from classes --- */

enum { ROWS_MAX = ATOMS_MAX * OUTCOMES, RANKS_MAX = 2 * WANTS };

/* A class stands for its middle; no value of the group lies outside its shortest and longest. */
static double kept_within(double value, const struct counts *c) {
    return fmin(fmax(value, (double)counts_least(c)), (double)c->most);
}

static double values_of(double *value, const struct classes_view *v, const int64_t *row,
                        size_t rows, uint64_t n, const struct want *want, size_t wants,
                        const struct counts *c, const struct sample_rules *rules) {
    struct place place[WANTS];
    uint64_t rank[RANKS_MAX] = {0};
    double at[RANKS_MAX];
    for (size_t i = 0; i < wants; i++) {
        place[i] = percentile_place(n, want[i].p, want[i].p == 0.5, rules->rule);
        rank[i] = place[i].lo;
        rank[wants + i] = place[i].hi;
    }
    classes_at(v, row, rows, rank, wants, at);
    classes_at(v, row, rows, rank + wants, wants, at + wants);
    double error = 0;
    for (size_t i = 0; i < wants; i++) {
        error = fmax(error, classes_error(v->of, at[wants + i]));
        double lo = ms_of(kept_within(at[i], c), rules);
        double hi = ms_of(kept_within(at[wants + i], c), rules);
        value[i] = lo + (hi - lo) * place[i].part;
    }
    return error;
}

static size_t rows_of_part(int64_t out[ROWS_MAX], const int64_t *row, size_t rows, enum part part) {
    size_t n = 0;
    for (size_t r = 0; r < rows; r++)
        for (int o = 0; o < OUTCOMES && n < ROWS_MAX; o++)
            if (part == PART_ALL || (part == PART_OK && o == OUTCOME_OK) ||
                (part == PART_BAD && o == OUTCOME_FAILED))
                out[n++] = row[r] + o;
    return n;
}

double figures_of_classes(double value[ENDPOINT_METRICS], const struct classes_view *v,
                          const int64_t *row, size_t rows, const struct counts *c,
                          const struct sample_rules *rules) {
    const uint64_t n[PARTS] = {counts_all(c), c->n[OUTCOME_OK], c->n[OUTCOME_FAILED]};
    int64_t of_part[ROWS_MAX];
    double at[WANTS], error = 0;
    for (size_t i = 0; i < WANTS;) {
        enum part part = percentile_wants[i].part;
        size_t end = i;
        while (end < WANTS && percentile_wants[end].part == part)
            end++;
        if (n[part] && (part == PART_ALL || !c->n[OUTCOME_UNKNOWN])) {
            size_t m = rows_of_part(of_part, row, rows, part);
            error = fmax(error, values_of(at, v, of_part, m, n[part], &percentile_wants[i], end - i,
                                          c, rules));
            for (size_t w = i; w < end; w++)
                value[percentile_wants[w].metric] = at[w - i];
        }
        i = end;
    }
    return error;
}

double figures_of_point(double *med_ms, double *p95_ms, const struct classes_view *v, int64_t row,
                        const struct counts *c, const struct sample_rules *rules) {
    double at[WANTS_OF_POINT];
    double error = values_of(at, v, &row, 1, counts_all(c), percentile_wants_of_point,
                             WANTS_OF_POINT, c, rules);
    *med_ms = at[0];
    *p95_ms = at[1];
    return error;
}

void figures_say_error(struct findings *f, const char *of, double error) {
    char text[32];
    if (error > 1e-5)
        findings_add(f, FINDING_INFO, "percentile-error",
                     "Percentiles of single %s are within %s: there are too many requests to keep "
                     "each value",
                     of, unit_show_share(error, text, sizeof text));
}

bool figures_extent(const struct stats *s, struct extent *out) {
    struct span p = stats_requests_span(s, stats_kind(s));
    if (s->rules.loose_clock && s->all.first_ms < p.first_ms)
        p.first_ms = s->all.first_ms;
    if (s->rules.loose_clock && s->all.last_ms > p.last_ms)
        p.last_ms = s->all.last_ms;
    out->start_ms = p.first_ms;
    out->end_ms = p.last_ms;
    return p.first_ms <= p.last_ms;
}

int64_t figures_pause_ms(const struct stats *s) {
    struct extent run;
    uint64_t n = s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] - s->bulk_seen;
    bool known = figures_extent(s, &run) && n > 0;
    int64_t ten_gaps = known ? (run.end_ms - run.start_ms) / (int64_t)n * 10 : 0;
    return ten_gaps > 5000 ? ten_gaps : 5000;
}
