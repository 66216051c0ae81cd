#include "feed/http.h"

#include "http_fixture.h"

/* --- redirects and secrets --- */

static const struct login basic = {.kind = LOGIN_BASIC, .user = "ana", .secret = "pass word"};
static const struct login bearer = {.kind = LOGIN_BEARER, .secret = "eyJ0.token"};

static void logins_are_sent(void **state) {
    (void)state;
    server_say(server, "/s", 200, "text/plain", "ok");
    ask_as(server_url(server, "/s"), 5000, &basic);
    assert_true(server_heard(server, "Authorization: Basic YW5hOnBhc3Mgd29yZA==\r\n"));
    ask_as(server_url(server, "/s"), 5000, &bearer);
    assert_true(server_heard(server, "Authorization: Bearer eyJ0.token\r\n"));
    ask("/s"); /* on the same connection: nothing is left over */
    assert_false(server_heard(server, "Authorization"));
}

static void redirects_are_followed(void **state) {
    (void)state;
    server_act(server, "/1", SERVER_REDIRECT, "/2");
    server_act(server, "/2", SERVER_REDIRECT, "/3");
    server_act(server, "/3", SERVER_REDIRECT, "/4");
    server_say(server, "/4", 200, "text/html", "login");
    struct told t = ask_as(server_url(server, "/1"), 5000, &bearer);
    assert_int_equal(t.status, 200);
    assert_string_equal(t.body, "login");
    assert_true(t.redirected);
    assert_true(server_heard(server, "Authorization: Bearer")); /* the same host and port */
    server_act(server, "/0", SERVER_REDIRECT, "/1");
    t = ask("/0");
    assert_int_equal(t.end, HTTP_REDIRECTS);
    assert_string_equal(t.why.text, "redirected more than 3 times");
    assert_true(server_heard(server, "GET /3 "));
}

static void secrets_stay_with_their_host(void **state) {
    (void)state;
    struct server *other = server_start();
    char host[64];
    snprintf(host, sizeof host, "http://localhost:%d/s", server->port);
    const char *const places[] = {server_url(other, "/s"), host};
    server_say(other, "/s", 200, "text/plain", "other");
    server_say(server, "/s", 200, "text/plain", "same port, other name");
    for (size_t i = 0; i < 2 * COUNT(places); i++) {
        struct server *reached = i % 2 ? server : other;
        server_act(server, "/away", SERVER_REDIRECT, places[i % 2]);
        struct told t = ask_as(server_url(server, "/away"), 5000, i < 2 ? &basic : &bearer);
        assert_int_equal(t.status, 200);
        assert_true(t.redirected);
        assert_true(server_heard(reached, "GET /s "));
        assert_false(server_heard(reached, "Authorization"));
        assert_false(server_heard(reached, "Referer"));
    }
    server_stop(other);
}

static void proxies_of_the_environment(void **state) {
    (void)state;
    struct server *proxy = server_start();
    server_say(proxy, "*", 200, "text/plain", "through the proxy");
    setenv("http_proxy", server_url(proxy, ""), 1);
    assert_string_equal(ask_as("http://k6.example/v1/status", 5000, NULL).body,
                        "through the proxy");
    assert_true(server_heard(proxy, "GET http://k6.example/v1/status "));
    setenv("no_proxy", "127.0.0.1", 1);
    server_say(server, "/s", 200, "text/plain", "direct");
    assert_string_equal(ask("/s").body, "direct");
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    server_stop(proxy);
}

int main(void) {
    forget_proxies();
    const struct CMUnitTest tests[] = {
        SERVED(logins_are_sent),
        SERVED(redirects_are_followed),
        SERVED(secrets_stay_with_their_host),
        SERVED(proxies_of_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
