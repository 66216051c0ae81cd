/* Simulated servers under rising steps: how near the break load is to the true one, how often the
 * interval holds it, and whether the generator is told from the server. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "chance.h"
#include "sim_truth.h"
#include "verdicts.h"

enum {
    RUNS = 100,
    SAID_RUNS = 100,
    SETS = 3,
    SAID_SUBJECTS = 6,
    SAID_SERVER_RUNS = 1440,
    MAX_VUS = 2000
};

static const double collapse_stands_s = 30 * 60;

/* --- servers and what the method's own report says of them ------------------------------------ */

#define WORKERS(c, s)                                                                              \
    { .kind = SIM_POOL, .workers = c, .service_s = s, .queue = -1 }

struct said {
    double median, within, holds; /* percent: 90 % of runs are within; NAN: nothing said */
};
#define UNSAID                                                                                     \
    { NAN, NAN, NAN }

struct subject {
    const char *name;
    struct sim_server server;
    bool open, no_think;
    double p95_ms;
    const char *sample; /* of which the document gives the true break */
    double sample_break;
    struct said said[SETS];
};

static const struct subject subjects[] = {
    {"8 workers", WORKERS(8, 0.1), .open = true, .p95_ms = 500, .sample = "knee-8-workers",
     .sample_break = 72.19, .said = {{-1, 6, 100}, {0, 10, 100}, {0, 10, 99}}},
    {"8 workers, 503",
     {.kind = SIM_POOL, .workers = 8, .service_s = 0.1, .queue = 40},
     .open = true,
     .p95_ms = 500,
     .sample = "rejects-503",
     .sample_break = 73.39,
     .said = {{0, 4, 100}, {0, 10, 99}, {-1, 8, 100}}},
    {"open, collapsing",
     {.kind = SIM_USL, .gamma = 20, .alpha = 0.03, .beta = 0.0008},
     .open = true,
     .p95_ms = 600,
     .sample = "collapse-open",
     .sample_break = 196.36,
     .said = {{2, 8, 100}, {2, 10, 99}, {1, 10, 94}}},
    {"closed, think 1 s", WORKERS(8, 0.1), .p95_ms = 500, .sample = "closed-think-1s",
     .sample_break = 98.14, .said = {{-1, 4, 100}, {0, 8, 100}, {0, 9, 100}}},
    {"closed, no think", WORKERS(8, 0.1), .no_think = true, .p95_ms = 500,
     .said = {{-1, 3, 100}, {0, 15, 99}, {1, 12, 96}}},
    {"USL, closed",
     {.kind = SIM_USL, .gamma = 20, .alpha = 0.05, .beta = 0.001},
     .no_think = true,
     .p95_ms = 600,
     .sample = "usl-closed",
     .sample_break = 35.95,
     .said = {{0, 2, 100}, {1, 8, 100}, {0, 7, 100}}},
    {"50 workers", WORKERS(50, 0.2), .open = true, .p95_ms = 800, .sample = "sharp-knee-50-workers",
     .sample_break = 243.31, .said = {UNSAID, UNSAID, UNSAID}},
    {"2 workers", WORKERS(2, 0.1), .open = true, .p95_ms = 500, .said = {UNSAID, UNSAID, UNSAID}},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

static const struct {
    size_t steps;
    double step_s, noise;
} sets[SETS] = {{8, 60, 0}, {8, 30, 0.05}, {12, 60, 0.05}};

static double think_of(const struct subject *s) { return s->open || s->no_think ? 0 : 1; }

static double true_break(const struct verdicts_options *o, const struct subject *s) {
    if (s->open && s->server.kind == SIM_USL)
        return truth_break_collapse(&s->server, collapse_stands_s);
    if (s->open)
        return truth_break_open(&s->server, s->p95_ms / 1000, verdicts_error_limit(o));
    if (s->server.kind == SIM_USL)
        return truth_break_usl(&s->server, s->p95_ms / 1000);
    return truth_break_closed(&s->server, think_of(s), s->p95_ms / 1000);
}

/* --- how near the break is -------------------------------------------------------------------- */

struct errors {
    double *pct; /* owned */
    size_t n;
};

struct tally {
    size_t runs, wrong, beyond, lost, alarms;
    struct errors broke, saturation;
};

static void count(struct tally *t, const struct stress_found *f, double truth, double full,
                  double within) {
    t->runs++;
    t->alarms += f->generator_step >= 0;
    if (f->verdict != STRESS_BROKE) {
        t->wrong++;
        return;
    }
    double error = 100 * (f->break_load / truth - 1);
    t->broke.pct[t->broke.n++] = error;
    t->beyond += fabs(error) > within + 0.5;
    t->lost += truth < f->low || truth > f->high;
    if (f->saturation != SATURATION_NOT_REACHED)
        t->saturation.pct[t->saturation.n++] = 100 * (f->saturation_rps / full - 1);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_size(const void *a, const void *b) {
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

static double ranked(struct errors *e, double p, int (*order)(const void *, const void *)) {
    if (e->n == 0)
        return NAN;
    qsort(e->pct, e->n, sizeof *e->pct, order);
    return e->pct[(size_t)ceil(p * (double)e->n) - 1];
}

static void run_subject(const struct verdicts_options *o, size_t which, size_t set, double truth,
                        struct tally *t) {
    const struct subject *s = &subjects[which];
    double full = truth_saturation(&s->server);
    size_t runs = verdicts_runs(o, RUNS);
    struct sim_load l = {.open = s->open,
                         .steps = sets[set].steps,
                         .step_s = sets[set].step_s,
                         .cut = o->rules->stress.cut,
                         .think_s = think_of(s),
                         .max_vus = MAX_VUS};
    struct rng r;
    rng_seed(&r, o->seed, 1000 + which * SETS + set);
    *t = (struct tally){.broke = {mem_new(runs, sizeof(double)), 0},
                        .saturation = {mem_new(runs, sizeof(double)), 0}};
    for (size_t i = 0; i < runs; i++) {
        struct stress_found found;
        verdicts_fill(&l, &r, s->open ? 0.25 * full : 0.2 * truth,
                      s->open ? 1.3 * full : 1.45 * truth);
        for (size_t k = 0; k < l.steps; k++)
            l.speed[k] = fmax(0.5, 1 + sets[set].noise * rng_normal(&r));
        verdicts_find(o, &s->server, &l, s->p95_ms, &r, &found);
        count(t, &found, truth, full, s->said[set].within);
    }
}

static void print_subject(size_t which, size_t set, double truth, struct tally *t) {
    const struct said *said = &subjects[which].said[set];
    printf("%-18s %2zu x %2g s %3g %% %6zu %8.2f %+7.1f %5.1f %6.1f", subjects[which].name,
           sets[set].steps, sets[set].step_s, 100 * sets[set].noise, t->runs, truth,
           ranked(&t->broke, 0.5, by_value), fabs(ranked(&t->broke, 0.9, by_size)),
           100 * (1 - (double)t->lost / (double)t->broke.n));
    if (isnan(said->within))
        printf("%26s", "");
    else
        printf("   %+6g %5g %6g   ", said->median, said->within, said->holds);
    printf(" %5zu %7zu %+10.1f %5.1f\n", t->wrong, t->alarms, ranked(&t->saturation, 0.5, by_value),
           fabs(ranked(&t->saturation, 0.9, by_size)));
    fflush(stdout);
}

/* --- all -------------------------------------------------------------------------------------- */

/* One server at one place of its steps may be better or worse by chance of the place, and the
 * report of the method does not say where its steps were. So it is held to the sum of the servers
 * and sets that it has figures of. */
struct sum {
    size_t runs, wrong, beyond, lost, all_runs, alarms;
    double said_lost;
};

static void add(struct sum *s, const struct said *said, const struct tally *t) {
    s->all_runs += t->runs;
    s->alarms += t->alarms;
    s->wrong += t->wrong;
    if (isnan(said->within))
        return;
    s->runs += t->runs;
    s->beyond += t->beyond;
    s->lost += t->lost;
    s->said_lost += (double)t->runs * (1 - said->holds / 100);
}

static bool print_sum(const char *what, size_t n, size_t runs, double share, double said_runs) {
    size_t most = chance_of_sum(runs, share, said_runs);
    printf("%s: %zu of %zu (bound %zu)%s\n", what, n, runs, most, n > most ? " WORSE" : "");
    return n <= most;
}

static void find_truths(const struct verdicts_options *o, double *truth) {
    puts("\nTrue breaks, by formula, beside those of the samples:");
    for (size_t i = 0; i < SUBJECTS; i++) {
        const struct subject *s = &subjects[i];
        truth[i] = true_break(o, s);
        printf("%-18s break %8.2f  saturation %8.2f", s->name, truth[i],
               truth_saturation(&s->server));
        if (s->sample)
            printf("  %s: %.2f", s->sample, s->sample_break);
        putchar('\n');
    }
}

static void print_head(void) {
    printf("\nStress: error of the break load, %%: median, and 90 %% of runs are within; share of "
           "runs whose interval holds the truth; the same by the method's own report\n"
           "%-18s %9s %5s %6s %8s %7s %5s %6s   %6s %5s %6s    %5s %7s %10s %5s\n",
           "server", "steps", "noise", "runs", "truth", "median", "90 %", "holds", "report", "90 %",
           "holds", "wrong", "alarms", "saturation", "90 %");
}

bool verdicts_break(const struct verdicts_options *o) {
    double truth[SUBJECTS];
    struct sum sum = {0};
    find_truths(o, truth);
    print_head();
    for (size_t i = 0; i < SUBJECTS; i++)
        for (size_t set = 0; set < SETS; set++) {
            struct tally t;
            run_subject(o, i, set, truth[i], &t);
            print_subject(i, set, truth[i], &t);
            add(&sum, &subjects[i].said[set], &t);
            free(t.broke.pct);
            free(t.saturation.pct);
        }
    putchar('\n');
    double said_runs = SAID_RUNS * SETS * SAID_SUBJECTS;
    bool ok = print_sum("break further off than 90 % of runs by the report", sum.beyond, sum.runs,
                        0.10, said_runs);
    ok &= print_sum("interval without the truth", sum.lost, sum.runs,
                    sum.said_lost / (double)sum.runs, said_runs);
    ok &= print_sum("wrong verdict", sum.wrong, sum.all_runs, 0, said_runs);
    ok &= print_sum("false generator alarms", sum.alarms, sum.all_runs, 0, SAID_SERVER_RUNS);
    return ok;
}
