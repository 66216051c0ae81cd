/* The system under test: pages in exposition format, and Prometheus. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "live_fixture.h"
#include "tools/process.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- a page ---------------------------------------------------------------------------------- */

/* From a copy of exactly its size, so that no byte behind it is read. */
static bool read_page(const char *text, size_t len, struct process_figures *out, struct err *e) {
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    *e = (struct err){0};
    bool ok = process_page_read(len ? exact : NULL, len, out, e);
    free(exact);
    return ok;
}

static void test_real_pages(void **state) {
    (void)state;
    static const struct {
        const char *file;
        double memory_mb, cpu_s, start_s, open, most;
    } cases[] = {
        {"exposition-node-app-start.prom", 55.083008, 0.028923, 1795426004, 22, 20000},
        {"exposition-node-app-late.prom", 126.185472, 1.283388, 1795426004, 31, 20000},
        {"exposition-node-exporter.prom", 21.127168, NAN, NAN, NAN, NAN},
        {"k6-rest-v2.2/prom-05s.txt", 42.426368, 0.17, 1795425366.88, 17, 20000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct process_figures f;
        struct err e;
        size_t len;
        char *text = read_file(cases[i].file, &len);
        if (!read_page(text, len, &f, &e))
            fail_msg("%s: %s", cases[i].file, e.text);
        near_to(f.memory_mb, cases[i].memory_mb, "memory");
        near_to(f.cpu_s, cases[i].cpu_s, "CPU");
        near_to(f.start_s, cases[i].start_s, "start");
        near_to(f.open_files, cases[i].open, "open files");
        near_to(f.most_files, cases[i].most, "most files");
        assert_string_equal(f.memory_of, "process_resident_memory_bytes");
        free(text);
    }
}

static void test_lines(void **state) {
    (void)state;
    static const struct {
        const char *page;
        double memory_mb, cpu_s;
        const char *of;
    } cases[] = {
        {"process_resident_memory_bytes 5e6\n", 5, NAN, "process_resident_memory_bytes"},
        {"  process_resident_memory_bytes\t5.5E+06 1795426054869\r\n", 5.5, NAN,
         "process_resident_memory_bytes"},
        /* An exemplar of OpenMetrics, and its end */
        {"process_cpu_seconds_total 3 # {trace_id=\"a b\"} 1 2\n# EOF\n", NAN, 3, ""},
        {"process_cpu_seconds_total{} 3\nprocess_cpu_seconds_total{pid=\"2\",} 4\n", NAN, 7, ""},
        /* Workers of one service are added up; one that stands there twice is not. */
        {"process_resident_memory_bytes{pid=\"1\"} 1e6\n"
         "process_resident_memory_bytes{pid=\"2\"} 2e6\n"
         "process_resident_memory_bytes{pid=\"1\"} 9e6\n",
         3, NAN, "process_resident_memory_bytes"},
        {"process_resident_memory_bytes 1e6\nprocess_resident_memory_bytes  1e6\n", 1, NAN,
         "process_resident_memory_bytes"},
        /* Escapes in labels; what looks like an end is none */
        {"process_resident_memory_bytes{a=\"\\\\\",b=\"x\\\"} 7\\n\"} 1e6\n", 1, NAN,
         "process_resident_memory_bytes"},
        /* The pools of a heap, whatever comes first; other areas are none of it. */
        {"jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 3e6\n"
         "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} 8e6\n"
         "jvm_memory_used_bytes{id=\"Old\",area=\"heap\",} 4e6\n"
         "go_memstats_heap_inuse_bytes 1e6\n",
         7, NAN, "jvm_memory_used_bytes{area=\"heap\"}"},
        {"jvm_memory_used_bytes{area=\"nonheap\"} 8e6\ngo_memstats_heap_inuse_bytes 1e6\n", 1, NAN,
         "go_memstats_heap_inuse_bytes"},
        {"go_memstats_heap_inuse_bytes 1e6\nprocess_resident_memory_bytes 2e6\n", 2, NAN,
         "process_resident_memory_bytes"},
        {"container_memory_working_set_bytes{container=\"api\"} 6e6\n", 6, NAN,
         "container_memory_working_set_bytes"},
        /* Several containers: which is meant is not known, the heap is. */
        {"container_memory_working_set_bytes{container=\"api\"} 6e6\n"
         "container_memory_working_set_bytes{container=\"db\"} 6e6\n"
         "go_memstats_heap_inuse_bytes 1e6\n",
         1, NAN, "go_memstats_heap_inuse_bytes"},
        /* No figure is none, whatever its name. */
        {"process_resident_memory_bytes NaN\nprocess_cpu_seconds_total 1\n", NAN, 1, ""},
        {"process_resident_memory_bytes +Inf\nprocess_cpu_seconds_total 1\n", NAN, 1, ""},
        {"process_resident_memory_bytes -5\nprocess_cpu_seconds_total 1\n", NAN, 1, ""},
        {"process_resident_memory_bytes 0\n", 0, NAN, "process_resident_memory_bytes"},
        {"process_cpu_time_ns_total 2.5e9\nprocess_files_open_files 3\n", NAN, 2.5, ""},
        /* Lines of others may be of any shape. */
        {"{\"a.b\",c=\"d\"} 1\n\xff\xfe\nx{=} 1\nx{a=\"b} 1\nx y\nx\nx{a=\"b\"\n"
         "process_cpu_seconds_total 1\n",
         NAN, 1, ""},
        /* The last line may be cut off: its figure is not taken. */
        {"process_cpu_seconds_total 1\nprocess_resident_memory_bytes 126", NAN, 1, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct process_figures f;
        struct err e;
        if (!read_page(cases[i].page, strlen(cases[i].page), &f, &e))
            fail_msg("%s: %s", cases[i].page, e.text);
        near_to(f.memory_mb, cases[i].memory_mb, cases[i].page);
        near_to(f.cpu_s, cases[i].cpu_s, cases[i].page);
        assert_string_equal(f.memory_of, cases[i].of);
    }
}

static void test_start_and_files(void **state) {
    (void)state;
    static const char page[] = "process_start_time_seconds{pid=\"1\"} 1.795e+09\n"
                               "process_start_time_seconds{pid=\"2\"} 1.796e+09\n"
                               "process_open_fds{pid=\"1\"} 10\nprocess_open_fds{pid=\"2\"} 20\n"
                               "process_max_fds{pid=\"1\"} 100\nprocess_max_fds{pid=\"2\"} 100\n"
                               "process_cpu_seconds_total 1\n";
    struct process_figures f;
    struct err e;
    assert_true(read_page(page, strlen(page), &f, &e));
    near_to(f.start_s, 1.796e9, "start: the last of them, so that each restart is seen");
    near_to(f.open_files, 30, "open files");
    near_to(f.most_files, 200, "most files");
}

static void test_no_page(void **state) {
    (void)state;
    static const struct {
        const char *page, *why;
        long line;
    } cases[] = {
        {"", "answers with nothing", 0},
        {"ok", "answers with \"ok\"", 0},
        {"<html><head><title>Orders</title></head>\n<body>1 2\n", "an HTML page (\"Orders\")", 0},
        {"{\"a\": 1}\n", "answers with JSON", 0},
        {"# HELP up x\n# TYPE up gauge\nup 1\n", "says nothing of memory or CPU", 0},
        {"process_open_fds 5\n", "says nothing of memory or CPU", 0},
        {"process_resident_memory_bytes 126", "answers with", 0},
        {"a 1\nprocess_resident_memory_bytes 12x\n", "cannot be read", 2},
        {"process_resident_memory_bytes\n", "cannot be read", 1},
        {"process_resident_memory_bytes{a=\"b 1\n", "cannot be read", 1},
        {"process_resident_memory_bytes{a=\"b\\", "answers with", 0},
        {"process_resident_memory_bytes{a=\"b\\\n", "cannot be read", 1},
        {"process_cpu_seconds_total 0x10\n", "cannot be read", 1},
        {"container_memory_working_set_bytes{id=\"a\"} 1\n"
         "container_memory_working_set_bytes{id=\"b\"} 1\n",
         "holds 2 containers", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct process_figures f;
        struct err e;
        assert_false(read_page(cases[i].page, strlen(cases[i].page), &f, &e));
        if (!strstr(e.text, cases[i].why))
            fail_msg("case %zu: %s, not %s", i, e.text, cases[i].why);
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_int_equal(e.line, cases[i].line);
        near_to(f.memory_mb, NAN, "memory");
        near_to(f.cpu_s, NAN, "CPU");
        assert_string_equal(f.memory_of, "");
    }
}

/* Much of everything ends soon. */
static void test_large_pages(void **state) {
    (void)state;
    enum { LONG = 32 << 20 };
    struct process_figures f;
    struct err e;
    struct buf b;
    buf_init(&b, LONG);
    while (buf_str(&b, "process_resident_memory_bytes{a=\"\\\\"))
        ;
    assert_false(read_page(b.data, b.len, &f, &e));
    buf_clear(&b);
    while (buf_char(&b, '\n'))
        ;
    assert_false(read_page(b.data, b.len, &f, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    buf_clear(&b);
    for (int i = 0; i < 65; i++)
        buf_printf(&b, "process_resident_memory_bytes{pid=\"%d\"} 1\n", i);
    assert_false(read_page(b.data, b.len, &f, &e));
    assert_non_null(strstr(e.text, "more than 64 processes"));
    buf_fini(&b);
}

/* --- Prometheus' questions ------------------------------------------------------------------- */

static void test_paths(void **state) {
    (void)state;
    char path[256];
    assert_true(prometheus_now_path("up", path, sizeof path));
    assert_string_equal(path, "/api/v1/query?query=up");
    assert_true(prometheus_now_path("x{job=\"a b\"} + 1%&#é\n", path, sizeof path));
    assert_string_equal(path, "/api/v1/query?query=x%7Bjob%3D%22a%20b%22%7D%20%2B%201%25%26%23"
                              "%C3%A9%0A");
    assert_true(prometheus_range_path("up", 1795426014, 1795426054.5, 15, path, sizeof path));
    assert_string_equal(path, "/api/v1/query_range?query=up&start=1795426014.000&end="
                              "1795426054.500&step=15.000");
    /* A week at a step of 5 s is more than Prometheus answers. */
    assert_true(prometheus_range_path("up", 1795000000, 1795604800, 5, path, sizeof path));
    assert_non_null(strstr(path, "&step=60.480"));
    assert_string_equal(prometheus_targets_path, "/api/v1/targets?state=active");
}

/* Too short by one byte is refused. */
static void test_paths_fit(void **state) {
    (void)state;
    static const char now[] = "/api/v1/query?query=a%7Bb";
    static const char range[] = "/api/v1/query_range?query=a%7Bb&start=1.000&end=2.000&step=3.000";
    for (size_t size = 1; size <= sizeof range; size++) {
        char *room = malloc(size);
        assert_int_equal(prometheus_now_path("a{b", room, size), size >= sizeof now);
        assert_int_equal(prometheus_range_path("a{b", 1, 2, 3, room, size), size >= sizeof range);
        free(room);
    }
}

static void test_scrape(void **state) {
    (void)state;
    static const struct {
        const char *json;
        double want;
    } cases[] = {
#define TARGETS(...) "{\"status\":\"success\",\"data\":{\"activeTargets\":[" __VA_ARGS__ "]}}"
#define EVERY(x) "{\"scrapeInterval\":\"" x "\"}"
        {TARGETS(EVERY("15s")), 15},
        {TARGETS(EVERY("1m30s") "," EVERY("1h") "," EVERY("500ms")), 0.5},
        {TARGETS(EVERY("1m30s")), 90},
        {TARGETS(EVERY("0s") "," EVERY("x") "," EVERY("") "," EVERY("5")), NAN},
        {TARGETS("{},1,null," EVERY("1d")), 86400},
        {TARGETS(), NAN},
        {"{}", NAN},
        {"", NAN},
        {"<html>", NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        near_to(prometheus_scrape_s(cases[i].json, strlen(cases[i].json)), cases[i].want,
                cases[i].json);
    size_t len;
    char *text = read_file("prometheus/targets.json", &len);
    near_to(prometheus_scrape_s(text, len), 2, "of a real one");
    free(text);
}

/* --- its answers ----------------------------------------------------------------------------- */

struct taken {
    size_t n, series;
    double first, last, t_s;
    char name[256];
};

static void take(void *self, const char *series, double t_s, double value) {
    struct taken *t = self;
    assert_true(isfinite(value) && value >= 0 && isfinite(t_s));
    if (strcmp(t->name, series) != 0) {
        t->series++;
        text_copy(t->name, sizeof t->name, series);
    }
    if (t->n++ == 0)
        t->first = value;
    t->last = value;
    t->t_s = t_s;
}

static bool read_answer(const char *json, size_t len, enum process_metric what, struct taken *t,
                        struct err *e) {
    char *exact = malloc(len ? len : 1);
    memcpy(exact, json, len);
    *t = (struct taken){0};
    *e = (struct err){0};
    bool ok = prometheus_answer_read(len ? exact : NULL, len, what, take, t, e);
    free(exact);
    return ok;
}

static void test_real_answers(void **state) {
    (void)state;
    static const struct {
        const char *file;
        enum process_metric what;
        size_t n, series;
        double first, last, t_s;
        const char *name;
    } cases[] = {
        {"query-rss.json", PROCESS_MEMORY, 1, 1, 124.633088, 124.633088, 1795426054.869,
         "orders-api 127.0.0.1:27084"},
        {"range-rss.json", PROCESS_MEMORY, 9, 1, 59.244544, 122.281984, 1795426054,
         "orders-api 127.0.0.1:27084"},
        {"range-cpu.json", PROCESS_CPU, 9, 1, 0.008053770250000002, 0.028685833333333327,
         1795426054, "orders-api 127.0.0.1:27084"},
        {"range-rps.json", PROCESS_CPU, 9, 1, 7.244624999999999, 29.555555555555557, 1795426054,
         "CPU"},
        {"query-scalar.json", PROCESS_MEMORY, 1, 1, 3, 3, 1795426054.947, "memory"},
        {"query-up.json", PROCESS_CPU, 2, 2, 1, 1, 1795426054.960, "node 127.0.0.1:29100"},
        {"query-vus.json", PROCESS_CPU, 1, 1, 8, 8, 1795426054.921, "k6_vus"},
        {"query-k6-p95.json", PROCESS_CPU, 4, 4, 0.0755, 0.080251, 1795426054.901,
         "k6_http_req_duration_p95 4"},
        {"query-empty.json", PROCESS_MEMORY, 0, 0, 0, 0, 0, ""},
        {"query-nan.json", PROCESS_MEMORY, 0, 0, 0, 0, 0, ""},
        {"query-inf.json", PROCESS_CPU, 0, 0, 0, 0, 0, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[64];
        struct taken t;
        struct err e;
        size_t len;
        snprintf(path, sizeof path, "prometheus/%s", cases[i].file);
        char *text = read_file(path, &len);
        if (!read_answer(text, len, cases[i].what, &t, &e))
            fail_msg("%s: %s", path, e.text);
        assert_int_equal(t.n, cases[i].n);
        assert_int_equal(t.series, cases[i].series);
        if (fabs(t.first - cases[i].first) > 1e-3 || fabs(t.last - cases[i].last) > 1e-3)
            fail_msg("%s: %g to %g", path, t.first, t.last);
        near_to(t.t_s, cases[i].t_s, path);
        assert_string_equal(t.name, cases[i].name);
        free(text);
    }
}

static void test_wrong_answers(void **state) {
    (void)state;
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"", "answers with nothing, not with Prometheus' figures"},
        {"<html><title>Sign in</title>", "an HTML page (\"Sign in\")"},
        {"404 page not found", "\"404 page not found\""},
        {"{\"status\":\"success\"", "is not whole JSON"},
        {"{\"status\":\"success\"}", "no answer of a query"},
        {"{\"data\":{\"type\":\"status\"}}", "no answer of a query"},
        {"{\"status\":\"error\",\"error\":\"query\\u001b timed out\"}",
         "is an error of Prometheus: query? timed out"},
        {"{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{"
         "\"__name__\":\"up\"},\"value\":[1795426054,\"1\"]}]}}",
         "holds no memory: up is no size"},
        {"{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},"
         "\"value\":[1795426054,\"0.5\"]}]}}",
         "holds no memory: a series without a name"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct taken t;
        struct err e;
        assert_false(read_answer(cases[i].json, strlen(cases[i].json), PROCESS_MEMORY, &t, &e));
        if (!strstr(e.text, cases[i].why))
            fail_msg("case %zu: %s, not %s", i, e.text, cases[i].why);
        assert_true(e.fix[0] && e.kind == ERR_FORMAT);
        assert_int_equal(t.n, 0);
    }
    size_t len;
    char *text = read_file("prometheus/query-error-parse.json", &len);
    struct taken t;
    struct err e;
    assert_false(read_answer(text, len, PROCESS_MEMORY, &t, &e));
    assert_non_null(strstr(e.text, "parse error: unclosed left parenthesis"));
    free(text);
}

/* Times go on, and no value is beyond what can be. */
static void test_left_out(void **state) {
    (void)state;
    static const char json[] =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},"
        "\"values\":[[1795426010,\"1\"],[1795426010,\"2\"],[1795426009,\"3\"],"
        "[1795426011,\"1e13\"],[1795426012,\"NaN\"],[1795426013,\"4\"]]}]},\"infos\":[\"x\"]}";
    struct taken t;
    struct err e;
    assert_true(read_answer(json, strlen(json), PROCESS_CPU, &t, &e));
    assert_int_equal(t.n, 2);
    near_to(t.first, 1, "first");
    near_to(t.last, 4, "last");
}

/* Shapes that are none are passed over, and no more than the limit of series is told. */
static void test_odd_answers(void **state) {
    (void)state;
    static const char *const results[] = {
        "null",
        "1",
        "{}",
        "[1795426054]",
        "[[1795426054,\"5\"]]",
        "[{\"value\":[1,\"5\"]}]",
        "[{\"value\":[1795426054,5]}]",
        "[{\"value\":[1795426054,\"0x5\"]}]",
        "[{\"value\":[1795426054,\"-5\"]}]",
        "[{\"value\":[1795426054,\"1e400\"]}]",
        "[{\"value\":[\"1795426054\",\"5\"]}]",
        "[{\"value\":[1e300,\"5\"]}]",
        "[{\"value\":{}}]",
        "[{\"metric\":[],\"values\":[[1795426054,\"5\"]]}]",
    };
    static const char *const types[] = {"vector", "matrix", "scalar", "streams"};
    for (size_t i = 0; i < COUNT(results); i++)
        for (size_t k = 0; k < COUNT(types); k++) {
            char json[256];
            struct taken t;
            struct err e;
            int n =
                snprintf(json, sizeof json,
                         "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}",
                         types[k], results[i]);
            (void)read_answer(json, (size_t)n, PROCESS_CPU, &t, &e);
            assert_true(t.n <= 1);
        }
    struct buf b;
    struct taken t;
    struct err e;
    buf_init(&b, 1 << 20);
    buf_str(&b, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[");
    for (int i = 0; i < 40; i++)
        buf_printf(&b, "%s{\"metric\":{\"job\":\"%d\"},\"value\":[1795426054,\"5\"]}", i ? "," : "",
                   i);
    buf_str(&b, "]}}");
    assert_true(read_answer(b.data, b.len, PROCESS_CPU, &t, &e));
    assert_int_equal(t.n, 16);
    for (size_t cut = 0; cut < b.len; cut++)
        assert_false(read_answer(b.data, cut, PROCESS_CPU, &t, &e));
    buf_fini(&b);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_pages),      cmocka_unit_test(test_lines),
        cmocka_unit_test(test_start_and_files), cmocka_unit_test(test_no_page),
        cmocka_unit_test(test_large_pages),     cmocka_unit_test(test_paths),
        cmocka_unit_test(test_paths_fit),       cmocka_unit_test(test_scrape),
        cmocka_unit_test(test_real_answers),    cmocka_unit_test(test_wrong_answers),
        cmocka_unit_test(test_left_out),        cmocka_unit_test(test_odd_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
