/* What watching a run costs the machine that makes the load:
 *
 *   tailing    a file grows by 5,000 requests a second: processor time of the watch, and memory as
 *              hours go by (the clock of the watch is an argument, so nobody waits)
 *   a week     seven days of requests, thinned: memory at the first and at the last day
 *   live       `perfscale watch` on a file that really grows by 5,000 requests a second
 *   frames     the run pane of a replay on a pseudo-terminal: bytes and frames
 *
 * With --check it ends with 1 when a bound is broken. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pty_run.h"
#include "watch/watch.h"

enum { RATE = 5000, TAIL_S = 20, LIVE_S = 15, FRAMES_S = 20, DAY_S = 86400, DAYS = 7 };
static const double cpu_most = 0.01, memory_grows_most_mb = 2, frame_bytes_most = 400;

static const struct {
    const char *format, *name;
    size_t made_mb; /* of results_make: 100,000 requests */
} formats[] = {{"jtl", "JTL", 12}, {"k6-csv", "k6 CSV", 140}, {"k6-json", "k6 NDJSON", 340}};
enum { FORMATS = sizeof formats / sizeof *formats };

static bool all_ok = true;

static void report(const char *what, double value, const char *unit, double most) {
    bool ok = !(value > most);
    all_ok &= ok;
    printf("  %-44s %9.3f %-4s", what, value, unit);
    if (most > 0)
        printf(" at most %g%s", most, ok ? "" : "  ABOVE");
    printf("\n");
}

static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double memory_mb(void) {
    char line[256];
    double kb = NAN;
    FILE *f = fopen("/proc/self/status", "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %lf", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb / 1024;
}

static void die(const char *what) {
    fprintf(stderr, "watch_bench: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* --- made results --- */

static char *made(const char *format, size_t bytes, size_t *len) {
    char command[512];
    char *text = malloc(bytes + (1 << 20));
    snprintf(command, sizeof command, "'%s' %s %zu", BENCH_MAKE, format, bytes);
    FILE *f = popen(command, "re");
    if (!text || !f)
        die("results_make");
    *len = fread(text, 1, bytes + (1 << 20), f);
    if (pclose(f) != 0 || *len == 0)
        die("results_make");
    return text;
}

static bool is_request(const char *format, const char *line, size_t len) {
    if (strcmp(format, "jtl") == 0)
        return len > 0 && line[0] >= '0' && line[0] <= '9';
    if (strcmp(format, "k6-csv") == 0)
        return len > 9 && memcmp(line, "http_reqs", 9) == 0;
    return memmem(line, len, "\"metric\":\"http_reqs\"", 20) && memmem(line, len, "Point", 5);
}

/* Where the next n requests end. */
static size_t after_requests(const char *format, const char *text, size_t len, size_t at, long n) {
    while (at < len && n > 0) {
        const char *nl = memchr(text + at, '\n', len - at);
        size_t end = nl ? (size_t)(nl - text) + 1 : len;
        n -= is_request(format, text + at, end - at);
        at = end;
    }
    return at;
}

/* --- tailing --- */

struct tail {
    struct watch *w;
    FILE *file;
    int64_t day_ms, steady_ms;
    double cpu_s;
};

static void tail_start(struct tail *t, const char *path) {
    struct watch_options o;
    watch_options_init(&o);
    o.limits.p95_ms = 500;
    o.here = true;
    *t = (struct tail){.w = watch_new(&o, NULL),
                       .file = fopen(path, "we"),
                       .day_ms = INT64_C(1795424400000),
                       .steady_ms = 1000000};
    if (!t->w || !t->file || !watch_add(t->w, path, WATCH_FIGURES, NULL))
        die(path);
}

/* A second goes by: bytes came, and the watch takes them. */
static void tail_second(struct tail *t, const char *bytes, size_t len) {
    if (fwrite(bytes, 1, len, t->file) != len || fflush(t->file) != 0)
        die("write");
    t->day_ms += 1000;
    t->steady_ms += 1000;
    double before = cpu_s();
    watch_turn(t->w, t->day_ms, t->steady_ms);
    for (int i = 0; i < 100 && watch_look(t->w)->left_bytes > 0; i++)
        watch_turn(t->w, t->day_ms, t->steady_ms);
    t->cpu_s += cpu_s() - before;
}

static double tail_end(struct tail *t) {
    double requests = watch_look(t->w)->run.total.requests;
    watch_free(t->w);
    fclose(t->file);
    return requests;
}

static void tailing(const char *path, int which) {
    size_t len, at = 0;
    int seconds = 0;
    char *text = made(formats[which].format, formats[which].made_mb << 20, &len), what[80];
    struct tail t;
    tail_start(&t, path);
    for (; seconds < TAIL_S && at < len; seconds++) {
        size_t end = after_requests(formats[which].format, text, len, at, RATE);
        tail_second(&t, text + at, end - at);
        at = end;
    }
    double requests = tail_end(&t);
    snprintf(what, sizeof what, "%s, %d s of %d requests/s", formats[which].name, seconds, RATE);
    report(what, 100 * t.cpu_s / seconds, "%", 100 * cpu_most);
    if (requests < (seconds - 3.0) * RATE)
        fprintf(stderr, "watch_bench: only %.0f requests were seen\n", requests), all_ok = false;
    free(text);
    unlink(path);
}

/* --- a week --- */

static size_t put_row(char *to, int64_t ms, unsigned draw) {
    return (size_t)sprintf(
        to, "%lld,%u,GET /orders,200,OK,users 1-1,text,true,,512,128,50,50,,%u,0,0\n",
        (long long)ms, 100 + draw % 300, 90 + draw % 300);
}

static void a_week(const char *path) {
    static const char header[] = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,"
                                 "dataType,success,failureMessage,bytes,sentBytes,grpThreads,"
                                 "allThreads,URL,Latency,IdleTime,Connect\n";
    enum { EACH_S = 60, ROWS = 60 };
    static char rows[ROWS * 256];
    double first_day = NAN;
    unsigned draw = 1;
    struct tail t;
    tail_start(&t, path);
    tail_second(&t, header, sizeof header - 1);
    for (int64_t s = 0; s < (int64_t)DAYS * DAY_S; s += EACH_S) {
        size_t n = 0;
        for (int i = 0; i < ROWS; i++)
            n += put_row(rows + n, INT64_C(1795424400000) + (s + i) * 1000,
                         draw = draw * 1103515245 + 12345);
        t.day_ms += (EACH_S - 1) * 1000;
        t.steady_ms += (EACH_S - 1) * 1000;
        tail_second(&t, rows, n);
        if (s == DAY_S)
            first_day = memory_mb();
    }
    report("a week, memory after the first day", first_day, "MB", 0);
    report("a week, memory that came after it", memory_mb() - first_day, "MB",
           memory_grows_most_mb);
    report("a week, points of the series", (double)watch_look(t.w)->series->points, "", 2048);
    double requests = tail_end(&t);
    if (requests != (double)DAYS * DAY_S)
        fprintf(stderr, "watch_bench: %.0f requests of a week were seen\n", requests),
            all_ok = false;
    unlink(path);
}

static void read_for(struct pty *p, int ms, const struct pty_sink *to) {
    double until = pty_now_ms() + ms;
    while (pty_now_ms() < until)
        pty_read(p, (int)(until - pty_now_ms()) + 1, to);
}

/* --- live --- */

/* Ends by itself. */
static pid_t start_writer(const char *path, const char *text, size_t len) {
    enum { FLUSHES = 5 };
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    FILE *f = fopen(path, "we");
    size_t at = 0;
    for (int i = 0; f && i < LIVE_S * FLUSHES; i++) {
        size_t end = after_requests("k6-csv", text, len, at, RATE / FLUSHES);
        fwrite(text + at, 1, end - at, f);
        fflush(f);
        at = end;
        usleep(1000000 / FLUSHES);
    }
    _exit(f ? 0 : 1);
}

static void live(const char *path) {
    size_t len;
    char *text = made("k6-csv", (size_t)110 << 20, &len);
    const char *const argv[] = {BENCH_PROGRAM, "watch", path, "--idle", "30s", NULL};
    struct pty p;
    pid_t writer = start_writer(path, text, len);
    pty_start(&p, argv, "/", 40, 120, NULL);
    read_for(&p, (LIVE_S - 1) * 1000, NULL);
    double busy_s = (double)pty_proc(&p, "schedstat", "") / 1e9;
    report("perfscale watch, k6 CSV, really growing", 100 * busy_s / (LIVE_S - 1), "%",
           100 * cpu_most);
    report("  its memory", (double)pty_proc(&p, "status", "VmRSS:") / 1024, "MB", 0);
    kill(p.pid, SIGTERM);
    pty_wait(&p, NULL);
    pty_close(&p);
    waitpid(writer, NULL, 0);
    free(text);
    unlink(path);
}

/* --- frames --- */

struct frames {
    size_t bytes, frames, most;
    double last_ms;
};

static void take_frame(void *self, const char *bytes, size_t len) {
    enum { SAME_FRAME_MS = 100 };
    static size_t frame;
    struct frames *f = self;
    double now = pty_now_ms();
    (void)bytes;
    if (now - f->last_ms > SAME_FRAME_MS) {
        f->frames++;
        frame = 0;
    }
    frame += len;
    f->most = frame > f->most ? frame : f->most;
    f->bytes += len;
    f->last_ms = now;
}

static void frames(const char *path) {
    enum { FORWARD_MS = 3500, SETTLE_MS = 2500, MADE_MB = 36 };
    size_t len;
    char *text = made("jtl", (size_t)MADE_MB << 20, &len);
    FILE *file = fopen(path, "we");
    if (!file || fwrite(text, 1, len, file) != len || fclose(file) != 0)
        die(path);
    free(text);
    const char *const argv[] = {BENCH_PROGRAM, "replay", path, "--speed", "30", NULL};
    struct pty p;
    struct frames f = {0};
    struct pty_sink to = {.take = take_frame, .self = &f};
    pty_start(&p, argv, "/", 40, 120, NULL);
    read_for(&p, FORWARD_MS, NULL); /* beyond the ramp */
    pty_send(&p, "<<<<", 4);
    read_for(&p, SETTLE_MS, NULL);
    double busy = (double)pty_proc(&p, "schedstat", "");
    read_for(&p, FRAMES_S * 1000, &to);
    busy = ((double)pty_proc(&p, "schedstat", "") - busy) / 1e9;
    report("run pane 120x40, frames a second", (double)f.frames / FRAMES_S, "", 1.06);
    report("  bytes of a frame, mean", f.frames ? (double)f.bytes / (double)f.frames : 0, "B",
           frame_bytes_most);
    report("  bytes of the largest", (double)f.most, "B", 0);
    report("  processor, with 2,000 requests/s", 100 * busy / FRAMES_S, "%", 100 * cpu_most);
    pty_send(&p, "\003", 1);
    pty_wait(&p, NULL);
    pty_close(&p);
    unlink(path);
    if (f.frames < FRAMES_S / 2)
        fprintf(stderr, "watch_bench: only %zu frames came\n", f.frames), all_ok = false;
}

int main(int argc, char **argv) {
    bool check = argc == 2 && strcmp(argv[1], "--check") == 0;
    char dir[] = "/tmp/perfscale-bench-XXXXXX", path[128];
    if (argc > 1 && !check)
        return fprintf(stderr, "usage: watch_bench [--check]\n"), 2;
    if (!mkdtemp(dir))
        die(dir);
    printf("Watching a run, %% of one core\n");
    for (int i = 0; i < FORMATS; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, formats[i].format);
        tailing(path, i);
    }
    snprintf(path, sizeof path, "%s/week.jtl", dir);
    a_week(path);
    snprintf(path, sizeof path, "%s/live.csv", dir);
    live(path);
    frames(path);
    rmdir(dir);
    return check && !all_ok ? 1 : 0;
}
