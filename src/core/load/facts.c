#include "load/facts.h"

#include <math.h>
#include <stdio.h>

void facts_fini(struct facts *f) {
    findings_fini(&f->findings);
    *f = (struct facts){0};
}

size_t facts_carriers(const struct facts *f, const struct scenario *out[SCENARIOS_MAX]) {
    size_t n = 0;
    for (size_t i = 0; i < f->scenarios; i++)
        if (!f->scenario[i].left_alone[0])
            out[n++] = &f->scenario[i];
    return n;
}

double scenario_wait_ms(const struct scenario *s, double avg_ms) {
    double busy_ms = s->requests_per_iteration.value * avg_ms + s->think_ms.value;
    return s->period_ms > 0 && !isnan(busy_ms) ? fmax(0, s->period_ms - busy_ms) : s->wait_ms.value;
}

static bool unknown(const struct scenario *s, const struct known *k, const char *what, char *why,
                    size_t size) {
    snprintf(why, size, "%s of %s is not known%s%s", what, s->name, k->why[0] ? ": " : "", k->why);
    return false;
}

/* Requests/s of one scenario in proportion to the others of its kind. */
static bool weight_of(const struct scenario *s, double avg_ms, double *out, char *why,
                      size_t size) {
    double requests = s->requests_per_iteration.value;
    if (isnan(requests))
        return unknown(s, &s->requests_per_iteration, "requests per iteration", why, size);
    if (isnan(s->amount.value))
        return unknown(s, &s->amount, "the load", why, size);
    *out = s->amount.value * requests;
    if (s->drive != DRIVE_VUS)
        return true;
    if (isnan(s->think_ms.value))
        return unknown(s, &s->think_ms, "think time", why, size);
    if (isnan(s->wait_ms.value))
        return unknown(s, &s->wait_ms, "wait time", why, size);
    *out /= requests * avg_ms + s->think_ms.value + scenario_wait_ms(s, avg_ms);
    return true;
}

bool facts_shares(const struct facts *f, double avg_ms, double share[SCENARIOS_MAX], char *why,
                  size_t size) {
    const struct scenario *carrier[SCENARIOS_MAX];
    size_t n = facts_carriers(f, carrier);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (carrier[i]->drive != carrier[0]->drive) {
            snprintf(why, size, "%s and %s are driven in different ways (%s, %s)", carrier[0]->name,
                     carrier[i]->name, carrier[0]->executor, carrier[i]->executor);
            return false;
        }
        if (!weight_of(carrier[i], avg_ms, &share[i], why, size))
            return false;
        sum += share[i];
    }
    if (!(sum > 0) || !isfinite(sum)) {
        snprintf(why, size, "no scenario sends requests now");
        return false;
    }
    for (size_t i = 0; i < n; i++)
        share[i] /= sum;
    return true;
}
