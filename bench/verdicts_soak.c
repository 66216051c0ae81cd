/* Memory and response times of long runs: how often a drift is seen where none is, and how often
 * one is missed. */
#include <math.h>
#include <stdio.h>

#include "chance.h"
#include "sim_soak.h"
#include "soak/soak.h"
#include "verdicts.h"

enum { HEALTHY_RUNS = 1000, LEAK_RUNS = 400, VERDICTS = SOAK_INSUFFICIENT + 1 };

enum mix { AS_IT_IS, EITHER_LENGTH, OF_HEALTHY, SLOW_WARM_UP };

/* said_*: what the method's own report says, in percent. NAN: nothing. */
struct class {
    const char *name;
    struct sim_series series;
    enum mix mix;
    bool latency, leaks;
    double said_drift, said_stable, said_runs;
};

#define NOISE .hours = 4, .noise = 0.02
#define LATENCY .hours = 4, .noise = 0.08, .phi = 0.5
#define LEAK(how, share) NOISE, .phi = 0.9, .growth = how, .rise = share

static const struct class classes[] = {
    {"white noise", {NOISE}, 0, 0, 0, 0, NAN, 1000},
    {"phi 0.9", {NOISE, .phi = 0.9}, 0, 0, 0, 0, NAN, 1000},
    {"phi 0.98", {NOISE, .phi = 0.98}, 0, 0, 0, 1.4, NAN, 1000},
    {"phi 0.995", {NOISE, .phi = 0.995}, 0, 0, 0, 3.3, NAN, 1000},
    {"GC 30 %, 5 min",
     {NOISE, .phi = 0.9, .gc_share = 0.3, .gc_minutes = 5},
     0,
     0,
     0,
     0,
     NAN,
     1000},
    {"GC 50 %, 20 min",
     {NOISE, .phi = 0.9, .gc_share = 0.5, .gc_minutes = 20},
     0,
     0,
     0,
     0,
     NAN,
     1000},
    {"fast warm-up of 40 %", {LEAK(GROWTH_WARM_UP, 0.4), .tau = 0.04}, 0, 0, 0, 0, NAN, 1000},
    {"one step of 10 %", {LEAK(GROWTH_STEP, 0.1)}, 0, 0, 0, 2, 46, 1000},
    {"healthy mix", {NOISE}, OF_HEALTHY, 0, 0, 0.4, 99.1, 2000},
    {"response time, flat", {LATENCY}, 0, true, 0, 1, 99, 400},
    {"slow warm-up of 40 %", {LEAK(GROWTH_WARM_UP, 0.4)}, SLOW_WARM_UP, 0, 0, 46, 25, 400},

    {"+5 %", {LEAK(GROWTH_LINEAR, 0.05)}, EITHER_LENGTH, 0, true, 12, 78, 400},
    {"+10 %", {LEAK(GROWTH_LINEAR, 0.1)}, EITHER_LENGTH, 0, true, 74, 9, 400},
    {"+15 %", {LEAK(GROWTH_LINEAR, 0.15)}, EITHER_LENGTH, 0, true, 93, 0, 400},
    {"+15 %, phi 0.98",
     {NOISE, .phi = 0.98, .growth = GROWTH_LINEAR, .rise = 0.15},
     EITHER_LENGTH,
     0,
     true,
     84,
     2,
     400},
    {"+20 %", {LEAK(GROWTH_LINEAR, 0.2)}, EITHER_LENGTH, 0, true, 99, 0, 400},
    {"+50 %", {LEAK(GROWTH_LINEAR, 0.5)}, EITHER_LENGTH, 0, true, 99, 0, 400},
    {"+20 % in the second half", {LEAK(GROWTH_LATE, 0.2)}, EITHER_LENGTH, 0, true, 100, 0, 400},
    {"+20 % in 6 stairs", {LEAK(GROWTH_STAIRS, 0.2)}, EITHER_LENGTH, 0, true, 97, 0, 400},
    {"+30 %, square root of time", {LEAK(GROWTH_ROOT, 0.3)}, EITHER_LENGTH, 0, true, 96, 0, 400},
    {"+10 %, GC 30 %, 5 min",
     {LEAK(GROWTH_LINEAR, 0.1), .gc_share = 0.3, .gc_minutes = 5},
     0,
     0,
     true,
     68,
     11,
     400},
    {"+20 %, GC 50 %, 20 min, 4 h",
     {LEAK(GROWTH_LINEAR, 0.2), .gc_share = 0.5, .gc_minutes = 20},
     0,
     0,
     true,
     NAN,
     0,
     400},
    {"+20 %, GC 50 %, 20 min, 8 h",
     {.hours = 8,
      .noise = 0.02,
      .phi = 0.9,
      .growth = GROWTH_LINEAR,
      .rise = 0.2,
      .gc_share = 0.5,
      .gc_minutes = 20},
     0,
     0,
     true,
     92,
     0,
     400},
    {"response time +20 %",
     {LATENCY, .growth = GROWTH_LINEAR, .rise = 0.2},
     0,
     true,
     true,
     67,
     15,
     400},
    {"response time +30 %",
     {LATENCY, .growth = GROWTH_LINEAR, .rise = 0.3},
     0,
     true,
     true,
     91,
     0,
     400},
    {"response time +50 %",
     {LATENCY, .growth = GROWTH_LINEAR, .rise = 0.5},
     0,
     true,
     true,
     99,
     0,
     400},
};
enum { CLASSES = sizeof classes / sizeof *classes };

/* What a class leaves open is drawn for each series. */
static struct sim_series one_of(const struct class *c, struct rng *r) {
    static const double phis[] = {0, 0.5, 0.9, 0.95, 0.98};
    struct sim_series s = c->series;
    if (c->mix == EITHER_LENGTH || c->mix == OF_HEALTHY)
        s.hours = rng_below(r, 2) ? 4 : 8;
    if (c->mix == SLOW_WARM_UP)
        s.tau = rng_between(r, 0.12, 0.25);
    if (c->mix == OF_HEALTHY) {
        s.phi = phis[rng_below(r, sizeof phis / sizeof *phis)];
        s.gc_minutes = 5;
        s.gc_share = rng_below(r, 2) ? 0.3 : 0;
    }
    return s;
}

struct tally {
    size_t runs, of[VERDICTS];
};

static void run_class(const struct verdicts_options *o, size_t i, struct tally *t) {
    const struct class *c = &classes[i];
    const struct soak_options how = {.rules =
                                         &o->rules->soak[c->latency ? SOAK_LATENCY : SOAK_MEMORY],
                                     .limit = NAN,
                                     .reference = NAN};
    struct moment at[SIM_SAMPLES];
    struct rng r;
    rng_seed(&r, o->seed, i);
    *t = (struct tally){.runs = verdicts_runs(o, c->leaks ? LEAK_RUNS : HEALTHY_RUNS)};
    for (size_t k = 0; k < t->runs; k++) {
        struct sim_series s = one_of(c, &r);
        struct trend found;
        sim_series(&s, &r, at);
        soak_trend(at, SIM_SAMPLES, &how, &found);
        t->of[found.verdict]++;
    }
}

static size_t drifts(const struct tally *t) { return t->of[SOAK_LEAK] + t->of[SOAK_SLOWING]; }

/* "3 of 1000 (0.4 %, at most 9)", or without bound "3 of 1000". */
static bool print_against(const char *what, size_t n, size_t runs, double said, double said_runs) {
    printf("  %s %zu", what, n);
    if (isnan(said))
        return true;
    size_t most = chance_of_row(runs, said / 100, said_runs);
    printf(" (%g %%, at most %zu)%s", said, most, n > most ? " WORSE" : "");
    return n <= most;
}

static bool print_class(const struct class *c, const struct tally *t) {
    static const enum soak_verdict columns[] = {SOAK_LEAK, SOAK_SLOWING,      SOAK_PLATEAU,
                                                SOAK_STEP, SOAK_INSUFFICIENT, SOAK_STABLE};
    printf("%-28s %5zu", c->name, t->runs);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        printf(" %7.1f", 100 * (double)t->of[columns[i]] / (double)t->runs);
    bool ok;
    if (c->leaks) {
        ok = print_against("missed", t->of[SOAK_STABLE], t->runs, c->said_stable, c->said_runs);
        ok &= print_against("no drift", t->runs - drifts(t), t->runs, 100 - c->said_drift,
                            c->said_runs);
    } else {
        ok = print_against("false drift", drifts(t), t->runs, c->said_drift, c->said_runs);
    }
    putchar('\n');
    fflush(stdout);
    return ok;
}

static void print_head(const char *title) {
    printf(
        "\n%-28s %5s %7s %7s %7s %7s %7s %7s  counts (the method's own report, bound of chance)\n",
        title, "runs", "leak", "slowing", "plateau", "step", "insuff.", "stable");
}

/* Sum over classes of what counts as wrong; the document's shares weighed by the runs. */
struct sum {
    size_t wrong, runs;
    double said;      /* of them, those that the method's report would have wrong */
    double said_runs; /* its own */
};

static void add(struct sum *s, size_t wrong, size_t runs, double said_pct, double said_runs) {
    s->wrong += wrong;
    s->runs += runs;
    s->said += (double)runs * said_pct / 100;
    s->said_runs += said_runs;
}

static bool print_sum(const char *what, const struct sum *s) {
    size_t most = chance_of_sum(s->runs, s->said / (double)s->runs, s->said_runs);
    printf("%s: %zu of %zu (bound %zu)%s\n", what, s->wrong, s->runs, most,
           s->wrong > most ? " WORSE" : "");
    return s->wrong <= most;
}

/* The method's report promises nothing of a smaller growth. */
static bool is_promised(const struct verdicts_options *o, const struct class *c) {
    const struct soak_rules *rules = &o->rules->soak[c->latency ? SOAK_LATENCY : SOAK_MEMORY];
    return c->leaks && c->series.rise >= rules->leak_never_missed;
}

bool verdicts_soak(const struct verdicts_options *o) {
    struct sum false_drift = {0}, missed = {0};
    bool ok = true, leaks = false;
    printf(
        "\nSoak: share of each verdict, %%. %d samples of memory, noise 2 %%, phi 0.9 unless said; "
        "of response time, noise 8 %%, phi 0.5\n",
        SIM_SAMPLES);
    print_head("healthy");
    for (size_t i = 0; i < CLASSES; i++) {
        const struct class *c = &classes[i];
        struct tally t;
        if (c->leaks && !leaks)
            print_head("growing");
        leaks = c->leaks;
        run_class(o, i, &t);
        ok &= print_class(c, &t);
        if (is_promised(o, c))
            add(&missed, t.of[SOAK_STABLE], t.runs, c->said_stable, c->said_runs);
        else if (!leaks && c->mix != SLOW_WARM_UP)
            add(&false_drift, drifts(&t), t.runs, c->said_drift, c->said_runs);
    }
    puts("\nSums, without the slow warm-up, which fools the method, and the leaks below its "
         "promise:");
    ok &= print_sum("false drift", &false_drift);
    ok &= print_sum("missed drift", &missed);
    return ok;
}
