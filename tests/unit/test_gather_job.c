/* A reading in the background: its end, its progress, giving it up; gzip and files that change. */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "gather/job.h"
#include "gather/parts.h"
#include "gather_fixture.h"

enum { LARGE_ROWS = 60000 };

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void large_file(const char *name, int rows) {
    struct buf b;
    buf_init(&b, 1 << 28);
    buf_str(&b, K6_CSV_HEADER);
    for (int i = 0; i < rows; i++)
        k6_request(&b, i / 100, 10 + i % 300, true, "list orders");
    temp_write(name, b.data);
    buf_fini(&b);
}

/* Writes name.gz with the first share of its bytes. */
static void write_gzip(const char *name, const char *text, size_t len, double share) {
    char path[512];
    snprintf(path, sizeof path, "%s", temp_path(name));
    gzFile z = gzopen(path, "w");
    assert_non_null(z);
    assert_int_equal(gzwrite(z, text, (unsigned)len), len);
    assert_int_equal(gzclose(z), Z_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, (off_t)((double)st.st_size * share)), 0);
}

static struct gather_job *start(const char *name, const struct gather_options *o) {
    const char *path = temp_path(name);
    struct err e = {0};
    struct gather_job *j = gather_start(&path, 1, o, &e);
    if (!j)
        fail_msg("%s", e.text);
    return j;
}

static void wait_for(const struct gather_job *j) {
    struct pollfd p = {.fd = gather_fd(j), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 60000), 1);
}

/* Names and options may go away once it runs. */
static void reads_in_the_background(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 10, 1, "a");
    char *format = strdup("k6-csv");
    struct stretch_wanted *want = calloc(1, sizeof *want);
    *want = (struct stretch_wanted){.name = "hold", .from_s = 2, .to_s = 5};
    struct gather_options o = {.format = format, .stretch = want, .stretches = 1};
    struct gather_job *j = start("load.csv", &o);
    memset(format, 'x', 6);
    free(format);
    free(want);
    o = (struct gather_options){0};
    wait_for(j);
    assert_true(gather_done(j));
    struct gather_progress p;
    gather_progress(j, &p);
    assert_int_equal(p.done_bytes, p.total_bytes);
    assert_true(p.took_s >= 0);
    struct summary s;
    struct err e = {0};
    assert_true(gather_take(j, &s, NULL, &e));
    assert_true(summary_value(&s, METRIC_REQUESTS) == 10);
    assert_non_null(summary_stretch(&s, "hold"));
    summary_fini(&s);
}

static void an_error_comes_out(void **state) {
    (void)state;
    struct gather_job *j = start("missing.csv", &(struct gather_options){0});
    struct summary s;
    struct err e = {0};
    assert_false(gather_take(j, &s, NULL, &e)); /* waits by itself */
    assert_int_equal(e.kind, ERR_IO);
    summary_fini(&s);
}

static void given_up(void **state) {
    (void)state;
    large_file("load.csv", LARGE_ROWS);
    for (int i = 0; i < 8; i++) {
        struct gather_job *j = start("load.csv", &(struct gather_options){.threads = 1 + i % 2});
        nanosleep(&(struct timespec){.tv_nsec = i * 2000000L}, NULL);
        struct gather_progress p;
        gather_progress(j, &p);
        assert_true(p.total_bytes == 0 || p.done_bytes <= p.total_bytes);
        double begin = now_s();
        gather_cancel(j);
        assert_true(now_s() - begin < 0.05);
    }
    nanosleep(&(struct timespec){.tv_nsec = 500000000L}, NULL); /* the threads end by themselves */
}

/* --- cancel is seen soon --- */

struct switch_off {
    struct gather_watch *watch;
    double at_s;
};

static void *cancel_soon(void *self) {
    struct switch_off *x = self;
    nanosleep(&(struct timespec){.tv_nsec = 20000000L}, NULL);
    x->at_s = now_s();
    atomic_store(&x->watch->cancel, true);
    return NULL;
}

static void expect_soon(const char *name, int threads) {
    struct gather_watch watch = {0};
    struct switch_off x = {.watch = &watch};
    const struct gather_options o = {.threads = threads, .watch = &watch};
    pthread_t t;
    struct summary s;
    struct err e;
    assert_int_equal(pthread_create(&t, NULL, cancel_soon, &x), 0);
    bool ok = gather_files((const char *const[]){name, NULL}, &o, &s, &e);
    double end = now_s();
    pthread_join(t, NULL);
    assert_true(ok || e.kind == ERR_CANCELED);
    if (!ok)
        assert_true(end - x.at_s < 0.5); /* 50 ms without sanitizers on a quiet machine */
    summary_fini(&s);
}

static void canceled_soon(void **state) {
    (void)state;
    large_file("load.csv", LARGE_ROWS);
    expect_soon("load.csv", 1);
    expect_soon("load.csv", 2);
}

/* --- gzip --- */

static void gzip_like_plain(void **state) {
    (void)state;
    large_file("load.csv", LARGE_ROWS / 10);
    size_t len;
    char *text = file_read(temp_path("load.csv"), 1 << 28, &len, NULL);
    write_gzip("load.csv.gz", text, len, 1);
    struct summary plain, packed;
    struct err e;
    assert_true(gather_files((const char *const[]){"load.csv", NULL}, NULL, &plain, &e));
    assert_true(gather_files((const char *const[]){"load.csv.gz", NULL}, NULL, &packed, &e));
    for (int m = 0; m < METRICS; m++)
        assert_true(isnan(plain.figure[m].value) ? isnan(packed.figure[m].value)
                                                 : plain.figure[m].value == packed.figure[m].value);
    assert_null(finding_of(&packed, "cut-off"));
    summary_fini(&packed);
    summary_fini(&plain);
    /* k6 still writes it: what is there counts. */
    write_gzip("load.csv.gz", text, len, 0.7);
    assert_true(gather_files((const char *const[]){"load.csv.gz", NULL}, NULL, &packed, &e));
    assert_true(summary_value(&packed, METRIC_REQUESTS) > 0);
    assert_true(summary_value(&packed, METRIC_REQUESTS) < LARGE_ROWS / 10);
    const struct finding *f = finding_of(&packed, "cut-off");
    assert_non_null(f);
    assert_string_equal(f->file, temp_path("load.csv.gz"));
    summary_fini(&packed);
    free(text);
}

static void several_gzip_files(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 24);
    const char *names[6] = {NULL};
    char name[5][16];
    for (int i = 0; i < 5; i++) {
        buf_clear(&b);
        buf_str(&b, K6_CSV_HEADER);
        k6_csv(&b, 0, 10, 10 + 100 * i, 1, "a");
        snprintf(name[i], sizeof name[i], "load-%d.csv.gz", i);
        write_gzip(name[i], b.data, b.len, 1);
        names[i] = name[i];
    }
    struct summary s;
    struct err e;
    if (!gather_files(names, NULL, &s, &e))
        fail_msg("%s", e.text);
    assert_int_equal(s.generators, 5);
    assert_true(summary_value(&s, METRIC_REQUESTS) == 50);
    assert_true(summary_value(&s, METRIC_MAX_MS) == 500);
    summary_fini(&s);
    buf_fini(&b);
}

static void damaged_gzip(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, K6_CSV_HEADER);
    k6_csv(&b, 0, 500, 10, 1, "a");
    write_gzip("load.csv.gz", b.data, b.len, 1);
    char path[512];
    snprintf(path, sizeof path, "%s", temp_path("load.csv.gz"));
    FILE *f = fopen(path, "r+");
    fseek(f, -6, SEEK_END); /* the check sum */
    fputc('?', f);
    fputc('?', f);
    fclose(f);
    struct summary s;
    struct err e;
    assert_false(gather_files((const char *const[]){"load.csv.gz", NULL}, NULL, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_string_equal(e.file, path);
    summary_fini(&s);
    buf_fini(&b);
}

/* --- a file that grows --- */

static void a_file_that_grows(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 10, 1, "a");
    const struct gather_options o = {0};
    const struct read_how g = {.o = &o, .threads = 1, .split_bytes = 1, .origin_ms = INT64_MIN};
    struct inputs all = {0};
    struct err e = {0};
    struct input *s = inputs_add(&all, temp_path("load.csv"));
    assert_true(input_open(s, NULL, &e));
    FILE *f = fopen(temp_path("load.csv"), "a");
    fputs("http_reqs,1700000011,1.000000", f);
    fclose(f);
    assert_true(input_read(s, &g, &e));
    assert_non_null(finding_of(&s->said, "cut-off"));
    assert_int_equal(s->rows[ROWS_REQUESTS], 10);
    inputs_fini(&all);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(reads_in_the_background),
        IN_FOLDER(an_error_comes_out),
        IN_FOLDER(given_up),
        IN_FOLDER(canceled_soon),
        IN_FOLDER(gzip_like_plain),
        IN_FOLDER(several_gzip_files),
        IN_FOLDER(damaged_gzip),
        IN_FOLDER(a_file_that_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
