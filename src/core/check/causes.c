/* The rows of the diagnosis that fit, in their order. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/evidence.h"

void cause_add(const struct check_input *in, struct judgement *j, const char *id, const char *fmt,
               ...) {
    const struct diagnosis_row *row = rules_diagnosis(in->rules, id);
    if (!row || j->causes == CAUSES_MAX)
        return;
    struct cause *c = &j->cause[j->causes++];
    *c = (struct cause){0};
    text_copy(c->id, sizeof c->id, row->id);
    text_copy(c->name, sizeof c->name, row->name);
    text_copy(c->points_at, sizeof c->points_at, row->points_at);
    text_copy(c->excludes, sizeof c->excludes, row->excludes);
    text_copy(c->look_next, sizeof c->look_next, row->look_next);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->evidence, sizeof c->evidence, fmt, ap);
    va_end(ap);
}

bool has_cause(const struct judgement *j, const char *id) {
    for (size_t i = 0; i < j->causes; i++)
        if (strcmp(j->cause[i].id, id) == 0)
            return true;
    return false;
}

/* The baseline itself was not below the limit: the load cannot be the reason. */
static void limit_below_baseline(const struct evidence *e, struct judgement *j) {
    char base[32], limit[32];
    bool slow = e->p95 && e->p95->status == VERDICT_FAIL;
    bool failing = e->errors && e->errors->status == VERDICT_FAIL;
    if (slow && e->base_p95_ms >= e->p95->limit)
        cause_add(e->in, j, "D37", "the baseline's p95 was %s, the limit is %s",
                  unit_show_ms(e->base_p95_ms, base, sizeof base),
                  unit_show_ms(e->p95->limit, limit, sizeof limit));
    else if (failing && e->base_error_rate > 0 && e->base_error_rate >= e->errors->limit)
        cause_add(e->in, j, "D37", "the baseline's error rate was %s, the limit is %s",
                  unit_show_share(e->base_error_rate, base, sizeof base),
                  unit_show_share(e->errors->limit, limit, sizeof limit));
}

static void add_rows(fits_fn *const *row, const struct evidence *e, struct judgement *j) {
    for (; *row; row++)
        (*row)(e, j);
}

/* Then it did not follow the load, and what changed in time is nearer to the cause. */
static bool time_explains(const struct evidence *e) {
    return e->slow && e->latency.kind != PATTERN_NONE;
}

/* More than one step or piece before the response time. */
static bool errors_first(const struct onset *o) { return o->latency - o->errors > o->apart; }

/* Signals of which none is clearly first keep the order of the document. */
void causes_add(const struct check_input *in, struct judgement *j) {
    struct evidence e;
    evidence_gather(in, j, &e);
    bool time_first = time_explains(&e), swap = errors_first(&e.onset);
    limit_below_baseline(&e, j);
    add_rows(purpose_rows, &e, j);
    if (time_first)
        add_rows(time_rows, &e, j);
    add_rows(swap ? error_rows : server_rows, &e, j);
    add_rows(swap ? server_rows : error_rows, &e, j);
    if (!time_first)
        add_rows(time_rows, &e, j);
}
