/* How often two runs of the same server are read as different, and a slower server is found:
 * simulated servers of known truth, through the same statistics as a real result. The same seed
 * gives the same figures. Ends with 1 when identical runs are read as different more often than 5 %
 * and chance explain. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "compare/compare.h"
#include "sim_random.h"
#include "stats/stats.h"

enum { WORKERS = 8, PAIRS = 200, ENDPOINTS = 3, US = 1000000 };

/* Workers that take requests in the order of their coming. */
struct pool {
    double free_at[WORKERS];
    int workers;
};

/* One answer: when, in seconds. */
static double answer(struct pool *p, double sent, double service) {
    int first = 0;
    for (int i = 1; i < p->workers; i++)
        if (p->free_at[i] < p->free_at[first])
            first = i;
    return p->free_at[first] = fmax(sent, p->free_at[first]) + service;
}

/* What a row of the table is of. */
struct condition {
    double use;       /* share of the workers' time at the normal speed */
    double service_s; /* mean */
    double hold_s;
    bool own; /* an endpoint waits for a resource of its own */
};

static const struct condition conditions[] = {
    {0.5, 0.1, 300, false},  {0.5, 0.1, 900, false},  {0.8, 0.1, 300, false},
    {0.8, 0.1, 900, false},  {0.9, 0.1, 300, false},  {0.9, 0.1, 900, false},
    {0.95, 0.1, 300, false}, {0.95, 0.1, 900, false}, {0.5, 0.5, 300, false},
    {0.8, 0.5, 300, false},  {0.9, 0.5, 300, false},  {0.9, 0.5, 900, false},
    {0.5, 0.1, 300, true},   {0.8, 0.1, 300, true},   {0.9, 0.1, 300, true},
};
static const double slower[] = {1, 1.15, 1.3}; /* service time of the second run */

/* --- one run --- */

static const char *const names[ENDPOINTS] = {"GET /orders", "POST /orders", "GET /report"};

/* Ends in the order of their coming are not in the order of time; the statistics do not mind. */
static void send_one(struct stats *s, double at, double end, double timeout_s, size_t name) {
    const char *endpoint = names[name];
    stats_sample(s,
                 &(struct sample){.endpoint = endpoint,
                                  .endpoint_len = strlen(endpoint),
                                  .start_ms = (int64_t)(at * 1000) + 1,
                                  .end_ms = (int64_t)(end * 1000) + 1,
                                  .time = (uint64_t)((end - at) * US),
                                  .outcome = end - at > timeout_s ? OUTCOME_FAILED : OUTCOME_OK});
}

static void send_all(struct stats *s, const struct condition *c, double speed, double to_s,
                     struct rng *r) {
    const double rate = WORKERS * c->use / c->service_s, timeout_s = 5 * c->service_s;
    struct pool shared = {.workers = WORKERS}, own = {.workers = 1};
    for (double t = 0; t < to_s; t += rng_exponential(r, 1 / rate)) {
        size_t name = rng_uniform(r) < 0.2;
        send_one(s, t, answer(&shared, t, rng_exponential(r, speed * c->service_s)), timeout_s,
                 name);
    }
    for (double t = 0; c->own && t < to_s; t += rng_exponential(r, WORKERS / rate))
        send_one(s, t, answer(&own, t, rng_exponential(r, speed * c->service_s)), INFINITY, 2);
}

static void simulate(const struct condition *c, double speed, struct rng *r, struct summary *out) {
    static const struct sample_rules rules = {1e-3, PERCENTILE_LINEAR, "as k6", false};
    const double ramp_s = 60;
    struct stretch_wanted hold = {"hold", ramp_s, ramp_s + c->hold_s};
    struct stats *s = stats_new(&(struct stats_options){
        .rules = &rules, .origin_ms = 1, .stretch = &hold, .stretches = 1, .parts = 1});
    send_all(s, c, speed, hold.to_s, r);
    summary_init(out);
    out->tool = "k6";
    out->computed = true;
    stats_finish(s, out);
    stats_free(s);
}

static struct record *run_of(const struct condition *c, double speed, struct rng *r, int64_t id) {
    struct record *x = mem_new(1, sizeof *x);
    record_init(x);
    x->is.id = id;
    x->is.target_rps = WORKERS * c->use / c->service_s;
    snprintf(x->is.tool, sizeof x->is.tool, "k6");
    snprintf(x->is.model, sizeof x->is.model, "load");
    simulate(c, speed, r, &x->run);
    return x;
}

static void free_run(struct record *r) {
    record_fini(r);
    free(r);
}

/* --- pairs --- */

enum {
    READ_P50,
    READ_P95,
    READ_P99,
    READ_AVG,
    READ_ERRORS,
    READ_ANY,
    READ_ENDPOINT,
    READ_OWN,
    READS
};
static const char *const read_names[READS] = {"p50",    "p95", "p99",      "avg",
                                              "errors", "any", "endpoint", "own"};
static const char *const metrics[READ_ANY] = {"p50", "p95", "p99", "avg", "error_rate"};

struct tally_of {
    size_t pairs, real[READS], right[READS], unknown[READS];
};

static void count(struct tally_of *t, int what, enum reading r) {
    t->real[what] += r == READING_BETTER || r == READING_WORSE;
    t->right[what] += r == READING_WORSE;
    t->unknown[what] += r == READING_UNKNOWN;
}

static void take(struct tally_of *t, const struct comparison *c) {
    enum reading any = READING_NOISE;
    t->pairs++;
    for (size_t i = 0; i < c->figures; i++)
        for (int m = 0; m < READ_ANY; m++)
            if (strcmp(c->figure[i].metric, metrics[m]) == 0) {
                count(t, m, c->figure[i].reading);
                if (c->figure[i].reading > READING_NOISE)
                    any = any == READING_WORSE ? any : c->figure[i].reading;
            }
    count(t, READ_ANY, any);
    for (size_t i = 0; i < c->endpoints; i++)
        for (int n = 1; n < ENDPOINTS; n++)
            if (strcmp(c->endpoint[i].metric, names[n]) == 0)
                count(t, n == 1 ? READ_ENDPOINT : READ_OWN, c->endpoint[i].reading);
}

static struct tally_of pairs_of(const struct condition *c, double speed, size_t pairs,
                                uint64_t seed, const struct rules *rules) {
    struct tally_of t = {0};
    for (size_t i = 0; i < pairs; i++) {
        struct rng r;
        struct comparison out;
        rng_seed(&r, seed, i + 1);
        struct record *a = run_of(c, 1, &r, 1), *b = run_of(c, speed, &r, 2);
        compare_runs(a, b, rules, &out);
        take(&t, &out);
        comparison_fini(&out);
        free_run(a);
        free_run(b);
    }
    return t;
}

/* --- the table --- */

static void print_head(void) {
    printf(
        "Two runs, M/M/%d: read as different (identical), as slower (slower) / cannot tell, %% of "
        "pairs\n\n   use  service     hold  slower",
        WORKERS);
    for (int i = 0; i < READS; i++)
        printf("  %9s", read_names[i]);
    printf("\n");
}

static void print_row(const struct condition *c, double speed, const struct tally_of *t) {
    printf("%4.0f %%  %5.1f s  %5.0f s  %+4.0f %%", 100 * c->use, c->service_s, c->hold_s,
           100 * (speed - 1));
    for (int i = 0; i < READS; i++) {
        size_t n = speed > 1 ? t->right[i] : t->real[i];
        printf("  %5.1f/%-3.0f", 100 * (double)n / (double)t->pairs,
               100 * (double)t->unknown[i] / (double)t->pairs);
    }
    printf("\n");
    fflush(stdout);
}

/* More often than 5 % and three standard deviations of chance. READ_ANY is several figures at
 * once. */
static bool too_often(const struct tally_of *t) {
    double n = (double)t->pairs, most = 0.05 * n + 3 * sqrt(0.05 * 0.95 * n);
    bool bad = false;
    for (int i = 0; i < READS; i++)
        bad |= i != READ_ANY && (double)t->real[i] > most;
    return bad;
}

static bool compare_all(size_t pairs, uint64_t seed, const struct rules *rules) {
    bool ok = true;
    print_head();
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        for (size_t k = 0; k < sizeof slower / sizeof *slower; k++) {
            struct tally_of t = pairs_of(&conditions[i], slower[k], pairs, seed + i, rules);
            print_row(&conditions[i], slower[k], &t);
            ok &= slower[k] > 1 || !too_often(&t);
        }
    return ok;
}

static bool read_options(int argc, char **argv, size_t *pairs, uint64_t *seed) {
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        char *end = NULL;
        if (strcmp(argv[i], "--check") == 0)
            continue;
        if (strcmp(argv[i], "--quick") == 0)
            *pairs = 20;
        else if (strcmp(argv[i], "--seed") == 0 && (*seed = strtoull(next, &end, 10), *next))
            i++;
        else if (strcmp(argv[i], "--pairs") == 0 && (*pairs = strtoull(next, &end, 10)) > 0)
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
    struct err e = {0};
    size_t pairs = PAIRS;
    uint64_t seed = 1;
    if (!read_options(argc, argv, &pairs, &seed)) {
        fputs("usage: compare_bench [--seed N] [--quick | --pairs N]\n", stderr);
        return 2;
    }
    if (!rules_load(&rules, NULL, &e)) {
        fprintf(stderr, "compare_bench: %s\n", e.text);
        return 2;
    }
    bool ok = compare_all(pairs, seed, &rules);
    printf("\n%s: seed %llu, %zu pairs a row, %.0f s of processor time\n",
           ok ? "Identical runs are read as different in at most 5 %, beyond chance"
              : "WORSE: identical runs are read as different in more than 5 %, beyond chance",
           (unsigned long long)seed, pairs, (double)clock() / CLOCKS_PER_SEC);
    return ok ? 0 : 1;
}
