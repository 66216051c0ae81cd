/* D10 to D18: the target refuses on purpose, or it fails. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "check/evidence.h"

enum { WORDS = 64 };

/* "676 of 720 failures", for evidence. */
static const char *of_failures(const struct evidence *e, double count, char *out, size_t size) {
    char n[32], all[32];
    snprintf(out, size, "%s of %s failures", unit_show(count, 0, n, sizeof n),
             unit_show(e->faults.all, 0, all, sizeof all));
    return out;
}

/* ", from 6:10 on", ", from 6:10 to 7:00", ", all the time"; "" when nothing shows when. */
static const char *when(const struct evidence *e, char *out, size_t size) {
    const struct pattern *p = &e->error_pattern;
    char from[32], to[32];
    static const double some = 0.001;
    snprintf(out, size, "%s",
             p->seen && p->kind == PATTERN_NONE && p->normal > some ? ", all the time" : "");
    if (p->kind != PATTERN_AT_ONCE)
        return out;
    unit_show_clock(p->from_s, from, sizeof from);
    if (isinf(p->to_s))
        snprintf(out, size, ", from %s on", from);
    else
        snprintf(out, size, ", from %s to %s", from, unit_show_clock(p->to_s, to, sizeof to));
    return out;
}

static double run_value(const struct evidence *e, enum metric m) {
    return summary_value(e->in->run, m);
}

/* --- on purpose --- */

/* Steps of rising load above their error limit that let the same rate through. */
struct accepted {
    double low_rps, high_rps, low_load, high_load;
    size_t steps;
};

static struct accepted accepted_of(const struct evidence *e, const struct judgement *j) {
    struct accepted a = {.low_rps = INFINITY, .high_rps = -INFINITY};
    double limit = e->errors ? e->errors->limit : NAN;
    for (size_t i = 0; j->has_stress && i < j->stress.steps; i++) {
        const struct stress_judged *s = &j->stress.step[i];
        if (!s->judged || !(stress_step_errors(&s->is) >= limit))
            continue;
        a.low_rps = fmin(a.low_rps, stress_step_rps(&s->is));
        a.high_rps = fmax(a.high_rps, stress_step_rps(&s->is));
        a.low_load = a.steps ? a.low_load : s->is.load;
        a.high_load = s->is.load;
        a.steps++;
    }
    return a;
}

/* A full server sheds at a constant rate too, but it answers slowly by then. */
static bool is_constant(const struct evidence *e, const struct accepted *a) {
    static const double spread_most = 0.03, calm = 1.25;
    return a->steps >= 3 && a->high_rps - a->low_rps < spread_most * a->high_rps &&
           a->high_load > a->low_load && e->p95x < calm;
}

static bool rate_limiter(const struct evidence *e, struct judgement *j) {
    const double *n = e->faults.count;
    char failures[WORDS];
    struct accepted a = accepted_of(e, j);
    bool constant = is_constant(e, &a), by_status = fault_is_most(e, n[FAULT_429]);
    double refused = n[FAULT_429] + n[FAULT_403] + n[FAULT_503];
    if (!e->failing || !(by_status || (constant && fault_is_most(e, refused))))
        return false;
    of_failures(e, by_status ? n[FAULT_429] : refused, failures, sizeof failures);
    const char *status = by_status ? "429" : "403 or 503";
    if (constant || (by_status && a.steps >= 3 && a.high_rps - a.low_rps < 0.03 * a.high_rps))
        cause_add(e->in, j, "D10",
                  "%s are %s; %.1f to %.1f/s are let through at loads of %.0f to %.0f: not a "
                  "breaking point",
                  failures, status, a.low_rps, a.high_rps, a.low_load, a.high_load);
    else
        cause_add(e->in, j, "D10", "%s are %s", failures, status);
    return true;
}

/* In a stress test errors that begin with a step may come from its load. */
static bool authentication(const struct evidence *e, struct judgement *j) {
    const double *n = e->faults.count;
    double count = n[FAULT_401] + n[FAULT_403];
    char failures[WORDS], at[WORDS];
    if (!e->failing || !fault_leads(e, count) || j->has_stress || has_cause(j, "D10"))
        return false;
    const char *begin = when(e, at, sizeof at);
    cause_add(e->in, j, "D13", "%s are 401 or 403%s",
              of_failures(e, count, failures, sizeof failures),
              begin[0] ? begin : "; when they began is not known");
    return true;
}

/* --- errors --- */

static bool shed(const struct evidence *e, struct judgement *j) {
    double count = e->faults.count[FAULT_503] + e->faults.count[FAULT_502];
    double bad = run_value(e, METRIC_BAD_MED_MS), good = run_value(e, METRIC_OK_MED_MS);
    char failures[WORDS], a[32], b[32];
    if (!e->failing || !fault_leads(e, count) || !(bad < 0.5 * good))
        return false;
    cause_add(e->in, j, "D11", "%s are 503 or 502, answered in %s (good ones in %s)",
              of_failures(e, count, failures, sizeof failures), unit_show_ms(bad, a, sizeof a),
              unit_show_ms(good, b, sizeof b));
    return true;
}

/* Seconds of a usual timeout that the failures take; 0 none. */
static double piled_up_s(const struct evidence *e) {
    static const double usual_s[] = {5, 10, 30, 60};
    double med = run_value(e, METRIC_BAD_MED_MS), p95 = run_value(e, METRIC_BAD_P95_MS);
    for (size_t i = 0; i < sizeof usual_s / sizeof *usual_s; i++) {
        double ms = 1000 * usual_s[i], near = 0.02 * ms;
        if (fabs(med - ms) <= near && (isnan(p95) || fabs(p95 - ms) <= near))
            return usual_s[i];
    }
    return 0;
}

static bool upstream_timeout(const struct evidence *e, struct judgement *j) {
    double gateway = e->faults.count[FAULT_504], client = e->faults.count[FAULT_TIMEOUT];
    double piled_s = piled_up_s(e), count = client > gateway ? client : gateway;
    char failures[WORDS], timeout[WORDS] = "", median[32];
    double bad_ms = run_value(e, METRIC_BAD_MED_MS);
    if (!e->failing || !(fault_leads(e, gateway) || fault_leads(e, client) || piled_s > 0))
        return false;
    if (piled_s > 0)
        snprintf(timeout, sizeof timeout, "a timeout of %.0f s", piled_s);
    else if (count == client && !isnan(bad_ms))
        snprintf(timeout, sizeof timeout, "median of the failures %s",
                 unit_show_ms(bad_ms, median, sizeof median));
    if (!fault_leads(e, count))
        cause_add(e->in, j, "D12", "the failures take %.0f s: %s", piled_s, timeout);
    else
        cause_add(e->in, j, "D12", "%s are %s%s%s",
                  of_failures(e, count, failures, sizeof failures),
                  count == client ? "timeouts of the load tool itself" : "504",
                  timeout[0] ? ": " : "", timeout);
    return true;
}

static bool one_kind(const struct evidence *e, struct judgement *j, const char *id,
                     enum fault fault, const char *words) {
    double count = e->faults.count[fault];
    char failures[WORDS], at[WORDS];
    if (!e->failing || !fault_leads(e, count))
        return false;
    cause_add(e->in, j, id, "%s are %s%s", of_failures(e, count, failures, sizeof failures), words,
              when(e, at, sizeof at));
    return true;
}

static bool refused(const struct evidence *e, struct judgement *j) {
    return one_kind(e, j, "D14", FAULT_REFUSED, "refused connections");
}

static bool reset(const struct evidence *e, struct judgement *j) {
    return one_kind(e, j, "D15", FAULT_RESET, "connections that the other side closed");
}

static bool dial_timeout(const struct evidence *e, struct judgement *j) {
    return one_kind(e, j, "D16", FAULT_DIAL, "connections that were not made in time");
}

static bool application_error(const struct evidence *e, struct judgement *j) {
    double bad = run_value(e, METRIC_BAD_MED_MS), good = run_value(e, METRIC_OK_MED_MS);
    if (bad < 0.5 * good || !fault_is_most(e, e->faults.count[FAULT_500]))
        return false;
    return one_kind(e, j, "D17", FAULT_500, "500");
}

static bool wrong_content(const struct evidence *e, struct judgement *j) {
    const struct check *checks = judgement_find(j, "checks");
    char share[32];
    if (checks && checks->status == VERDICT_FAIL && !e->failing) {
        cause_add(e->in, j, "D18", "%s of the script's checks failed, few requests did",
                  unit_show_share(checks->value, share, sizeof share));
        return true;
    }
    return one_kind(e, j, "D18", FAULT_CONTENT, "good answers that an assertion refused");
}

fits_fn *const purpose_rows[] = {rate_limiter, authentication, NULL};
fits_fn *const error_rows[] = {shed,         upstream_timeout,  refused,       reset,
                               dial_timeout, application_error, wrong_content, NULL};
