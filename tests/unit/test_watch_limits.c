/* What a run that goes on is held against: command line before plan before rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "session/session.h"

static struct rules rules;

static int read_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : -1;
}

static bool same(double a, double b) { return isnan(b) ? isnan(a) : fabs(a - b) < 1e-9; }

static void the_limits_of_the_verdict(void **state) {
    (void)state;
    static const struct {
        enum model model;
        enum arrivals arrivals;
        double p95_ms, max_vus, planned_vus; /* given; NAN not */
        double p95_limit, rate_share, vus_most;
    } cases[] = {
        /* the rules' own */
        {MODEL_LOAD, ARRIVALS_OPEN, NAN, NAN, NAN, 500, 0.95, NAN},
        /* the command line goes first, and VUs can be known without a plan */
        {MODEL_LOAD, ARRIVALS_OPEN, 300, 50, NAN, 300, 0.95, 50},
        {MODEL_SOAK, ARRIVALS_OPEN, NAN, NAN, 144, 500, 0.95, 144},
        /* all VUs of a closed or paced load are always in use: no limit */
        {MODEL_LOAD, ARRIVALS_CLOSED, NAN, 50, NAN, 500, 0.90, NAN},
        {MODEL_LOAD, ARRIVALS_PACED, NAN, NAN, 80, 500, 0.90, NAN},
        /* a step of a stress test */
        {MODEL_STRESS, ARRIVALS_OPEN, NAN, NAN, NAN, 500, 0.95, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct profile p = {.arrivals = cases[i].arrivals};
        struct check_input in;
        struct watch_limits is;
        check_input_init(&in);
        in.rules = &rules;
        in.model = cases[i].model;
        in.arrivals = cases[i].arrivals;
        in.p95_ms.value = cases[i].p95_ms;
        in.max_vus = cases[i].max_vus;
        in.memory_limit_mb = 1000;
        if (!isnan(cases[i].planned_vus)) {
            p.max_vus = p.users = (int)cases[i].planned_vus;
            in.profile = &p;
        }
        session_watch_limits(&in, &is);
        if (!same(is.p95_ms, cases[i].p95_limit) || !same(is.rate_share, cases[i].rate_share) ||
            !same(is.vus_most, cases[i].vus_most))
            fail_msg("case %zu: p95 %g, rate %g, VUs %g", i, is.p95_ms, is.rate_share, is.vus_most);
        assert_true(same(is.error_rate, 0.01) && same(is.near, 0.9));
        assert_true(same(is.generator_cpu, 0.8) && same(is.memory_mb, 1000));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_limits_of_the_verdict)};
    return cmocka_run_group_tests(tests, read_rules, NULL);
}
