/* A source that is an address, before a server that does what it is told. Clocks are made up: time
 * passes from one thing that is due to the next, and stands still while a question is under way. */
#ifndef PERFSCALE_TESTS_WEB_FIXTURE_H
#define PERFSCALE_TESTS_WEB_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server_fixture.h"
#include "watch/web.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SERVED(f) cmocka_unit_test_setup_teardown(f, start, stop)

/* 2026-11-02 14:00:00 in UTC, which the tests run in. */
#define DAY_MS INT64_C(1793628000000)

enum { PATIENCE_MS = 20000 };

static struct server *server;
static struct http *http;
static struct stream *stream;
static struct alarms alarms;
static struct web_source *web;
static struct moment_now now;
static int64_t run_ms; /* start of the run, as the watch knows it */
static struct watch_source seen;

static inline int start(void **state) {
    static const struct watch_limits none = {NAN, NAN, NAN, NAN, NAN, NAN, 0.9};
    (void)state;
    struct err e;
    setenv("TZ", "UTC", 1);
    setenv("HOME", "/nonexistent", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("PERFSCALE_LOGINS");
    unsetenv("PERFSCALE_HTTP_USER");
    unsetenv("PERFSCALE_HTTP_PASSWORD");
    unsetenv("PERFSCALE_HTTP_TOKEN");
    unsetenv("PERFSCALE_HTTP_HOST");
    tzset();
    server = server_start();
    http = http_new(&e);
    stream = stream_new(NULL, 0);
    alarms_init(&alarms, &none);
    now = (struct moment_now){DAY_MS, 5000000};
    run_ms = 0;
    web = NULL;
    return http ? 0 : -1;
}

static inline int stop(void **state) {
    (void)state;
    web_source_free(web);
    http_free(http);
    stream_free(stream);
    alarms_fini(&alarms);
    server_stop(server);
    return 0;
}

static inline bool open_url(const char *url, const char *query, struct err *e) {
    struct web_options o = {.url = url,
                            .query = query,
                            .idle_s = 30,
                            .http = http,
                            .stream = stream,
                            .alarms = &alarms};
    web = web_source_new(&o, e);
    return web != NULL;
}

static inline void open_path(const char *path, const char *query) {
    struct err e;
    if (!open_url(server_url(server, path), query, &e))
        fail_msg("%s", e.text);
}

/* Until nothing is under way. */
static inline void settle(void) {
    int64_t until = server_now_ms() + PATIENCE_MS;
    while (web->asking || web->answered) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        if (server_now_ms() > until)
            fail_msg("no answer and no timeout");
        if (web->asking)
            poll(&p, 1, 100);
        http_turn(http);
        web_source_turn(web, run_ms, now);
    }
    web_source_look(web, now, &seen);
}

/* Lets so many seconds pass. */
static inline void pass(double s) {
    int64_t until = now.steady_ms + llround(1000 * s);
    for (;;) {
        web_source_turn(web, run_ms, now);
        settle();
        int64_t due = web_source_due_ms(web), step = due < until ? due - now.steady_ms : 0;
        if (due >= until)
            break;
        step = step > 0 ? step : 1;
        now.steady_ms += step;
        now.day_ms += step;
    }
    now.day_ms += until - now.steady_ms;
    now.steady_ms = until;
    web_source_look(web, now, &seen);
}

/* The first question, at once. */
static inline void ask_once(void) {
    web_source_turn(web, run_ms, now);
    settle();
}

static inline char *file_text(const char *name) {
    static char text[1 << 20];
    char path[512];
    snprintf(path, sizeof path, "%s/live/%s", TEST_DATA, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is not there", path);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static inline void say_file(const char *path, const char *name) {
    server_say(server, path, 200, "text/plain", file_text(name));
}

static inline void say_json(const char *path, const char *json) {
    server_say(server, path, 200, "application/json", json);
}

/* --- k6 --- */

static inline void k6_status(int status) {
    char text[400];
    snprintf(text, sizeof text,
             "{\"data\":{\"type\":\"status\",\"id\":\"default\",\"attributes\":{\"status\":%d,"
             "\"paused\":false,\"vus\":8,\"vus-max\":8,\"stopped\":false,\"running\":true,"
             "\"tainted\":false}}}",
             status);
    say_json("/v1/status", text);
}

static inline void k6_metric(const char *id, const char *type, const char *sample) {
    char path[100], text[400];
    snprintf(path, sizeof path, "/v1/metrics/%s", id);
    snprintf(text, sizeof text,
             "{\"data\":{\"type\":\"metrics\",\"id\":\"%s\",\"attributes\":{\"type\":\"%s\","
             "\"contains\":\"default\",\"tainted\":null,\"sample\":%s}}}",
             id, type, sample);
    say_json(path, text);
}

static inline void k6_requests(int count) {
    char sample[100];
    snprintf(sample, sizeof sample, "{\"count\":%d,\"rate\":35.25}", count);
    k6_metric("http_reqs", "counter", sample);
}

/* As k6 2.2 answers five seconds after its start. */
static inline void k6_runs(void) {
    say_file("/v1/status", "k6-rest-v2.2/status-05s.json");
    say_file("/v1/metrics/http_req_duration", "k6-rest-v2.2/metric-http_req_duration-05s.json");
    k6_metric("http_req_failed", "rate", "{\"rate\":0.005681818181818182}");
    k6_requests(176);
}

#endif
