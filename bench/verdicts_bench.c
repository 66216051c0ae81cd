/* Quality of the verdicts on simulated series of known truth, beside what the report of the same
 * method says of itself (soak and stress). The same seed gives the same figures. Ends with 1 when
 * one is worse than chance explains. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "verdicts.h"

enum { RUNS_LEAST = 10 };

size_t verdicts_runs(const struct verdicts_options *o, size_t runs) {
    return (size_t)fmax(RUNS_LEAST, o->part * (double)runs);
}

double verdicts_error_limit(const struct verdicts_options *o) {
    return rules_limit(o->rules, "stress_error_rate")->limit;
}

void verdicts_fill(struct sim_load *l, struct rng *r, double first, double last) {
    double apart = (last - first) / (double)(l->steps - 1);
    double shift = apart * rng_between(r, -0.5, 0.5);
    for (size_t i = 0; i < l->steps; i++) {
        double load = first + apart * (double)i + shift;
        l->load[i] = l->open ? load : fmax(1, round(load));
        l->speed[i] = 1;
    }
}

void verdicts_find(const struct verdicts_options *o, const struct sim_server *server,
                   const struct sim_load *l, double p95_ms, struct rng *r,
                   struct stress_found *out) {
    struct stress_step step[STRESS_STEPS_MAX];
    const struct sample_rule *p95 = rules_sample(o->rules, "p95");
    const struct limit_rule *rate = rules_limit(o->rules, "stress_rps");
    sim_run(server, l, r, step);
    stress_find(&(struct stress_input){.step = step,
                                       .steps = l->steps,
                                       .open = l->open,
                                       .p95_ms = p95_ms,
                                       .p99_ms = NAN,
                                       .error_rate = verdicts_error_limit(o),
                                       .rate_least = rate->limit,
                                       .think_ms = 1000 * l->think_s,
                                       .requests_per_iteration = 1,
                                       .max_vus = l->open ? (double)l->max_vus : (double)NAN,
                                       .p95_samples = p95->least,
                                       .p95_full = p95->full,
                                       .rate_guard = o->rules->steady.rate_guard,
                                       .cpu_invalid = o->rules->margin.cpu_invalid,
                                       .rules = &o->rules->stress},
                out);
}

static bool read_options(struct verdicts_options *o, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        char *end = NULL;
        if (strcmp(argv[i], "--check") == 0)
            continue;
        if (strcmp(argv[i], "--quick") == 0)
            o->part = 0.1;
        else if (strcmp(argv[i], "--seed") == 0 && (o->seed = strtoull(next, &end, 10), *next))
            i++;
        else if (strcmp(argv[i], "--times") == 0 && (o->part = strtod(next, &end)) > 0)
            i++;
        else
            return false;
        if (end && *end)
            return false;
    }
    return true;
}

int main(int argc, char **argv) {
    static struct rules rules;
    struct verdicts_options o = {.seed = 1, .part = 1, .rules = &rules};
    struct err e = {0};
    if (!read_options(&o, argc, argv)) {
        fputs("usage: verdicts_bench [--seed N] [--quick | --times N]\n", stderr);
        return 2;
    }
    if (!rules_load(&rules, NULL, &e)) {
        fprintf(stderr, "verdicts_bench: %s\n", e.text);
        return 2;
    }
    bool ok = verdicts_simulator(&o);
    ok &= verdicts_soak(&o);
    ok &= verdicts_break(&o);
    ok &= verdicts_generator(&o);
    printf("\n%s: seed %llu, %.0f s of processor time\n",
           ok ? "No figure is worse than the report of the method, beyond chance"
              : "WORSE than the report of the method, beyond chance",
           (unsigned long long)o.seed, (double)clock() / CLOCKS_PER_SEC);
    return ok ? 0 : 1;
}
