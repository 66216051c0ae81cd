/* Failed requests, and failed checks of the script. */
#include <math.h>

#include "base/unit.h"
#include "check/rows.h"

void errors_judge(struct check *c, const struct check_input *in, const struct limit_rule *rule,
                  const struct judged_counts *n) {
    c->value = n->failed / n->requests;
    c->low = check_error_lower(n->failed, n->requests);
    c->high = check_error_upper(n->failed, n->requests);
    if (row_enough(c, in, "error_rate", n->requests)) {
        double rate = c->value;
        struct measured_value v = value_ratio(rate);
        row_judge(c, &v, rule);
        c->value = rate;
    }
    row_say_whole(c, n->whole);
    if (c->status == VERDICT_PASS && c->high >= c->limit) {
        c->near_limit = true;
        char share[32];
        row_say(c, "Not proven: up to %s fits these counts.",
                unit_show_share(c->high, share, sizeof share));
    }
}

void measure_error_rate(const struct check_input *in, const struct limit_rule *rule,
                        const struct given *limit, struct judgement *j) {
    struct check *c = row_add(j, rule, row_name(rule->check), limit);
    struct judged_counts n = judged_counts(in);
    if (!(n.requests > 0) || isnan(n.failed))
        row_say(c, n.requests > 0 ? "The result does not count failed requests."
                                  : "The run has no requests.");
    else
        errors_judge(c, in, rule, &n);
}

void measure_failed_checks(const struct check_input *in, const struct limit_rule *rule,
                           const struct given *limit, struct judgement *j) {
    double failed = summary_value(in->run, METRIC_CHECKS_FAILED);
    double all = failed + summary_value(in->run, METRIC_CHECKS_PASSED);
    if (!(all > 0))
        return; /* a script without checks: nothing was asked */
    struct measured_value v = value_ratio(failed / all);
    row_judge(row_add(j, rule, rule->check, limit), &v, rule);
}
