#include "feed/http.h"

#include <fcntl.h>
#include <sys/resource.h>

#include "http_fixture.h"

/* --- several, canceled, freed --- */

static void several_at_a_time(void **state) {
    (void)state;
    enum { MANY = 12 };
    struct told t[MANY] = {0};
    server_act(server, "/slow", SERVER_SLOW, "slow");
    const struct http_request r = {
        .url = server_url(server, "/slow"), .timeout_ms = 5000, .most_bytes = 100};
    int64_t before = server_now_ms();
    for (int i = 0; i < MANY; i++)
        assert_true(http_get(http, &r, note, &t[i], NULL) > 0);
    for (int i = 0; i < MANY; i++) {
        wait_for(&t[i]);
        assert_string_equal(t[i].body, "slow");
    }
    assert_in_range(server_now_ms() - before, 0, 4000); /* one after the other: 12 x 0.9 s */
}

static void canceled(void **state) {
    (void)state;
    struct told t = {0}, kept = {0};
    server_act(server, "/s", SERVER_SLOW, "slow");
    const struct http_request r = {
        .url = server_url(server, "/s"), .timeout_ms = 5000, .most_bytes = 100};
    unsigned at_once = http_get(http, &r, note, &t, NULL);
    http_cancel(http, at_once);
    unsigned later = http_get(http, &r, note, &t, NULL);
    assert_true(later != at_once);
    http_get(http, &r, note, &kept, NULL);
    turn_for(50);
    http_cancel(http, later);
    http_cancel(http, later);
    http_cancel(http, 0);
    wait_for(&kept);
    assert_string_equal(kept.body, "slow");
    assert_int_equal(t.times, 0);
    http_get(http, &r, note, &t, NULL); /* stop() frees it */
    turn_for(20);
}

/* What an owner of requests may do when it is told. */
struct chain {
    int left, times;
    unsigned other, own;
    bool frees;
    struct told *told;
};

static void go_on(void *self, const struct http_answer *a) {
    struct chain *c = self;
    assert_int_equal(a->end, HTTP_ANSWERED);
    c->times++;
    http_cancel(http, c->other);
    http_cancel(http, c->own);
    http_turn(http); /* a turn inside of a turn does nothing */
    if (c->frees) {
        http_free(http);
        http = NULL;
    } else if (--c->left > 0) {
        const struct http_request r = {
            .url = server_url(server, "/s"), .timeout_ms = 5000, .most_bytes = 100};
        c->own = http_get(http, &r, go_on, c, NULL);
    } else
        note(c->told, a);
    assert_string_equal(a->body, "ok");
}

static struct chain chain_start(struct told *told, struct told *other) {
    const struct http_request hangs = {
        .url = server_url(server, "/hangs"), .timeout_ms = 5000, .most_bytes = 100};
    server_say(server, "/s", 200, "text/plain", "ok");
    server_act(server, "/hangs", SERVER_HANGS, "");
    return (struct chain){
        .left = 20, .told = told, .other = http_get(http, &hangs, note, other, NULL)};
}

static void asks_and_cancels_when_told(void **state) {
    (void)state;
    struct told t = {0}, other = {0};
    struct chain c = chain_start(&t, &other);
    const struct http_request r = {
        .url = server_url(server, "/s"), .timeout_ms = 5000, .most_bytes = 100};
    c.own = http_get(http, &r, go_on, &c, NULL);
    wait_for(&t);
    assert_int_equal(c.times, 20);
    assert_int_equal(other.times, 0);
}

static void frees_when_told(void **state) {
    (void)state;
    struct told t = {0}, other = {0};
    struct chain c = chain_start(&t, &other);
    c.frees = true;
    const struct http_request r = {
        .url = server_url(server, "/s"), .timeout_ms = 5000, .most_bytes = 100};
    for (int i = 0; i < 3; i++)
        http_get(http, &r, go_on, &c, NULL);
    while (http) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
        http_turn(http);
    }
    assert_int_equal(c.times, 1);
    assert_int_equal(other.times, 0);
}

/* A request that waits costs no turns of the loop. */
static void sleeps_while_it_waits(void **state) {
    (void)state;
    struct told t = {0};
    server_act(server, "/s", SERVER_HANGS, "");
    const struct http_request r = {
        .url = server_url(server, "/s"), .timeout_ms = 1000, .most_bytes = 100};
    http_get(http, &r, note, &t, NULL);
    int turns = 0;
    while (!t.times && turns < 1000) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        poll(&p, 1, PATIENCE_MS);
        http_turn(http);
        turns++;
    }
    assert_string_equal(t.why.text, "no answer in 1 s");
    assert_in_range(turns, 1, 30);
}

/* --- cost --- */

/* A gigabyte, with or without a length or packed, costs no memory. */
static void floods_cost_no_memory(void **state) {
    (void)state;
    static const enum server_way floods[] = {SERVER_GIGABYTE, SERVER_ENDLESS, SERVER_BOMB};
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < 6 * COUNT(floods); i++) {
        server_act(server, "/flood", floods[i % COUNT(floods)], "");
        assert_int_equal(ask("/flood").end, HTTP_TOO_LARGE);
    }
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 64 << 10); /* kB; sanitizers keep more */
}

/* A name server that is silent holds up neither the loop, nor a cancel, nor the end. */
static void a_name_does_not_hold_up(void **state) {
    (void)state;
    struct told t = {0}, canceled_one = {0};
    const struct http_request r = {
        .url = "http://silent.invalid/", .timeout_ms = 100, .most_bytes = 10};
    int64_t before = server_now_ms();
    unsigned number = http_get(http, &r, note, &canceled_one, NULL);
    http_get(http, &r, note, &t, NULL);
    turn_for(20);
    http_cancel(http, number);
    wait_for(&t);
    assert_string_equal(t.why.text, "no connection in 100 ms");
    http_get(http, &r, note, &canceled_one, NULL);
    turn_for(20);
    http_free(http);
    http = NULL;
    assert_in_range(server_now_ms() - before, 100, 1500);
    assert_int_equal(canceled_one.times, 0);
}

static int count_descriptors(void) {
    int n = 0;
    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void leaves_no_descriptors(void **state) {
    (void)state;
    static const enum server_way ways[] = {SERVER_ANSWERS, SERVER_HANGS, SERVER_CUT, SERVER_ENDLESS,
                                           SERVER_SLAMS};
    struct told t[COUNT(ways)] = {0};
    http_free(http);
    int before = count_descriptors();
    http = http_new(NULL);
    for (size_t i = 0; i < COUNT(ways); i++) {
        char path[8];
        snprintf(path, sizeof path, "/%zu", i);
        server_act(server, path, ways[i], "body");
        const struct http_request r = {
            .url = server_url(server, path), .timeout_ms = 300, .most_bytes = 100};
        http_get(http, &r, note, &t[i], NULL);
    }
    for (size_t i = 0; i < COUNT(ways); i++)
        wait_for(&t[i]);
    http_free(http);
    http = NULL;
    server_kill(server); /* its side of the connections */
    server_back(server);
    assert_int_equal(count_descriptors(), before);
}

int main(void) {
    forget_proxies();
    const struct CMUnitTest tests[] = {
        SERVED(several_at_a_time),          SERVED(canceled),
        SERVED(asks_and_cancels_when_told), SERVED(frees_when_told),
        SERVED(sleeps_while_it_waits),      SERVED(floods_cost_no_memory),
        SERVED(a_name_does_not_hold_up),    SERVED(leaves_no_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
