/* A run that is followed: waiting, live, stalled, over; files that overlap, that are truncated,
 * replaced or replayed. */
#include "watch/watch.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watch_fixture.h"

static struct watch_options options(void) {
    struct watch_options o;
    watch_options_init(&o);
    return o;
}

static struct watch *watch_on(const struct watch_options *o, const char *const *names) {
    struct watch *w = watch_start(o);
    for (; *names; names++)
        assert_true(watch_add(w, temp_path(*names), WATCH_FIGURES, NULL));
    return w;
}

static struct watch *watch_one(const struct watch_options *o, const char *name) {
    const char *const names[] = {name, NULL};
    return watch_on(o, names);
}

/* --- the course of a run --- */

struct course {
    const char *data, *name;
    double p95_within;
};

static const struct course courses[] = {
    {"k6/baseline-v2.2/samples.csv", "c.csv", 0.001},
    {"k6/baseline-v2.2/samples.json", "c.json", 0.001},
    {"jmeter/load-5.1/results.jtl", "c.jtl", 0.001},
};

static void run_course(const struct course *c) {
    struct watch_options o = options();
    o.over_s = 600;
    struct tape t = tape_load(c->data);
    struct watch *w = watch_one(&o, c->name);
    turns(w, 3);
    assert_int_equal(state_now(w), WATCH_WAITING);
    expect_near(watch_look(w)->elapsed_s, NAN, 0);
    assert_false(turns(w, 3)); /* nothing changed */

    int fd = writer_open(c->name);
    writer_add(fd, &t, 5000);
    assert_true(turns(w, 2));
    assert_int_equal(state_now(w), WATCH_LIVE);
    assert_true(was_said(w, "Data arrives."));
    double before = watch_look(w)->run.total.requests;
    writer_add(fd, &t, 7001); /* in the middle of a line */
    assert_true(turns(w, 1));
    assert_true(watch_look(w)->run.total.requests > before);

    turns(w, 35);
    assert_int_equal(state_now(w), WATCH_STALLED);
    assert_true(was_said(w, "No new data for 30 s. Source: c."));
    writer_add(fd, &t, t.len);
    turns(w, 1);
    assert_int_equal(state_now(w), WATCH_LIVE);
    assert_true(was_said(w, "Data arrives again after 36 s."));
    close(fd);
    turns(w, 4);
    assert_int_equal(state_now(w), WATCH_ENDED);
    assert_non_null(strstr(watch_look(w)->end_words, " closed its file at "));
    expect_as_gather(w, c->p95_within);
    assert_false(turns(w, 3));
    watch_free(w);
    free(t.bytes);
}

static void goes_its_course(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++)
        run_course(&courses[i]);
}

/* A file that was complete before is caught up, then over. */
static void complete_before(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    int fd = writer_open("old.csv");
    writer_add(fd, &t, t.len);
    const struct timespec hour_ago[2] = {{.tv_sec = clock_day_ms() / 1000 - 3600},
                                         {.tv_sec = clock_day_ms() / 1000 - 3600}};
    futimens(fd, hour_ago);
    close(fd);
    struct watch *w = watch_one(&o, "old.csv");
    assert_true(turns(w, 2));
    assert_int_equal(state_now(w), WATCH_ENDED);
    expect_as_gather(w, 0.001);
    watch_free(w);
    free(t.bytes);
}

static void too_quiet(void **state) {
    (void)state;
    struct watch_options o = options();
    o.idle_s = o.over_s = 10;
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "quiet.csv");
    int fd = writer_open("quiet.csv");
    turns(w, 30);
    assert_int_equal(state_now(w), WATCH_WAITING); /* nothing came: it never ends by itself */
    writer_add(fd, &t, 20000);
    turns(w, 9);
    assert_int_equal(state_now(w), WATCH_LIVE);
    turns(w, 3);
    assert_int_equal(state_now(w), WATCH_ENDED);
    assert_non_null(strstr(watch_look(w)->end_words, "no new data for 10 s"));
    close(fd);
    watch_free(w);
    free(t.bytes);
}

/* SIGSTOP: the time in between does not count. */
static void kept_from_turning(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "stop.csv");
    int fd = writer_open("stop.csv");
    writer_add(fd, &t, 20000);
    turns(w, 2);
    turn_after(w, 3600 * 1000);
    assert_int_equal(state_now(w), WATCH_LIVE);
    writer_add(fd, &t, 20000);
    turns(w, 1);
    assert_int_equal(state_now(w), WATCH_LIVE);
    close(fd);
    watch_free(w);
    free(t.bytes);
}

static void by_hand(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "hand.csv");
    int fd = writer_open("hand.csv");
    writer_add(fd, &t, 20000);
    turns(w, 2);
    watch_end_now(w);
    assert_true(turn_after(w, 10));
    assert_int_equal(state_now(w), WATCH_ENDED);
    close(fd);
    watch_free(w);
    free(t.bytes);
}

static void end_file(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct tape end = tape_load("k6/baseline-v2.2/summary-export.json");
    const char *names[WATCH_SOURCES_MAX];
    struct watch *w = watch_one(&o, "e.csv");
    assert_true(watch_add(w, temp_path("e.json"), WATCH_END, NULL));
    int fd = writer_open("e.csv");
    writer_add(fd, &t, t.len);
    turns(w, 3);
    assert_int_equal(state_now(w), WATCH_LIVE);
    assert_int_equal(watch_files(w, names), 1);
    int other = writer_open("e.json");
    day_ms = clock_day_ms(); /* it is later than the first turn by the files' clock */
    writer_add(other, &end, end.len);
    const struct timespec later[2] = {{.tv_sec = clock_day_ms() / 1000 + 60},
                                      {.tv_sec = clock_day_ms() / 1000 + 60}};
    futimens(other, later);
    turns(w, 4);
    assert_int_equal(state_now(w), WATCH_ENDED);
    assert_non_null(strstr(watch_look(w)->end_words, "e.json was written at"));
    assert_int_equal(watch_files(w, names), 2);
    close(fd);
    close(other);
    watch_free(w);
    free(t.bytes);
    free(end.bytes);
}

/* Its descriptor wakes who waits once a second, and no more when the run is over. */
static bool wakes_within(const struct watch *w, int ms) {
    struct pollfd p = {.fd = watch_fd(w), .events = POLLIN};
    return poll(&p, 1, ms) > 0;
}

static void wakes_once_a_second(void **state) {
    (void)state;
    struct watch_options o = options();
    struct watch *w = watch_one(&o, "never.csv");
    assert_true(wakes_within(w, 0));
    turns(w, 1);
    assert_false(wakes_within(w, 700));
    assert_true(wakes_within(w, 700));
    turns(w, 1);
    assert_false(wakes_within(w, 300));
    watch_end_now(w);
    assert_true(wakes_within(w, 0));
    turns(w, 1);
    assert_false(wakes_within(w, 1300));
    watch_free(w);
}

/* What is long is read in pieces: between them a key can be served. */
static void large_backlog(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("jmeter/load-5.1/results.jtl");
    int fd = writer_open("large.jtl");
    for (int i = 0; i < 20; i++) { /* the same again: only how much there is counts here */
        t.at = i == 0 ? 0 : (size_t)((char *)memchr(t.bytes, '\n', t.len) - t.bytes) + 1;
        writer_add(fd, &t, t.len);
    }
    struct watch *w = watch_one(&o, "large.jtl");
    turn_after(w, 1000);
    assert_true(watch_look(w)->catching_up);
    assert_true(watch_look(w)->left_bytes > 1 << 20);
    int n = 0;
    while (n < 100 && wakes_within(w, 0)) {
        turn_after(w, 5);
        n++;
    }
    assert_in_range(n, 3, 10);
    turns(w, 1);
    assert_false(watch_look(w)->catching_up);
    assert_int_equal(watch_look(w)->left_bytes, 0);
    expect_as_gather(w, 0.001);
    close(fd);
    watch_free(w);
    free(t.bytes);
}

/* --- several files --- */

/* Of a recording beside samples the samples count, also when it is seen first. */
static void samples_beside_recording(void **state) {
    (void)state;
    struct watch_options o = options();
    o.over_s = 600;
    struct tape csv = tape_load("k6/baseline-v2.2/samples.csv");
    struct tape rec = tape_load("k6/recording-load-v2.2/recording.ndjson");
    const char *const names[] = {"b.ndjson", "b.csv", NULL};
    struct watch *w = watch_on(&o, names);
    int r = writer_open("b.ndjson");
    writer_add(r, &rec, rec.len);
    turns(w, 3);
    assert_true(watch_look(w)->run.total.requests > 1000);
    int c = writer_open("b.csv");
    writer_add(c, &csv, csv.len);
    turns(w, 3);
    assert_int_equal((int)watch_look(w)->run.total.requests, 96);
    assert_int_equal((int)watch_look(w)->run.vus, 3);
    close(c);
    close(r);
    watch_free(w);
    free(csv.bytes);
    free(rec.bytes);
}

static void two_generators(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape a = tape_load("k6/baseline-v2.2/samples.csv"), b = a;
    const char *const names[] = {"g1.csv", "g2.csv", NULL};
    struct watch *w = watch_on(&o, names);
    int one = writer_open("g1.csv"), two = writer_open("g2.csv");
    writer_add(one, &a, a.len);
    writer_add(two, &b, b.len);
    turns(w, 2);
    assert_int_equal((int)watch_look(w)->run.total.requests, 192);
    /* One begins anew: the other still counts. */
    assert_int_equal(ftruncate(two, 0), 0);
    turns(w, 3);
    assert_true(was_said(w, "The file was replaced. Reading it from the start."));
    assert_int_equal((int)watch_look(w)->run.total.requests, 96);
    close(one);
    close(two);
    watch_free(w);
    free(a.bytes);
}

static void locust_files(void **state) {
    (void)state;
    struct watch_options o = options();
    o.over_s = 600;
    struct tape stats = tape_load("locust/load-2.12/run_stats.csv");
    struct tape history = tape_load("locust/load-2.12/run_stats_history.csv");
    const char *const names[] = {"run_stats.csv", "run_stats_history.csv", NULL};
    struct watch *w = watch_on(&o, names);
    int h = writer_open("run_stats_history.csv"), s = writer_open("run_stats.csv");
    writer_add_share(h, &history, 0.5);
    turns(w, 2);
    assert_int_equal(state_now(w), WATCH_LIVE);
    writer_add_share(h, &history, 1);
    writer_add(s, &stats, stats.len);
    turns(w, 3);
    assert_int_equal((int)watch_look(w)->run.total.requests, 2768);
    assert_int_equal((int)watch_look(w)->run.total.p95_ms, 41);
    assert_int_equal((int)watch_look(w)->run.vus, 25);
    close(h);
    close(s);
    turns(w, 4);
    assert_int_equal(state_now(w), WATCH_ENDED);
    expect_as_gather(w, 0);
    watch_free(w);
    free(stats.bytes);
    free(history.bytes);
}

/* --- truncation, rotation --- */

static void begins_anew(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "anew.csv");
    int fd = writer_open("anew.csv");
    writer_add(fd, &t, t.len);
    turns(w, 2);
    assert_int_equal((int)watch_look(w)->run.total.requests, 96);
    assert_int_equal(ftruncate(fd, 0), 0);
    t.at = 0;
    writer_add(fd, &t, t.len / 2);
    turns(w, 3);
    assert_true(was_said(w, "The file was replaced. Reading it from the start."));
    double half = watch_look(w)->run.total.requests;
    assert_true(half > 30 && half < 96);
    /* Rotation: another file takes the name. */
    rename(temp_path("anew.csv"), temp_path("anew.csv.1"));
    close(fd);
    fd = writer_open("anew.csv");
    t.at = 0;
    writer_add(fd, &t, t.len);
    turns(w, 4);
    assert_int_equal((int)watch_look(w)->run.total.requests, 96);
    close(fd);
    watch_free(w);
    free(t.bytes);
}

static void from_now(void **state) {
    (void)state;
    struct watch_options o = options();
    o.from_now = true;
    o.over_s = 600;
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    int fd = writer_open("now.csv");
    writer_add(fd, &t, t.len / 2); /* in the middle of a line */
    struct watch *w = watch_one(&o, "now.csv");
    turns(w, 2);
    assert_false(watch_look(w)->run.any);
    writer_add(fd, &t, t.len);
    turns(w, 2);
    double rest = watch_look(w)->run.total.requests;
    assert_true(rest > 30 && rest < 60);
    assert_false(was_said(w, "now.csv:")); /* no line that cannot be read */
    close(fd);
    watch_free(w);
    free(t.bytes);
}

/* --- what cannot be read --- */

static void not_a_result(void **state) {
    (void)state;
    struct watch_options o = options();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "page.csv");
    temp_write("page.csv", "<html><body>Not found</body></html>\n");
    turns(w, 12);
    assert_int_equal(state_now(w), WATCH_LOST);
    assert_string_equal(watch_look(w)->source[0].words, "is no result that can be read here");
    remove(temp_path("page.csv"));
    int fd = writer_open("page.csv");
    writer_add(fd, &t, t.len);
    turns(w, 4);
    assert_int_equal((int)watch_look(w)->run.total.requests, 96);
    close(fd);
    watch_free(w);
    free(t.bytes);
}

static void compressed(void **state) {
    (void)state;
    struct watch_options o = options();
    const char *names[WATCH_SOURCES_MAX];
    struct tape t = tape_load("k6/recording-load-v2.2/samples.csv.gz");
    struct watch *w = watch_one(&o, "x.csv.gz");
    int fd = writer_open("x.csv.gz");
    writer_add(fd, &t, t.len);
    turns(w, 2);
    assert_int_equal(state_now(w), WATCH_LIVE);
    assert_string_equal(watch_look(w)->source[0].words,
                        "is compressed: it is read when the run is over");
    close(fd);
    turns(w, 5);
    assert_int_equal(state_now(w), WATCH_ENDED);
    assert_int_equal(watch_files(w, names), 1);
    watch_free(w);
    free(t.bytes);
}

/* --- replay --- */

static void replays(void **state) {
    (void)state;
    static const char *const data[] = {"k6/baseline-v2.2/samples.csv",
                                       "k6/soak-v2.2/samples.csv.gz",
                                       "k6/recording-load-v2.2/recording.ndjson"};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        struct watch_options o = options();
        o.replay = true;
        o.speed = 10;
        struct watch *w = watch_start(&o);
        char path[512];
        snprintf(path, sizeof path, "%s/%s", TEST_DATA, data[i]);
        assert_true(watch_add(w, path, WATCH_FIGURES, NULL));
        turns(w, 2);
        double first_s = watch_look(w)->elapsed_s;
        assert_int_equal(state_now(w), WATCH_LIVE);
        watch_pause(w, true);
        turns(w, 5);
        expect_near(watch_look(w)->elapsed_s, first_s, 0);
        watch_pause(w, false);
        watch_set_speed(w, 3600);
        turns(w, 20);
        assert_int_equal(state_now(w), WATCH_ENDED);
        expect_as_gather(w, 0.02);
        watch_free(w);
    }
}

/* A summary has no times. */
static void replay_of_a_summary(void **state) {
    (void)state;
    struct watch_options o = options();
    o.replay = true;
    struct watch *w = watch_start(&o);
    assert_true(
        watch_add(w, TEST_DATA "/k6/baseline-v2.2/summary-export.json", WATCH_FIGURES, NULL));
    turns(w, 2);
    assert_int_equal(state_now(w), WATCH_ENDED);
    assert_string_equal(watch_look(w)->source[0].words, "has no times: it cannot be replayed");
    watch_free(w);
}

/* --- beside a profile --- */

static void beside_a_profile(void **state) {
    (void)state;
    struct profile p = {.duration_s = 70, .stages = 2, .target_rps = 8};
    p.stage[0] = (struct stage){.name = "ramp", .start_s = 0, .duration_s = 4, .target_rps = 8};
    p.stage[1] = (struct stage){.name = "hold", .start_s = 4, .duration_s = 66, .target_rps = 8};
    const struct stretch_wanted hold = {"hold", 4, 70};
    struct watch_options o = options();
    o.profile = &p;
    o.stretch = &hold;
    o.stretches = 1;
    o.here = true;
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    struct watch *w = watch_one(&o, "p.csv");
    int fd = writer_open("p.csv");
    writer_add(fd, &t, t.len / 8);
    turns(w, 2);
    assert_string_equal(watch_look(w)->stage, "ramp");
    assert_string_equal(watch_look(w)->stretch.name, "");
    writer_add(fd, &t, t.len);
    turns(w, 2);
    const struct watch_view *v = watch_look(w);
    assert_string_equal(v->stage, "hold");
    assert_string_equal(v->stretch.name, "hold");
    expect_near(v->offered_rps, 8, 0);
    expect_near(v->length_s, 70, 0);
    assert_true(v->stretch.is.requests > 20);
    turns(w, 27); /* its end is still to come */
    assert_int_equal(state_now(w), WATCH_LIVE);
    turns(w, 3);
    assert_int_equal(state_now(w), WATCH_ENDED); /* over_s */
    close(fd);
    watch_free(w);
    free(t.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_its_course),
        cmocka_unit_test(complete_before),
        cmocka_unit_test(too_quiet),
        cmocka_unit_test(kept_from_turning),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(end_file),
        cmocka_unit_test(wakes_once_a_second),
        cmocka_unit_test(large_backlog),
        cmocka_unit_test(samples_beside_recording),
        cmocka_unit_test(two_generators),
        cmocka_unit_test(locust_files),
        cmocka_unit_test(begins_anew),
        cmocka_unit_test(from_now),
        cmocka_unit_test(not_a_result),
        cmocka_unit_test(compressed),
        cmocka_unit_test(replays),
        cmocka_unit_test(replay_of_a_summary),
        cmocka_unit_test(beside_a_profile),
    };
    return cmocka_run_group_tests(tests, temp_make, temp_remove);
}
