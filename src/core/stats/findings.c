/* What the times of requests say about the file they came from. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/unit.h"
#include "stats/figures.h"
#include "stats/steady.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct pause {
    int64_t from_ms, to_ms;
    int count;
};

static bool vus_were_said(const struct timeline *t, int64_t from_ms, int64_t to_ms) {
    int64_t first = timeline_number(t, from_ms) + 1, end = timeline_number(t, to_ms);
    for (int64_t i = first; i < end; i++)
        if (t->at[i - t->first].vus_most >= 0)
            return true;
    return false;
}

/* When the earliest of all requests that ended in second i or later began, for each i. */
static int64_t *starts_from_here(const struct timeline *t) {
    int64_t *start = mem_new(t->n, sizeof *start), first = INT64_MAX;
    for (size_t i = t->n; i > 0; i--) {
        if (t->at[i - 1].first_start_ms < first)
            first = t->at[i - 1].first_start_ms;
        start[i - 1] = first;
    }
    return start;
}

/* Times in which no request was running; the longest one, and how many. Where VUs are said all the
 * time a run that waits is no end of it. */
static struct pause find_pauses(const struct timeline *t, int64_t least_ms) {
    struct pause longest = {0};
    int64_t *start = starts_from_here(t), end = INT64_MAX;
    for (size_t i = 0; i < t->n; i++) {
        if (t->at[i].last_end_ms == INT64_MIN)
            continue;
        int64_t gap = start[i] > end ? start[i] - end : 0;
        if (gap >= least_ms && !vus_were_said(t, end, start[i])) {
            if (gap > longest.to_ms - longest.from_ms) {
                longest.from_ms = end;
                longest.to_ms = start[i];
            }
            longest.count++;
        }
        if (end == INT64_MAX || t->at[i].last_end_ms > end)
            end = t->at[i].last_end_ms;
    }
    free(start);
    return longest;
}

static void find_two_runs(const struct stats *s, struct findings *f) {
    struct pause p = find_pauses(&s->time, figures_pause_ms(s));
    if (p.count == 0)
        return;
    int64_t day_s = (p.from_ms % DAY_MS + DAY_MS) % DAY_MS / 1000;
    char more[60] = "";
    if (p.count > 1)
        snprintf(more, sizeof more, " (and %d more pauses)", p.count - 1);
    findings_add(f, FINDING_WARNING, "two-runs",
                 "%.1f s without a request from %02d:%02d:%02d UTC%s: two runs in one file? The "
                 "figures are of both",
                 (double)(p.to_ms - p.from_ms) / 1000, (int)(day_s / 3600), (int)(day_s / 60 % 60),
                 (int)(day_s % 60), more);
}

static void find_little(struct summary *out) {
    const struct stretch *x = summary_steady(out);
    double rps = x ? x->value[METRIC_RPS] : summary_value(out, METRIC_RPS);
    double avg_ms = x ? x->value[METRIC_AVG_MS] : summary_value(out, METRIC_AVG_MS);
    double vus = x ? x->vus : series_mean_vus(&out->series, -INFINITY, INFINITY);
    out->in_flight = rps * avg_ms / 1000;
    out->in_flight_vus = vus;
    if (!(out->in_flight > vus * 1.05 + 1))
        return;
    char r[32], a[32], f[32], v[32];
    findings_add(&out->findings, FINDING_WARNING, "little",
                 "The data does not fit together: %s RPS x %s are %s requests in flight, but only "
                 "%s VUs ran (parallel requests of one VU, or VUs of another machine are missing)",
                 unit_show_short(rps, 1, r, sizeof r), unit_show_ms(avg_ms, a, sizeof a),
                 unit_show_short(out->in_flight, out->in_flight < 10 ? 1 : 0, f, sizeof f),
                 unit_show_short(vus, 1, v, sizeof v));
}

static void find_whole_seconds(const struct stats *s, struct findings *f) {
    if (s->rules.loose_clock && stats_near(s) && !s->fraction)
        findings_add(f, FINDING_INFO, "rate-from-samples",
                     "The times of the samples are whole seconds: RPS and duration are only about "
                     "right, and the tool's own rate is over the whole run with set-up");
}

void finish_findings(struct stats *s, struct summary *out) {
    struct findings *f = &out->findings;
    if (s->far_seen)
        findings_add(f, FINDING_WARNING, "far-times",
                     "%" PRIu64 " of %" PRIu64
                     " requests have a time far from the rest of the run: they are in the totals, "
                     "not in what is shown over time",
                     s->far_seen, s->far_seen + stats_near(s));
    if (s->jumps)
        findings_add(
            f, FINDING_WARNING, "clock-jump",
            "The clock goes back by more than 60 s: files put together in the wrong order, "
            "or a clock that was set.");
    find_two_runs(s, f);
    find_whole_seconds(s, f);
    find_little(out);
}
