/* A run that goes on, from what its tool sums up itself; and what a long run takes. */
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "gather/gather.h"
#include "tools/tool.h"
#include "watch/stream.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MEMORY_MAX (16 << 20)

static const struct sample_rules k6 = {
    .unit_ms = 1e-6, .rule = PERCENTILE_LINEAR, .words = "as k6", .loose_clock = true};

static const int64_t start_ms = INT64_C(1795424345250);

static void assert_near(double got, double want, double share) {
    bool same = isnan(want) ? isnan(got) : fabs(got - want) <= share * fabs(want) + 1e-9;
    if (!same)
        fail_msg("got %.12g, want %.12g", got, want);
}

static struct stream_view look(const struct stream *s) {
    struct stream_view v;
    stream_look(s, &v);
    return v;
}

static double sum_of(const struct series *r) {
    double n = 0;
    for (size_t i = 0; i < r->points; i++)
        n += r->point[i].requests;
    return n;
}

static void assert_in_order(const struct series *r) {
    assert_true(r->points <= 2048);
    for (size_t i = 1; i < r->points; i++)
        assert_true(r->point[i].at_s >= point_end_s(&r->point[i - 1]) - 1e-3);
}

/* --- points ----------------------------------------------------------------------------------- */

static struct point piece(double at_s, double length_s, double requests, double p95_ms) {
    struct point p = point_none((double)start_ms / 1000 + at_s, length_s);
    p.requests = requests;
    p.failed = requests / 10;
    p.avg_ms = 20;
    p.p95_ms = p95_ms;
    p.vus = 4;
    return p;
}

static void put(const struct sink *to, struct point p) { to->point(to->self, &p); }

static void points_of_a_recording(void **state) {
    (void)state;
    const struct stretch_wanted wanted[] = {{"step 1", 0, 10}, {"step 2", 10, 20}};
    struct stream *s = stream_new(wanted, 2);
    struct sink k = stream_sink(s, 0, NULL);
    struct window w;
    for (int i = 0; i < 9; i++)
        put(&k, piece(i * 2, 2, 20, 30 + i));
    k.so_far(k.self, METRIC_P95_MS, 37);
    k.so_far(k.self, METRIC_REQUESTS, 180);
    struct stream_view v = look(s);
    assert_int_equal(v.start_ms, start_ms);
    assert_near(v.elapsed_s, 18, 0);
    assert_near(v.now.p95_ms, 38, 0); /* the last point alone has one */
    assert_near(v.now.from_s, 16, 0);
    assert_near(v.now.to_s, 18, 0);
    assert_near(v.now.rps, 10, 0);
    assert_near(v.now.error_rate, 0.1, 1e-12);
    assert_near(v.minute.requests, 180, 0);
    assert_near(v.minute.p95_ms, NAN, 0);
    assert_near(v.total.requests, 180, 0);
    assert_near(v.total.failed, 18, 0);
    assert_near(v.total.p95_ms, 37, 0);
    assert_near(v.total.vus, 4, 0);
    assert_near(v.vus, 4, 0);
    stream_stretch(s, 0, &w);
    assert_near(w.requests, 100, 0);
    assert_near(w.rps, 10, 0);
    stream_stretch(s, 1, &w);
    assert_near(w.requests, 80, 0);
    assert_near(w.to_s, 18, 0);
    assert_near(w.rps, 10, 0);
    assert_near(stream_series(s)->point[3].p95_ms, 33, 0);
    stream_free(s);
}

static void points_without_p95(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, NULL);
    for (int i = 0; i < 100; i++)
        put(&k, piece(i, 1, i < 90 ? 10 : 20, NAN));
    struct stream_view v = look(s);
    assert_near(v.now.from_s, 95, 0);
    assert_near(v.now.requests, 100, 0);
    assert_near(v.minute.from_s, 40, 0);
    assert_near(v.minute.requests, 700, 0);
    put(&k, piece(100, 90, 90, NAN)); /* longer than both windows */
    v = look(s);
    assert_near(v.now.to_s - v.now.from_s, 90, 0);
    assert_near(v.minute.rps, 1, 0);
    stream_free(s);
}

static void points_of_several_machines(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink a = stream_sink(s, 0, NULL), b = stream_sink(s, 1, NULL);
    for (int i = 0; i < 200; i++) {
        put(&a, piece(i * 2, 2, 20, 30));
        put(&b, piece(i * 2 + 0.7, 2, 10, 50)); /* another phase */
    }
    a.so_far(a.self, METRIC_P95_MS, 30);
    b.so_far(b.self, METRIC_P95_MS, 50);
    struct stream_view v = look(s);
    const struct series *r = stream_series(s);
    assert_near(v.total.requests, 6000, 0);
    assert_near(v.total.p95_ms, NAN, 0);
    assert_near(v.now.rps, 15, 0);
    assert_near(v.now.p95_ms, NAN, 0);
    assert_near(v.vus, 8, 0);
    assert_int_equal(r->points, 200);
    assert_near(sum_of(r), 6000, 0);
    assert_in_order(r);
    stream_free(s);
}

static void odd_points(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, NULL);
    static const struct {
        double at_s, length_s;
    } odd[] = {{NAN, 1}, {1e300, 1}, {-1e300, 1}, {-1e11, 1},    {5, NAN},     {5, 0},
               {5, -1},  {5, 1e300}, {1e9, 1},    {INFINITY, 1}, {5, INFINITY}};
    for (int i = 0; i < 22; i++) {
        put(&k, piece(i, 1, 10, 30));
        put(&k, piece(odd[(size_t)i % COUNT(odd)].at_s, odd[(size_t)i % COUNT(odd)].length_s, NAN,
                      INFINITY));
    }
    put(&k, piece(3, 1, 7, 30)); /* it is past */
    struct stream_view v = look(s);
    assert_near(v.elapsed_s, 22, 0);
    assert_near(v.now.requests, 10, 0);
    assert_near(v.total.requests, 227, 0);
    assert_near(v.late, 7, 0);
    assert_near(sum_of(stream_series(s)), 220, 0);
    stream_free(s);
}

/* --- totals ----------------------------------------------------------------------------------- */

static struct live_figures total(double requests, double failed, double elapsed_s) {
    struct live_figures f;
    live_figures_init(&f);
    f.state = LIVE_RUNNING;
    f.requests = requests;
    f.failed = failed;
    f.elapsed_s = elapsed_s;
    f.avg_ms = 20;
    f.p95_ms = 41;
    f.vus = 6;
    return f;
}

static void tell(struct stream *s, int port, struct live_figures f, double at_s) {
    stream_totals(s, port, &f, start_ms + (int64_t)llround(at_s * 1000));
}

static void differences_of_totals(void **state) {
    (void)state;
    const struct stretch_wanted wanted[] = {{"hold", 10, 20}};
    struct stream *s = stream_new(wanted, 1);
    struct window w;
    tell(s, 0, total(0, 0, NAN), -1); /* before the first figures */
    assert_true(look(s).any);
    for (int i = 1; i <= 30; i++)
        tell(s, 0, total(i <= 20 ? i * 10 : 200 + (i - 20) * 50, i, i), i);
    struct stream_view v = look(s);
    assert_near(v.elapsed_s, 31, 0); /* since the first answer: 0 requests then */
    assert_near(v.total.requests, 700, 0);
    assert_near(v.total.failed, 30, 0);
    assert_near(v.total.p95_ms, 41, 0);
    assert_near(v.now.requests, 250, 0);
    assert_near(v.now.rps, 50, 0);
    assert_near(v.now.p95_ms, NAN, 0);
    assert_near(v.now.avg_ms, 20, 1e-9);
    assert_near(v.minute.requests, 700, 0);
    assert_near(v.vus, 6, 0);
    stream_stretch(s, 0, &w);
    assert_near(w.rps, 10, 0);
    assert_near(w.p95_ms, NAN, 0);
    assert_near(sum_of(stream_series(s)), 700, 0);
    stream_free(s);
}

/* Somebody who comes late knows when the run began, and what was before. */
static void watched_from_the_middle(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    tell(s, 0, total(6000, 60, 600), 600);
    struct stream_view v = look(s);
    assert_int_equal(v.start_ms, start_ms);
    assert_near(v.now.rps, 10, 0);
    for (int i = 1; i <= 3; i++)
        tell(s, 0, total(6000 + i * 30, 60, 600 + i), 600 + i);
    v = look(s);
    assert_near(v.now.rps, 30, 0);
    assert_near(v.now.from_s, 600, 0);
    assert_near(v.total.requests, 6090, 0);
    assert_near(v.total.rps, 6090 / 603.0, 1e-12);
    assert_near(stream_series(s)->point[0].length_s, 600, 0);
    stream_free(s);
}

static void the_tools_own_window(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    for (int i = 1; i <= 20; i++) {
        struct live_figures f = total(i * 10, 0, i * 2);
        f.now_s = 10;
        f.now_rps = 5;
        f.now_failed_rps = 1;
        f.now_p95_ms = 44;
        f.rps = 4.9;
        tell(s, 0, f, i * 2);
    }
    struct stream_view v = look(s);
    assert_near(v.now.from_s, 30, 0);
    assert_near(v.now.to_s, 40, 0);
    assert_near(v.now.rps, 5, 0);
    assert_near(v.now.error_rate, 0.2, 0);
    assert_near(v.now.p95_ms, 44, 0);
    assert_near(v.now.vus, 6, 0);
    assert_near(v.total.rps, 4.9, 0);
    for (int i = 21; i <= 25;
         i++) { /* nothing is answered any more, and the tool goes on telling */
        struct live_figures f = total(200, 0, i * 2);
        f.now_s = 10;
        f.now_rps = 5;
        f.now_p95_ms = 44;
        tell(s, 0, f, i * 2);
    }
    v = look(s);
    assert_near(v.now.rps, 0, 0);
    assert_near(v.now.p95_ms, NAN, 0);
    stream_free(s);
}

static void totals_begin_again(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    for (int i = 1; i <= 30; i++)
        tell(s, 0, total(i * 10, 0, i), i);
    tell(s, 0, total(5, 0, 31), 31); /* statistics were reset */
    struct stream_view v = look(s);
    assert_int_equal(v.restarts, 1);
    assert_near(v.total.requests, 5, 0);
    assert_near(v.now.requests, 5, 0);
    tell(s, 0, total(15, 0, 32), 32);
    tell(s, 0, total(3, 0, 0.5), 34); /* another run */
    v = look(s);
    assert_int_equal(v.restarts, 2);
    assert_int_equal(v.start_ms, start_ms + 33500);
    assert_near(v.total.requests, 3, 0);
    assert_near(sum_of(stream_series(s)), 3, 0);
    stream_free(s);
}

static void the_end_of_totals(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct live_figures f = total(0, 0, NAN);
    f.state = LIVE_READY;
    tell(s, 0, f, 0);
    assert_false(look(s).any);
    for (int i = 1; i <= 10; i++)
        tell(s, 0, total(i * 10, 0, i), i);
    f = total(105, 0, 11);
    f.state = LIVE_ENDED;
    for (int i = 11; i <= 40; i++)
        tell(s, 0, f, i);
    struct stream_view v = look(s);
    assert_near(v.elapsed_s, 11, 0);
    assert_near(v.total.requests, 105, 0);
    stream_free(s);
}

static void hostile_totals(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    static const double odd[] = {-1, 1e300, 0, 5, INFINITY};
    static const int64_t at[] = {INT64_MIN, INT64_MAX, -1, 0, INT64_C(1) << 52, 5, 6};
    for (size_t i = 0; i < 200; i++) {
        struct live_figures f =
            total(odd[i % COUNT(odd)], odd[(i + 1) % COUNT(odd)], odd[(i + 2) % COUNT(odd)]);
        stream_totals(s, (int)(i % 70) - 3, &f, at[i % COUNT(at)]);
        (void)look(s);
        (void)stream_series(s);
    }
    stream_free(s);
}

/* Single requests count; the totals beside them only fill what is not known. */
static void totals_beside_requests(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &k6);
    tell(s, 1, total(500, 5, 50), 50);
    assert_near(look(s).total.requests, 500, 0);
    for (int i = 0; i < 30; i++)
        k.sample(k.self, &(struct sample){.start_ms = start_ms + i * 1000,
                                          .end_ms = start_ms + i * 1000 + 20,
                                          .time = 20000000,
                                          .outcome = OUTCOME_UNKNOWN});
    struct stream_view v = look(s);
    assert_near(v.total.requests, 30, 0);
    assert_near(v.total.p95_ms, 20, 0);
    assert_near(v.total.failed, 5, 0);
    assert_near(v.vus, 6, 0);
    assert_near(v.elapsed_s, 29.02, 1e-9);
    stream_free(s);
}

static void summary_of_totals(void **state) {
    (void)state;
    const struct stretch_wanted wanted[] = {{"hold", 5, 15}, {"never", 50, 60}};
    struct stream *s = stream_new(wanted, 2);
    struct summary out;
    for (int i = 1; i <= 20; i++) {
        struct live_figures f = total(i * 10, i, i);
        f.med_ms = 18;
        f.rps = 9.5;
        f.iterations = i * 5;
        tell(s, 0, f, i);
    }
    stream_summary(s, &out);
    static const struct {
        enum metric metric;
        double value;
    } want[] = {{METRIC_REQUESTS, 200}, {METRIC_FAILED, 20},     {METRIC_RPS, 9.5},
                {METRIC_AVG_MS, 20},    {METRIC_MED_MS, 18},     {METRIC_P95_MS, 41},
                {METRIC_P99_MS, NAN},   {METRIC_DURATION_S, 20}, {METRIC_ITERATIONS, 100},
                {METRIC_VUS_MAX, 6}};
    for (size_t i = 0; i < COUNT(want); i++) {
        const struct figure *f = &out.figure[want[i].metric];
        assert_near(f->value, want[i].value, 0);
        assert_near(f->low, want[i].value, 0);
        assert_near(f->high, want[i].value, 0);
    }
    assert_false(out.computed);
    assert_int_equal(out.series.points, 20);
    assert_int_equal(out.stretches, 1);
    assert_string_equal(out.stretch[0].name, "hold");
    assert_near(out.stretch[0].value[METRIC_RPS], 10, 0);
    assert_near(out.stretch[0].vus, 6, 0);
    summary_fini(&out);
    stream_free(s);
}

/* --- real files ------------------------------------------------------------------------------- */

static void pass_over(void *self, const struct word *w) { (void)self, (void)w; }

static void feed_slowly(const char *path, struct stream *s) {
    struct err e;
    size_t len;
    char *bytes = file_read(path, 1 << 24, &len, &e);
    assert_non_null(bytes);
    const struct reader *r = tool_reader(bytes, len);
    struct sink k = stream_sink(s, 0, r->samples);
    k.summary = pass_over; /* the reader of recordings takes it that somebody wants them */
    void *self = r->open(&k);
    for (size_t at = 0; at < len; at += 100)
        assert_true(r->feed(self, bytes + at, len - at < 100 ? len - at : 100, &e));
    assert_true(r->finish(self, &e));
    r->close(self);
    free(bytes);
}

static void real_files(void **state) {
    (void)state;
    static const char *const files[] = {
        TEST_DATA "/k6/recording-load-v2.2/recording.ndjson",
        TEST_DATA "/k6/recording-stress-v2.2/recording.ndjson",
        TEST_DATA "/locust/load-2.12/run_stats_history.csv",
        TEST_DATA "/locust/soak-2.12/run_stats_history.csv",
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct summary sum;
        struct err e;
        struct gather_options o = {.format = NULL};
        if (!gather(&files[i], 1, &o, &sum, &e))
            fail_msg("%s: %s", files[i], e.text);
        struct stream *s = stream_new(NULL, 0);
        feed_slowly(files[i], s);
        struct stream_view v = look(s);
        assert_near(v.total.requests, summary_value(&sum, METRIC_REQUESTS), 0);
        assert_near(v.total.failed, summary_value(&sum, METRIC_FAILED), 0);
        assert_near(v.total.p95_ms, summary_value(&sum, METRIC_P95_MS), 0);
        assert_near(v.total.vus, summary_value(&sum, METRIC_VUS_MAX), 0);
        assert_near(v.late, 0, 0);
        assert_int_equal(stream_series(s)->points, sum.series.points);
        summary_fini(&sum);
        stream_free(s);
    }
}

/* --- long runs -------------------------------------------------------------------------------- */

static size_t memory_used(void) {
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* A week of seconds; times from a nanosecond to a day, so that every class is used. */
static void a_week(void **state) {
    (void)state;
    enum { WEEK_S = 7 * 86400 };
    struct stretch_wanted wanted[STRETCHES_MAX];
    for (int i = 0; i < STRETCHES_MAX; i++)
        wanted[i] = (struct stretch_wanted){"step", i * 9000.0, i * 9000.0 + 20000};
    size_t before = memory_used(), hour = 0;
    struct stream *s = stream_new(wanted, STRETCHES_MAX);
    struct sink k = stream_sink(s, 0, &k6), p = stream_sink(s, 1, NULL);
    uint64_t x = 88172645463325252u;
    for (int64_t i = 0; i < WEEK_S; i++) {
        for (int n = 0; n < 2; n++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            k.sample(k.self, &(struct sample){.start_ms = start_ms + i * 1000,
                                              .end_ms = start_ms + i * 1000 + 5,
                                              .time = x >> (x % 64),
                                              .outcome = OUTCOME_OK});
        }
        put(&p, piece((double)i, 1, 1, 5));
        tell(s, 2, total((double)i, 0, (double)i), (double)i);
        if (i == 3600)
            hour = memory_used();
    }
    const struct series *r = stream_series(s);
    struct stream_view v = look(s);
    size_t used = memory_used();
    if (used - before > MEMORY_MAX)
        fail_msg("%zu bytes in use", used - before);
    print_message("%.2f MB in use after a week, %.2f after an hour\n",
                  (double)(used - before) / 1e6, (double)(hour - before) / 1e6);
    assert_near(v.total.requests, 2 * WEEK_S, 0);
    assert_near(sum_of(r), 2 * WEEK_S, 0);
    assert_near(series_end_s(r) / WEEK_S, 1, 1e-5);
    assert_true(r->points > 900);
    assert_in_order(r);
    stream_free(s);
}

/* The highest p95 of a thinned piece's seconds is its own. */
static void thinned_pieces(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &k6);
    for (int64_t i = 0; i < 10000; i++)
        k.sample(k.self, &(struct sample){.start_ms = start_ms + i * 1000,
                                          .end_ms = start_ms + i * 1000 + 250,
                                          .time = i == 5000 ? 900000000 : 20000000,
                                          .outcome = i == 5000 ? OUTCOME_FAILED : OUTCOME_OK});
    const struct series *r = stream_series(s);
    int high = 0;
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        bool holds = p->at_s <= 5000 && point_end_s(p) > 5000;
        assert_near(p->p95_ms, holds ? 900 : 20, 0.008);
        assert_near(p->failed, holds ? 1 : 0, 0);
        high += holds;
    }
    assert_int_equal(high, 1);
    assert_near(sum_of(r), 10000, 0);
    assert_true(r->points > 1024);
    stream_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_a_recording),
        cmocka_unit_test(points_without_p95),
        cmocka_unit_test(points_of_several_machines),
        cmocka_unit_test(odd_points),
        cmocka_unit_test(differences_of_totals),
        cmocka_unit_test(watched_from_the_middle),
        cmocka_unit_test(the_tools_own_window),
        cmocka_unit_test(totals_begin_again),
        cmocka_unit_test(the_end_of_totals),
        cmocka_unit_test(hostile_totals),
        cmocka_unit_test(totals_beside_requests),
        cmocka_unit_test(summary_of_totals),
        cmocka_unit_test(real_files),
        cmocka_unit_test(a_week),
        cmocka_unit_test(thinned_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
