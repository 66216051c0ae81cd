#include "feed/http.h"

#include "base/text.h"
#include "http_fixture.h"

/* --- answers --- */

static void answers(void **state) {
    (void)state;
    static const struct {
        enum server_way way;
        const char *why;
    } ways[] = {
        {SERVER_ANSWERS, "as most servers do"},
        {SERVER_CHUNKED, "k6 and Node do"},
        {SERVER_SLOW, "byte by byte"},
    };
    for (size_t i = 0; i < COUNT(ways); i++) {
        print_message("  %s\n", ways[i].why);
        server_act(server, "/v1/status", ways[i].way, "{\"status\":7}");
        struct told t = ask("/v1/status");
        assert_int_equal(t.end, HTTP_ANSWERED);
        assert_int_equal(t.status, 200);
        assert_string_equal(t.body, "{\"status\":7}");
        assert_int_equal(t.why.kind, ERR_NONE);
        assert_false(t.redirected);
        assert_true(t.took_ms > 0 && t.took_ms < 5000);
    }
    assert_true(server_heard(server, "User-Agent: perfscale/" PERFSCALE_VERSION "\r\n"));
    assert_true(server_heard(server, "GET /v1/status HTTP/1.1\r\n"));
    assert_true(server_heard(server, "Accept-Encoding: "));
    assert_false(server_heard(server, "Authorization"));
    assert_false(server_heard(server, "Cookie"));
}

static void any_status_is_an_answer(void **state) {
    (void)state;
    static const int statuses[] = {200, 204, 401, 403, 404, 500, 503};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        server_say(server, "/s", statuses[i], "text/html", statuses[i] == 204 ? "" : "<p>no</p>");
        struct told t = ask("/s");
        assert_int_equal(t.end, HTTP_ANSWERED);
        assert_int_equal(t.status, statuses[i]);
    }
    assert_int_equal(ask("/absent").status, 404);
}

static void body_of_any_bytes(void **state) {
    (void)state;
    static const char bytes[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\na\0\x1b[m";
    server_raw(server, "/b", bytes, sizeof bytes - 1);
    struct told t = ask("/b");
    assert_int_equal(t.len, 5);
    assert_memory_equal(t.body, "a", 2);
}

/* --- what can go wrong --- */

static void failures(void **state) {
    (void)state;
    static const struct {
        enum server_way way;
        const char *text;
        enum http_end end;
        const char *words;
    } cases[] = {
        {SERVER_HANGS, "", HTTP_TIMEOUT, "no answer in 300 ms"},
        {SERVER_HANGS_HALF, "{\"a\":1}", HTTP_TIMEOUT, "no whole answer in 300 ms"},
        {SERVER_CUT, "{\"status\":7,\"vus\":10}", HTTP_BROKEN, "the connection broke off"},
        {SERVER_SLAMS, "", HTTP_BROKEN, "the connection was closed without an answer"},
        {SERVER_RAW, "SSH-2.0-OpenSSH_9.2\r\n", HTTP_BROKEN,
         "what answers there does not speak HTTP"},
        {SERVER_RAW, "\x1b[2J\x1b]0;owned\x07\n\n", HTTP_BROKEN,
         "what answers there does not speak HTTP"},
        {SERVER_RAW, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip", HTTP_BROKEN,
         "the compressed answer is damaged"},
        {SERVER_RAW, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HTTP_BROKEN,
         "the connection broke off"},
        {SERVER_RAW, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", HTTP_BROKEN,
         "what answers there does not speak HTTP"},
        {SERVER_GIGABYTE, "", HTTP_TOO_LARGE, "the answer is longer than 1.0 MB"},
        {SERVER_ENDLESS, "", HTTP_TOO_LARGE, "the answer is longer than 1.0 MB"},
        {SERVER_BOMB, "", HTTP_TOO_LARGE, "the answer is longer than 1.0 MB"},
        {SERVER_HEADERS, "", HTTP_TOO_LARGE, "the head of the answer is longer than 64 kB"},
        {SERVER_REDIRECT, "/v1/status", HTTP_REDIRECTS, "redirected more than 3 times"},
        {SERVER_REDIRECT, "file:///etc/passwd", HTTP_REDIRECTS,
         "redirected to an address that is not asked"},
        {SERVER_REDIRECT, "gopher://127.0.0.1/1", HTTP_REDIRECTS,
         "redirected to an address that is not asked"},
        {SERVER_REDIRECT, "http://ana:secret@127.0.0.1:1/", HTTP_REDIRECTS,
         "redirected to an address that is not asked"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("  %s\n", cases[i].words);
        server_act(server, "/v1/status", cases[i].way, cases[i].text);
        int patience_ms = cases[i].end == HTTP_TIMEOUT ? 300 : 5000;
        struct told t = ask_as(server_url(server, "/v1/status"), patience_ms, NULL);
        assert_string_equal(t.why.text, cases[i].words);
        assert_int_equal(t.end, cases[i].end);
        assert_int_equal(t.status, 0);
        assert_int_equal(t.len, 0);
        server_say(server, "/v1/status", 200, "text/plain", "back");
        assert_string_equal(ask("/v1/status").body, "back");
    }
}

/* An answer of just the bytes that may come is taken; one byte more is not. */
static void the_bound_is_exact(void **state) {
    (void)state;
    char *body = malloc(MOST_BYTES + 2);
    memset(body, 'x', MOST_BYTES + 1);
    body[MOST_BYTES + 1] = '\0';
    for (int chunked = 0; chunked < 2; chunked++) {
        enum server_way way = chunked ? SERVER_CHUNKED : SERVER_ANSWERS;
        server_act(server, "/big", way, body + 1);
        struct told t = ask("/big");
        assert_int_equal(t.end, HTTP_ANSWERED);
        assert_int_equal(t.len, MOST_BYTES);
        server_act(server, "/big", way, body);
        assert_int_equal(ask("/big").end, HTTP_TOO_LARGE);
    }
    free(body);
}

static void nobody_there(void **state) {
    (void)state;
    server_say(server, "/s", 200, "text/plain", "first");
    assert_string_equal(ask("/s").body, "first"); /* a connection is kept */
    server_kill(server);
    struct told t = ask("/s");
    assert_int_equal(t.end, HTTP_REFUSED);
    assert_string_equal(t.why.text, "connection refused");
    server_back(server);
    assert_string_equal(ask("/s").body, "first");
    server_kill_for(server, 200);
    assert_int_equal(ask("/s").end, HTTP_REFUSED);
    turn_for(400);
    assert_string_equal(ask("/s").body, "first");
}

static void name_that_is_not_known(void **state) {
    (void)state;
    struct told t = ask_as("http://no-such-host.invalid:6565/", 5000, NULL);
    assert_int_equal(t.end, HTTP_NO_HOST);
    assert_string_equal(t.why.text, "the name is not known");
}

static void plain_http_on_https(void **state) {
    (void)state;
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server->port);
    struct told t = ask_as(url, 5000, NULL);
    assert_int_equal(t.end, HTTP_TLS);
    assert_string_equal(t.why.text, "no TLS connection comes about");
    assert_string_equal(t.why.fix, "when it speaks plain HTTP, write http:// instead of https://");
}

/* Whatever bytes come: told once, in printable words of ours, and the next request is fine. */
static void garbage(void **state) {
    (void)state;
    static const char seed[] = "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: "
                               "chunked\r\nLocation: //\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    uint32_t random = 7;
    for (int i = 0; i < 400; i++) {
        char bytes[sizeof seed + 64];
        memcpy(bytes, seed, sizeof seed);
        size_t len = sizeof seed - 1;
        for (int n = i % 16; n > 0; n--) {
            random = random * 1664525 + 1013904223;
            bytes[(random >> 8) % len] = (char)(random >> 24);
        }
        if (i % 5 == 4)
            len = (random >> 10) % len;
        server_raw(server, "/g", bytes, len);
        struct told t = ask_as(server_url(server, "/g"), 2000, NULL);
        char clean[sizeof t.why.text];
        assert_int_equal(
            text_clean(t.why.text, strlen(t.why.text), TEXT_ONE_LINE, clean, sizeof clean), 0);
        assert_true(t.end == HTTP_ANSWERED || t.why.text[0]);
    }
    server_say(server, "/g", 200, "text/plain", "fine");
    assert_string_equal(ask("/g").body, "fine");
}

int main(void) {
    forget_proxies();
    const struct CMUnitTest tests[] = {
        SERVED(answers),
        SERVED(any_status_is_an_answer),
        SERVED(body_of_any_bytes),
        SERVED(failures),
        SERVED(the_bound_is_exact),
        SERVED(nobody_there),
        SERVED(name_that_is_not_known),
        SERVED(plain_http_on_https),
        SERVED(garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
