/* A large file read in pieces on several threads says what it says in one go, wherever it is cut.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gather/parts.h"
#include "gather_fixture.h"
#include "report/report.h"

enum { THREADS = 3, ROWS_OF_A_FILE = 300 };

/* What the file says, as JSON, with its remarks; how it was read goes to *how. */
static char *read_file(const char *path, size_t chunk_bytes, enum split_end *how) {
    const struct gather_options o = {0};
    struct gather_watch watch = {0};
    struct gather_options watched = o;
    watched.watch = &watch;
    struct read_how g = {.o = &watched,
                         .threads = chunk_bytes ? THREADS : 1,
                         .split_bytes = 1,
                         .chunk_bytes = chunk_bytes};
    struct inputs all = {0};
    struct summary out;
    struct err e = {0};
    struct input *s = inputs_add(&all, path);
    summary_init(&out);
    if (!input_open(s, NULL, &e))
        fail_msg("%s", e.text);
    g.origin_ms = s->origin_ms = input_origin(s);
    assert_int_equal(source_splits(s, &g), chunk_bytes > 0);
    *how = chunk_bytes ? read_split(s, &g, &e) : SPLIT_AGAIN;
    assert_int_not_equal(*how, SPLIT_FAILED);
    if (*how == SPLIT_AGAIN) {
        assert_int_equal(watch.done_bytes, 0); /* it is read anew */
        if (!read_whole(s, &g, &e))
            fail_msg("%s", e.text);
    }
    errors_sort(&s->said);
    assert_true(run_make(&all, 1, s->stats, &watched, &out, &e));
    char *json = report_summary_json(&out);
    struct buf b;
    buf_init(&b, 1 << 24);
    buf_printf(&b, "%s\nlines %ld", json, out.lines);
    for (size_t i = 0; i < out.findings.len; i++)
        buf_printf(&b, "\n%s:%ld %s", out.findings.item[i].kind, out.findings.item[i].line,
                   out.findings.item[i].text);
    for (size_t i = 0; i < out.series.points; i++)
        buf_printf(&b, "\n%g %g %g %g", out.series.point[i].at_s, out.series.point[i].requests,
                   out.series.point[i].p95_ms, out.series.point[i].vus);
    for (size_t i = 0; i < out.errors; i++)
        buf_printf(&b, "\n%s %g", out.error[i].text, out.error[i].count);
    free(json);
    summary_fini(&out);
    inputs_fini(&all);
    char *text = buf_take(&b);
    buf_fini(&b);
    return text;
}

static const size_t chunks[] = {1, 37, 100, 333, 1000, 2500, 10000};
enum { ALL_SIZES = sizeof chunks / sizeof *chunks };

static int expect_same_file(const char *path) {
    enum split_end how;
    int done = 0;
    char *whole = read_file(path, 0, &how);
    for (size_t i = 0; i < ALL_SIZES; i++) {
        char *parts = read_file(path, chunks[i], &how);
        size_t same = 0;
        while (parts[same] && parts[same] == whole[same])
            same++;
        if (parts[same] != whole[same])
            fail_msg("%s in pieces of %zu: %.300s\nin one go: %.300s", path, chunks[i],
                     parts + same, whole + same);
        done += how == SPLIT_DONE;
        free(parts);
    }
    free(whole);
    return done;
}

/* Cut into pieces of each size; returns how often it was read in pieces to the end. */
static int expect_same(const char *bytes) {
    temp_write("load.csv", bytes);
    char path[512];
    snprintf(path, sizeof path, "%s", temp_path("load.csv"));
    return expect_same_file(path);
}

static void rows(struct buf *b, int from, int n, const char *name) {
    for (int i = from; i < from + n; i++)
        k6_request(b, i / 7, 10 + (i * 37) % 400, i % 11 != 0, name);
}

static struct buf k6_file(void) {
    struct buf b;
    buf_init(&b, 1 << 24);
    buf_str(&b, K6_CSV_HEADER);
    return b;
}

static void plain_rows(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, ROWS_OF_A_FILE, "list orders");
    rows(&b, ROWS_OF_A_FILE, ROWS_OF_A_FILE, "show order");
    assert_int_equal(expect_same(b.data), ALL_SIZES);
    buf_fini(&b);
}

static void carriage_returns(void **state) {
    (void)state;
    struct buf b = k6_file(), crlf;
    rows(&b, 0, ROWS_OF_A_FILE, "a");
    buf_init(&crlf, 1 << 24);
    for (size_t i = 0; i < b.len; i++) {
        if (b.data[i] == '\n')
            buf_char(&crlf, '\r');
        buf_char(&crlf, b.data[i]);
    }
    assert_int_equal(expect_same(crlf.data), ALL_SIZES);
    buf_fini(&b);
    buf_fini(&crlf);
}

/* Names with commas and line breaks in quotes, among plain ones. */
static void quotes(void **state) {
    (void)state;
    struct buf b = k6_file();
    for (int i = 0; i < 40; i++) {
        rows(&b, 10 * i, 10, i % 3 ? "plain" : "\"two\nlines, \"\"quoted\"\"\"");
        if (i % 10 == 0)
            rows(&b, 10 * i, 2, "\"\n\n\n\"");
    }
    assert_true(expect_same(b.data) > 0);
    buf_fini(&b);
}

/* Text in quotes that looks like rows: a cut there is found out, and it is read in one go. */
static void rows_in_quotes(void **state) {
    (void)state;
    struct buf b = k6_file(), lie;
    buf_init(&lie, 1 << 20);
    buf_char(&lie, '"');
    for (int i = 0; i < 60; i++)
        buf_str(&lie, "\nhttp_reqs,1700000000,1.000000,,,,true,,GET,x,HTTP/1.1,d,,200,,,x,,");
    buf_str(&lie, "\"");
    rows(&b, 0, 20, "a");
    k6_row(&b, "http_req_duration", 3, 20, true, lie.data);
    rows(&b, 20, 20, "a");
    assert_true(expect_same(b.data) < ALL_SIZES);
    buf_fini(&b);
    buf_fini(&lie);
}

/* A remark of one piece gets the line of the file; what several remark is counted in one go. */
static void damaged_rows(void **state) {
    (void)state;
    static const int places[][6] = {{1}, {150}, {5, 290}, {1, 2, 3, 4, 250, 299}};
    for (size_t c = 0; c < sizeof places / sizeof *places; c++) {
        struct buf b = k6_file();
        for (int i = 0; i < ROWS_OF_A_FILE; i++) {
            rows(&b, i, 1, "a");
            for (int k = 0; k < 6; k++)
                if (places[c][k] == i && i > 0)
                    buf_str(&b, "http_req_duration,not a time,x\n");
        }
        int done = expect_same(b.data);
        assert_true(places[c][1] || done == ALL_SIZES);
        buf_fini(&b);
    }
}

static void a_half_line_at_the_end(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, ROWS_OF_A_FILE, "a");
    buf_str(&b, "http_req_duration,17000");
    assert_int_equal(expect_same(b.data), ALL_SIZES);
    buf_fini(&b);
}

static void no_line_end_at_the_end(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, ROWS_OF_A_FILE, "a");
    b.data[b.len - 1] = '\0';
    expect_same(b.data);
    buf_fini(&b);
}

static void nothing_but_damage(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, 1, "a");
    for (int i = 0; i < ROWS_OF_A_FILE; i++)
        buf_str(&b, "http_req_duration,x,y\n");
    expect_same(b.data);
    buf_fini(&b);
}

/* JSON has quotes with a backslash before them, and no line breaks in quotes. */
static void json_lines(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 24);
    for (int i = 0; i < ROWS_OF_A_FILE; i++)
        buf_printf(&b,
                   "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"2023-"
                   "11-14T22:%02d:%02d.5Z\",\"value\":%d,\"tags\":{\"name\":\"say \\\"%d\\\"%s\","
                   "\"expected_response\":\"true\"}}}\n",
                   i / 60, i % 60, 10 + i % 90, i % 5, i % 7 ? "" : "\\\"");
    assert_int_equal(expect_same(b.data), ALL_SIZES);
    buf_fini(&b);
}

/* What the tools wrote; pieces of one byte make one per row. */
static void real_files(void **state) {
    (void)state;
    static const char *const names[] = {
        "k6/baseline-v2.2/samples.csv", "jmeter/stress-5.1/results.jtl",
        "jmeter/stress-2.13/results.jtl", "jmeter/load-2.13-fulldate/results.jtl",
        "jmeter/appended-2.13/results.jtl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", TEST_DATA, names[i]);
        if (expect_same_file(path) == 0)
            fail_msg("%s was never read in pieces", names[i]);
    }
}

/* --- while it goes on --- */

static void canceled_at_once(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, ROWS_OF_A_FILE, "a");
    temp_write("load.csv", b.data);
    struct gather_watch watch = {.cancel = true};
    const struct gather_options o = {.watch = &watch, .threads = 2};
    struct read_how g = {
        .o = &o, .threads = 2, .split_bytes = 1, .chunk_bytes = 1000, .origin_ms = INT64_MIN};
    struct inputs all = {0};
    struct err e = {0};
    struct input *s = inputs_add(&all, temp_path("load.csv"));
    assert_true(input_open(s, NULL, &e));
    assert_false(input_read(s, &g, &e));
    assert_int_equal(e.kind, ERR_CANCELED);
    inputs_fini(&all);
    buf_fini(&b);
}

/* The bytes that are done add up to the file. */
static void progress(void **state) {
    (void)state;
    struct buf b = k6_file();
    rows(&b, 0, 3000, "a");
    temp_write("load.csv", b.data);
    for (int threads = 1; threads <= 2; threads++) {
        struct gather_watch watch = {0};
        const struct gather_options o = {.watch = &watch, .threads = threads};
        struct read_how g = {.o = &o,
                             .threads = threads,
                             .split_bytes = 1,
                             .chunk_bytes = 10000,
                             .origin_ms = INT64_MIN};
        struct inputs all = {0};
        struct err e = {0};
        struct input *s = inputs_add(&all, temp_path("load.csv"));
        assert_true(input_open(s, NULL, &e));
        assert_true(input_read(s, &g, &e));
        size_t header = threads > 1 ? strlen(K6_CSV_HEADER) : 0;
        assert_int_equal(watch.done_bytes + header, b.len);
        inputs_fini(&all);
    }
    buf_fini(&b);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(plain_rows),
        IN_FOLDER(carriage_returns),
        IN_FOLDER(quotes),
        IN_FOLDER(rows_in_quotes),
        IN_FOLDER(damaged_rows),
        IN_FOLDER(a_half_line_at_the_end),
        IN_FOLDER(no_line_end_at_the_end),
        IN_FOLDER(nothing_but_damage),
        IN_FOLDER(json_lines),
        cmocka_unit_test(real_files),
        IN_FOLDER(canceled_at_once),
        IN_FOLDER(progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
