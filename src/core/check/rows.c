#include "check/rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"

struct measured_value value_exact(double v) {
    return (struct measured_value){v, v, v};
}

struct measured_value value_ratio(double v) {
    return value_exact(round(v * 1e6) / 1e6);
}

enum answer { ANSWER_KEPT, ANSWER_BROKEN, ANSWER_OPEN };

/* A value that its source rounds keeps or breaks a limit only when its whole interval does. */
static enum answer compare(const struct measured_value *v, enum rule_op op, double limit) {
    bool is_exact = v->low == v->high;
    switch (op) {
    case OP_LESS:
        if (is_exact ? v->value < limit : v->high <= limit)
            return ANSWER_KEPT;
        return v->low >= limit ? ANSWER_BROKEN : ANSWER_OPEN;
    case OP_LESS_EQUAL:
        if (v->high <= limit)
            return ANSWER_KEPT;
        return v->low > limit ? ANSWER_BROKEN : ANSWER_OPEN;
    case OP_MORE_EQUAL:
        if (v->low >= limit)
            return ANSWER_KEPT;
        return v->high < limit ? ANSWER_BROKEN : ANSWER_OPEN;
    }
    return ANSWER_OPEN;
}

bool value_breaks(const struct measured_value *v, enum rule_op op, double limit) {
    return !isnan(v->value) && compare(v, op, limit) == ANSWER_BROKEN;
}

const char *row_name(const char *check) {
    return text_starts(check, "stress_") ? check + strlen("stress_") : check;
}

void row_say(struct check *c, const char *fmt, ...) {
    size_t n = strlen(c->why);
    if (n && n + 2 < sizeof c->why) {
        memcpy(c->why + n, " ", 2);
        n++;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->why + n, sizeof c->why - n, fmt, ap);
    va_end(ap);
}

void row_say_whole(struct check *c, bool whole) {
    if (whole)
        row_say(c, "Of the whole run, ramps inside: of the steady state alone it is not known.");
}

/* Beyond its near value? A limit from elsewhere scales it: limit 800 with 450 of 500 gives 720. */
static bool near_limit(const struct measured_value *v, const struct limit_rule *rule,
                       double limit) {
    if (isnan(rule->near))
        return false;
    double near = rule->limit > 0 ? rule->near * limit / rule->limit : rule->near;
    return rule->op == OP_MORE_EQUAL ? v->low < near : v->high > near;
}

void row_judge(struct check *c, const struct measured_value *v, const struct limit_rule *rule) {
    c->value = v->value;
    switch (compare(v, rule->op, c->limit)) {
    case ANSWER_KEPT:
        c->status = VERDICT_PASS;
        c->near_limit = near_limit(v, rule, c->limit);
        break;
    case ANSWER_BROKEN:
        c->status = VERDICT_FAIL;
        break;
    case ANSWER_OPEN:
        c->status = VERDICT_NO_DATA;
        row_say(c, "The source rounds it: it lies between %g and %g.", v->low, v->high);
        break;
    }
}

struct check *row_add(struct judgement *j, const struct limit_rule *rule, const char *name,
                      const struct given *limit) {
    if (j->checks == CHECKS_MAX)
        j->checks--;
    struct check *c = &j->check[j->checks++];
    *c = (struct check){.value = NAN,
                        .limit = limit->value,
                        .low = NAN,
                        .high = NAN,
                        .op = rule->op,
                        .status = VERDICT_NO_DATA,
                        .required = rule->required};
    text_copy(c->metric, sizeof c->metric, name);
    text_copy(c->unit, sizeof c->unit, strcmp(rule->unit, "%") == 0 ? "" : rule->unit);
    text_copy(c->limit_from, sizeof c->limit_from, limit->from);
    return c;
}

bool row_enough(struct check *c, const struct check_input *in, const char *statistic, double n) {
    const struct sample_rule *rule = rules_sample(in->rules, statistic);
    if (!rule || isnan(n))
        return true;
    char have[32], need[32];
    unit_show(n, 0, have, sizeof have);
    if (n < rule->least) {
        row_say(c, "It has %s requests, needs %s.", have,
                unit_show(rule->least, 0, need, sizeof need));
        return false;
    }
    if (n < rule->full)
        row_say(c, "Weak: %s requests; %s make it count.", have,
                unit_show(rule->full, 0, need, sizeof need));
    return true;
}
