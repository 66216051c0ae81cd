/* One file as a source of figures: told apart, read in bounded pieces, up to a moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watch/parts.h"
#include "watch_fixture.h"

enum { ALL_BYTES = 64 << 20 };

struct one {
    struct stream *stream;
    struct alarms alarms;
    struct file_source *file;
};

static struct one one_open(void) {
    struct watch_options o;
    struct one x = {.stream = stream_new(NULL, 0)};
    watch_options_init(&o);
    alarms_init(&x.alarms, &o.limits);
    return x;
}

static void one_file(struct one *x, const char *path, bool replay) {
    const struct file_options o = {
        .path = path, .replay = replay, .stream = x->stream, .alarms = &x->alarms};
    x->file = file_source_new(&o);
    clocks_set(clock_day_ms());
}

static void one_close(struct one *x) {
    file_source_free(x->file);
    alarms_fini(&x->alarms);
    stream_free(x->stream);
}

static enum file_turn turn(struct one *x, size_t *budget, int64_t until_ms) {
    steady_ms += 1000;
    day_ms += 1000;
    return file_source_turn(x->file, budget, until_ms, (struct moment_now){day_ms, steady_ms});
}

static enum file_turn turn_all(struct one *x) {
    size_t budget = ALL_BYTES;
    return turn(x, &budget, INT64_MAX);
}

static struct watch_source look(const struct one *x) {
    struct watch_source out;
    file_source_look(x->file, (struct moment_now){day_ms, steady_ms}, 30, &out);
    return out;
}

static int requests(const struct one *x) {
    struct stream_view v;
    stream_look(x->stream, &v);
    return v.any ? (int)v.total.requests : 0;
}

/* Half of a first line tells nothing yet. */
static void told_by_a_line(void **state) {
    (void)state;
    struct one x = one_open();
    struct tape t = tape_load("k6/baseline-v2.2/samples.csv");
    one_file(&x, temp_path("half.csv"), false);
    turn_all(&x);
    assert_string_equal(look(&x).words, "not there yet, checked every second");
    int fd = writer_open("half.csv");
    turn_all(&x);
    assert_string_equal(look(&x).words, "empty so far");
    writer_add(fd, &t, 40);
    turn_all(&x);
    assert_null(file_source_reader(x.file));
    writer_add(fd, &t, 1000);
    turn_all(&x);
    assert_string_equal(file_source_reader(x.file)->name, "k6-csv");
    turn_all(&x);
    assert_int_equal(requests(&x), 0); /* it is not decided that it counts */
    file_source_use(x.file, FILE_FEEDS);
    turn_all(&x);
    assert_true(requests(&x) > 0);
    assert_int_equal(look(&x).state, WATCH_LIVE);
    close(fd);
    one_close(&x);
    free(t.bytes);
}

/* No turn reads more than its budget; what is left is told. */
static void keeps_to_the_budget(void **state) {
    (void)state;
    struct one x = one_open();
    int turns_taken = 0;
    one_file(&x, TEST_DATA "/k6/baseline-v2.2/samples.csv", false);
    turn_all(&x);
    file_source_use(x.file, FILE_FEEDS);
    for (;; turns_taken++) {
        size_t budget = 10000;
        enum file_turn how = turn(&x, &budget, INT64_MAX);
        if (how == FILE_IDLE)
            break;
        assert_int_equal(how, FILE_MORE);
        assert_int_equal(budget, 0);
    }
    assert_int_equal(turns_taken, 109417 / 10000);
    assert_int_equal(file_source_left(x.file), 0);
    assert_int_equal(requests(&x), 96);
    one_close(&x);
}

/* Up to a moment of the data, a little more at most. */
static void up_to_a_moment(void **state) {
    (void)state;
    for (int replay = 0; replay < 2; replay++) {
        struct one x = one_open();
        one_file(&x, TEST_DATA "/k6/baseline-v2.2/samples.csv", replay);
        turn_all(&x);
        file_source_use(x.file, FILE_FEEDS);
        size_t budget = ALL_BYTES;
        assert_int_equal(turn(&x, &budget, INT64_MIN), FILE_AHEAD);
        int64_t first_ms = file_source_first_ms(x.file);
        assert_int_equal(first_ms, 1795423342000);
        assert_int_equal(turn(&x, &budget, first_ms + 5000), FILE_AHEAD);
        assert_true(file_source_latest_ms(x.file) >= first_ms + 5000);
        assert_true(file_source_latest_ms(x.file) <= first_ms + 7000);
        int some = requests(&x);
        assert_true(some > 20 && some < 60);
        assert_int_equal(turn(&x, &budget, first_ms + 5000), FILE_AHEAD);
        assert_int_equal(requests(&x), some);
        assert_int_equal(turn(&x, &budget, INT64_MAX), FILE_IDLE);
        assert_int_equal(requests(&x), 96);
        assert_int_equal(file_source_closed(x.file), replay); /* nobody saw its writer close it */
        one_close(&x);
    }
}

/* A reader that gives up: the line is told, and the next file of the name is read. */
static void a_line_that_is_wrong(void **state) {
    (void)state;
    struct one x = one_open();
    struct tape t = tape_load("jmeter/load-5.1/results.jtl");
    one_file(&x, temp_path("wrong.jtl"), false);
    int fd = writer_open("wrong.jtl");
    writer_add_share(fd, &t, 0.2);
    turn_all(&x);
    file_source_use(x.file, FILE_FEEDS);
    turn_all(&x);
    char *long_line = mem_new(3 << 20, 1);
    memset(long_line, 'x', 3 << 20);
    assert_int_equal(write(fd, long_line, 3 << 20), 3 << 20);
    free(long_line);
    for (int i = 0; i < 4; i++)
        turn_all(&x);
    assert_true(file_source_lost(x.file));
    assert_int_equal(look(&x).state, WATCH_LOST);
    assert_non_null(strstr(look(&x).words, "line "));
    assert_int_equal(ftruncate(fd, 0), 0);
    t.at = 0;
    writer_add(fd, &t, 20000);
    turn_all(&x);
    turn_all(&x);
    assert_false(file_source_lost(x.file));
    assert_string_equal(file_source_reader(x.file)->name, "jmeter-jtl-csv");
    close(fd);
    one_close(&x);
    free(t.bytes);
}

/* Locust writes its table anew: half of one does not count. */
static void half_a_table(void **state) {
    (void)state;
    struct one x = one_open();
    struct tape t = tape_load("locust/load-2.12/run_stats.csv");
    one_file(&x, temp_path("x_stats.csv"), false);
    int fd = open(temp_path("x_stats.csv"), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, t.bytes, t.len), t.len);
    turn_all(&x);
    file_source_use(x.file, FILE_FEEDS);
    turn_all(&x);
    assert_int_equal(requests(&x), 2768);
    assert_int_equal(ftruncate(fd, (off_t)t.len / 2), 0);
    turn_all(&x);
    turn_all(&x);
    assert_int_equal(requests(&x), 2768);
    assert_int_equal(x.alarms.events, 0);
    close(fd);
    one_close(&x);
    free(t.bytes);
}

/* What was there at first is as old as its last change. */
static void old_at_first(void **state) {
    (void)state;
    struct one x = one_open();
    temp_write("aged.csv", "metric_name,timestamp,metric_value\n");
    const struct timespec then[2] = {{.tv_sec = clock_day_ms() / 1000 - 100},
                                     {.tv_sec = clock_day_ms() / 1000 - 100}};
    int fd = open(temp_path("aged.csv"), O_WRONLY | O_APPEND);
    futimens(fd, then);
    one_file(&x, temp_path("aged.csv"), false);
    turn_all(&x);
    expect_near(look(&x).age_s, 101, 2);
    assert_int_equal(look(&x).state, WATCH_STALLED);
    file_source_use(x.file, FILE_WATCHED);
    assert_int_equal(write(fd, "x\n", 2), 2);
    turn_all(&x);
    expect_near(look(&x).age_s, 0, 0);
    close(fd);
    one_close(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_by_a_line), cmocka_unit_test(keeps_to_the_budget),
        cmocka_unit_test(up_to_a_moment), cmocka_unit_test(a_line_that_is_wrong),
        cmocka_unit_test(half_a_table),   cmocka_unit_test(old_at_first),
    };
    return cmocka_run_group_tests(tests, temp_make, temp_remove);
}
