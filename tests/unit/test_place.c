/* Where a note hangs: every form of --on, what a run does not have, and back. */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "review_fixture.h"

#define START_MS 1793628130000 /* 2026-11-02 14:02:10 UTC */

static void add_endpoint(const char *name) {
    struct summary *s = &record.run;
    s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
    struct endpoint *p = &s->endpoint[s->endpoints++];
    *p = (struct endpoint){0};
    text_copy(p->name, sizeof p->name, name);
}

/* Everything that a note can be about; 750 s long. */
static int begin_all(void **state) {
    setenv("TZ", "UTC", 1);
    tzset();
    begin(state);
    add_check("p95:POST /orders", 10, 20, VERDICT_PASS);
    add_check("p95:GET /a 95s", 10, 20, VERDICT_PASS);
    add_endpoint("POST /orders");
    add_endpoint("GET http://h:80/a b 14:02:10-14:05:00");
    add_endpoint("run");
    record.judgement.has_stress = true;
    record.judgement.stress.steps = 3;
    for (int i = 0; i < 3; i++)
        record.judgement.stress.step[i].is.number = i + 1;
    record.judgement.has_soak = true;
    record.run.series.start_ms = START_MS;
    record.run.figure[METRIC_DURATION_S].value = 750;
    return 0;
}

static void expect(const char *on, enum place_kind kind, const char *key, int step, double from_s,
                   double to_s) {
    struct place p;
    struct err e = {0};
    if (!place_parse(on, &record, &p, &e))
        fail_msg("%s: %s", on, e.text);
    if (p.kind != kind || strcmp(p.key, key) != 0 || p.step != step)
        fail_msg("%s: kind %d, key %s, step %d", on, p.kind, p.key, p.step);
    if (fabs(p.from_s - from_s) > 1e-6 || fabs(p.to_s - to_s) > 1e-6)
        fail_msg("%s: %.3f to %.3f s", on, p.from_s, p.to_s);
}

static void forms(void **state) {
    (void)state;
    static const struct {
        const char *on;
        enum place_kind kind;
        const char *key;
        int step;
        double from_s, to_s;
    } cases[] = {
        {"", PLACE_RUN, "", 0, 0, 0},
        {"run", PLACE_RUN, "", 0, 0, 0},
        {"limits", PLACE_CHECK, "limits", 0, 0, 0},
        {"p95", PLACE_CHECK, "p95", 0, 0, 0},
        {"error_rate", PLACE_CHECK, "error_rate", 0, 0, 0},
        {"p95:POST /orders", PLACE_CHECK, "p95:POST /orders", 0, 0, 0},
        {"p95:GET /a 95s", PLACE_CHECK, "p95:GET /a 95s", 0, 0, 0},
        {"endpoint:POST /orders", PLACE_ENDPOINT, "POST /orders", 0, 0, 0},
        {"endpoint:run", PLACE_ENDPOINT, "run", 0, 0, 0},
        {"endpoint:GET http://h:80/a b 14:02:10-14:05:00", PLACE_ENDPOINT,
         "GET http://h:80/a b 14:02:10-14:05:00", 0, 0, 0},
        {"step:3", PLACE_STEP, "", 3, 0, 0},
        {"memory", PLACE_TREND, "memory", 0, 0, 0},
        {"trend:memory", PLACE_TREND, "memory", 0, 0, 0},
        {"latency", PLACE_TREND, "latency", 0, 0, 0},
        {"errors", PLACE_TREND, "errors", 0, 0, 0},
        {"throughput", PLACE_TREND, "throughput", 0, 0, 0},
        {"14:02:10-14:05:00", PLACE_TIME, "", 0, 0, 170},
        {"14:02:10 - 14:05:00", PLACE_TIME, "", 0, 0, 170},
        {"14:03 to 14:05", PLACE_TIME, "", 0, 50, 170},
        {"14:02:20", PLACE_TIME, "", 0, 10, 10},
        {"95s-2m", PLACE_TIME, "", 0, 95, 120},
        {"95s", PLACE_TIME, "", 0, 95, 95},
        {"0s-750s", PLACE_TIME, "", 0, 0, 750},
        {"1.5s-2500ms", PLACE_TIME, "", 0, 1.5, 2.5},
        {"p95 14:02:20", PLACE_TIME, "p95", 0, 10, 10},
        {"p95:POST /orders 14:03 to 14:05", PLACE_TIME, "p95:POST /orders", 0, 50, 170},
        {"p95 95s-2m", PLACE_TIME, "p95", 0, 95, 120},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place p;
        char text[SAID_ON_BYTES];
        expect(cases[i].on, cases[i].kind, cases[i].key, cases[i].step, cases[i].from_s,
               cases[i].to_s);
        /* and what is kept is read as the same */
        assert_true(place_parse(cases[i].on, &record, &p, NULL));
        place_text(&p, text);
        expect(text, cases[i].kind, cases[i].key, cases[i].step, cases[i].from_s, cases[i].to_s);
    }
}

static void kept_form(void **state) {
    (void)state;
    static const struct {
        const char *on, *text, *show;
    } cases[] = {
        {"run", "", "run"},
        {"p95:POST /orders", "p95:POST /orders", "p95:POST /orders"},
        {"endpoint:POST /orders", "endpoint:POST /orders", "POST /orders"},
        {"step:3", "step:3", "step 3"},
        {"trend:memory", "memory", "memory"},
        {"14:02:20", "10.0s", "14:02:20"},
        {"14:03:00", "50.0s", "14:03:00"},
        {"14:03:00-14:05:00", "50.0s-170.0s", "14:03 to 14:05"},
        {"14:03:00-14:05:01", "50.0s-171.0s", "14:03:00 to 14:05:01"},
        {"14:03:01-14:05:00", "51.0s-170.0s", "14:03:01 to 14:05:00"},
        {"p95 14:02:20", "p95 10.0s", "p95 14:02:20"},
        {"limits", "limits", "limits"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place p;
        char text[SAID_ON_BYTES], show[SAID_ON_BYTES];
        assert_true(place_parse(cases[i].on, &record, &p, NULL));
        place_text(&p, text);
        assert_string_equal(text, cases[i].text);
        assert_string_equal(place_show(text, &record, show, sizeof show), cases[i].show);
    }
}

static void what_the_run_does_not_have(void **state) {
    (void)state;
    static const struct {
        const char *on, *text;
    } cases[] = {
        {"p96", "\"p96\" is no part of the run"},
        {"Run", "\"Run\" is no part of the run"},
        {"p95:GET /b", "\"p95:GET /b\" is no part of the run"},
        {"endpoint:", "the run has no endpoint \"\""},
        {"endpoint:POST /order", "the run has no endpoint \"POST /order\""},
        {"step:4", "the run has no step \"4\": it has 3 steps"},
        {"step:0", "the run has no step \"0\": it has 3 steps"},
        {"step:-1", "the run has no step \"-1\": it has 3 steps"},
        {"step:2x", "the run has no step \"2x\": it has 3 steps"},
        {"step:99999999999999999999",
         "the run has no step \"99999999999999999999\": it has 3 steps"},
        {"trend:cpu", "there is no trend \"cpu\": memory, latency, errors, throughput"},
        {"14:05:00-14:02:10", "14:02:10 is before 14:05:00"},
        {"2m-95s", "95s is before 2m"},
        {"14:20:00", "14:20:00 is outside of the run: it went from 14:02:10 to 14:14:40"},
        {"09:00:00", "09:00:00 is outside of the run: it went from 14:02:10 to 14:14:40"},
        {"20m", "20m is outside of the run: it went from 14:02:10 to 14:14:40"},
        {"95", "\"95\" is no time"},
        {"14:02:10-", "\"\" is no time"},
        {"25:00:00", "25:00:00 is outside of the run: it went from 14:02:10 to 14:14:40"},
        {"14:02:61", "\"14:02:61\" is no time"},
        {"95s-2m-3m", "\"2m-3m\" is no time"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place p;
        struct err e = {0};
        assert_false(place_parse(cases[i].on, &record, &p, &e));
        assert_int_equal(e.kind, ERR_USAGE);
        assert_string_equal(e.text, cases[i].text);
        assert_false(place_parse(cases[i].on, &record, &p, NULL));
    }
    struct place p;
    struct err e = {0};
    place_parse("p96", &record, &p, &e);
    assert_string_equal(e.fix, "there is run, p95, error_rate, p95:POST /orders, p95:GET /a 95s, "
                               "endpoint:NAME, step:N, memory, limits, 14:02:10-14:05:00");
}

static void other_kinds_of_run(void **state) {
    (void)state;
    struct place p;
    struct err e = {0};
    record.judgement.has_stress = record.judgement.has_soak = false;
    assert_false(place_parse("step:1", &record, &p, &e));
    assert_string_equal(e.text, "the run has no steps: it is no stress test with known steps");
    assert_false(place_parse("memory", &record, &p, &e));
    assert_string_equal(e.text, "the run has no trend: it is no soak test with a series");
}

/* A summary knows no time of day. */
static void without_a_begin(void **state) {
    (void)state;
    char show[64];
    struct place p;
    struct err e = {0};
    record.run.series.start_ms = 0;
    expect("95s-2m", PLACE_TIME, "", 0, 95, 120);
    expect("1:40", PLACE_TIME, "", 0, 100, 100);
    assert_string_equal(place_show("95.0s-120.0s", &record, show, sizeof show), "1:35 to 2:00");
    assert_false(place_parse("14:02:10", &record, &p, &e));
    assert_string_equal(e.text, "the result does not say at what time the run began");
    assert_string_equal(e.fix, "give times from its start: 95s-2m");
    record.run.figure[METRIC_DURATION_S].value = NAN; /* nor its length */
    expect("40m", PLACE_TIME, "", 0, 2400, 2400);
    assert_false(place_parse("9000h", &record, &p, NULL));
}

static void over_midnight(void **state) {
    (void)state;
    record.run.series.start_ms = START_MS + (9 * 60 + 50) * 60000; /* 23:52:10 */
    record.run.figure[METRIC_DURATION_S].value = 3600;
    expect("23:55:00-00:10:10", PLACE_TIME, "", 0, 170, 1080);
    char show[64];
    assert_string_equal(place_show("170.0s-1080.0s", &record, show, sizeof show),
                        "23:55:00 to 00:10:10");
}

static void in_local_time(void **state) {
    (void)state;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    expect("15:02:20", PLACE_TIME, "", 0, 10, 10);
    char show[64];
    assert_string_equal(place_show("10.0s", &record, show, sizeof show), "15:02:20");
}

/* A run does not begin at a full second. */
static void parts_of_a_second(void **state) {
    (void)state;
    static const int begins[] = {1, 123, 460, 500, 999};
    for (size_t i = 0; i < COUNT(begins); i++) {
        struct place p;
        char text[SAID_ON_BYTES], show[64];
        record.run.series.start_ms = START_MS + begins[i];
        assert_true(place_parse("14:02:10", &record, &p, NULL)); /* it began in this second */
        assert_true(p.from_s == 0);
        assert_true(place_parse("14:02:55", &record, &p, NULL));
        place_text(&p, text);
        assert_string_equal(place_show(text, &record, show, sizeof show), "14:02:55");
    }
}

static void hostile_words(void **state) {
    (void)state;
    char show[24];
    assert_string_equal(place_show("p95\033[2J\nx", &record, show, sizeof show), "p95?[2J?x");
    add_endpoint("a\033]0;t\007");
    assert_string_equal(place_show("endpoint:a\033]0;t\007", &record, show, sizeof show),
                        "a?]0;t?");
    char longest[SAID_ON_BYTES];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(strlen(place_show(longest, &record, show, sizeof show)), sizeof show - 1);
}

#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, begin_all, end)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        ON_A_RUN(forms),
        ON_A_RUN(kept_form),
        ON_A_RUN(what_the_run_does_not_have),
        ON_A_RUN(other_kinds_of_run),
        ON_A_RUN(without_a_begin),
        ON_A_RUN(over_midnight),
        ON_A_RUN(in_local_time),
        ON_A_RUN(parts_of_a_second),
        ON_A_RUN(hostile_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
