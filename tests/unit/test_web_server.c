#include "web_fixture.h"

/* --- a metrics page --- */

static void say_page(double rss_mb, double cpu_s, double start_s) {
    char text[300];
    snprintf(text, sizeof text,
             "# TYPE process_resident_memory_bytes gauge\n"
             "process_resident_memory_bytes %.0f\n"
             "process_cpu_seconds_total %g\n"
             "process_start_time_seconds %.3f\n",
             rss_mb * 1e6, cpu_s, start_s);
    server_say(server, "/metrics", 200, "text/plain; version=0.0.4", text);
}

static void a_page_is_kept_as_a_trace(void **state) {
    size_t n;
    char name[200];
    (void)state;
    say_file("/app/metrics", "exposition-node-app-start.prom");
    open_path("/app/metrics?x=1", NULL);
    pass(4);
    assert_true(web_source_is_server(web));
    assert_string_equal(seen.what, "metrics page: 55 MB");
    say_file("/app/metrics", "exposition-node-app-late.prom");
    pass(5);
    const struct trace *t = web_source_memory(web, &n);
    assert_int_equal(n, 1);
    snprintf(name, sizeof name, "%s process_resident_memory_bytes", web->host);
    assert_string_equal(t->name, name);
    assert_int_equal(t->n, 2);
    assert_int_equal(t->start_ms, DAY_MS);
    assert_true(t->at[0].t_s == 0 && fabs(t->at[0].value - 55.083008) < 1e-9);
    assert_true(t->at[1].t_s == 5 && fabs(t->at[1].value - 126.185472) < 1e-9);
    assert_string_equal(seen.what, "metrics page: 126 MB, 0.3 cores");
    assert_int_equal(server_asked(server, "/app/metrics"), 2); /* every 5 s */
    assert_int_equal(alarms.events, 0);
    assert_null(web_source_live(web));
}

static void a_page_that_stands_still_gets_old(void **state) {
    (void)state;
    say_page(100, 1, 1000);
    open_path("/metrics", NULL);
    pass(40);
    assert_int_equal(seen.state, WATCH_STALLED);
    say_page(100, 1.5, 1000);
    pass(5);
    assert_int_equal(seen.state, WATCH_LIVE);
}

static void a_process_that_begins_anew_is_told(void **state) {
    static const struct {
        double cpu_s, start_s;
        const char *at; /* NULL: nothing is said */
    } cases[] = {
        {60, 1793620000, NULL},
        {62, 1793620001, NULL}, /* a clock that wavers */
        {0.5, 1793628007, "14:00:07"},
        {0.1, 1793628007, "14:00:20"},
    };
    char text[200];
    size_t events = 0;
    (void)state;
    say_page(100, 50, 1793620000);
    open_path("/metrics", NULL);
    pass(1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        say_page(100, cases[i].cpu_s, cases[i].start_s);
        pass(5);
        events += cases[i].at != NULL;
        assert_int_equal(alarms.events, events);
        if (!cases[i].at)
            continue;
        snprintf(text, sizeof text, "The process behind %s began anew at %s.", web->host,
                 cases[i].at);
        assert_string_equal(alarms.event[events - 1].text, text);
    }
}

static void a_page_that_fails(void **state) {
    (void)state;
    say_page(100, 1, 1000);
    open_path("/metrics", NULL);
    pass(1);
    server_say(server, "/metrics", 500, "text/plain", "oops");
    pass(5);
    assert_int_equal(seen.state, WATCH_LOST);
    assert_non_null(strstr(seen.words, "answers with HTTP 500"));
    server_say(server, "/metrics", 200, "text/html", "<html></html>");
    pass(5);
    assert_int_equal(seen.state, WATCH_LOST);
    server_act(server, "/metrics", SERVER_GIGABYTE, "");
    pass(6);
    assert_non_null(strstr(seen.words, "longer than"));
    say_page(101, 2, 1000);
    pass(6);
    assert_int_equal(seen.state, WATCH_LIVE);
    server_kill(server);
    pass(60);
    assert_int_equal(seen.state, WATCH_LOST);
    assert_non_null(strstr(seen.words, "connection refused since"));
    assert_false(web_source_ended(web)); /* the run may go on */
}

/* --- Prometheus --- */

/* An answer with one value, at the moment by Prometheus' clock. */
static void say_value(const char *word, double t_s, double bytes) {
    char text[400];
    snprintf(text, sizeof text,
             "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{"
             "\"__name__\":\"process_resident_memory_bytes\",\"instance\":\"127.0.0.1:27084\","
             "\"job\":\"orders-api\"},\"value\":[%.3f,\"%.0f\"]}]}}",
             t_s, bytes);
    say_json(word, text);
}

/* The run began before we looked: what happened since comes first, then one moment at a time, as
 * often as it scrapes (every 2 s in this answer). */
static void the_past_comes_first(void **state) {
    size_t n;
    (void)state;
    now.day_ms = INT64_C(1795426054000);
    run_ms = INT64_C(1795426014000);
    say_file("/api/v1/targets", "prometheus/targets.json");
    say_file("/api/v1/query_range", "prometheus/range-rss.json");
    say_value("/api/v1/query", 1795426056, 130e6);
    open_path("/api/v1/query?query=process_resident_memory_bytes%7Bjob%3D%22orders-api%22%7D",
              NULL);
    ask_once();
    assert_true(server_heard(server, "/query_range?query=process_resident_memory_bytes%7Bjob%3D%22"
                                     "orders-api%22%7D&start=1795426014.000&end=1795426054.000"));
    assert_int_equal(web_source_memory(web, &n)->n, 9);
    pass(3);
    assert_true(server_heard(server, "/query?query=process_resident_memory_bytes"));
    const struct trace *t = web_source_memory(web, &n);
    assert_int_equal(n, 1);
    assert_int_equal(t->n, 10);
    assert_int_equal(t->start_ms, run_ms);
    assert_true(t->at[9].t_s == 42);
    assert_true(t->at[9].value == 130);
    assert_string_equal(seen.what, "Prometheus: 130 MB");
    assert_int_equal(server_asked(server, "/api/v1/targets"), 1);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 1);
}

/* The start of the run is learned later, from a file: all is asked for once more. */
static void the_start_may_be_learned_later(void **state) {
    size_t n;
    (void)state;
    now.day_ms = INT64_C(1795426054000);
    say_file("/api/v1/targets", "prometheus/targets.json");
    say_file("/api/v1/query_range", "prometheus/range-rss.json");
    say_value("/api/v1/query", 1795426055, 130e6);
    open_path("/api/v1/query?query=process_resident_memory_bytes", NULL);
    pass(3);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 0);
    run_ms = INT64_C(1795426014000);
    pass(2);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 1);
    assert_int_equal(web_source_memory(web, &n)->n, 9);
    assert_int_equal(web_source_memory(web, &n)->start_ms, run_ms);
    pass(4);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 1);
}

static void a_gap_is_filled(void **state) {
    (void)state;
    say_file("/api/v1/targets", "prometheus/targets.json");
    say_value("/api/v1/query", 1793628000, 100e6);
    say_file("/api/v1/query_range", "prometheus/query-empty.json");
    open_path("/api/v1/query?query=process_resident_memory_bytes", NULL);
    pass(5);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 0);
    server_kill(server);
    pass(60);
    server_back(server);
    pass(6);
    assert_int_equal(server_asked(server, "/api/v1/query_range"), 1);
    assert_true(server_asked(server, "/api/v1/query") > 0);
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_int_equal(alarms.events, 1);
    assert_non_null(strstr(alarms.event[0].text, "answers again after "));
}

static void what_prometheus_says_in_its_own_words(void **state) {
    static const struct {
        int status;
        const char *file, *words;
        enum watch_state state;
    } cases[] = {
        {200, "prometheus/query-empty.json", "Prometheus has no series for: sum(up{job=\"a b\"})",
         WATCH_WAITING},
        {400, "prometheus/query-error-parse.json", "parse error: unclosed left parenthesis",
         WATCH_LOST},
    };
    (void)state;
    say_file("/api/v1/targets", "prometheus/targets.json");
    for (size_t i = 0; i < COUNT(cases); i++) {
        web_source_free(web);
        server_say(server, "/api/v1/query", cases[i].status, "application/json",
                   file_text(cases[i].file));
        open_path("/api/v1/query?time=1&query=sum(up%7bjob=%22a+b%22%7D)", NULL);
        pass(1);
        assert_int_equal(seen.state, cases[i].state);
        if (!strstr(seen.words, cases[i].words))
            fail_msg("\"%s\" is not in \"%s\"", cases[i].words, seen.words);
    }
}

/* A proxy that lets queries through and nothing else; the user's query goes before the usual. */
static void without_its_targets(void **state) {
    (void)state;
    say_value("/api/v1/query", 1793628000, 100e6);
    open_path("/api/v1/query", "rate(process_cpu_seconds_total[1m])");
    pass(14);
    assert_int_equal(server_asked(server, "/api/v1/query"), 1);
    pass(2);
    assert_int_equal(server_asked(server, "/api/v1/query"), 2); /* every 15 s */
    assert_true(server_heard(server, "query=rate%28process_cpu_seconds_total%5B1m%5D%29"));
    assert_int_equal(web->traces, 0); /* cores are no memory */
    assert_int_equal(seen.state, WATCH_LIVE);
}

/* In its first seconds it has none yet. */
static void targets_that_come_later(void **state) {
    (void)state;
    static const char none[] = "{\"status\":\"success\",\"data\":{\"activeTargets\":[]}}";
    server_say(server, "/api/v1/targets", 200, "application/json", none);
    say_value("/api/v1/query", 1793628000, 100e6);
    open_path("/api/v1/query", "process_resident_memory_bytes");
    pass(1);
    assert_int_equal(server_asked(server, "/api/v1/targets"), 1);
    say_file("/api/v1/targets", "prometheus/targets.json"); /* scraped every 5 s */
    pass(6);
    assert_int_equal(server_asked(server, "/api/v1/targets"), 2);
    pass(20);
    assert_int_equal(server_asked(server, "/api/v1/targets"), 2);
}

static void the_usual_queries(void **state) {
    (void)state;
    say_file("/api/v1/targets", "prometheus/targets.json");
    say_value("/api/v1/query", 1793628000, 100e6);
    open_path("", NULL);
    ask_once();
    assert_true(server_heard(server, "cpu_seconds"));
    assert_int_equal(server_asked(server, "/api/v1/query"), 2);
    assert_int_equal(web->traces, 1);
}

/* --- traces --- */

static void a_trace_is_thinned(void **state) {
    struct trace t = {0};
    (void)state;
    for (int i = 0; i <= MOMENTS_MAX; i++)
        web_trace_add(&t, 1000 + i, i);
    assert_int_equal(t.n, MOMENTS_MAX / 2 + 1);
    assert_true(t.at[1].value == 2 && t.at[1].t_s == 2);
    assert_true(t.at[t.n - 1].value == MOMENTS_MAX);
    web_trace_add(&t, 1000, 7); /* what lies before is known */
    assert_int_equal(t.n, MOMENTS_MAX / 2 + 1);
    free(t.at);
}

static void traces_have_an_end(void **state) {
    char name[20];
    (void)state;
    open_path("/metrics", NULL);
    for (int i = 0; i < TRACES_MAX; i++) {
        snprintf(name, sizeof name, "a%d", i);
        assert_non_null(web_trace(web, name));
    }
    assert_null(web_trace(web, "another"));
    assert_non_null(web_trace(web, "a3"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(a_page_is_kept_as_a_trace),
        SERVED(a_page_that_stands_still_gets_old),
        SERVED(a_process_that_begins_anew_is_told),
        SERVED(a_page_that_fails),
        SERVED(the_past_comes_first),
        SERVED(the_start_may_be_learned_later),
        SERVED(a_gap_is_filled),
        SERVED(what_prometheus_says_in_its_own_words),
        SERVED(without_its_targets),
        SERVED(targets_that_come_later),
        SERVED(the_usual_queries),
        SERVED(a_trace_is_thinned),
        SERVED(traces_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
