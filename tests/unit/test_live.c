/* What load tools tell over HTTP while they run: real answers, and what else may stand on a port.
 */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "live_fixture.h"
#include "tools/live.h"
#include "tools/tool.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* From a copy of exactly its size, so that no byte behind it is read. */
static bool read_bytes(const struct live *l, int i, long status, const char *body, size_t len,
                       struct live_figures *out, struct err *e) {
    char *exact = malloc(len ? len : 1);
    memcpy(exact, body, len);
    bool ok = l->read(i, status, len ? exact : NULL, len, out, e);
    free(exact);
    return ok;
}

static bool read_body(const struct live *l, int i, long status, const char *body,
                      struct live_figures *out, struct err *e) {
    *e = (struct err){0};
    return read_bytes(l, i, status, body, strlen(body), out, e);
}

static struct live_figures take(const struct live *l, int i, const char *body) {
    struct live_figures f;
    struct err e;
    live_figures_init(&f);
    if (!read_body(l, i, 200, body, &f, &e))
        fail_msg("%s: %s", body, e.text);
    return f;
}

static int path_number(const struct live *l, const char *path) {
    for (int i = 0; l->path[i]; i++)
        if (strcmp(l->path[i], path) == 0)
            return i;
    fail_msg("%s is not asked for", path);
    return -1;
}

/* --- all of them ----------------------------------------------------------------------------- */

static void test_table(void **state) {
    (void)state;
    for (const struct live *const *l = lives; *l; l++) {
        assert_ptr_equal(live_find((*l)->name), *l);
        assert_non_null(tool_find((*l)->tool));
        assert_true((*l)->every_s >= 1 && (*l)->off && (*l)->title);
        for (int i = 0; (*l)->path[i]; i++)
            assert_true((*l)->path[i][0] == '/' && !strstr((*l)->path[i], "stop") &&
                        !strstr((*l)->path[i], "reset"));
    }
    assert_null(live_find("k6"));
    assert_null(live_find(""));
}

/* What stands on a port instead: said with what it is and what to do. */
static void test_something_else(void **state) {
    (void)state;
    static const struct {
        long status;
        const char *body, *k6, *locust; /* parts of what is said */
    } cases[] = {
        {200, "", "answers with nothing, not with k6's figures", "nothing, not with Locust's"},
        {200, " \r\n", "answers with nothing", "answers with nothing"},
        {200, "ok", "answers with \"ok\", not with k6", "answers with \"ok\""},
        {200, "<!DOCTYPE html><html><head><title>Orders</title></head></html>",
         "an HTML page (\"Orders\")", "an HTML page (\"Orders\")"},
        {200, "\xef\xbb\xbf\n<html><TITLE>\x1b[31m</TITLE>", "an HTML page (\"?[31m\")",
         "an HTML page (\"?[31m\")"},
        {200, "<html><title>never ends", "an HTML page,", "an HTML page,"},
        {200, "<html><title>Locust</title>", "an HTML page (\"Locust\")", "needs a login"},
        {200, "<!doctype html>\n<a href=\"/login\">", "an HTML page,", "needs a login"},
        {200, "Locust auth exception: see the docs", "\"Locust auth exception", "needs a login"},
        {302, "<a href=\"/login?next=x\">redirect</a>", "HTTP 302", "needs a login"},
        {200, "# HELP up x\n# TYPE up gauge\nup 1\n", "a metrics page", "a metrics page"},
        {200, "\x1b]0;title\x07 and a long text that goes on, and on, and on, and on, and on",
         "\"?]0;title? and a long", "\"?]0;title? and a long"},
        {200, "{", "its JSON is not whole", "its JSON is not whole"},
        {200, "{} x", "more stands behind its end", "more stands behind its end"},
        {200, "{}", "answers with other JSON, not with k6", "answers with other JSON"},
        {200, "[]", "answers with other JSON", "answers with other JSON"},
        {200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\"}}", "other JSON",
         "other JSON"},
        {200, "{\"data\":[]}", "other JSON", "other JSON"},
        {200, "{\"stats\":[],\"errors\":[]}", "other JSON", "other JSON"},
        {404, "404 page not found\n", "answers with HTTP 404", "answers with HTTP 404"},
        {401, "", "needs a login (HTTP 401)", "needs a login (HTTP 401)"},
        {403, "{}", "needs a login (HTTP 403)", "needs a login (HTTP 403)"},
        {500, "boom", "answers with HTTP 500", "answers with HTTP 500"},
        {503, "{}", "answers with HTTP 503", "answers with HTTP 503"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int locust = 0; locust < 2; locust++) {
            const struct live *l = live_find(locust ? "locust-web" : "k6-rest");
            const char *want = locust ? cases[i].locust : cases[i].k6;
            struct live_figures f;
            struct err e;
            live_figures_init(&f);
            assert_false(read_body(l, 0, cases[i].status, cases[i].body, &f, &e));
            if (!strstr(e.text, want))
                fail_msg("case %zu: %s, not %s", i, e.text, want);
            assert_int_equal(e.kind, cases[i].status >= 500 ? ERR_IO : ERR_FORMAT);
            assert_true(e.fix[0] || e.kind == ERR_IO);
            assert_int_equal(f.state, LIVE_UNKNOWN);
        }
}

static void test_bounds(void **state) {
    (void)state;
    enum { LONG = 9 << 20 };
    char *big = malloc(LONG + 1);
    for (const struct live *const *l = lives; *l; l++) {
        static const char unit[] = "[[[[[[[[,,,,,,,,\"\\\"\\\"\\\"\\\"";
        for (size_t u = 0; u + 1 < sizeof unit; u++) {
            struct live_figures f;
            struct err e;
            live_figures_init(&f);
            memset(big, unit[u], LONG);
            big[0] = '{';
            big[LONG] = '\0';
            assert_false(read_body(*l, 0, 200, big, &f, &e));
            assert_int_equal(e.kind, ERR_LIMIT);
            big[20000] = '\0'; /* not too long, but deep or broken */
            assert_false(read_body(*l, 0, 200, big, &f, &e));
        }
    }
    free(big);
}

/* A cut answer is refused at every byte. */
static void test_cut(void **state) {
    (void)state;
    static const struct {
        const char *live, *file;
    } cases[] = {{"k6-rest", "k6-rest-v2.2/status-05s.json"},
                 {"locust-web", "locust-web-2.46/stats-requests-15s.json"}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        size_t len, last;
        char *text = read_file(cases[c].file, &len);
        last = len;
        text_trim(text, &last);
        for (size_t n = 0; n < last; n++) {
            struct live_figures f;
            struct err e = {0};
            live_figures_init(&f);
            assert_false(read_bytes(live_find(cases[c].live), 0, 200, text, n, &f, &e));
            assert_true(e.text[0]);
        }
        free(text);
    }
}

/* --- k6 -------------------------------------------------------------------------------------- */

static const char *const metrics[] = {"http_reqs", "http_req_failed", "http_req_duration",
                                      "iterations", "dropped_iterations"};

/* The answer to /v1/metrics/NAME out of the one to /v1/metrics; NULL: 404. */
static char *one_metric(const char *all, const char *id) {
    cJSON *root = cJSON_Parse(all), *it;
    char *text = NULL;
    cJSON_ArrayForEach(it, cJSON_GetObjectItem(root, "data")) {
        if (strcmp(cJSON_GetObjectItem(it, "id")->valuestring, id) != 0)
            continue;
        cJSON *answer = cJSON_CreateObject();
        cJSON_AddItemReferenceToObject(answer, "data", it);
        text = cJSON_PrintUnformatted(answer);
        cJSON_Delete(answer);
    }
    cJSON_Delete(root);
    return text;
}

/* One round over it, as a watcher asks. */
static struct live_figures k6_round(const char *status_file, const char *metrics_file) {
    const struct live *l = live_find("k6-rest");
    size_t len;
    char *status = read_file(status_file, &len), *all = read_file(metrics_file, &len);
    struct live_figures f;
    struct err e;
    live_figures_init(&f);
    assert_true(read_body(l, path_number(l, "/v1/status"), 200, status, &f, &e));
    for (size_t i = 0; i < COUNT(metrics); i++) {
        char path[64], *one = one_metric(all, metrics[i]);
        snprintf(path, sizeof path, "/v1/metrics/%s", metrics[i]);
        if (!read_body(l, path_number(l, path), one ? 200 : 404, one ? one : "{\"errors\":[]}", &f,
                       &e))
            fail_msg("%s %s: %s", metrics_file, metrics[i], e.text);
        free(one);
    }
    free(status);
    free(all);
    return f;
}

static void test_k6_runs(void **state) {
    (void)state;
    static const struct {
        const char *version, *at;
        double requests, failed, rps, avg, min, med, p90, p95, max, iterations;
    } cases[] = {
        {"0.54", "01s", 32, 1, 33.409422248459755, 27.464779875000005, 21.596975, 25.4886315,
         29.054731, 29.3912874, 88.345865, 8},
        {"0.54", "05s", 176, 3, 35.30454766060646, 27.041479676136362, 19.790436,
         25.170707999999998, 29.2831725, 30.221544, 103.070043, 80},
        {"0.54", "15s", 532, 6, 35.35471641674436, 26.5160385, 19.790436, 25.642882999999998,
         29.495395900000002, 29.971591, 111.959669, 260},
        {"0.54", "28s", 986, 11, 35.052515471065476, 27.394650312373233, 19.751303, 25.616554,
         29.702643000000002, 30.22434775, 119.460301, 487},
        {"2.2", "01s", 39, 1, 39.59957357960721, 27.511421871794862, 20.515712, 25.763189,
         29.8895154, 30.2236594, 110.984936, 15},
        {"2.2", "05s", 176, 1, 35.11199359982092, 27.024918051136353, 20.309323, 25.429354,
         29.348363499999998, 29.92223125, 119.213468, 80},
        {"2.2", "15s", 530, 2, 35.15644263284537, 26.703231222641516, 20.035437, 25.6069715,
         29.5019099, 30.049527999999995, 119.213468, 258},
        {"2.2", "28s", 993, 5, 35.27399787145294, 26.2279993222558, 19.910256, 25.354165,
         29.4616694, 30.015431999999997, 119.213468, 492},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char status[64], all[64];
        snprintf(status, sizeof status, "k6-rest-v%s/status-%s.json", cases[i].version,
                 cases[i].at);
        snprintf(all, sizeof all, "k6-rest-v%s/metrics-%s.json", cases[i].version, cases[i].at);
        struct live_figures f = k6_round(status, all);
        assert_int_equal(f.state, LIVE_RUNNING);
        near_to(f.requests, cases[i].requests, "requests");
        near_to(f.failed, cases[i].failed, "failed");
        near_to(f.rps, cases[i].rps, "RPS");
        near_to(f.elapsed_s, cases[i].requests / cases[i].rps, "elapsed");
        near_to(f.avg_ms, cases[i].avg, "avg");
        near_to(f.min_ms, cases[i].min, "min");
        near_to(f.med_ms, cases[i].med, "med");
        near_to(f.p90_ms, cases[i].p90, "p90");
        near_to(f.p95_ms, cases[i].p95, "p95");
        near_to(f.p99_ms, NAN, "p99, which k6 does not tell");
        near_to(f.max_ms, cases[i].max, "max");
        near_to(f.iterations, cases[i].iterations, "iterations");
        near_to(f.dropped, 0, "dropped: the metric is not there, others are");
        near_to(f.vus, 8, "VUs");
        near_to(f.vus_allocated, 8, "VUs ready");
        near_to(f.now_rps, NAN, "RPS now, which k6 does not tell");
        assert_string_equal(f.note, "");
    }
}

static void test_k6_single_answers(void **state) {
    (void)state;
    const struct live *l = live_find("k6-rest");
    int duration = path_number(l, "/v1/metrics/http_req_duration");
    size_t len;
    char *text = read_file("k6-rest-v2.2/metric-http_req_duration-05s.json", &len);
    near_to(take(l, duration, text).p95_ms, 29.92223125, "p95");
    free(text);
    /* Nothing was counted: no 0 either. */
    text = read_file("k6-rest-v2.2/metric-missing-05s.json", &len);
    for (int i = 1; l->path[i]; i++) {
        struct live_figures f;
        struct err e;
        live_figures_init(&f);
        f.p95_ms = 1; /* of a round before */
        assert_true(read_body(l, i, 404, text, &f, &e));
        near_to(i == duration ? f.p95_ms : f.requests, NAN, "a missing metric");
        near_to(f.dropped, NAN, "dropped of nothing");
    }
    free(text);
}

#define STATUS(n, more)                                                                            \
    "{\"data\":{\"type\":\"status\",\"id\":\"default\",\"attributes\":{\"status\":" #n more "}}}"

static void test_k6_states(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum live_state state;
        const char *note;
    } cases[] = {
        {STATUS(0, ""), LIVE_READY, ""},
        {STATUS(3, ",\"running\":false"), LIVE_READY, ""},
        {STATUS(4, ",\"paused\":true"), LIVE_READY, "k6 is paused and waits for k6 resume"},
        {STATUS(6, ",\"running\":true"), LIVE_READY, ""}, /* setup() */
        {STATUS(7, ",\"running\":true"), LIVE_RUNNING, ""},
        {STATUS(7, ",\"paused\":true"), LIVE_RUNNING, "k6 is paused"},
        {STATUS(7, ",\"stopped\":true"), LIVE_RUNNING, "k6 is being stopped"},
        {STATUS(8, ",\"running\":true"), LIVE_RUNNING, ""},
        {STATUS(9, ",\"stopped\":true"), LIVE_ENDED, ""},
        {STATUS(10, ",\"running\":true"), LIVE_ENDED, "k6 was interrupted"},
        {STATUS(11, ",\"running\":true"), LIVE_ENDED, "the script marked the run as failed"},
        {STATUS(null, ""), LIVE_UNKNOWN, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct live_figures f = take(live_find("k6-rest"), 0, cases[i].body);
        assert_int_equal(f.state, cases[i].state);
        assert_string_equal(f.note, cases[i].note);
    }
}

#define METRIC(id, sample)                                                                         \
    "{\"data\":{\"type\":\"metrics\",\"id\":\"" id "\",\"attributes\":{\"sample\":" sample "}}}"

static void test_k6_odd_metrics(void **state) {
    (void)state;
    const struct live *l = live_find("k6-rest");
    static const struct {
        const char *metric, *body, *why;
    } cases[] = {
        {"http_reqs", METRIC("http_reqs", "{\"count\":-1,\"rate\":1}"), "no number from 0 on"},
        {"http_reqs", METRIC("http_reqs", "{\"count\":1e999}"), "no number from 0 on"},
        {"http_reqs", METRIC("http_reqs", "{\"count\":9007199254740992}"), "no number"},
        {"http_reqs", METRIC("http_reqs", "{\"count\":\"12\"}"), "no number"},
        {"http_reqs", METRIC("http_reqs", "[]"), "other JSON"},
        {"http_reqs", METRIC("iterations", "{\"count\":1}"), "other JSON"},
        {"http_reqs", "{\"data\":[]}", "other JSON"},
        {"http_reqs", "<html>", "an HTML page"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[64];
        struct live_figures f;
        struct err e;
        live_figures_init(&f);
        snprintf(path, sizeof path, "/v1/metrics/%s", cases[i].metric);
        assert_false(read_body(l, path_number(l, path), 200, cases[i].body, &f, &e));
        if (!strstr(e.text, cases[i].why))
            fail_msg("%s, not %s", e.text, cases[i].why);
    }
}

/* Words about a k6 that tells nothing, or ended by itself. */
static void test_k6_notes(void **state) {
    (void)state;
    const struct live *l = live_find("k6-rest");
    int requests = path_number(l, "/v1/metrics/http_reqs"),
        iterations = path_number(l, "/v1/metrics/iterations");
    struct err e;
    struct live_figures f = take(l, 0, STATUS(7, ""));
    assert_true(read_body(l, requests, 404, "", &f, &e));
    assert_non_null(strstr(f.note, "no request yet"));
    assert_true(read_body(l, iterations, 200, METRIC("iterations", "{\"count\":3}"), &f, &e));
    assert_non_null(strstr(f.note, "not counted one HTTP request"));
    near_to(f.iterations, 3, "iterations");
    /* --linger: the time of a run that was broken off goes on in k6, so its rate is none. */
    f = take(l, 0, STATUS(10, ""));
    assert_true(
        read_body(l, requests, 200, METRIC("http_reqs", "{\"count\":9,\"rate\":3}"), &f, &e));
    near_to(f.requests, 9, "requests");
    near_to(f.rps, NAN, "RPS");
    near_to(f.elapsed_s, NAN, "elapsed");
    f = take(l, 0, STATUS(9, ""));
    assert_true(
        read_body(l, requests, 200, METRIC("http_reqs", "{\"count\":9,\"rate\":3}"), &f, &e));
    near_to(f.elapsed_s, 3, "elapsed");
    /* The share is a moment younger than the count: 3 of 10 became 3 of 11. */
    assert_true(read_body(l, path_number(l, "/v1/metrics/http_req_failed"), 200,
                          METRIC("http_req_failed", "{\"rate\":0.2727272727}"), &f, &e));
    near_to(f.failed, 2, "failed");
    /* A script without a response callback has no http_req_failed: failures are not known. */
    assert_true(read_body(l, path_number(l, "/v1/metrics/http_req_failed"), 404, "", &f, &e));
    near_to(f.failed, NAN, "failed");
}

/* --- Locust ---------------------------------------------------------------------------------- */

static void test_locust_runs(void **state) {
    (void)state;
    static const struct {
        const char *file;
        enum live_state state;
        double users, requests, failed, rps, avg, min, med, p90, p95, p99, max;
        double now_rps, now_failed, now_p95;
    } cases[] = {
        /* In the first seconds nothing is of now, and behind the end neither. */
        {"locust-web-2.12/stats-requests-02s.json", LIVE_RUNNING, 4, 4, 0, NAN, 32.2587492501043,
         27, 33, 35, NAN, 35, 35, NAN, NAN, NAN},
        {"locust-web-2.12/stats-requests-15s.json", LIVE_RUNNING, 12, 488, 10, NAN,
         27.735670204897062, 21, 27, 31, NAN, 97, 114, 36.7, 0.6, 31},
        {"locust-web-2.12/stats-requests-29s.json", LIVE_RUNNING, 12, 1013, 23, NAN,
         27.703770541954757, 21, 27, 31, NAN, 89, 114, 36.9, 1.1, 31},
        {"locust-web-2.12/stats-requests-32s-stopped.json", LIVE_ENDED, 0, 1065, 24, NAN,
         27.78446560093808, 21, 27, 31, NAN, 94, 117, NAN, NAN, NAN},
        {"locust-web-2.46/stats-requests-02s.json", LIVE_RUNNING, 4, 4, 0, 38.13974466227767,
         48.65214275014296, 28, 32, NAN, 100, 100, 103, NAN, NAN, NAN},
        {"locust-web-2.46/stats-requests-15s.json", LIVE_RUNNING, 12, 497, 6, 34.7264613912437,
         28.274792132767804, 21, 26, NAN, 32, 100, 121, 37.1, 0.4, 32},
        {"locust-web-2.46/stats-requests-29s.json", LIVE_RUNNING, 12, 1008, 16, 35.36232201264252,
         28.446798502968598, 21, 27, NAN, 32, 100, 121, 36.3, 0.9, 32},
        {"locust-web-2.46/stats-requests-32s-stopped.json", LIVE_ENDED, 0, 1050, 16,
         35.41380944381825, 28.374398419992282, 21, 27, NAN, 32, 100, 121, NAN, NAN, NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        char *text = read_file(cases[i].file, &len);
        struct live_figures f = take(live_find("locust-web"), 0, text);
        free(text);
        assert_int_equal(f.state, cases[i].state);
        near_to(f.vus, cases[i].users, "users");
        near_to(f.requests, cases[i].requests, "requests");
        near_to(f.failed, cases[i].failed, "failed");
        near_to(f.rps, cases[i].rps, "RPS");
        near_to(f.elapsed_s, cases[i].requests / cases[i].rps, "elapsed");
        near_to(f.avg_ms, cases[i].avg, "avg");
        near_to(f.min_ms, cases[i].min, "min");
        near_to(f.med_ms, cases[i].med, "med");
        near_to(f.p90_ms, cases[i].p90, "p90");
        near_to(f.p95_ms, cases[i].p95, "p95");
        near_to(f.p99_ms, cases[i].p99, "p99");
        near_to(f.max_ms, cases[i].max, "max");
        near_to(f.now_rps, cases[i].now_rps, "RPS now");
        near_to(f.now_failed_rps, cases[i].now_failed, "failed now");
        near_to(f.now_p95_ms, cases[i].now_p95, "p95 now");
        near_to(f.now_s, isnan(cases[i].now_rps) ? NAN : 10, "window");
    }
}

/* The result that is asked for at the end is one that a reader knows. */
static void test_locust_last(void **state) {
    (void)state;
    static const char *const files[] = {"locust-web-2.12/requests-csv-15s.csv",
                                        "locust-web-2.46/requests-csv-15s.csv"};
    assert_string_equal(live_find("locust-web")->last_path, "/stats/requests/csv");
    for (size_t i = 0; i < COUNT(files); i++) {
        size_t len;
        char *text = read_file(files[i], &len);
        const struct reader *r = tool_reader(text, len);
        struct summary s;
        struct err e;
        assert_non_null(r);
        assert_string_equal(r->name, "locust-stats-csv");
        assert_true(reader_read(r, text, len, &s, &e));
        assert_true(summary_value(&s, METRIC_REQUESTS) > 500);
        assert_true(summary_value(&s, METRIC_P95_MS) >= 32);
        summary_fini(&s);
        free(text);
    }
}

#define LOCUST(state, top, entry)                                                                  \
    "{\"state\":\"" state "\",\"stats\":[{\"name\":\"Aggregated\",\"num_requests\":1},"            \
    "{\"name\":\"Aggregated\"" entry "}]" top "}"

/* How versions differ. */
static void test_locust_versions(void **state) {
    (void)state;
    const struct live *l = live_find("locust-web");
    struct live_figures f;
    f = take(l, 0, LOCUST("hatching", "", ",\"num_requests\":5,\"current_rps\":2"));
    assert_int_equal(f.state, LIVE_RUNNING);
    near_to(f.requests, 5, "the last entry of that name");
    near_to(f.now_rps, 2, "RPS now");
    /* 2.15.1 to 2.19 */
    f = take(l, 0,
             LOCUST("running",
                    ",\"current_response_time_percentile_1\":20,"
                    "\"current_response_time_percentile_2\":30",
                    ",\"num_requests\":5,\"current_rps\":2"));
    near_to(f.now_p95_ms, 30, "p95 now");
    /* 2.20 to 2.44; total_rps on top is of the window there */
    f = take(l, 0,
             LOCUST("running",
                    ",\"current_response_time_percentiles\":"
                    "{\"response_time_percentile_0.95\":31},\"total_rps\":99",
                    ",\"num_requests\":10,\"total_rps\":2,\"current_rps\":3,"
                    "\"response_time_percentile_0.95\":40,\"ninetieth_response_time\":30,"
                    "\"ninety_ninth_response_time\":50,\"response_time_percentile_0.99\":51"));
    near_to(f.now_p95_ms, 31, "p95 now");
    near_to(f.rps, 2, "RPS");
    near_to(f.elapsed_s, 5, "elapsed");
    near_to(f.p90_ms, 30, "p90");
    near_to(f.p95_ms, 40, "p95");
    near_to(f.p99_ms, 51, "p99");
    /* A server that hangs: nothing ended in the window. */
    f = take(l, 0,
             LOCUST("running", ",\"current_response_time_percentile_95\":0",
                    ",\"num_requests\":10,\"current_rps\":3"));
    near_to(f.now_p95_ms, NAN, "p95 of no request");
}

static void test_locust_before(void **state) {
    (void)state;
    const struct live *l = live_find("locust-web");
    /* 2.12 without a runner, and one that waits for its form. */
    struct live_figures f = take(l, 0, "{\"stats\":[],\"state\":\"missing\",\"user_count\":0}");
    assert_int_equal(f.state, LIVE_READY);
    near_to(f.requests, NAN, "requests");
    near_to(f.vus, 0, "users");
    f = take(l, 0,
             "{\"state\":\"ready\",\"user_count\":0,\"stats\":[{\"name\":\"Aggregated\",\"method\":"
             "null,\"num_requests\":0,\"num_failures\":0,\"avg_response_time\":0,"
             "\"median_response_time\":0,\"max_response_time\":0,\"total_rps\":0,\"current_rps\":0}"
             "]}");
    assert_int_equal(f.state, LIVE_READY);
    near_to(f.requests, 0, "requests");
    near_to(f.avg_ms, NAN, "time of no request");
    near_to(f.max_ms, NAN, "time of no request");
    near_to(f.rps, NAN, "RPS");
    near_to(f.now_rps, 0, "RPS now");
    f = take(l, 0, LOCUST("shiny", "", ",\"num_requests\":1"));
    assert_int_equal(f.state, LIVE_UNKNOWN);
}

static void test_locust_workers(void **state) {
    (void)state;
    const struct live *l = live_find("locust-web");
    struct live_figures f =
        take(l, 0,
             LOCUST("running", ",\"workers\":[{\"state\":\"running\"},{\"state\":\"missing\"}]",
                    ",\"num_requests\":1"));
    assert_string_equal(f.note, "1 of 2 workers is missing");
    f = take(l, 0,
             LOCUST("running", ",\"workers\":[{\"state\":\"running\"}]", ",\"num_requests\":1"));
    assert_string_equal(f.note, "");
}

static void test_locust_odd(void **state) {
    (void)state;
    static const struct {
        const char *body, *why;
    } cases[] = {
        {LOCUST("running", "", ",\"num_requests\":-1"), "no number from 0 on"},
        {LOCUST("running", "", ",\"num_requests\":1e300"), "no number from 0 on"},
        {LOCUST("running", "", ",\"num_requests\":true"), "no number from 0 on"},
        {LOCUST("running", "", ",\"num_requests\":1,\"num_failures\":2"), "more requests failed"},
        {LOCUST("running", ",\"user_count\":-3", ",\"num_requests\":1"), "user_count"},
        {LOCUST("running", "", ""), "other JSON"},
        {"{\"state\":\"running\",\"stats\":[{\"name\":\"/\"}]}", "other JSON"},
        {"{\"state\":\"running\",\"stats\":[1,null,[]]}", "other JSON"},
        {"{\"state\":\"running\",\"stats\":{}}", "other JSON"},
        {"{\"state\":7,\"stats\":[]}", "other JSON"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct live_figures f;
        struct err e;
        live_figures_init(&f);
        assert_false(read_body(live_find("locust-web"), 0, 200, cases[i].body, &f, &e));
        if (!strstr(e.text, cases[i].why))
            fail_msg("case %zu: %s, not %s", i, e.text, cases[i].why);
    }
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),         cmocka_unit_test(test_something_else),
        cmocka_unit_test(test_bounds),        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_k6_runs),       cmocka_unit_test(test_k6_single_answers),
        cmocka_unit_test(test_k6_states),     cmocka_unit_test(test_k6_odd_metrics),
        cmocka_unit_test(test_k6_notes),      cmocka_unit_test(test_locust_runs),
        cmocka_unit_test(test_locust_last),   cmocka_unit_test(test_locust_versions),
        cmocka_unit_test(test_locust_before), cmocka_unit_test(test_locust_workers),
        cmocka_unit_test(test_locust_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
