/* A line of watch --json: every member that is promised, null for what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_member.h"
#include "report/watch_json.h"

#define AT_MS 1793629135000 /* 2026-11-02T14:18:55Z */

static const struct window no_window = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};

/* Nothing came yet. */
static struct watch_view nothing(const struct watch_source *source, size_t sources) {
    struct watch_view v = {.state = WATCH_WAITING,
                           .elapsed_s = NAN,
                           .length_s = NAN,
                           .offered_rps = NAN,
                           .source = source,
                           .sources = sources};
    v.run.vus = NAN;
    v.run.now = v.run.minute = v.run.total = no_window;
    for (int i = 0; i < WATCH_METRICS; i++)
        v.row[i].now = NAN;
    return v;
}

static cJSON *line(const struct watch_view *v, size_t told) {
    char *text = report_watch_json(v, AT_MS, told);
    assert_null(strchr(text, '\n'));
    cJSON *o = cJSON_Parse(text);
    assert_non_null(o);
    free(text);
    return o;
}

static void what_is_not_known_is_null(void **state) {
    (void)state;
    const struct watch_source source = {
        .name = "load.csv", .state = WATCH_WAITING, .age_s = NAN, .words = "not there yet"};
    const struct watch_view v = nothing(&source, 1);
    cJSON *o = line(&v, 0);
    static const char *const null[] = {
        "elapsed_s",       "length_s",     "stage",          "stretch",      "now.rps",
        "now.offered_rps", "now.p95_ms",   "now.error_rate", "now.vus",      "minute.rps",
        "total.requests",  "total.failed", "total.p95_ms",   "source.age_s", "memory_mb"};
    for (size_t i = 0; i < sizeof null / sizeof *null; i++)
        if (!cJSON_IsNull(member(o, null[i])))
            fail_msg("%s is not null", null[i]);
    assert_string_equal(member(o, "at")->valuestring, "2026-11-02T14:18:55Z");
    assert_string_equal(member(o, "source.name")->valuestring, "load.csv");
    assert_string_equal(member(o, "source.words")->valuestring, "not there yet");
    assert_null(cJSON_GetObjectItem(o, "sources"));
    assert_int_equal(cJSON_GetArraySize(member(o, "findings")), 0);
    cJSON_Delete(o);
}

static void figures_are_there(void **state) {
    (void)state;
    const struct watch_source source[] = {
        {.name = "127.0.0.1:8080", .role = WATCH_SERVER, .state = WATCH_LIVE, .age_s = 3.04},
        {.name = "load\x1b.csv", .role = WATCH_FIGURES, .state = WATCH_LIVE, .age_s = 1.2}};
    struct watch_view v = nothing(source, 2);
    snprintf(v.stage, sizeof v.stage, "hold");
    v.elapsed_s = 475;
    v.offered_rps = 200;
    v.run.vus = 81;
    v.run.now.rps = 199.39999999999998;
    v.run.now.p95_ms = 238;
    v.run.now.error_rate = 0.0002;
    v.run.total.requests = 84800;
    v.run.total.failed = 17;
    v.row[WATCH_MEMORY].now = 512.5;
    snprintf(v.stretch.name, sizeof v.stretch.name, "hold");
    v.stretch.is = v.run.total;
    cJSON *o = line(&v, 0);
    static const struct {
        const char *name;
        double value;
    } numbers[] = {{"elapsed_s", 475},         {"now.offered_rps", 200}, {"now.rps", 199.4},
                   {"now.error_rate", 0.0002}, {"now.p95_ms", 238},      {"now.vus", 81},
                   {"total.requests", 84800},  {"total.failed", 17},     {"source.age_s", 1.2},
                   {"memory_mb", 512.5},       {"stretch.failed", 17}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(member(o, numbers[i].name)->valuedouble == numbers[i].value);
    assert_string_equal(member(o, "stage")->valuestring, "hold");
    assert_string_equal(member(o, "source.name")->valuestring, "load?.csv"); /* has the figures */
    assert_int_equal(cJSON_GetArraySize(member(o, "sources")), 2);
    cJSON_Delete(o);
}

/* Each event is in one line only, also when older ones were dropped meanwhile. */
static void events_are_told_once(void **state) {
    (void)state;
    const struct watch_event event[] = {{AT_MS, FINDING_INFO, "one"},
                                        {AT_MS, FINDING_WARNING, "two"},
                                        {0, FINDING_WARNING, "three"}};
    static const struct {
        size_t dropped, told;
        int left;
    } cases[] = {
        {0, 0, 3}, {0, 1, 2}, {0, 3, 0}, {10, 0, 3}, {10, 11, 2}, {10, 13, 0},
    };
    struct watch_view v = nothing(NULL, 0);
    v.event = event;
    v.events = 3;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v.events_dropped = cases[i].dropped;
        cJSON *o = line(&v, cases[i].told);
        const cJSON *list = member(o, "findings");
        assert_int_equal(cJSON_GetArraySize(list), cases[i].left);
        if (cases[i].left) {
            const cJSON *last = cJSON_GetArrayItem(list, cases[i].left - 1);
            assert_string_equal(member(last, "text")->valuestring, "three");
            assert_string_equal(member(last, "level")->valuestring, "warning");
            assert_true(cJSON_IsNull(member(last, "at")));
        }
        assert_true(cJSON_IsNull(member(o, "source")));
        cJSON_Delete(o);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(figures_are_there),
        cmocka_unit_test(events_are_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
