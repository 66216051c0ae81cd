/* From the command that was given, by way of its growing files, to a verdict. Clocks are made up:
 * nobody waits. */
#include "session_fixture.h"

#include <poll.h>

#include "base/buf.h"
#include "feed/feed.h"
#include "server_fixture.h"
#include "watch/watch.h"

enum { A_SECOND = 1000 };
static int64_t steady_ms;

static void second(struct session *s, int n) {
    for (int i = 0; i < n; i++) {
        s->now_ms += A_SECOND;
        steady_ms += A_SECOND;
        for (int k = 0; k < 200 && (k == 0 || session_watch(s)->catching_up); k++)
            session_watch_turn(s, steady_ms);
    }
}

/* The recorded load as it would be confirmed, and its script. */
static struct session *ready(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    s->now_ms = (int64_t)time(NULL) * 1000;
    return s;
}

static void append(const struct bench *b, const char *name, const char *text, size_t len) {
    FILE *f = fopen(in(b, name), "ab");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

/* The single requests of the recorded load, 1,748 of them; the caller frees. */
static char *load_csv(void) {
    struct feed f;
    struct buf all;
    struct err e = {0};
    const char *bytes;
    size_t len;
    buf_init(&all, 8 << 20);
    if (!feed_open(&f, TEST_DATA "/k6/load-v2.2-compact/samples.csv.gz", &e))
        fail_msg("%s", e.text);
    while (feed_next(&f, &bytes, &len, &e) && len > 0)
        buf_add(&all, bytes, len);
    feed_close(&f);
    char *text = buf_take(&all);
    buf_fini(&all);
    return text;
}

static const char *own_file(const struct session *s, const char *end) {
    const struct command *c = session_command(s, 0);
    for (int i = 0; i < c->files; i++)
        if (strlen(c->file[i]) > strlen(end) &&
            strcmp(c->file[i] + strlen(c->file[i]) - strlen(end), end) == 0)
            return c->file[i];
    fail_msg("the command writes no *%s", end);
    return "";
}

static void read_to_its_end(struct session *s) {
    struct err e = {0};
    struct pollfd fd = {.fd = session_read_fd(s), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 20000), 1);
    if (!session_read_end(s, &e))
        fail_msg("%s: %s", e.file, e.text);
}

static void the_commands_files_are_watched(void **state) {
    struct bench *b = *state;
    struct session *s = ready(b);
    struct err e = {0};
    assert_null(session_watch(s));
    assert_int_equal(session_watch_fd(s), -1);
    assert_true(session_watch_own(s));
    assert_false(session_watch_own(s)); /* it is watched already */
    second(s, 2);
    assert_int_equal(session_watch(s)->state, WATCH_WAITING);
    assert_string_equal(session_step(s, STEP_RUN).what, "waiting");

    char *csv = load_csv();
    size_t len = strlen(csv), half = len / 2;
    append(b, own_file(s, ".csv"), csv, half);
    second(s, 3);
    const struct watch_view *v = session_watch(s);
    assert_int_equal(v->state, WATCH_LIVE);
    assert_true(v->run.total.requests > 100);
    assert_true(v->length_s == 210);
    assert_int_equal(session_step(s, STEP_RUN).mark, MARK_LIVE);
    assert_string_equal(session_step(s, STEP_RESULTS).what, "no results");

    append(b, own_file(s, ".csv"), csv + half, len - half);
    put_sample(b, own_file(s, ".json"), "load-v2.2-compact/summary-export.json");
    second(s, 6);
    assert_int_equal(session_watch(s)->state, WATCH_ENDED);
    assert_true(session_watch_is_over(s));
    double requests = session_watch(s)->run.total.requests;
    assert_true(session_watch_judge(s, &e));
    assert_false(session_watch_is_over(s)); /* once is enough */
    assert_true(s->watching.judging);
    read_to_its_end(s);
    assert_true(s->intake.there);
    assert_true(summary_value(&s->intake.run, METRIC_REQUESTS) == requests);
    must_use(s);
    assert_true(s->result.there);
    assert_null(session_watch(s));
    assert_false(session_watch_own(s)); /* judged, and nothing new is there */
    free(csv);
}

/* The line dropped and came back: nothing is kept but the files. */
static void starting_again_gives_the_same_figures(void **state) {
    struct bench *b = *state;
    struct session *s = ready(b);
    char *csv = load_csv();
    append(b, own_file(s, ".csv"), csv, strlen(csv) / 3);
    assert_true(session_watch_own(s));
    second(s, 3);
    struct stream_view before = session_watch(s)->run;
    session_save(s);
    s = open_session(b);
    s->now_ms = (int64_t)time(NULL) * 1000;
    assert_true(session_restore(s, NULL));
    assert_true(session_watch_own(s));
    second(s, 3);
    struct stream_view after = session_watch(s)->run;
    assert_true(before.total.requests == after.total.requests);
    assert_true(before.total.failed == after.total.failed);
    assert_true(before.total.p95_ms == after.total.p95_ms);
    assert_true(before.now.requests == after.now.requests);
    assert_true(before.minute.p95_ms == after.minute.p95_ms);
    free(csv);
}

static void a_held_view_stays(void **state) {
    struct bench *b = *state;
    struct session *s = ready(b);
    char *csv = load_csv();
    size_t len = strlen(csv), third = len / 3;
    append(b, own_file(s, ".csv"), csv, third);
    assert_true(session_watch_own(s));
    second(s, 3);
    session_watch_hold(s);
    double held = session_watch(s)->run.total.requests;
    size_t points = session_watch(s)->series->points;
    append(b, own_file(s, ".csv"), csv + third, third);
    second(s, 3);
    assert_true(session_watch(s)->run.total.requests == held);
    assert_int_equal(session_watch(s)->series->points, points);
    session_watch_hold(s);
    assert_true(session_watch(s)->run.total.requests > held);
    free(csv);
}

static void a_recorded_run_is_played(void **state) {
    struct bench *b = *state;
    struct err e = {0};
    struct session *s = open_session(b);
    char *csv = load_csv();
    put(b, "run.csv", csv);
    s->now_ms = noon_ms;
    session_look_only(s, "run.csv");
    assert_false(session_replay_start(s, "nothing.csv", 1, &e));
    assert_true(session_replay_start(s, "run.csv", 10, &e));
    assert_true(session_step_open(s, STEP_RUN));
    second(s, 3);
    double early = session_watch(s)->run.total.requests, elapsed = session_watch(s)->elapsed_s;
    assert_true(early > 0 && elapsed > 10 && elapsed < 40);
    session_watch_pause(s, true);
    second(s, 3);
    assert_true(session_watch(s)->run.total.requests == early);
    session_watch_pause(s, false);
    session_watch_speed(s, 3600);
    second(s, 3);
    assert_true(session_watch_is_over(s));
    assert_true(session_watch_judge(s, &e));
    read_to_its_end(s);
    must_use(s);
    assert_true(session_step_open(s, STEP_RESULTS));
    assert_int_equal(s->result.run_id, 0); /* nothing of it is kept */
    assert_null(s->history);
    free(csv);
}

#define METRIC(id, type, sample)                                                                   \
    "{\"data\":{\"type\":\"metrics\",\"id\":\"" id "\",\"attributes\":{\"type\":\"" type           \
    "\",\"contains\":\"time\",\"tainted\":null,\"sample\":" sample "}}}"

static void say_k6(struct server *k6) {
    static const struct {
        const char *path, *body;
    } answers[] = {
        {"/v1/status",
         "{\"data\":{\"type\":\"status\",\"id\":\"default\",\"attributes\":{\"status\":7,"
         "\"paused\":false,\"vus\":2,\"vus-max\":4,\"stopped\":false,\"running\":true,"
         "\"tainted\":false}}}"},
        {"/v1/metrics/http_reqs", METRIC("http_reqs", "counter", "{\"count\":1748,\"rate\":8.74}")},
        {"/v1/metrics/http_req_failed", METRIC("http_req_failed", "rate", "{\"rate\":0}")},
        {"/v1/metrics/http_req_duration",
         METRIC("http_req_duration", "trend",
                "{\"avg\":70.5,\"max\":190,\"med\":70,\"min\":50,\"p(90)\":88,\"p(95)\":91.5}")},
        {"/v1/metrics/iterations",
         METRIC("iterations", "counter", "{\"count\":874,\"rate\":4.37}")},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        server_say(k6, answers[i].path, 200, "application/json", answers[i].body);
}

/* A made-up second goes by for each moment in which the network may answer. */
static void wait_until(struct session *s, bool (*holds)(const struct session *s)) {
    for (int i = 0; i < 400 && !holds(s); i++) {
        poll(NULL, 0, 10);
        second(s, 1);
    }
    const struct watch_view *v = session_watch(s);
    if (!holds(s))
        fail_msg("%s; %s: %s", watch_state_name(v->state), v->source[0].name, v->source[0].words);
}

static bool has_figures(const struct session *s) {
    return session_watch(s)->run.total.requests == 1748;
}

static bool is_lost(const struct session *s) {
    return session_watch(s)->source[0].state == WATCH_LOST && session_watch(s)->source[0].words[0];
}

static void what_an_address_told_is_judged(void **state) {
    struct session *s = ready(*state);
    struct err e = {0};
    struct server *k6 = server_start();
    say_k6(k6);
    assert_true(session_watch_start(s, server_url(k6, ""), &e));
    wait_until(s, has_figures);
    assert_int_equal(session_watch(s)->state, WATCH_LIVE);
    server_act(k6, "/v1/status", SERVER_CUT, "{\"data\":");
    wait_until(s, is_lost);
    say_k6(k6);
    wait_until(s, has_figures);
    server_kill(k6);
    wait_until(s, session_watch_is_over);
    assert_true(session_watch_judge(s, &e));
    assert_false(s->watching.judging); /* there is nothing to read */
    assert_true(s->intake.there);
    assert_true(summary_value(&s->intake.run, METRIC_REQUESTS) == 1748);
    assert_true(summary_value(&s->intake.run, METRIC_P95_MS) == 91.5);
    assert_string_equal(s->intake.run.format, "k6-rest");
    assert_true(has_finding(&s->intake.run.findings, "last-answer"));
    must_use(s);
    server_stop(k6);
}

static void what_is_no_source_is_said(void **state) {
    struct bench *b = *state;
    struct session *s = ready(b);
    struct err e = {0};
    assert_false(session_watch_start(s, "http://ana:secret@127.0.0.1:1/", &e));
    assert_null(strstr(e.text, "secret"));
    assert_null(session_watch(s));
    assert_false(session_watch_judge(s, &e));
    assert_true(session_watch_start(s, "later.csv http://127.0.0.1:9/", &e));
    second(s, 1);
    assert_int_equal(session_watch(s)->sources, 2);
    session_watch_stop(s);
    assert_null(session_watch(s));
}

/* Whose CPU is told beside the run. */
static void which_sources_are_of_this_machine(void **state) {
    (void)state;
    static const struct {
        const char *source;
        bool here;
    } cases[] = {
        {"run.csv", true},
        {"http://127.0.0.1:6565", true},
        {"http://localhost/metrics", true},
        {"http://[::1]:8089/", true},
        {"https://load-3.example.org:8089", false},
        {"http://127.0.0.1.example.org/", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (watch_any_is_here(&cases[i].source, 1) != cases[i].here)
            fail_msg("%s", cases[i].source);
    assert_true(
        watch_any_is_here((const char *const[]){"https://prometheus.example.org/", "run.csv"}, 2));
    assert_false(watch_any_is_here(NULL, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(the_commands_files_are_watched),
        SESSION_TEST(starting_again_gives_the_same_figures),
        SESSION_TEST(a_held_view_stays),
        SESSION_TEST(a_recorded_run_is_played),
        SESSION_TEST(what_an_address_told_is_judged),
        SESSION_TEST(what_is_no_source_is_said),
        cmocka_unit_test(which_sources_are_of_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
