/* Limits of a run beside those of the last signed one: which became looser. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "load/profile.h"
#include "review/review.h"

struct ledger {
    struct ledger_row *row; /* LEDGER_MAX of them */
    size_t n;
};

static struct ledger_row *add_row(struct ledger *l, const char *what, const char *of,
                                  bool loosened) {
    if (l->n == LEDGER_MAX)
        return NULL;
    struct ledger_row *row = &l->row[l->n++];
    snprintf(row->what, sizeof row->what, "%s%s", what, of);
    row->loosened = loosened;
    return row;
}

static void add_words(struct ledger *l, const char *what, const char *of, const char *was,
                      const char *is, bool loosened) {
    struct ledger_row *row = add_row(l, what, of, loosened);
    if (row) {
        text_copy(row->was, sizeof row->was, was);
        text_copy(row->is, sizeof row->is, is);
    }
}

static bool same(double a, double b) {
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* --- limits ----------------------------------------------------------------------------------- */

/* The rate that the load asked for: its least share is the limit, not the rate itself. */
static double target_of(const struct record *r) {
    return r->has_profile ? r->profile.target_rps : r->is.target_rps;
}

static bool is_rate(const struct check *c) { return strcmp(c->metric, "rps") == 0; }

/* In the unit that is compared. */
static double limit_of(const struct record *r, const struct check *c) {
    return is_rate(c) ? c->limit / target_of(r) : c->limit;
}

static bool is_share(const struct check *c) {
    static const char *const shares[] = {"error_rate", "checks", "dropped_iterations",
                                         "windows_over"};
    size_t len = strcspn(c->metric, ":");
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        if (len == strlen(shares[i]) && memcmp(c->metric, shares[i], len) == 0)
            return true;
    return false;
}

static const char *show_limit(const struct record *r, const struct check *c, char out[48]) {
    char n[32];
    if (isnan(c->limit))
        text_copy(out, 48, "none");
    else if (is_share(c))
        unit_show_share(c->limit, out, 48);
    else if (is_rate(c) && target_of(r) > 0)
        snprintf(out, 48, "%s %% of target", unit_show_short(100 * limit_of(r, c), 1, n, sizeof n));
    else
        snprintf(out, 48, "%s%s%s", unit_show_short(c->limit, 2, n, sizeof n),
                 c->unit[0] ? " " : "", c->unit);
    return out;
}

/* A rate can be too low or too high: which of the two limits a run shows depends on its result. A
 * stress test shows the rate of the step that decides. */
static bool comparable(const struct record *was, const struct check *then, const struct record *is,
                       const struct check *now) {
    if (!is_rate(now))
        return then->op == now->op;
    return then->op == now->op && !is->judgement.has_stress && target_of(was) > 0 &&
           target_of(is) > 0;
}

static bool looser(enum rule_op op, double was, double is) {
    if (isnan(was) || isnan(is))
        return isnan(is);
    return op == OP_MORE_EQUAL ? is < was : is > was;
}

static void compare_check(struct ledger *l, const struct record *is, const struct record *was,
                          const struct check *now, const struct check *then) {
    char a[48], b[48];
    double before = limit_of(was, then), after = limit_of(is, now);
    if (comparable(was, then, is, now) && !same(before, after))
        add_words(l, now->metric, " limit", show_limit(was, then, a), show_limit(is, now, b),
                  looser(now->op, before, after));
    if (then->required != now->required)
        add_words(l, now->metric, "", then->required ? "required" : "optional",
                  now->required ? "required" : "optional", !now->required);
}

/* Without a limit there was nothing to keep. */
static bool has_limit(const struct check *c) { return c && !isnan(c->limit); }

static void compare_checks(struct ledger *l, const struct record *is, const struct record *was) {
    char text[48];
    for (size_t i = 0; i < was->judgement.checks; i++) {
        const struct check *then = &was->judgement.check[i];
        const struct check *now = judgement_find(&is->judgement, then->metric);
        if (!has_limit(then))
            continue;
        if (now)
            compare_check(l, is, was, now, then);
        else
            add_words(l, then->metric, " limit", show_limit(was, then, text),
                      "not checked any more", true);
    }
    for (size_t i = 0; i < is->judgement.checks; i++) {
        const struct check *now = &is->judgement.check[i];
        if (has_limit(now) && !has_limit(judgement_find(&was->judgement, now->metric)))
            add_words(l, now->metric, " limit", "not checked", show_limit(is, now, text), false);
    }
}

/* --- the load --------------------------------------------------------------------------------- */

/* All of it, of a stress test each step. */
static double hold_s(const struct profile *p) {
    double s = 0;
    for (int i = 0; i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i])) {
            if (p->model == MODEL_STRESS)
                return p->stage[i].duration_s;
            s += p->stage[i].duration_s;
        }
    return s;
}

static const char *show_length(double s, char out[48]) {
    char n[32];
    if (s >= 3600 && same(fmod(s, 1800), 0))
        snprintf(out, 48, "%s h", unit_show_short(s / 3600, 1, n, sizeof n));
    else if (s >= 60 && same(fmod(s, 60), 0))
        snprintf(out, 48, "%s min", unit_show_short(s / 60, 0, n, sizeof n));
    else
        snprintf(out, 48, "%s s", unit_show_short(s, 1, n, sizeof n));
    return out;
}

static void compare_hold(struct ledger *l, const struct record *is, const struct record *was) {
    char a[48], b[48];
    if (!is->has_profile || !was->has_profile)
        return;
    double before = hold_s(&was->profile), after = hold_s(&is->profile);
    if (before > 0 && after > 0 && !same(before, after))
        add_words(l, "hold", is->profile.model == MODEL_STRESS ? " of a step" : "",
                  show_length(before, a), show_length(after, b), after < before);
}

static void show_rate(double rps, char out[48]) {
    char n[32];
    snprintf(out, 48, "%s RPS", unit_show_short(rps, 1, n, sizeof n));
}

static void compare_target(struct ledger *l, const struct record *is, const struct record *was) {
    char a[48], b[48];
    double before = target_of(was), after = target_of(is);
    if (!(before > 0) || !(after > 0) || same(before, after))
        return;
    show_rate(before, a);
    show_rate(after, b);
    add_words(l, "target", "", a, b, after < before);
}

size_t review_ledger(const struct record *is, const struct record *was,
                     struct ledger_row out[LEDGER_MAX]) {
    struct ledger l = {.row = out};
    if (!was)
        return 0;
    compare_checks(&l, is, was);
    compare_hold(&l, is, was);
    compare_target(&l, is, was);
    return l.n;
}
