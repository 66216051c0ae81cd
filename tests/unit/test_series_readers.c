/* Plain series: tables of steps and over time, memory as CSV and as Prometheus answers it; alone,
 * and beside the results of a run. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "gather_fixture.h"
#include "tools/tool.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FILE_MOST (16 << 20)

static const struct gather_options memory_only = {.memory_only = true};

static void near_to(double got, double want, const char *what) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-6 * fmax(1, fabs(want))))
        fail_msg("%s is %.12g, not %.12g", what, got, want);
}

static struct summary read_text(const char *reader, const char *text) {
    struct summary s;
    struct err e = {0};
    const struct reader *r = tool_reader(text, strlen(text));
    assert_non_null(r);
    assert_string_equal(r->name, reader);
    if (!reader_read(r, text, strlen(text), &s, &e))
        fail_msg("%s: %s", reader, e.text);
    assert_string_equal(s.tool, "series");
    assert_string_equal(s.format, reader);
    return s;
}

static void refuse(const char *reader, const char *text, const char *why) {
    struct summary s;
    struct err e = {0};
    assert_false(reader_read(tool_reader_named(reader), text, strlen(text), &s, &e));
    summary_fini(&s);
    if (!strstr(e.text, why))
        fail_msg("%s, not %s", e.text, why);
    assert_true(e.fix[0] != '\0');
}

static const struct finding *remark(const struct summary *s, const char *kind, long line) {
    const struct finding *f = finding_of(s, kind);
    if (!f)
        fail_msg("no remark %s", kind);
    assert_int_equal(f->line, line);
    return f;
}

/* --- which reader ---------------------------------------------------------------------------- */

static void knows_a_table_by_its_header(void **state) {
    (void)state;
    static const struct {
        const char *head, *reader;
    } cases[] = {
        {"step,load,requests,ok\n1,10,5,5\n", "series-steps"},
        {"Load;Requests;OK;Step\n", "series-steps"},
        {"\xef\xbb\xbf\"step\"\t\"load\"\t\"requests\"\n", "series-steps"},
        {"sep=;\r\nstep;load;requests\r\n", "series-steps"},
        {"t_s,load,requests,ok,errors,mean_ms,p95_ms\n", "series-stress"},
        {"T_S,LOAD,REQUESTS", "series-stress"},
        {"t_s,rss_mb,p95_ms,rps,error_pct\n", "series-soak"},
        {"t_s,error_pct\n", "series-soak"},
        {"t_s,requests\n", "series-soak"},
        {"t_s,load,rps\n", "series-soak"},
        {"t_s,rss_mb\n", "series-memory"},
        {"unix_time,process_resident_memory_bytes,http_requests_total\n", "series-memory"},
        {"t_s,received_bytes\n", NULL},
        {"rss_mb\n", NULL},
        {"step,load\n", NULL},
        {"t_s\n", NULL},
        {"load,requests,ok\n", NULL},
        {"{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
         "prometheus-json"},
        {" {\"status\":\"error\",\"errorType\":\"bad_data\"}", "prometheus-json"},
        {"{\"status\":\"ok\"}", NULL},
        {"{\"data\":{\"type\":\"status\"}}", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct reader *r = tool_reader(cases[i].head, strlen(cases[i].head));
        const char *got = r ? r->name : "none", *want = cases[i].reader ? cases[i].reader : "none";
        if (strcmp(got, want) != 0)
            fail_msg("%s is %s, not %s", cases[i].head, got, want);
    }
}

/* --- steps ----------------------------------------------------------------------------------- */

static void reads_steps(void **state) {
    (void)state;
    struct summary s = read_text(
        "series-steps", "load,step,start_s,duration_s,window_s,requests,ok,dropped,mean_ms,p50_ms,"
                        "p95_ms,p99_ms,gen_cpu_pct,vus,other\n"
                        "20,1,0,60,54,1000,1000,0,100,90,200,300,40,5,x\n"
                        "40,2,60,60,54,3000,2970,7,200,150,500,900,95.5,12,y\n");
    assert_int_equal(s.stretches, 2);
    const struct stretch *b = summary_stretch(&s, "step 2");
    assert_non_null(b);
    const struct {
        double got, want;
        const char *what;
    } figures[] = {
        {b->from_s, 60, "from"},
        {b->to_s, 120, "to"},
        {b->window_s, 54, "window"},
        {b->load, 40, "load"},
        {b->vus, 12, "VUs"},
        {b->dropped, 7, "dropped"},
        {b->generator_cpu, 0.955, "CPU"},
        {b->value[METRIC_REQUESTS], 3000, "requests"},
        {b->value[METRIC_FAILED], 30, "failed"},
        {b->value[METRIC_RPS], 3000 / 54.0, "rps"},
        {b->value[METRIC_AVG_MS], 200, "avg"},
        {b->value[METRIC_MED_MS], 150, "med"},
        {b->value[METRIC_P95_MS], 500, "p95"},
        {b->value[METRIC_P99_MS], 900, "p99"},
        {b->value[METRIC_MAX_MS], NAN, "max"},
        {summary_value(&s, METRIC_REQUESTS), 4000, "all requests"},
        {summary_value(&s, METRIC_FAILED), 30, "all failed"},
        {summary_value(&s, METRIC_DURATION_S), 120, "duration"},
        {summary_value(&s, METRIC_RPS), 4000 / 108.0, "rate"},
        {summary_value(&s, METRIC_AVG_MS), 175, "average, weighted by requests"},
        {summary_value(&s, METRIC_DROPPED), 7, "all dropped"},
        {summary_value(&s, METRIC_P95_MS), NAN, "p95: there is none of the whole"},
    };
    for (size_t i = 0; i < COUNT(figures); i++)
        near_to(figures[i].got, figures[i].want, figures[i].what);
    assert_int_equal(s.findings.len, 0);
    summary_fini(&s);
}

/* Seconds that counts are of: from the window, the duration, or requests and rate. */
static void finds_the_window_of_a_step(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double window_s, to_s, failed;
    } cases[] = {
        {"step,load,requests,ok,duration_s\n1,10,600,600,60\n", 60, 60, 0},
        {"step,load,requests,errors,rps\n1,10,600,6,20\n", 30, 30, 6},
        {"step,load,requests,error_pct\n1,10,600,1.0\n", NAN, NAN, 6},
        {"step,load,requests\n1,10,600\n", NAN, NAN, NAN},
        {"step,load,requests,ok,window_s\n1,10,600,,0\n", NAN, NAN, NAN},
        {"step;load;requests;ok;window_s\n1;10;600;600;54,5\n", 54.5, 54.5, 0},
        {"step,load,requests,ok\n1,10,600,590", NAN, NAN, 10}, /* no line end: whole all the same */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = read_text("series-steps", cases[i].text);
        assert_int_equal(s.stretches, 1);
        near_to(s.stretch[0].window_s, cases[i].window_s, cases[i].text);
        near_to(s.stretch[0].to_s, cases[i].to_s, cases[i].text);
        near_to(s.stretch[0].value[METRIC_FAILED], cases[i].failed, cases[i].text);
        summary_fini(&s);
    }
}

static void leaves_out_what_does_not_parse(void **state) {
    (void)state;
    struct summary s = read_text("series-steps", "step,load,requests,ok,start_s\n"
                                                 "1,10,100,100,0\n"
                                                 "2,20,many,100,60\n" /* 3: no number */
                                                 "3,30,100,200,120\n" /* 4: more ok than all */
                                                 "4,40,100,-1,180\n"  /* 5: below 0 */
                                                 "5,50,100\n"         /* 6: too short */
                                                 "0,60,100,100,240\n" /* 7: no step */
                                                 "6,,100,100,240\n"   /* 8: no load */
                                                 "7,70,100,,0\n"      /* 9: not later */
                                                 "8,80,100,n/a,300\n" /* fine, failed unknown */
                                                 "9,90,10");          /* 11: cut off */
    assert_int_equal(s.stretches, 2);
    assert_string_equal(s.stretch[1].name, "step 8");
    near_to(s.stretch[1].value[METRIC_FAILED], NAN, "an empty cell is not known");
    near_to(summary_value(&s, METRIC_FAILED), NAN, "neither is the sum");
    near_to(summary_value(&s, METRIC_REQUESTS), 200, "requests");
    assert_non_null(strstr(remark(&s, "broken-rows", 3)->text, "6 rows"));
    remark(&s, "time-not-rising", 9);
    remark(&s, "half-line", 11);
    summary_fini(&s);
}

static void keeps_no_more_steps_than_there_may_be(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "step,load,requests,ok\n");
    for (int i = 1; i <= STRETCHES_MAX + 3; i++)
        buf_printf(&b, "%d,%d,10,10\n", i, i);
    struct summary s = read_text("series-steps", b.data);
    assert_int_equal(s.stretches, STRETCHES_MAX);
    remark(&s, "steps-left-out", STRETCHES_MAX + 2);
    summary_fini(&s);
    buf_fini(&b);
}

/* --- over time ------------------------------------------------------------------------------- */

static void reads_a_stress_series(void **state) {
    (void)state;
    struct summary s = read_text("series-stress", "t_s,load,requests,ok,errors,mean_ms,p95_ms,"
                                                  "max_ms\n"
                                                  "0,20,86,86,0,106,345,400\n"
                                                  "5,20,84,80,4,97,288,500\n"
                                                  "10,30,,,,,,\n"
                                                  "15,30,10,10,0,100,200,300\n");
    const struct point *p = s.series.point;
    assert_int_equal(s.series.points, 4);
    assert_int_equal(s.series.start_ms, 0);
    near_to(p[1].at_s, 5, "begin");
    near_to(p[1].length_s, 5, "until the next row");
    near_to(p[3].length_s, 5, "the last is as long as the one before");
    near_to(p[1].load, 20, "load");
    near_to(p[1].failed, 4, "failed");
    near_to(p[1].avg_ms, 97, "avg");
    near_to(p[1].p95_ms, 288, "p95");
    near_to(p[1].max_ms, 500, "max");
    near_to(p[2].requests, NAN, "not known");
    near_to(summary_value(&s, METRIC_REQUESTS), 180, "requests");
    near_to(summary_value(&s, METRIC_FAILED), 4, "failed");
    near_to(summary_value(&s, METRIC_DURATION_S), 20, "duration");
    near_to(summary_value(&s, METRIC_RPS), 9, "rate");
    near_to(summary_value(&s, METRIC_AVG_MS), (86 * 106 + 84 * 97 + 1000) / 180.0, "average");
    near_to(summary_value(&s, METRIC_P95_MS), NAN, "no percentile of the whole");
    summary_fini(&s);
}

static void reads_a_soak_series(void **state) {
    (void)state;
    struct summary s = read_text("series-soak", "t_s,RSS_MB,p95_ms,rps,error_pct\n"
                                                "0,480.5,120,100,0\n"
                                                "30,481.5,130,50,2\n"
                                                "60,,140,100,0\n");
    const struct point *p = s.series.point;
    assert_int_equal(s.series.points, 3);
    near_to(p[1].requests, 1500, "rps x length");
    near_to(p[1].failed, 30, "error_pct of them");
    near_to(p[1].p95_ms, 130, "p95");
    assert_int_equal(s.memories, 1);
    assert_string_equal(s.memory[0].name, "rss_mb");
    assert_int_equal(s.memory[0].n, 2);
    near_to(s.memory[0].at[1].t_s, 30, "time");
    near_to(s.memory[0].at[1].value, 481.5, "MB");
    near_to(summary_value(&s, METRIC_REQUESTS), 7500, "requests");
    near_to(summary_value(&s, METRIC_FAILED), 30, "failed");
    near_to(summary_value(&s, METRIC_RPS), 7500 / 90.0, "rate");
    summary_fini(&s);
    s = read_text("series-soak", "t_s,p95_ms,error_pct\n0,120,1\n30,130,1\n");
    near_to(s.series.point[0].requests, NAN, "nobody said");
    near_to(summary_value(&s, METRIC_REQUESTS), NAN, "nobody said");
    near_to(summary_value(&s, METRIC_FAILED), NAN, "a share of nothing");
    remark(&s, "errors-without-requests", 0);
    summary_fini(&s);
}

/* Seconds or milliseconds since 1970, or as a date: then the series knows when it began. */
static void reads_clocks(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t start_ms;
        double second_s;
    } cases[] = {
        {"t_s,rps\n10,1\n40,1\n", 0, 40},
        {"t_s,rps\n1700000000,1\n1700000030.5,1\n", 1700000000000, 30.5},
        {"t_s,rps\n1700000000250,1\n1700000030750,1\n", 1700000000250, 30.5},
        {"t_s,rps\n2023-11-14T22:13:20Z,1\n2023-11-14T22:13:50.500Z,1\n", 1700000000000, 30.5},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = read_text("series-soak", cases[i].text);
        assert_int_equal(s.series.points, 2);
        assert_int_equal(s.series.start_ms, cases[i].start_ms);
        near_to(s.series.point[1].at_s, cases[i].second_s, cases[i].text);
        summary_fini(&s);
    }
}

static void passes_over_rows_of_other_times(void **state) {
    (void)state;
    struct summary s = read_text("series-soak", "t_s,rps\n"
                                                "0,1\n"
                                                "30,1\n"
                                                "30,2\n"         /* 4: the same time */
                                                "20,3\n"         /* 5: earlier */
                                                "1700000000,4\n" /* 6: another clock */
                                                ",5\n"           /* 7: no time */
                                                "60,9");         /* its last cell may be cut off */
    assert_int_equal(s.series.points, 3);
    near_to(s.series.point[2].requests, NAN, "the cell of a line without its end");
    assert_non_null(strstr(remark(&s, "time-not-rising", 4)->text, "2 rows"));
    assert_non_null(strstr(remark(&s, "broken-rows", 6)->text, "2 rows"));
    remark(&s, "open-line", 8);
    summary_fini(&s);
}

/* More rows than a series may have: joined, p95 by the median. */
static void joins_many_rows(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 24);
    buf_str(&b, "t_s,load,requests,ok,mean_ms,p95_ms,rss_mb\n");
    for (int i = 0; i < 3 * POINTS_MAX; i++)
        buf_printf(&b, "%d,%d,10,10,%d,%d,%d\n", 10 * i, 100 + i % 3, 10 + i % 3, 100 + i % 3, i);
    struct summary s = read_text("series-stress", b.data);
    assert_int_equal(s.series.points, POINTS_MAX);
    near_to(s.series.point[7].at_s, 210, "begin");
    near_to(s.series.point[7].length_s, 30, "three rows");
    near_to(s.series.point[7].requests, 30, "sum");
    near_to(s.series.point[7].avg_ms, 11, "mean");
    near_to(s.series.point[7].p95_ms, 101, "median");
    near_to(s.series.point[7].load, 101, "mean of the load");
    assert_int_equal(s.memory[0].n, 3 * POINTS_MAX);
    remark(&s, "rows-joined", 0);
    summary_fini(&s);
    buf_fini(&b);
}

static void takes_one_row_for_what_it_is(void **state) {
    (void)state;
    struct summary s = read_text("series-stress", "t_s,load,requests,ok\n0,20,86,86\n");
    assert_int_equal(s.series.points, 0);
    near_to(summary_value(&s, METRIC_REQUESTS), 86, "requests");
    near_to(summary_value(&s, METRIC_DURATION_S), NAN, "nobody knows how long");
    remark(&s, "one-row", 0);
    summary_fini(&s);
}

static void refuses_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *reader, *text, *why;
    } cases[] = {
        {"series-steps", "step,load\n1,2\n", "has no header with the columns step, load"},
        {"series-steps", "", "holds no rows"},
        {"series-steps", "step,load,requests\n", "holds no rows"},
        {"series-steps", "step,load,requests\nx,y,z\n", "holds no row that can be read"},
        {"series-soak", "t_s,rss_mb\n0,1\n", "has no header with the columns t_s and any of"},
        {"series-memory", "t_s,rss_mb\n0,\n1,\n", "holds no figure in its column"},
        {"prometheus-json", "{", "is not whole JSON"},
        {"prometheus-json", "{}{}", "more stands behind its end"},
        {"prometheus-json", "[]", "no answer of a query"},
        {"prometheus-json", "{\"status\":\"error\",\"error\":\"no\\u001b[31m\"}",
         "is an error of Prometheus: no"},
        {"prometheus-json",
         "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
         "the query found nothing"},
        {"prometheus-json",
         "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
         "for one moment (vector)"},
        {"prometheus-json",
         "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{"
         "\"__name__\":\"up\"},\"values\":[[1700000000,\"1\"]]}]}}",
         "holds no memory: up is no size in bytes or MB"},
        {"prometheus-json",
         "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},"
         "\"values\":[[1700000000,\"NaN\"],[1700000001,12],[\"x\"],7]}]}}",
         "holds no value that is a number"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        refuse(cases[i].reader, cases[i].text, cases[i].why);
}

/* --- memory ---------------------------------------------------------------------------------- */

static void reads_memory_in_any_unit(void **state) {
    (void)state;
    struct summary s =
        read_text("series-memory", "unix_time,web_rss_bytes,heap_mb,cache_mem_kib,Heap_MB\n"
                                   "1700000000.5,56340480,12.5,1000,9\n"
                                   "1700000005.5,56340481,-,2000,9\n");
    assert_int_equal(s.memories, 3);
    assert_string_equal(s.memory[0].name, "web_rss_bytes");
    assert_int_equal(s.memory[0].start_ms, 1700000000500);
    near_to(s.memory[0].at[0].t_s, 0, "from its own start");
    near_to(s.memory[0].at[1].t_s, 5, "from its own start");
    near_to(s.memory[0].at[0].value, 56.34048, "MB");
    assert_int_equal(s.memory[1].n, 1);
    near_to(s.memory[2].at[0].value, 1.024, "KiB");
    assert_false(summary_has(&s, METRIC_REQUESTS));
    summary_fini(&s);
}

static struct summary read_file(const char *name, const char *reader) {
    size_t len;
    char *text = file_read(name, FILE_MOST, &len, NULL);
    assert_non_null(text);
    struct summary s = read_text(reader, text);
    free(text);
    return s;
}

static void reads_prometheus(void **state) {
    (void)state;
    struct summary s = read_file(TEST_DATA "/series/prometheus/range-rss.json", "prometheus-json");
    assert_int_equal(s.memories, 1);
    assert_string_equal(s.memory[0].name, "orders-api 127.0.0.1:27084");
    assert_int_equal(s.memory[0].n, 9);
    assert_int_equal(s.memory[0].start_ms, 1795426014000);
    near_to(s.memory[0].at[0].value, 59.244544, "MB");
    near_to(s.memory[0].at[8].t_s, 40, "seconds");
    near_to(s.memory[0].at[8].value, 122.281984, "MB");
    assert_int_equal(s.findings.len, 0);
    summary_fini(&s);
}

#define MATRIX(results)                                                                            \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" results "]}}"
#define SERIES(labels, values) "{\"metric\":{" labels "},\"values\":[" values "]}"

/* What no name and no size makes memory. */
static void refuses_a_series_of_something_else(void **state) {
    (void)state;
    size_t len;
    char *text = file_read(TEST_DATA "/series/prometheus/range-cpu.json", FILE_MOST, &len, NULL);
    assert_non_null(text);
    refuse("prometheus-json", text, "holds no memory: a series without a name");
    free(text);
}

static void knows_the_traps_of_prometheus(void **state) {
    (void)state;
    struct summary s = read_text(
        "prometheus-json",
        MATRIX(SERIES(
            "\"__name__\":\"heap_bytes\",\"pod\":\"a\\u001b[2J\"",
            "[1700000000,\"1.2e+08\"],[1700000010,\"NaN\"],[1700000020,\"+Inf\"],"
            "[1700000020.5,\"130000000\"],[1700000020.5,\"1\"],[1700000001,"
            "\"1\"]") "," SERIES("\"__name__\":\"heap_bytes\",\"pod\":\"a\\u001b["
                                 "2J\"",
                                 "[1700000000,\"0\"]") "," SERIES("\"__name__\":"
                                                                  "\"up\"",
                                                                  "[1700000000,"
                                                                  "\"1\"]") "," SERIES("",
                                                                                       "[1700000000"
                                                                                       ",\"2000000"
                                                                                       "\"]") "," SERIES("\"instance\":\"b\"",
                                                                                                         "[1700000000,\"250\"]")));
    assert_int_equal(s.memories, 4);
    assert_string_equal(s.memory[0].name, "a?[2J");
    assert_string_equal(s.memory[1].name, "a?[2J 2");
    assert_string_equal(s.memory[2].name, "memory");
    assert_string_equal(s.memory[3].name, "b");
    assert_int_equal(s.memory[0].n, 2);
    near_to(s.memory[0].at[0].value, 120, "an exponent");
    near_to(s.memory[0].at[1].t_s, 20.5, "a time with a fraction");
    near_to(s.memory[1].at[0].value, 0, "0 is a value");
    near_to(s.memory[2].at[0].value, 2, "without a name: so large is bytes");
    near_to(s.memory[3].at[0].value, 250, "without a name: so small is MB");
    assert_non_null(strstr(remark(&s, "no-numbers", 0)->text, "2 values are"));
    remark(&s, "time-not-rising", 0);
    remark(&s, "memory-unit", 0);
    assert_non_null(strstr(remark(&s, "no-memory", 0)->text, "up"));
    summary_fini(&s);
}

static void keeps_no_more_traces_than_there_may_be(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[");
    for (int i = 0; i < TRACES_MAX + 2; i++)
        buf_printf(
            &b, "%s" SERIES("\"__name__\":\"m_bytes\",\"instance\":\"i%d\"", "[1700000000,\"1\"]"),
            i ? "," : "", i);
    buf_str(&b, "]}}");
    struct summary s = read_text("prometheus-json", b.data);
    assert_int_equal(s.memories, TRACES_MAX);
    remark(&s, "moments-left-out", 0);
    summary_fini(&s);
    buf_fini(&b);
}

/* --- beside results -------------------------------------------------------------------------- */

#define NEAR_RUN "t_s,rss_mb\n1699999995,90\n1700000000,100\n1700000005,110\n1700000100,120\n"

static struct summary take(const char *const *names, const struct gather_options *o) {
    struct summary s;
    struct err e;
    if (!gather_files(names, o, &s, &e))
        fail_msg("%s: %s", e.file, e.text);
    return s;
}

static void check_placed(const struct summary *s) {
    assert_string_equal(s->tool, "k6");
    near_to(summary_value(s, METRIC_REQUESTS), 10, "requests");
    assert_int_equal(s->generators, 1);
    assert_int_equal(s->memories, 1);
    assert_int_equal(s->memory[0].n, 2);
    assert_int_equal(s->memory[0].start_ms, 0);
    near_to(s->memory[0].at[0].t_s, 0, "on the clock of the run");
    near_to(s->memory[0].at[1].t_s, 5, "on the clock of the run");
    near_to(s->memory[0].at[1].value, 110, "MB");
    assert_non_null(strstr(remark(s, "memory-outside", 0)->text, "2 of 4"));
    assert_true(text_ends(finding_of(s, "memory-outside")->file, "memory.csv"));
}

/* In any order, named or in a directory, with the format of the results named or not. */
static void puts_memory_on_the_clock_of_the_run(void **state) {
    (void)state;
    const struct gather_options named = {.format = "k6-csv"};
    write_k6_csv("run/load.csv", 0, 10, 100, 0, "page");
    temp_write("run/memory.csv", NEAR_RUN);
    const char *const *orders[] = {FILES("run/load.csv", "run/memory.csv"),
                                   FILES("run/memory.csv", "run/load.csv"), FILES("run")};
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct summary s = take(orders[i], NULL);
        check_placed(&s);
        summary_fini(&s);
        s = take(orders[i], &named);
        check_placed(&s);
        summary_fini(&s);
    }
}

static void is_no_machine(void **state) {
    (void)state;
    write_k6_csv("two/load-1.csv", 0, 10, 100, 0, "page");
    write_k6_csv("two/load-2.csv", 0, 10, 100, 0, "page");
    temp_write("two/memory-1.csv", NEAR_RUN);
    temp_write("two/memory-2.csv", NEAR_RUN);
    struct summary s = take(
        FILES("two/memory-1.csv", "two/load-1.csv", "two/memory-2.csv", "two/load-2.csv"), NULL);
    assert_int_equal(s.generators, 2);
    near_to(summary_value(&s, METRIC_REQUESTS), 20, "requests of both");
    assert_int_equal(s.memories, 2);
    assert_string_equal(s.memory[0].name, "rss_mb");
    assert_string_equal(s.memory[1].name, "rss_mb (memory-2.csv)");
    summary_fini(&s);
}

static void says_when_memory_is_of_another_time(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 100, 0, "page");
    temp_write("later.csv", "t_s,rss_mb\n1700007200,100\n1700007205,110\n");
    struct summary s = take(FILES("load.csv", "later.csv"), NULL);
    assert_int_equal(s.memories, 0);
    const struct finding *f = remark(&s, "memory-of-another-time", 0);
    assert_int_equal(f->level, FINDING_WARNING);
    assert_non_null(strstr(f->text, "all 2 values"));
    assert_non_null(strstr(f->text, "2.00 hours after"));
    summary_fini(&s);
}

static void takes_times_of_its_own(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 100, 0, "page");
    temp_write("own.csv", "t_s,rss_mb\n0,100\n5,110\n");
    struct summary s = take(FILES("load.csv", "own.csv"), NULL);
    assert_int_equal(s.memory[0].n, 2);
    near_to(s.memory[0].at[1].t_s, 5, "as it stands");
    remark(&s, "memory-relative", 0);
    summary_fini(&s);
    write_k6_export(
        "summary.json",
        (struct k6_export){
            .requests = 10, .vus = 1, .rps = 1, .min = 5, .avg = 10, .max = 30, .p95 = 20});
    temp_write("clock.csv", NEAR_RUN);
    s = take(FILES("summary.json", "clock.csv"), NULL);
    assert_int_equal(s.memory[0].n, 4);
    near_to(s.memory[0].at[1].t_s, 5, "from its own first moment");
    assert_int_equal(s.memory[0].start_ms, 1699999995000);
    remark(&s, "memory-unplaced", 0);
    summary_fini(&s);
}

/* A real run with what its target used meanwhile, scraped each five seconds. */
static void places_a_real_one(void **state) {
    (void)state;
    static const struct gather_options plain;
    const char *paths[] = {TEST_DATA "/k6/soak-v2.2/samples.csv.gz",
                           TEST_DATA "/series/memory/k6-soak-v2.2.csv"};
    struct summary s;
    struct err e = {0};
    assert_true(gather(paths, 2, &plain, &s, &e));
    near_to(summary_value(&s, METRIC_REQUESTS), 1748, "requests");
    assert_int_equal(s.memories, 1);
    assert_string_equal(s.memory[0].name, "process_resident_memory_bytes");
    assert_in_range(s.memory[0].n, 40, 43);
    near_to(s.memory[0].at[0].value, 56.2176, "MB");
    assert_true(s.memory[0].at[0].t_s >= 0 && s.memory[0].at[0].t_s < 1);
    summary_fini(&s);
}

static void is_no_result_alone(void **state) {
    (void)state;
    struct summary s;
    struct err e = {0};
    temp_write("memory.csv", NEAR_RUN);
    assert_false(gather_files(FILES("memory.csv"), NULL, &s, &e));
    summary_fini(&s);
    assert_non_null(strstr(e.text, "holds memory only"));
    assert_non_null(strstr(e.fix, "beside the results"));
    assert_true(text_ends(e.file, "memory.csv"));
    s = take(FILES("memory.csv"), &memory_only);
    assert_int_equal(s.memories, 1);
    assert_int_equal(s.memory[0].n, 4);
    assert_int_equal(s.memory[0].start_ms, 1699999995000);
    assert_false(summary_has(&s, METRIC_REQUESTS));
    assert_string_equal(s.tool, "series");
    assert_string_equal(s.format, "series-memory");
    summary_fini(&s);
    assert_true(gather_bytes("paste", NEAR_RUN, sizeof NEAR_RUN - 1, &memory_only, &s, &e));
    assert_int_equal(s.memories, 1);
    summary_fini(&s);
}

/* In a directory an answer without memory does not spoil the results. */
static void leaves_out_what_is_no_memory(void **state) {
    (void)state;
    struct summary s;
    struct err e = {0};
    write_k6_csv("mixed/load.csv", 0, 10, 100, 0, "page");
    temp_write("mixed/cpu.json", MATRIX(SERIES("\"__name__\":\"up\"", "[1700000000,\"1\"]")));
    s = take(FILES("mixed"), NULL);
    near_to(summary_value(&s, METRIC_REQUESTS), 10, "requests");
    remark(&s, "left-out", 0);
    summary_fini(&s);
    assert_false(gather_files(FILES("mixed/load.csv", "mixed/cpu.json"), NULL, &s, &e));
    summary_fini(&s);
    assert_non_null(strstr(e.text, "holds no memory"));
}

/* A table of steps with the series it was made of: one run. */
static void joins_steps_and_their_series(void **state) {
    (void)state;
    static const struct gather_options plain;
    const char *paths[] = {TEST_DATA "/series/stress/knee-8-workers.series.csv",
                           TEST_DATA "/series/stress/knee-8-workers.steps.csv"};
    struct summary s;
    struct err e = {0};
    assert_true(gather(paths, 2, &plain, &s, &e));
    assert_string_equal(s.format, "series-steps");
    assert_int_equal(s.stretches, 8);
    assert_int_equal(s.series.points, 96);
    near_to(summary_value(&s, METRIC_REQUESTS), 24717, "of the parts of the steps that count");
    summary_fini(&s);
}

static void tells_response_times_alone(void **state) {
    (void)state;
    static const char text[] = "t_s,p95_ms\n0,120\n30,130\n60,125\n";
    static const struct gather_options plain;
    struct summary s;
    struct err e = {0};
    assert_true(gather_bytes("paste", text, sizeof text - 1, &plain, &s, &e));
    assert_int_equal(s.series.points, 3);
    assert_false(summary_has(&s, METRIC_REQUESTS));
    summary_fini(&s);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_table_by_its_header),
        cmocka_unit_test(reads_steps),
        cmocka_unit_test(finds_the_window_of_a_step),
        cmocka_unit_test(leaves_out_what_does_not_parse),
        cmocka_unit_test(keeps_no_more_steps_than_there_may_be),
        cmocka_unit_test(reads_a_stress_series),
        cmocka_unit_test(reads_a_soak_series),
        cmocka_unit_test(reads_clocks),
        cmocka_unit_test(passes_over_rows_of_other_times),
        cmocka_unit_test(joins_many_rows),
        cmocka_unit_test(takes_one_row_for_what_it_is),
        cmocka_unit_test(refuses_with_a_reason),
        cmocka_unit_test(reads_memory_in_any_unit),
        cmocka_unit_test(reads_prometheus),
        cmocka_unit_test(refuses_a_series_of_something_else),
        cmocka_unit_test(knows_the_traps_of_prometheus),
        cmocka_unit_test(keeps_no_more_traces_than_there_may_be),
        cmocka_unit_test_setup_teardown(puts_memory_on_the_clock_of_the_run, temp_make,
                                        temp_remove),
        cmocka_unit_test_setup_teardown(is_no_machine, temp_make, temp_remove),
        cmocka_unit_test_setup_teardown(says_when_memory_is_of_another_time, temp_make,
                                        temp_remove),
        cmocka_unit_test_setup_teardown(takes_times_of_its_own, temp_make, temp_remove),
        cmocka_unit_test(places_a_real_one),
        cmocka_unit_test_setup_teardown(is_no_result_alone, temp_make, temp_remove),
        cmocka_unit_test_setup_teardown(leaves_out_what_is_no_memory, temp_make, temp_remove),
        cmocka_unit_test(joins_steps_and_their_series),
        cmocka_unit_test(tells_response_times_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
