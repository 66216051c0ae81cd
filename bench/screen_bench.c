/* Measures what the dashboard sends and how fast, on a pseudo-terminal: the bounds of a screen that
 * is quick over any line. Prints least, median and most of the runs. With --check it ends with 1
 * when a median is above its bound. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty_run.h"

enum { RUNS_MAX = 200, QUIET_MS = 60, FIRST_QUIET_MS = 150, IDLE_MS = 2000 };

/* ---- figures ---- */

enum {
    FIRST_MS,
    FIRST_CPU_MS,
    FIRST_BYTES,
    KEY_MS,
    KEY_BYTES,
    KEY_WRITES,
    EDIT_MS,
    EDIT_BYTES,
    SCREEN_MS,
    SCREEN_BYTES,
    IDLE_BYTES,
    IDLE_WAKES,
    MEMORY_MB,
    FIGURES,
};

static const struct {
    const char *name, *unit;
    double bound; /* of the median; 0: none */
    bool zero;    /* bound 0 is meant */
} figures[FIGURES] = {
    [FIRST_MS] = {"start to first full screen", "ms", 30, false},
    [FIRST_CPU_MS] = {"  of it on a processor", "ms", 0, false}, /* the rest others had */
    [FIRST_BYTES] = {"bytes of the first frame", "B", 8192, false},
    [KEY_MS] = {"focus move, key to last byte", "ms", 5, false},
    [KEY_BYTES] = {"bytes of a focus move", "B", 300, false},
    [KEY_WRITES] = {"write() calls of a focus move", "", 1, false},
    [EDIT_MS] = {"digit in a field of Load", "ms", 5, false},
    [EDIT_BYTES] = {"bytes of that", "B", 0, false},
    [SCREEN_MS] = {"another screen, key to last byte", "ms", 5, false},
    [SCREEN_BYTES] = {"bytes of another screen", "B", 8192, false},
    [IDLE_BYTES] = {"bytes in 2 s without a key", "B", 0, true},
    [IDLE_WAKES] = {"wake-ups in 2 s without a key", "", 0, true},
    [MEMORY_MB] = {"resident memory", "MB", 12, false},
};

static double value[FIGURES][RUNS_MAX];
static int values[FIGURES];

static void add(int figure, double x) {
    if (values[figure] < RUNS_MAX)
        value[figure][values[figure]++] = x;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- measuring ---- */

/* Sends a key and waits for its frame. */
static void key(struct pty *p, const char *bytes, int ms, int size) {
    p->bytes = 0;
    double sent = pty_now_ms();
    p->last_ms = sent;
    pty_send(p, bytes, strlen(bytes));
    pty_quiet(p, QUIET_MS, NULL);
    if (ms >= 0)
        add(ms, p->last_ms - sent);
    if (size >= 0)
        add(size, (double)p->bytes);
}

/* Wake-ups: how often it gave the processor away. */
static void idle(struct pty *p) {
    static const char switches[] = "voluntary_ctxt_switches:";
    p->bytes = 0;
    long before = pty_proc(p, "status", switches);
    double until = pty_now_ms() + IDLE_MS;
    while (pty_now_ms() < until)
        pty_read(p, (int)(until - pty_now_ms()) + 1, NULL);
    add(IDLE_BYTES, (double)p->bytes);
    add(IDLE_WAKES, (double)(pty_proc(p, "status", switches) - before));
}

static void first_screen(struct pty *p) {
    pty_quiet(p, FIRST_QUIET_MS, NULL);
    add(FIRST_MS, p->last_ms - p->started_ms);
    add(FIRST_CPU_MS, (double)pty_proc(p, "schedstat", "") / 1e6);
    add(FIRST_BYTES, (double)p->bytes);
}

/* A store from the run before would make it ask whether to go on. */
static void forget_store(const char *workspace) {
    char command[512];
    snprintf(command, sizeof command, "rm -rf '%s'/.perfscale", workspace);
    if (system(command) != 0)
        fprintf(stderr, "%s/.perfscale stays\n", workspace);
}

static void measure(const char *workspace, int rows, int cols, bool with_idle) {
    const char *const argv[] = {BENCH_PROGRAM, workspace, NULL};
    struct pty p;
    forget_store(workspace);
    pty_start(&p, argv, "/", rows, cols, NULL);
    first_screen(&p);
    add(MEMORY_MB, (double)pty_proc(&p, "status", "VmRSS:") / 1000);
    key(&p, "1", SCREEN_MS, SCREEN_BYTES);
    key(&p, "g", -1, -1);
    key(&p, "j", KEY_MS, KEY_BYTES);
    key(&p, "k", KEY_MS, KEY_BYTES);
    if (with_idle)
        idle(&p);
    key(&p, "2", SCREEN_MS, SCREEN_BYTES);
    key(&p, "g", -1, -1);
    key(&p, "jj", -1, -1);
    key(&p, "2", EDIT_MS, EDIT_BYTES);
    key(&p, "5", EDIT_MS, EDIT_BYTES);
    key(&p, "\033", -1, -1);
    pty_send(&p, "\003", 1);
    int status = pty_wait(&p, NULL);
    if (status != 0)
        fprintf(stderr, "the program ended with %d\n", status);
    pty_close(&p);
}

/* ---- system calls, as strace sees them ---- */

static const char strace[] = "/usr/bin/strace";

static int writes_in(const char *log) {
    char line[4096];
    int n = 0;
    FILE *f = fopen(log, "re");
    while (f && fgets(line, sizeof line, f))
        n += strncmp(line, "write(1, ", 9) == 0;
    if (f)
        fclose(f);
    return n;
}

static void count_writes(const char *workspace, int rows, int cols) {
    char log[256];
    struct pty p;
    snprintf(log, sizeof log, "%s/strace.log", workspace);
    const char *const argv[] = {strace,        "-o",          log,       "-e",
                                "trace=write", BENCH_PROGRAM, workspace, NULL};
    if (access(strace, X_OK) != 0)
        return;
    forget_store(workspace);
    pty_start(&p, argv, "/", rows, cols, NULL);
    pty_quiet(&p, 2 * FIRST_QUIET_MS, NULL);
    key(&p, "1g", -1, -1);
    for (const char *move = "jkjk"; *move; move++) {
        const char one[] = {*move, '\0'};
        int before = writes_in(log);
        key(&p, one, -1, -1);
        add(KEY_WRITES, writes_in(log) - before);
    }
    pty_send(&p, "\003", 1);
    pty_wait(&p, NULL);
    pty_close(&p);
    unlink(log);
}

/* ---- the report ---- */

static bool print_figure(int f) {
    int n = values[f];
    if (n == 0) {
        printf("  %-34s not measured: strace is not installed\n", figures[f].name);
        return true;
    }
    qsort(value[f], (size_t)n, sizeof(double), by_size);
    double median = value[f][n / 2];
    bool bounded = figures[f].bound > 0 || figures[f].zero;
    bool ok = !bounded || median <= figures[f].bound;
    char bound[32] = "";
    if (bounded)
        snprintf(bound, sizeof bound, "at most %g", figures[f].bound);
    printf("  %-34s %9.1f %9.1f %9.1f %-3s %-14s%s\n", figures[f].name, value[f][0], median,
           value[f][n - 1], figures[f].unit, bound, ok ? "" : "  ABOVE");
    return ok;
}

static bool size_report(const char *workspace, int rows, int cols, int runs) {
    bool ok = true;
    memset(values, 0, sizeof values);
    for (int i = 0; i < runs; i++)
        measure(workspace, rows, cols, i < 3);
    count_writes(workspace, rows, cols);
    printf("\n%dx%d, %d runs\n  %-34s %9s %9s %9s\n", cols, rows, runs, "", "least", "median",
           "most");
    for (int f = 0; f < FIGURES; f++)
        ok &= print_figure(f);
    return ok;
}

/* The program writes its store beside what it reads: a copy each time. */
static bool copy_workspace(char *dir) {
    char command[512];
    if (!mkdtemp(dir))
        return false;
    snprintf(command, sizeof command, "cp -r '%s'/. '%s'", BENCH_WORKSPACE, dir);
    return system(command) == 0;
}

static void remove_workspace(const char *dir) {
    char command[512];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", dir);
}

int main(int argc, char **argv) {
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}};
    char dir[] = "/tmp/perfscale-bench-XXXXXX";
    bool check = false, ok = true;
    int runs = 11;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--check") == 0)
            check = true;
        else if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc)
            runs = atoi(argv[++i]);
        else
            return fprintf(stderr, "usage: screen_bench [--check] [--runs N]\n"), 2;
    }
    runs = runs < 1 ? 1 : runs > RUNS_MAX / 4 ? RUNS_MAX / 4 : runs;
    if (!copy_workspace(dir))
        return fprintf(stderr, "screen_bench: cannot copy %s\n", BENCH_WORKSPACE), 2;
    printf("Dashboard on a pseudo-terminal, TERM=xterm-256color");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        ok &= size_report(dir, sizes[i][0], sizes[i][1], runs);
    remove_workspace(dir);
    return check && !ok ? 1 : 0;
}
