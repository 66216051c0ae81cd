/* D30 to D35: what changed with time, not with load. */
#include <math.h>
#include <stdio.h>

#include "base/unit.h"
#include "check/evidence.h"

enum { WORDS = 64 };

/* --- stalls --- */

static bool stalls(const struct evidence *e, struct judgement *j) {
    char at[WORDS * 3] = "", clock[32];
    size_t n = 0, told = 0;
    double all_s = 0;
    size_t known = j->stalls < STALLS_MAX ? j->stalls : STALLS_MAX;
    for (size_t i = 0; i < known; i++) {
        all_s += j->stall[i].length_s;
        if (told == 3)
            continue;
        int more = snprintf(at + n, sizeof at - n, "%s%s", told ? ", " : "",
                            unit_show_clock(j->stall[i].from_s, clock, sizeof clock));
        n += more > 0 ? (size_t)more : 0;
        told++;
    }
    if (known == 0)
        return false;
    cause_add(e->in, j, "D30", "almost no answers %zu time%s, %.0f s in all: at %s%s", j->stalls,
              j->stalls == 1 ? "" : "s", all_s, at, j->stalls > told ? " and later" : "");
    return true;
}

/* --- at one moment, at equal distances, at the begin --- */

static const char *span(const struct pattern *p, char *out, size_t size) {
    char from[32], to[32];
    unit_show_clock(p->from_s, from, sizeof from);
    if (isinf(p->to_s))
        snprintf(out, size, "from %s on", from);
    else
        snprintf(out, size, "from %s to %s", from, unit_show_clock(p->to_s, to, sizeof to));
    return out;
}

static const char *levels_ms(const struct pattern *p, char *out, size_t size) {
    char a[32], b[32];
    snprintf(out, size, "mean up to %s instead of %s", unit_show_ms(p->worst, a, sizeof a),
             unit_show_ms(p->normal, b, sizeof b));
    return out;
}

static const char *levels_share(const struct pattern *p, char *out, size_t size) {
    char a[32], b[32];
    snprintf(out, size, "error rate up to %s instead of %s", unit_show_share(p->worst, a, sizeof a),
             unit_show_share(p->normal, b, sizeof b));
    return out;
}

static bool at_a_time(const struct evidence *e, struct judgement *j) {
    char when[WORDS], what[WORDS * 2];
    bool slow = e->slow && e->latency.kind == PATTERN_AT_ONCE;
    bool failing = e->failing && e->error_pattern.kind == PATTERN_AT_ONCE;
    if ((!slow && !failing) || has_cause(j, "D13"))
        return false;
    const struct pattern *p = slow ? &e->latency : &e->error_pattern;
    cause_add(e->in, j, "D31", "%s, at constant load: %s", span(p, when, sizeof when),
              slow ? levels_ms(p, what, sizeof what) : levels_share(p, what, sizeof what));
    return true;
}

static bool is_periodic(const struct pattern *p) { return p->kind == PATTERN_PERIODIC; }

static bool stalls_are_periodic(const struct judgement *j, double *period_s) {
    double at_s[STALLS_MAX];
    size_t n = j->stalls <= STALLS_MAX ? j->stalls : 0;
    for (size_t i = 0; i < n; i++)
        at_s[i] = j->stall[i].from_s;
    *period_s = period_of(at_s, n);
    return !isnan(*period_s);
}

static bool periodic(const struct evidence *e, struct judgement *j) {
    char period[32], first[32], what[WORDS * 2];
    double period_s;
    bool slow = e->slow && is_periodic(&e->latency);
    bool failing = e->failing && is_periodic(&e->error_pattern);
    if (slow || failing) {
        const struct pattern *p = slow ? &e->latency : &e->error_pattern;
        cause_add(e->in, j, "D32", "%zu times, every %s from %s on: %s", p->times,
                  unit_show_clock(p->period_s, period, sizeof period),
                  unit_show_clock(p->from_s, first, sizeof first),
                  slow ? levels_ms(p, what, sizeof what) : levels_share(p, what, sizeof what));
        return true;
    }
    if (!stalls_are_periodic(j, &period_s))
        return false;
    cause_add(e->in, j, "D32", "%zu stalls, one every %s", j->stalls,
              unit_show_clock(period_s, period, sizeof period));
    return true;
}

static bool warm_up(const struct evidence *e, struct judgement *j) {
    char when[WORDS], what[WORDS * 2];
    if (!e->slow || e->latency.kind != PATTERN_WARM_UP)
        return false;
    cause_add(e->in, j, "D35", "slow only %s: %s", span(&e->latency, when, sizeof when),
              levels_ms(&e->latency, what, sizeof what));
    return true;
}

/* --- growth over hours --- */

static bool leak(const struct evidence *e, struct judgement *j) {
    const struct soak_found *f = &j->soak;
    const struct trend *t = &f->memory;
    char at[32];
    if (!j->has_soak || (t->answer != SOAK_DRIFT && t->answer != SOAK_RESTART))
        return false;
    if (t->answer == SOAK_RESTART) {
        cause_add(e->in, j, "D33",
                  "%zu restart%s, the first at %s: memory fell while answers failed", f->restarts,
                  f->restarts == 1 ? "" : "s", unit_show_clock(f->restart_s[0], at, sizeof at));
        return true;
    }
    char per[32], low[32], high[32];
    cause_add(e->in, j, "D33", "memory grows %s MB per hour (%s to %s)%s%s",
              unit_show_short(t->slope, 1, per, sizeof per),
              unit_show_short(t->low, 1, low, sizeof low),
              unit_show_short(t->high, 1, high, sizeof high),
              t->verdict == SOAK_SLOWING ? ", slower in the second half" : "",
              f->load_drifted ? "; the rate moved too, memory may follow it" : "");
    return true;
}

static bool slow_decay(const struct evidence *e, struct judgement *j) {
    const struct trend *t = &j->soak.latency;
    char per[32], low[32], high[32], none[32];
    if (!j->has_soak || t->answer != SOAK_DRIFT || j->soak.memory.answer != SOAK_NONE_FOUND)
        return false;
    cause_add(
        e->in, j, "D34", "p95 grows %s ms per hour (%s to %s); memory: none above %s MB per hour",
        unit_show_short(t->slope, 1, per, sizeof per), unit_show_short(t->low, 1, low, sizeof low),
        unit_show_short(t->high, 1, high, sizeof high),
        unit_show_short(j->soak.memory.none_above, 1, none, sizeof none));
    return true;
}

fits_fn *const time_rows[] = {leak, slow_decay, stalls, periodic, at_a_time, warm_up, NULL};
