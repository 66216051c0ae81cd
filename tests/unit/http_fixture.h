/* A server and one who asks it, for tests of feed/http.h: start() and stop() are set-up and
 * tear-down. */
#ifndef PERFSCALE_TESTS_HTTP_FIXTURE_H
#define PERFSCALE_TESTS_HTTP_FIXTURE_H

#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/http.h"
#include "server_fixture.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SERVED(f) cmocka_unit_test_setup_teardown(f, start, stop)

enum { PATIENCE_MS = 10000, MOST_BYTES = 1 << 20 };

/* In place of the C library's, for libcurl too: no name server is asked. "silent.invalid" takes two
 * seconds, "localhost" is known. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out) {
    typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    struct timespec wait = {.tv_sec = 2};
    if (name && strcmp(name, "silent.invalid") == 0)
        nanosleep(&wait, NULL);
    if (name && strstr(name, ".invalid"))
        return EAI_NONAME;
    look_up *next = (look_up *)(intptr_t)dlsym(RTLD_NEXT, "getaddrinfo");
    return next(name, service, hints, out);
}

static struct server *server;
static struct http *http;

static inline int start(void **state) {
    (void)state;
    struct err e;
    server = server_start();
    http = http_new(&e);
    return http ? 0 : -1;
}

static inline int stop(void **state) {
    (void)state;
    http_free(http);
    server_stop(server);
    return 0;
}

/* What came of one request. */
struct told {
    int times;
    enum http_end end;
    long status;
    bool redirected;
    double took_ms;
    char body[4096]; /* its start */
    size_t len;
    struct err why;
};

static inline void note(void *self, const struct http_answer *a) {
    struct told *t = self;
    t->times++;
    t->end = a->end;
    t->status = a->status;
    t->redirected = a->redirected;
    t->took_ms = a->took_ms;
    t->len = a->len;
    t->why = a->why;
    snprintf(t->body, sizeof t->body, "%.*s", (int)a->len, a->body);
}

/* Turns until it was told, as an event loop would. */
static inline void wait_for(const struct told *t) {
    int64_t until = server_now_ms() + PATIENCE_MS;
    while (!t->times && server_now_ms() < until) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        if (poll(&p, 1, 1000) > 0)
            http_turn(http);
    }
}

static inline void turn_for(int ms) {
    int64_t until = server_now_ms() + ms;
    while (server_now_ms() < until) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        if (poll(&p, 1, 10) > 0)
            http_turn(http);
    }
}

static inline struct told ask_as(const char *url, int timeout_ms, const struct login *l) {
    struct told t = {0};
    struct err e = {0};
    const struct http_request r = {
        .url = url, .login = l, .timeout_ms = timeout_ms, .most_bytes = MOST_BYTES};
    if (http_get(http, &r, note, &t, &e) == 0)
        fail_msg("not asked: %s", e.text);
    wait_for(&t);
    assert_int_equal(t.times, 1);
    return t;
}

static inline struct told ask(const char *path) {
    return ask_as(server_url(server, path), 5000, NULL);
}

/* The tests' own requests go to no proxy. */
static inline void forget_proxies(void) {
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
}

#endif
