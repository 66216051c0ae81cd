/* The answers of a soak test as rows: does memory, does the response time grow? */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/rows.h"

struct subject {
    const char *metric, *unit, *per_hour;
    const char *not_measured;
    bool memory;
};

static const struct subject subjects[] = {
    {"soak_memory", "MB/h", "MB per hour",
     "Memory not measured: give a memory series of the server (--memory).", true},
    {"soak_latency", "ms/h", "ms per hour",
     "Response time over time not measured: keep the CSV that the command writes.", false},
};

static const struct subject *subject_of(const char *metric) {
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(subjects[i].metric, metric) == 0)
            return &subjects[i];
    return NULL;
}

static enum verdict verdict_of(enum soak_answer a) {
    static const enum verdict of[] = {[SOAK_NOT_MEASURED] = VERDICT_NO_DATA,
                                      [SOAK_NONE_FOUND] = VERDICT_PASS,
                                      [SOAK_CANNOT_TELL] = VERDICT_NO_DATA,
                                      [SOAK_DRIFT] = VERDICT_FAIL,
                                      [SOAK_RESTART] = VERDICT_FAIL};
    return of[a];
}

static void say_growth(struct check *c, const struct trend *t, const struct subject *s) {
    char slope[32], low[32], high[32];
    row_say(c, "It grows by %s %s (%s to %s).", unit_show_short(t->slope, 2, slope, sizeof slope),
            s->per_hour, unit_show_short(t->low, 2, low, sizeof low),
            unit_show_short(t->high, 2, high, sizeof high));
}

static void say_restarts(struct check *c, const struct soak_found *f) {
    char first[32];
    row_say(c, "The process restarted %s, first at %s.",
            f->restarts == 1 ? "once" : "several times",
            unit_show_clock(f->restart_s[0], first, sizeof first));
}

static void say_answer(struct check *c, const struct soak_found *f, const struct trend *t,
                       const struct subject *s) {
    char above[32];
    switch (t->answer) {
    case SOAK_NOT_MEASURED:
        row_say(c, "%s", s->not_measured);
        break;
    case SOAK_NONE_FOUND:
        if (!isnan(t->none_above))
            row_say(c, "No growth above %s %s.",
                    unit_show_short(t->none_above, 2, above, sizeof above), s->per_hour);
        break;
    case SOAK_CANNOT_TELL:
        row_say(c, "%s", t->why);
        break;
    case SOAK_DRIFT:
        say_growth(c, t, s);
        break;
    case SOAK_RESTART:
        say_restarts(c, f);
        break;
    }
}

/* There is no limit to compare with: the answer is the verdict. The value is the slope. */
static void add_trend(const struct soak_found *f, const struct subject *s,
                      const struct limit_rule *rule, const struct given *from,
                      struct judgement *j) {
    const struct trend *t = s->memory ? &f->memory : &f->latency;
    struct check *c = row_add(j, rule, rule->check, from);
    bool measured = t->answer != SOAK_NOT_MEASURED;
    c->value = measured ? t->slope : (double)NAN;
    c->low = measured ? t->low : (double)NAN;
    c->high = measured ? t->high : (double)NAN;
    c->status = verdict_of(t->answer);
    text_copy(c->unit, sizeof c->unit, s->unit);
    say_answer(c, f, t, s);
}

void measure_drift(const struct check_input *in, const struct limit_rule *rule,
                   const struct given *limit, struct judgement *j) {
    struct given from = *limit;
    (void)in;
    from.value = NAN;
    if (j->has_soak) {
        add_trend(&j->soak, subject_of(rule->metric), rule, &from, j);
    } else if (rule->required) {
        struct check *c = row_add(j, rule, rule->check, &from);
        row_say(c, "A summary has no time series: drift is not measured.");
    }
}
