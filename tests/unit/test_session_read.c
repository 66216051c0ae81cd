/* Results that a session reads: by names, in the background, given up; what is said of their age.
 */
#include <poll.h>

#include "session_fixture.h"

static bool read_run(struct session *s, const char *names, struct err *e) {
    return session_read_start(s, READING_RUN, names, NULL, e) && session_read_end(s, e);
}

static void must_read(struct session *s, const char *names) {
    struct err e = {0};
    if (!read_run(s, names, &e))
        fail_msg("%s: %s %s", names, e.file, e.text);
}

static struct session *open_written(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    return s;
}

static void names_are_one_run(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    put_sample(b, "a.json", "load-v2.2-full/summary-export.json");
    put_sample(b, "b c.json", "baseline-v2.2/summary-export.json");
    assert_int_equal(mkdir(in(b, "one"), 0700), 0);
    put_sample(b, "one/a.json", "load-v2.2-full/summary-export.json");
    static const struct {
        const char *names;
        int generators; /* 0: refused */
    } cases[] = {
        {"a.json", 1},       {"b c.json", 1},          {"'b c.json'", 1},
        {"\"b c.json\"", 1}, {"a.json 'b c.json'", 2}, {"  a.json   \"b c.json\" ", 2},
        {"one", 1},          {"a.json nowhere", 0},    {"a.json b c.json", 0},
        {"   ", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        session_drop_intake(s);
        bool ok = read_run(s, cases[i].names, &e);
        if (ok != (cases[i].generators > 0) || ok != s->intake.there)
            fail_msg("%s: %d, %s %s", cases[i].names, ok, e.file, e.text);
        if (ok && s->intake.run.generators != cases[i].generators)
            fail_msg("%s: %d generators", cases[i].names, s->intake.run.generators);
    }
}

/* Nothing waits: the descriptor says when it is done. */
static void in_the_background(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    struct gather_progress p;
    struct err e = {0};
    put_sample(b, "a.json", "load-v2.2-full/summary-export.json");
    assert_int_equal(session_read_fd(s), -1);
    assert_false(session_read_progress(s, &p));
    assert_false(session_read_end(s, &e));
    assert_true(session_read_start(s, READING_RUN, "a.json", NULL, &e));
    struct pollfd fd = {.fd = session_read_fd(s), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 10000), 1);
    assert_true(session_read_progress(s, &p));
    assert_false(s->intake.there);
    assert_true(session_read_end(s, &e));
    assert_true(s->intake.there);
    assert_string_equal(s->intake.from, "a.json");
    assert_int_equal(session_read_fd(s), -1);
}

static void given_up(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    struct err e = {0};
    put_sample(b, "a.json", "load-v2.2-full/summary-export.json");
    assert_true(session_read_start(s, READING_RUN, "a.json", NULL, &e));
    session_read_cancel(s);
    assert_int_equal(session_read_fd(s), -1);
    assert_false(s->intake.there);
    assert_true(session_read_start(s, READING_BASELINE, "a.json", NULL, &e)); /* before it ends */
    assert_true(read_run(s, "a.json", &e));
    assert_string_equal(s->base.file, "baseline_orders.json");
    session_read_cancel(s);
}

static void older_than_the_script(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    struct err e = {0};
    put_sample(b, "a.json", "load-v2.2-full/summary-export.json");
    assert_true(read_run(s, "a.json", &e));
    assert_false(has_finding(&s->intake.run.findings, "older-than-script"));
    age(b, "a.json", 60);
    assert_true(read_run(s, "a.json", &e));
    assert_true(has_finding(&s->intake.run.findings, "older-than-script"));
    must_use(s);
    assert_true(has_finding(&s->result.judgement.findings, "older-than-script"));
    /* It is stored with the run. */
    session_save(s);
    s = open_session(b);
    assert_true(session_restore(s, &e));
    assert_true(s->result.there);
    assert_true(has_finding(&s->result.judgement.findings, "older-than-script"));
}

static void copy_to(const struct bench *b, const char *from, const char *to) {
    char path[512];
    size_t len;
    struct err e = {0};
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, from);
    char *text = file_read(path, 8 << 20, &len, &e);
    if (!text)
        fail_msg("%s: %s", path, e.text);
    put(b, to, text);
    free(text);
}

/* Each tool's own result lies beside its script and gives the figures of the form. */
static void results_of_other_tools_are_found(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    copy_to(b, "jmeter/baseline-5.1/results.jtl", "shop.jtl");
    put(b, "shop.jmx", "<jmeterTestPlan/>");
    struct session *s = open_session(b);
    assert_string_equal(s->base.file, "shop.jtl");
    assert_int_equal(s->base.source, BASELINE_MEASURED);
    assert_true(s->base.result.computed);
    assert_true(s->form.field[FIELD_AVG].fallback == summary_value(&s->base.result, METRIC_AVG_MS));
    assert_false(prerequisite_finding(s, "baseline-stated"));
    assert_int_equal(unlink(in(b, "shop.jmx")), 0);
    assert_int_equal(unlink(in(b, "shop.jtl")), 0);

    put(b, "locustfile.py", "from locust import HttpUser\n");
    copy_to(b, "locust/baseline-2.12/run_stats.csv", "locustfile_stats.csv");
    copy_to(b, "locust/baseline-2.12/run_stats_history.csv", "locustfile_stats_history.csv");
    copy_to(b, "locust/baseline-2.12/run_failures.csv", "locustfile_failures.csv");
    s = open_session(b);
    assert_string_equal(s->base.file, "locustfile_stats.csv");
    assert_true(s->base.result.series.points > 0); /* of its history */
    assert_string_equal(s->base.result.format, "locust-stats-csv");
}

static const char memory_csv[] = "t_s,rss_mb\n0,500\n30,501.5\n60,502\n";

/* Memory alone is no result; beside the one that is there it is looked at with it. */
static void memory_joins_the_result(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    struct err e = {0};
    put_sample(b, "a.json", "load-v2.2-full/summary-export.json");
    put(b, "memory.csv", memory_csv);
    assert_false(read_run(s, "memory.csv", &e));
    assert_string_equal(e.text, "This is a memory series: it says nothing of requests");
    assert_false(s->intake.there);
    must_read(s, "a.json");
    assert_true(session_use_intake(s, &e));
    double requests = summary_value(&s->result.run, METRIC_REQUESTS);
    must_read(s, "memory.csv");
    assert_string_equal(s->intake.from, "a.json memory.csv");
    assert_int_equal(s->result.run.memories, 0); /* not used yet */
    assert_true(summary_value(&s->intake.run, METRIC_REQUESTS) == requests);
    assert_int_equal(s->intake.run.memories, 1);
    assert_int_equal(s->intake.run.memory->n, 3);
    assert_true(s->intake.run.memory->at[2].value == 502);
    assert_true(session_use_intake(s, &e));
    assert_true(session_take_paste(s, "t_s,rss_mb\n0,7\n", 15, &e)); /* in its place */
    assert_string_equal(s->intake.from, "a.json memory.csv paste");
    assert_int_equal(s->intake.run.memory->n, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(names_are_one_run),
        SESSION_TEST(in_the_background),
        SESSION_TEST(given_up),
        SESSION_TEST(older_than_the_script),
        SESSION_TEST(results_of_other_tools_are_found),
        SESSION_TEST(memory_joins_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
