/* `perfscale check` on large result files against other programs for the same question, in one run
 * on this machine: wc -l (the limit: it only counts lines), DuckDB, Miller, and zlib's inflate
 * alone for gzip. The answers have to be equal; a difference ends it with 1.
 *
 *     results_bench [--check] [--runs N] [--size MB] [--large] [--keep] [--only WORD]
 *
 * --check ends with 1 also when a bound is broken. --large: memory at 10 GB. --keep leaves the
 * files where they are and takes those that are there. Best of N runs, files in the page cache. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "results_run.h"

enum { RUNS_SMALL = 5, RUNS_LARGE = 3, SMALL_MB = 100, LARGE_MB = 10000, MILLER_PART = 16 };
#define MEMORY_MOST_MB 64.0
#define INFLATE_MOST 1.15
#define EQUAL 1e-9

struct subject {
    const char *title, *format, *messages;
    bool gzip;
    double wc_most, duckdb_least; /* bounds of the ratios; 0: none */
};
static const struct subject subjects[] = {
    {"JTL CSV", "jtl", "0", false, 4, 8},         {"JTL CSV, messages", "jtl", "50", false, 4, 8},
    {"k6 CSV", "k6-csv", "0", false, 4, 8},       {"k6 NDJSON", "k6-json", "0", false, 0, 5},
    {"JTL CSV gz", "jtl", "0", true, 0, 0},       {"k6 CSV gz", "k6-csv", "0", true, 0, 0},
    {"k6 NDJSON gz", "k6-json", "0", true, 0, 0},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

enum figure { REQUESTS, FAILED, AVG, MIN, MED, P90, P95, P99, MAX, FIGURES };
static const char *const figure_names[FIGURES] = {"requests", "failed", "avg", "min", "med",
                                                  "p90",      "p95",    "p99", "max"};

struct options {
    bool check, large, keep;
    int runs; /* 0: as many as the size asks for */
    uint64_t mb;
    const char *only;
};

/* What one subject gave. NAN: not measured. */
struct outcome {
    double mb, content_mb, wc_s, ours_s, peak_mb, duckdb_s, miller_s, inflate_s;
    bool equal;
};

static bool wanted(const struct subject *s, const struct options *w) {
    return !w->only || strstr(s->title, w->only) || strcmp(s->format, w->only) == 0;
}

static double least(double a, double b) { return !(a <= b) ? b : a; }

/* --- files --- */

static double size_mb(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (double)st.st_size / 1e6 : 0;
}

/* Bytes that are still to be written would disturb the first runs. */
static void settle(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0)
        close(fd);
}

static bool run_to(const char *const *argv, const char *path) {
    struct run r;
    run(&r, argv, BENCH_FILES, path);
    bool ok = r.status == 0;
    run_fini(&r);
    if (!ok)
        fprintf(stderr, "results_bench: %s cannot be made by %s\n", path, argv[0]);
    settle(path);
    return ok;
}

static bool make_file(const struct subject *s, uint64_t mb, bool keep, char *path, size_t size) {
    char bytes[24], plain[PATH_MAX];
    snprintf(plain, sizeof plain, "%s/%s-%s-%llu", BENCH_FILES, s->format, s->messages,
             (unsigned long long)mb);
    snprintf(bytes, sizeof bytes, "%llu000000", (unsigned long long)mb);
    snprintf(path, size, "%s%s", plain, s->gzip ? ".gz" : "");
    if (keep && access(path, R_OK) == 0)
        return true;
    const char *const make[] = {BENCH_MAKE, s->format, bytes, "--messages", s->messages, NULL};
    const char *const pack[] = {"gzip", "-c", plain, NULL};
    if (access(plain, R_OK) != 0 && !run_to(make, plain))
        return false;
    return !s->gzip || run_to(pack, path);
}

static void drop_file(const struct subject *s, const char *path, bool keep) {
    if (keep)
        return;
    unlink(path);
    char plain[PATH_MAX];
    snprintf(plain, sizeof plain, "%.*s", (int)(strlen(path) - (s->gzip ? 3 : 0)), path);
    unlink(plain);
}

/* --- answers --- */

static double number_of(const cJSON *o, const char *name) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsNumber(it) ? it->valuedouble : NAN;
}

static void read_answer(const cJSON *o, double *figure) {
    const cJSON *times = cJSON_GetObjectItemCaseSensitive(o, "latency_ms");
    for (int i = 0; i < FIGURES; i++)
        figure[i] = number_of(i <= FAILED ? o : times, figure_names[i]);
}

/* The same for both; what perfscale does not print (NAN) only when it is MIN. */
static bool same_answer(const struct subject *s, const double *ours, const double *theirs) {
    bool same = true;
    for (int i = 0; i < FIGURES; i++) {
        double most = i <= FAILED ? 0 : EQUAL * fabs(theirs[i]);
        if (fabs(ours[i] - theirs[i]) <= most || (i == MIN && isnan(ours[i])))
            continue;
        same = false;
        printf("%s: %s is %.17g, DuckDB says %.17g\n", s->title, figure_names[i], ours[i],
               theirs[i]);
    }
    return same;
}

/* --- the programs --- */

static bool ours(const char *path, int runs, struct outcome *o, double *figure) {
    const char *const argv[] = {BENCH_PROGRAM, "check", path, "--json", "--rps", "1", NULL};
    for (int i = 0; i < runs; i++) {
        struct run r;
        run(&r, argv, BENCH_FILES, NULL);
        cJSON *json = cJSON_Parse(r.output);
        bool ok = json && (r.status == 0 || r.status == 1 || r.status == 3 || r.status == 4);
        if (ok)
            read_answer(json, figure);
        cJSON_Delete(json);
        run_fini(&r);
        if (!ok) {
            fprintf(stderr, "results_bench: perfscale check %s ended with %d\n", path, r.status);
            return false;
        }
        o->ours_s = least(o->ours_s, r.seconds);
        o->peak_mb = isnan(o->peak_mb) ? r.peak_mb : fmax(o->peak_mb, r.peak_mb);
    }
    return true;
}

static void count_lines(const char *path, int runs, struct outcome *o) {
    const char *const argv[] = {"wc", "-l", path, NULL};
    for (int i = 0; i < runs; i++) {
        struct run r;
        run(&r, argv, BENCH_FILES, NULL);
        o->wc_s = least(o->wc_s, r.seconds);
        run_fini(&r);
    }
}

static bool duckdb(const struct subject *s, const char *path, int runs, struct outcome *o,
                   double *figure) {
    char times[16];
    snprintf(times, sizeof times, "%d", runs);
    const char *const argv[] = {"node", BENCH_DUCKDB, BENCH_DUCKDB_HOME, s->format, path,
                                times,  NULL};
    if (access(BENCH_DUCKDB_HOME "/node_modules", R_OK) != 0)
        return false;
    struct run r;
    run(&r, argv, BENCH_FILES, NULL);
    cJSON *json = cJSON_Parse(r.output);
    if (json) {
        read_answer(json, figure);
        o->duckdb_s = number_of(json, "seconds");
    }
    cJSON_Delete(json);
    run_fini(&r);
    return !isnan(o->duckdb_s);
}

#define MILLER_K6 "$metric_name == \"http_req_duration\""
#define MILLER_STATS "count,mean,min,max,p50,p90,p95,p99"

/* A smaller file: Miller is slow, and its time grows with the size. */
static void miller(const struct subject *s, double mb, struct outcome *o) {
    static const struct {
        const char *format, *argv[12];
    } queries[] = {
        {"jtl",
         {"mlr", "--icsv", "--ojson", "cut", "-f", "elapsed", "then", "stats1", "-a", MILLER_STATS,
          "-f", "elapsed"}},
        {"k6-csv",
         {"mlr", "--icsv", "--ojson", "filter", MILLER_K6, "then", "stats1", "-i", "-a",
          MILLER_STATS, "-f", "metric_value"}},
        {"k6-json",
         {"mlr", "--ijsonl", "--ojson", "put", "-q",
          "if ($metric == \"http_req_duration\" && $type == \"Point\") {emit {\"v\": "
          "$data.value}}",
          "then", "stats1", "-a", MILLER_STATS, "-f", "v"}},
    };
    char path[PATH_MAX];
    uint64_t part = (uint64_t)fmax(1, mb / MILLER_PART);
    if (s->gzip || strcmp(s->messages, "0") != 0 || !make_file(s, part, false, path, sizeof path))
        return;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        if (strcmp(queries[i].format, s->format) != 0)
            continue;
        const char *argv[14] = {NULL};
        memcpy(argv, queries[i].argv, sizeof queries[i].argv);
        argv[12] = path;
        struct run r;
        run(&r, argv, BENCH_FILES, NULL);
        if (r.status == 0)
            o->miller_s = r.seconds * mb / size_mb(path);
        run_fini(&r);
    }
    drop_file(s, path, false);
}

/* zlib alone, one thread: what is inflated is thrown away. */
static void inflate_alone(const char *path, int runs, struct outcome *o) {
    enum { PIECE_BYTES = 64 << 10 };
    static unsigned char in[PIECE_BYTES], out[PIECE_BYTES];
    for (int i = 0; i < runs; i++) {
        double begin = run_now_s();
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        z_stream z = {0};
        if (fd < 0 || inflateInit2(&z, 15 + 16) != Z_OK)
            return;
        ssize_t n;
        int state = Z_OK;
        while (state == Z_OK && (n = read(fd, in, sizeof in)) > 0) {
            z.next_in = in;
            z.avail_in = (uInt)n;
            do {
                z.next_out = out;
                z.avail_out = sizeof out;
                state = inflate(&z, Z_NO_FLUSH);
            } while (state == Z_OK && z.avail_out == 0);
        }
        inflateEnd(&z);
        close(fd);
        o->inflate_s = least(o->inflate_s, run_now_s() - begin);
    }
}

/* --- the table --- */

static void print_head(void) {
    printf("%-18s %6s %8s %8s %7s %9s %9s %8s %9s %12s %8s\n", "file", "MB", "wc -l", "inflate",
           "ours", "GB/s", "DuckDB", "Miller", "of limit", "than DuckDB", "peak MB");
}

static void print_number(const char *before, double x, int decimals, const char *behind,
                         int width) {
    char text[32] = "";
    if (!isnan(x))
        snprintf(text, sizeof text, "%s%.*f%s", before, decimals, x, behind);
    printf(" %*s", width, text);
}

struct bound {
    double value, bound; /* 0: none */
    bool most;
    const char *words;
};

/* Prints those that are broken; false when there was one. */
static bool judge(const struct bound *b, size_t n) {
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        if (b[i].bound == 0 || isnan(b[i].value) ||
            (b[i].most ? b[i].value <= b[i].bound : b[i].value >= b[i].bound))
            continue;
        printf("%s%s %g %s", ok ? "  MISSED: " : ", ", b[i].most ? "at most" : "at least",
               b[i].bound, b[i].words);
        ok = false;
    }
    return ok;
}

/* false: a bound is broken. */
static bool print_outcome(const struct subject *s, const struct outcome *o) {
    double limit = o->ours_s / (s->gzip ? o->inflate_s : o->wc_s);
    double faster = o->duckdb_s / o->ours_s;
    const struct bound bounds[] = {
        {limit, s->gzip ? INFLATE_MOST : s->wc_most, true, s->gzip ? "x inflate" : "x wc -l"},
        {faster, s->duckdb_least, false, "x as fast as DuckDB"},
        {o->peak_mb, MEMORY_MOST_MB, true, "MB of memory"},
    };
    printf("%-18s", s->title);
    print_number("", o->mb, 0, "", 6);
    print_number("", o->wc_s, 3, "", 8);
    print_number("", o->inflate_s, 3, "", 8);
    print_number("", o->ours_s, 3, "", 7);
    print_number("", o->content_mb / 1e3 / o->ours_s, 2, "", 9);
    print_number("", o->duckdb_s, 3, "", 9);
    print_number("~", o->miller_s, 1, "", 8);
    print_number("", limit, 2, " x", 9);
    print_number("", faster, 1, " x", 12);
    print_number("", o->peak_mb, 1, "", 8);
    bool ok = judge(bounds, sizeof bounds / sizeof *bounds);
    puts(o->equal ? "" : "  NOT EQUAL");
    return ok;
}

/* --- all of it --- */

static struct outcome nothing(void) {
    return (struct outcome){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, true};
}

/* *ok: the bounds hold. false: something cannot be run, or the answers differ. */
static bool measure(const struct subject *s, const struct options *w, bool *ok) {
    uint64_t mb = s->gzip ? (w->mb + 3) / 4 : w->mb;
    int runs = w->runs ? w->runs : mb <= SMALL_MB ? RUNS_SMALL : RUNS_LARGE;
    char path[PATH_MAX];
    double mine[FIGURES], theirs[FIGURES];
    struct outcome o = nothing();
    if (!make_file(s, mb, w->keep, path, sizeof path))
        return false;
    o.mb = size_mb(path);
    o.content_mb = s->gzip ? (double)mb : o.mb;
    if (s->gzip)
        inflate_alone(path, runs, &o);
    else
        count_lines(path, runs + 1, &o);
    bool ran = ours(path, runs, &o, mine);
    if (ran && !s->gzip && duckdb(s, path, runs, &o, theirs))
        o.equal = same_answer(s, mine, theirs);
    miller(s, o.mb, &o);
    drop_file(s, path, w->keep);
    if (!ran)
        return false;
    *ok &= print_outcome(s, &o);
    fflush(stdout);
    return o.equal;
}

/* Memory and speed at a size that is no fun with the others. */
static bool measure_large(const struct options *w, bool *ok) {
    bool ran = true;
    for (int i = 0; i < SUBJECTS; i++) {
        const struct subject *s = &subjects[i];
        char path[PATH_MAX];
        double figure[FIGURES];
        struct outcome o = nothing();
        if (s->gzip || strcmp(s->messages, "0") != 0 || !wanted(s, w))
            continue;
        if (!make_file(s, LARGE_MB, w->keep, path, sizeof path))
            return false;
        o.mb = o.content_mb = size_mb(path);
        ran &= ours(path, 1, &o, figure);
        drop_file(s, path, w->keep);
        *ok &= print_outcome(s, &o);
    }
    return ran;
}

static int usage(void) {
    fputs("usage: results_bench [--check] [--runs N] [--size MB] [--large] [--keep] "
          "[--only WORD]\n",
          stderr);
    return 2;
}

static bool read_options(struct options *w, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--check") == 0)
            w->check = true;
        else if (strcmp(argv[i], "--large") == 0)
            w->large = true;
        else if (strcmp(argv[i], "--keep") == 0)
            w->keep = true;
        else if (strcmp(argv[i], "--only") == 0 && next)
            w->only = argv[++i];
        else if (strcmp(argv[i], "--runs") == 0 && next && (w->runs = atoi(next)) > 0)
            i++;
        else if (strcmp(argv[i], "--size") == 0 && next && (w->mb = strtoull(next, NULL, 10)) > 0)
            i++;
        else
            return false;
    }
    return true;
}

static void say_missing(void) {
    if (access(BENCH_DUCKDB_HOME "/node_modules", R_OK) != 0)
        puts("DuckDB is not installed: its column stays empty, and no answer is compared. "
             "scripts/bench installs it with npm.");
    if (system("command -v mlr >/dev/null") != 0)
        puts("Miller (mlr) is not installed: its column stays empty. Debian: apt-get install "
             "miller");
}

int main(int argc, char **argv) {
    struct options w = {.mb = 1000};
    bool ok = true, ran = true;
    if (!read_options(&w, argc, argv))
        return usage();
    if (mkdir(BENCH_FILES, 0777) != 0 && errno != EEXIST)
        return perror("results_bench: " BENCH_FILES), 2;
    printf(
        "Results: perfscale check FILE --json --rps 1, start to end, in seconds, best of several "
        "runs\n");
    say_missing();
    print_head();
    for (int i = 0; i < SUBJECTS; i++)
        if (wanted(&subjects[i], &w))
            ran &= measure(&subjects[i], &w, &ok);
    if (w.large)
        ran &= measure_large(&w, &ok);
    if (w.keep)
        printf("The files stay in %s\n", BENCH_FILES);
    return !ran || (w.check && !ok) ? 1 : 0;
}
