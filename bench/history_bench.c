/* The store of a workspace as it grows, and what a person waits for:
 *
 *   list     a thousand runs, each with two notes and an approval: read, filtered and sorted; and
 * the History screen drawn at 120x40 open     a run of eight hours: 4,096 points, 480 windows,
 * memory each second, 50 endpoints save     one more run, on disk in both places when it returns
 *   program  `perfscale runs` and `perfscale show` from start to end
 *
 * history_bench [--check] [--runs N]. With --check it ends with 1 when a bound is broken. */
#include <ftw.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "session/stored.h"
#include "session/together.h"
#include "ui/screen/panel/panel.h"

enum { RUNS = 1000, TURNS = 11, ENDPOINTS = 50, HOURS = 8 };
static const double list_most_ms = 50, open_most_ms = 100;
static const int64_t begin_ms = 1790000000000;

static bool all_ok = true;

static void report(const char *what, const double *ms, int n, double most) {
    double least = ms[0], highest = ms[0], sorted[TURNS];
    memcpy(sorted, ms, (size_t)n * sizeof *ms);
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++)
            if (sorted[k] < sorted[i]) {
                double keep = sorted[i];
                sorted[i] = sorted[k];
                sorted[k] = keep;
            }
    for (int i = 0; i < n; i++) {
        least = fmin(least, ms[i]);
        highest = fmax(highest, ms[i]);
    }
    bool ok = most <= 0 || sorted[n / 2] <= most;
    all_ok &= ok;
    printf("  %-46s %8.2f %8.2f %8.2f ms", what, least, sorted[n / 2], highest);
    if (most > 0)
        printf("  at most %g%s", most, ok ? "" : "  ABOVE");
    printf("\n");
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stop(const char *what, const struct err *e) {
    fprintf(stderr, "history_bench: %s: %s\n", what, e->text);
    exit(2);
}

/* --- what is stored --- */

static void figure(struct summary *s, enum metric m, double value) {
    s->figure[m] = (struct figure){.value = value, .low = value, .high = value};
}

static void fill_figures(struct summary *s, double seed) {
    s->tool = "k6";
    text_copy(s->format, sizeof s->format, "k6-csv");
    text_copy(s->tool_version, sizeof s->tool_version, "2.2.0");
    figure(s, METRIC_REQUESTS, 106761 + seed);
    figure(s, METRIC_FAILED, 12);
    figure(s, METRIC_RPS, 199.6 + seed / 100);
    figure(s, METRIC_P95_MS, 243.25 + seed / 7);
    figure(s, METRIC_AVG_MS, 131.5);
    figure(s, METRIC_DURATION_S, 750);
    figure(s, METRIC_MAX_MS, 2100);
}

static void add_hours(struct summary *s) {
    struct trace *t = summary_trace(s, "rss_mb");
    s->series = (struct series){.point = mem_new(POINTS_MAX, sizeof(struct point)),
                                .points = POINTS_MAX,
                                .cap = POINTS_MAX,
                                .start_ms = begin_ms};
    for (int i = 0; i < POINTS_MAX; i++)
        s->series.point[i] = (struct point){.at_s = i * 7.03125,
                                            .length_s = 7.03125,
                                            .requests = 1404 + i % 17,
                                            .failed = i % 3,
                                            .avg_ms = 131.3 + i % 29 / 7.0,
                                            .med_ms = 120.1 + i % 31 / 3.0,
                                            .p95_ms = 240.7 + i % 37 / 3.0,
                                            .max_ms = 900 + i % 41,
                                            .vus = 80 + i % 5,
                                            .dropped = 0,
                                            .load = NAN};
    s->windows = (struct series){.point = mem_new(60 * HOURS, sizeof(struct point)),
                                 .points = 60 * HOURS,
                                 .cap = 60 * HOURS};
    for (int i = 0; i < 60 * HOURS; i++)
        s->windows.point[i] = s->series.point[i];
    for (int i = 0; i < 3600 * HOURS; i++)
        trace_add(t, i, 200 + i / 997.0);
    s->endpoint = mem_new(ENDPOINTS, sizeof *s->endpoint);
    s->endpoints = s->endpoints_cap = ENDPOINTS;
    for (int i = 0; i < ENDPOINTS; i++) {
        struct endpoint *p = &s->endpoint[i];
        snprintf(p->name, sizeof p->name, "GET /orders/%d/items", i);
        for (int m = 0; m < ENDPOINT_METRICS; m++) {
            p->figure[m].value = p->figure[m].low = p->figure[m].high = 100.1 * (i + 1) + m;
            p->steady[m] = 99.3 * (i + 1) + m;
        }
    }
    figure(s, METRIC_DURATION_S, 3600.0 * HOURS);
}

static int64_t store_one(struct session *s, struct summary *run, int i) {
    struct judgement *j = mem_new(1, sizeof *j);
    struct check_input in;
    struct gather_digests none = {0};
    struct err e = {0};
    char sha[DIGEST_BYTES];
    int64_t id = 0;
    session_check_input(s, run, &in);
    in.model = i % 4 == 3 ? MODEL_SOAK : MODEL_LOAD;
    in.target_rps.value = 200;
    check_run(&in, j);
    digest_of(&i, sizeof i, sha);
    const struct storing what = {.run = run,
                                 .judgement = j,
                                 .target_rps = 200,
                                 .from = "load_orders.csv",
                                 .at_ms = begin_ms + i * 3600000LL,
                                 .files = &none,
                                 .pasted = sha};
    if (!session_store(s, &what, &id, &e))
        stop("store", &e);
    judgement_fini(j);
    free(j);
    return id;
}

static void must_say(struct session *s, int64_t run, enum said_kind kind, const char *text) {
    struct said x = {.run = run, .kind = kind, .at_ms = begin_ms};
    struct err e = {0};
    text_copy(x.text, sizeof x.text, text);
    if (!said_add(s->history, &x, &e))
        stop("say", &e);
}

static void fill_store(struct session *s, int runs) {
    for (int i = 0; i < runs; i++) {
        struct summary run;
        summary_init(&run);
        fill_figures(&run, i);
        int64_t id = store_one(s, &run, i);
        must_say(s, id, SAID_NOTE, "What is this spike? It touches all four endpoints.");
        must_say(s, id, SAID_NOTE, "Full GC of 1.1 s, in gc.log.");
        must_say(s, id, SAID_APPROVE, "");
        summary_fini(&run);
    }
}

/* --- what is measured --- */

static void measure_list(struct session *s) {
    double read[TURNS], find[TURNS], draw[TURNS];
    struct view *v = mem_new(1, sizeof *v);
    struct grid g;
    struct err e = {0};
    size_t runs, *at;
    v->open = STEP_HISTORY;
    grid_init(&g, 40, 120, GLYPHS_BRAILLE);
    for (int i = 0; i < TURNS; i++) {
        double t = now_ms();
        if (!session_runs_read(s, &e))
            stop("list", &e);
        read[i] = now_ms() - t;
        session_runs(s, &runs);
        at = mem_new(runs + 1, sizeof *at);
        t = now_ms();
        session_runs_find(s, "load pass", SORT_P95, true, at, runs);
        find[i] = now_ms() - t;
        free(at);
        t = now_ms();
        panel_draw(s, v, &g, chrome_pane(40, 120));
        draw[i] = now_ms() - t;
    }
    printf("a list of %zu runs, %26s least   median     most\n", runs, "");
    report("read", read, TURNS, list_most_ms);
    report("filtered and sorted", find, TURNS, 0);
    report("drawn, 120x40", draw, TURNS, 0);
    grid_fini(&g);
    free(v);
}

static void measure_open(struct session *s, int64_t id) {
    double ms[TURNS];
    struct err e = {0};
    struct run row;
    if (!history_get(s->history, id, &row, &e))
        stop("open", &e);
    printf("a run of %d h, %.1f MB in the store\n", HOURS, (double)strlen(row.check_json) / 1e6);
    run_fini(&row);
    for (int i = 0; i < TURNS; i++) {
        double t = now_ms();
        if (!session_run_open(s, id, &e))
            stop("open", &e);
        ms[i] = now_ms() - t;
    }
    report("opened", ms, TURNS, open_most_ms);
}

static void measure_save(struct session *s, int runs) {
    double ms[TURNS];
    for (int i = 0; i < TURNS; i++) {
        struct summary run;
        summary_init(&run);
        fill_figures(&run, i);
        double t = now_ms();
        store_one(s, &run, runs + i);
        ms[i] = now_ms() - t;
        summary_fini(&run);
    }
    report("one more run saved", ms, TURNS, 0);
}

static void measure_program(const char *dir, const char *words, int64_t id, const char *what) {
    double ms[TURNS];
    char line[1024];
    snprintf(line, sizeof line, "%s %s %lld --dir '%s' >/dev/null", BENCH_PROGRAM, words,
             (long long)id, dir);
    if (!id)
        snprintf(line, sizeof line, "%s %s '%s' >/dev/null", BENCH_PROGRAM, words, dir);
    for (int i = 0; i < TURNS; i++) {
        double t = now_ms();
        if (system(line) != 0) {
            printf("  %s: failed\n", what);
            all_ok = false;
            return;
        }
        ms[i] = now_ms() - t;
    }
    report(what, ms, TURNS, 0);
}

/* --- one workspace --- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static void measure(const char *dir, int runs) {
    struct session *s = mem_new(1, sizeof *s);
    struct summary hours;
    struct err e = {0};
    if (!session_open(s, dir, begin_ms, &e))
        stop("session", &e);
    double t = now_ms();
    fill_store(s, runs);
    printf("%d runs and %d statements stored in %.1f s\n", runs, 3 * runs, (now_ms() - t) / 1e3);
    measure_list(s);
    measure_save(s, runs);
    summary_init(&hours);
    fill_figures(&hours, 1);
    add_hours(&hours);
    int64_t id = store_one(s, &hours, 3);
    summary_fini(&hours);
    measure_open(s, id);
    session_close(s);
    free(s);
    measure_program(dir, "runs", 0, "perfscale runs, the whole program");
    measure_program(dir, "show", id, "perfscale show of it, the whole program");
}

int main(int argc, char **argv) {
    char dir[] = "/tmp/history_bench.XXXXXX";
    bool check = false;
    int runs = RUNS;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--check") == 0)
            check = true;
        else if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc)
            runs = atoi(argv[++i]);
        else {
            fputs("usage: history_bench [--check] [--runs N]\n", stderr);
            return 2;
        }
    if (runs < 1 || !mkdtemp(dir))
        return 2;
    measure(dir, runs);
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return check && !all_ok ? 1 : 0;
}
