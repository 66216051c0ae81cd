#include "feed/http.h"

#include "http_fixture.h"

/* --- addresses --- */

static void addresses(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool meant, fine;
        const char *host;
    } cases[] = {
        {"http://127.0.0.1:6565", true, true, "127.0.0.1:6565"},
        {"http://localhost/metrics?a=b@c", true, true, "localhost"},
        {"HTTPS://Example.org:9090/", true, true, "Example.org:9090"},
        {"http://[::1]:6565/x", true, true, "[::1]:6565"},
        {"http://h#a@b", true, true, "h"},
        {"http://", true, false, ""},
        {"http:///x", true, false, ""},
        {"http://:6565", true, false, ":6565"},
        {"http://h:0", true, false, "h:0"},
        {"http://h:65536", true, false, "h:65536"},
        {"http://h:port", true, false, "h:port"},
        {"http://h/a b", true, false, "h"},
        {"http://h/\x1b[m", true, false, "h"},
        {"http://h\n.org/", true, false, "h?.org"},
        {"http://ana:geheim@h:1/", true, false, "h:1"},
        {"http://ana@h/", true, false, "h"},
        {"http://ana:ge@heim@h/", true, false, "h"},
        {"http://a\\@h/", true, false, "h"},
        {"ftp://h/", false, false, "h"},
        {"file:///etc/passwd", false, false, ""},
        {"results.csv", false, false, "results.csv"},
        {"httpd.log", false, false, "httpd.log"},
        {"", false, false, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char host[64];
        struct err e = {0};
        print_message("  %zu\n", i);
        assert_int_equal(http_is_url(cases[i].url), cases[i].meant);
        assert_int_equal(http_check_url(cases[i].url, &e), cases[i].fine);
        assert_int_equal(e.kind, cases[i].fine ? ERR_NONE : ERR_USAGE);
        assert_null(strstr(e.text, "heim"));
        assert_null(strstr(e.fix, "heim"));
        http_host(cases[i].url, host, sizeof host);
        assert_string_equal(host, cases[i].host);
        const struct http_request r = {.url = cases[i].url, .timeout_ms = 1000};
        struct told t = {0};
        unsigned number = cases[i].fine ? 1 : http_get(http, &r, note, &t, &e);
        assert_int_equal(number != 0, cases[i].fine);
    }
}

static void where_a_password_belongs(void **state) {
    (void)state;
    struct err e;
    assert_false(http_check_url("http://ana:geheim@127.0.0.1:8089/", &e));
    assert_string_equal(e.text, "the address holds a user name or a password");
    assert_non_null(strstr(e.fix, "PERFSCALE_HTTP_PASSWORD"));
    assert_non_null(strstr(e.fix, "~/.config/perfscale/logins"));
}

static void a_long_address(void **state) {
    (void)state;
    char url[4096];
    memset(url, 'a', sizeof url);
    memcpy(url, "http://h/", 9);
    url[sizeof url - 1] = '\0';
    struct err e;
    assert_false(http_check_url(url, &e));
    assert_string_equal(e.text, "the address is longer than 2047 bytes");
}

static void joined(void **state) {
    (void)state;
    static const struct {
        const char *base, *path, *want;
    } cases[] = {
        {"http://h:1", "/v1/status", "http://h:1/v1/status"},
        {"http://h:1/", "/v1/status", "http://h:1/v1/status"},
        {"http://h:1/", "v1/status", "http://h:1/v1/status"},
        {"http://h/prefix//", "//v1?x=1", "http://h/prefix/v1?x=1"},
        {"http://h/p?token=1#top", "stats", "http://h/p/stats"},
        {"http://h", "", "http://h/"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];
        assert_true(http_join(out, sizeof out, cases[i].base, cases[i].path));
        assert_string_equal(out, cases[i].want);
        size_t exact = strlen(cases[i].want);
        assert_true(http_join(out, exact + 1, cases[i].base, cases[i].path));
        assert_false(http_join(out, exact, cases[i].base, cases[i].path));
        assert_int_equal(strlen(out), exact - 1);
    }
}

static void escaped(void **state) {
    (void)state;
    char out[64];
    assert_true(http_escape(out, sizeof out, "a-._~Z9"));
    assert_string_equal(out, "a-._~Z9");
    assert_true(http_escape(out, sizeof out, "rate(x{a=\"b\"}[1m]) & \xc3\xa4\n"));
    assert_string_equal(out, "rate%28x%7Ba%3D%22b%22%7D%5B1m%5D%29%20%26%20%C3%A4%0A");
    assert_true(http_escape(out, 4, "%"));
    assert_false(http_escape(out, 3, "%"));
    assert_string_equal(out, "");
}

int main(void) {
    forget_proxies();
    const struct CMUnitTest tests[] = {
        SERVED(addresses),
        cmocka_unit_test(where_a_password_belongs),
        cmocka_unit_test(a_long_address),
        cmocka_unit_test(joined),
        cmocka_unit_test(escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
