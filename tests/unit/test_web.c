#include "web_fixture.h"

static const char html[] = "<!DOCTYPE html><html><head><title>Orders</title></head></html>";

static bool said(const char *text) {
    for (size_t i = 0; i < alarms.events; i++)
        if (strcmp(alarms.event[i].text, text) == 0)
            return true;
    return false;
}

static size_t times_said(const char *part) {
    size_t n = 0;
    for (size_t i = 0; i < alarms.events; i++)
        n += strstr(alarms.event[i].text, part) != NULL;
    return n;
}

static void assert_words(const char *part) {
    if (!strstr(seen.words, part))
        fail_msg("\"%s\" is not in \"%s\"", part, seen.words);
}

static void k6_goes_on(void) {
    k6_runs();
    open_path("", NULL);
    pass(3);
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_string_equal(seen.words, "");
}

/* --- found out --- */

static void k6_is_found(void **state) {
    struct stream_view v;
    (void)state;
    k6_goes_on();
    assert_string_equal(seen.what, "k6 REST API");
    assert_string_equal(seen.name, server_url(server, ""));
    assert_false(web_source_is_server(web));
    assert_true(web_source_told(web));
    assert_true(web_source_figures(web)->requests == 176);
    assert_true(web_source_figures(web)->failed == 1);
    stream_look(stream, &v);
    assert_true(v.total.requests == 176);
    assert_int_equal(server_asked(server, "/v1/metrics/http_reqs"), 3);
    assert_int_equal(server_asked(server, "/stats/requests"), 0);
}

static void a_base_may_have_a_path(void **state) {
    (void)state;
    say_file("/proxy/v1/status", "k6-rest-v2.2/status-05s.json");
    open_path("/proxy/?x=1", NULL);
    pass(1);
    assert_string_equal(seen.what, "k6 REST API");
    assert_string_equal(seen.name, server_url(server, "/proxy/"));
}

static void locust_is_found(void **state) {
    (void)state;
    say_file("/stats/requests", "locust-web-2.46/stats-requests-15s.json");
    open_path("", NULL);
    pass(9);
    assert_string_equal(seen.what, "Locust web interface");
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_true(web_source_figures(web)->requests > 0);
    assert_int_equal(server_asked(server, "/stats/requests"), 5); /* every 2 s */
    assert_int_equal(server_asked(server, "/stats/requests/csv"), 0);
}

/* At the end its own table is taken, once, and it is asked no more. */
static void locust_ends(void **state) {
    size_t len;
    (void)state;
    say_file("/stats/requests", "locust-web-2.12/stats-requests-15s.json");
    say_file("/stats/requests/csv", "locust-web-2.12/requests-csv-15s.csv");
    open_path("", NULL);
    pass(3);
    assert_false(web_source_ended(web));
    assert_null(web_source_last(web, &len));
    say_file("/stats/requests", "locust-web-2.12/stats-requests-32s-stopped.json");
    pass(20);
    assert_true(web_source_ended(web));
    assert_int_equal(seen.state, WATCH_ENDED);
    assert_string_equal(web_source_last(web, &len),
                        file_text("locust-web-2.12/requests-csv-15s.csv"));
    assert_int_equal(len, strlen(web_source_last(web, &len)));
    assert_int_equal(server_asked(server, "/stats/requests/csv"), 1);
    assert_int_equal(server_asked(server, "/stats/requests"), 3);
    assert_true(web_source_due_ms(web) == INT64_MAX);
}

static void an_end_without_its_table_is_one_too(void **state) {
    (void)state;
    say_file("/stats/requests", "locust-web-2.12/stats-requests-32s-stopped.json");
    server_say(server, "/stats/requests/csv", 500, "text/plain", "oops");
    open_path("", NULL);
    pass(5);
    assert_true(web_source_ended(web));
    assert_int_equal(server_asked(server, "/stats/requests/csv"), 1);
}

static void prometheus_is_found(void **state) {
    size_t n;
    (void)state;
    say_file("/api/v1/targets", "prometheus/targets.json");
    say_file("/api/v1/query", "prometheus/query-rss.json");
    open_path("", NULL);
    pass(3);
    assert_true(web_source_is_server(web));
    assert_int_equal(seen.state, WATCH_LIVE);
    const struct trace *t = web_source_memory(web, &n);
    assert_int_equal(n, 1);
    assert_int_equal(t->n, 1);
    assert_int_equal(t->start_ms, INT64_C(1795426054869));
    assert_true(fabs(t->at[0].value - 124.633088) < 1e-9);
    assert_false(web_source_told(web));
    assert_false(web_source_ended(web));
}

static void nothing_that_is_known(void **state) {
    static const struct {
        int status;
        const char *body, *words;
    } cases[] = {
        {200, html,
         "is no live interface that perfscale knows: it answers with an HTML page (\"Orders\"). "
         "Trying every 30 s."},
        {200, "{\"hello\":1}", "it answers with JSON"},
        {404, "none", "it answers with HTTP 404"},
        {503, "busy", "it answers with HTTP 503. Trying every 1 s."},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        web_source_free(web);
        server_say(server, "*", cases[i].status, "text/html", cases[i].body);
        open_path("", NULL);
        ask_once();
        assert_int_equal(seen.state, WATCH_LOST);
        assert_string_equal(seen.what, "");
        assert_words(cases[i].words);
    }
}

static void what_is_unknown_is_asked_again(void **state) {
    (void)state;
    server_say(server, "*", 200, "text/html", html);
    open_path("", NULL);
    pass(29);
    assert_int_equal(server_asked(server, NULL), 3);
    server_say(server, "*", 404, "text/plain", "none");
    k6_runs();
    pass(3);
    assert_string_equal(seen.what, "k6 REST API");
    assert_int_equal(seen.state, WATCH_LIVE);
}

/* --- not there --- */

static void not_started_yet(void **state) {
    (void)state;
    server_kill(server);
    open_path("", NULL);
    pass(10);
    assert_int_equal(seen.state, WATCH_WAITING);
    assert_string_equal(seen.words, "nobody answers there yet, trying again");
    pass(6);
    assert_words("nobody answers: start k6 with --address");
    assert_words("Or start Locust without --headless");
    assert_false(web_source_ended(web));
    server_back(server);
    k6_runs();
    pass(16);
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_int_equal(alarms.events, 0);
}

static void it_dies_and_comes_back(void **state) {
    (void)state;
    k6_goes_on();
    server_kill(server);
    pass(10);
    assert_int_equal(seen.state, WATCH_LOST);
    assert_string_equal(seen.words, "connection refused since 14:00:03. Trying every 5 s.");
    assert_false(web_source_ended(web));
    server_back(server);
    pass(5);
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_string_equal(seen.words, "");
    char text[200];
    snprintf(text, sizeof text, "%s answers again after 12 s.", web->host);
    assert_true(said(text));
}

/* The k6 that exits takes its interface along: that is the end when it stays away. */
static void it_dies_and_stays_away(void **state) {
    (void)state;
    k6_goes_on();
    server_kill(server);
    pass(29);
    assert_false(web_source_ended(web));
    pass(2);
    assert_true(web_source_ended(web));
    assert_int_equal(seen.state, WATCH_ENDED);
    server_back(server);
    pass(6);
    assert_false(web_source_ended(web));
}

static void it_hangs(void **state) {
    char text[200];
    (void)state;
    k6_goes_on();
    server_act(server, "/v1/metrics/http_reqs", SERVER_HANGS, "");
    pass(1);
    assert_int_equal(seen.state, WATCH_LOST);
    now.steady_ms += 9000; /* the timeout itself took no time by these clocks */
    web_source_look(web, now, &seen);
    snprintf(text, sizeof text, "no answer from %s for 11 s, trying again", web->host);
    assert_string_equal(seen.words, text);
    k6_requests(200);
    pass(6);
    assert_int_equal(seen.state, WATCH_LIVE);
    assert_true(web_source_figures(web)->requests == 200);
    assert_int_equal(times_said("answers again after"), 1);
}

/* --- answers with something else --- */

static void bad_answers_are_told_and_got_over(void **state) {
    static const char cut[] = "{\"data\":{\"type\":\"metrics\",\"id\":\"http_reqs\",\"attr";
    static const struct {
        enum server_way way;
        int status;
        const char *body, *words;
    } cases[] = {
        {SERVER_ANSWERS, 200, html,
         "answers with an HTML page (\"Orders\"), not with k6's figures"},
        {SERVER_ANSWERS, 500, "oops", "answers with HTTP 500"},
        {SERVER_ANSWERS, 200, cut, "JSON"},
        {SERVER_ANSWERS, 200, "", "answers with nothing"},
        {SERVER_CUT, 200, cut, "broke off"},
        {SERVER_SLAMS, 200, "", "closed without an answer"},
        {SERVER_RAW, 200, "hello\r\n", "HTTP"},
        {SERVER_GIGABYTE, 200, "", "longer than"},
        {SERVER_ENDLESS, 200, "", "longer than"},
        {SERVER_BOMB, 200, "", "longer than"},
    };
    (void)state;
    k6_goes_on();
    for (size_t i = 0; i < COUNT(cases); i++) {
        server_give(server, "/v1/metrics/http_reqs", cases[i].way, cases[i].status, "text/html",
                    cases[i].body, strlen(cases[i].body));
        pass(8);
        assert_int_equal(seen.state, WATCH_LOST);
        assert_words(cases[i].words);
        assert_words("Trying every 5 s.");
        assert_true(web_source_figures(web)->requests == 176 + (double)i);
        k6_requests(177 + (int)i);
        pass(7);
        assert_int_equal(seen.state, WATCH_LIVE);
        assert_string_equal(seen.words, "");
        assert_true(web_source_figures(web)->requests == 177 + (double)i);
    }
    assert_false(web_source_ended(web));
}

/* 1, 2, 4, 5, 5: what has answered before is missed for no longer than 5 s. */
static void back_off(void **state) {
    static const double after_s[] = {0.5, 1.5, 3.5, 7.5, 12.5, 17.5};
    (void)state;
    k6_goes_on();
    server_say(server, "/v1/status", 500, "text/plain", "");
    unsigned before = server_asked(server, "/v1/status");
    double at_s = 0;
    for (size_t i = 0; i < COUNT(after_s); i++) {
        pass(after_s[i] - at_s);
        at_s = after_s[i];
        assert_int_equal(server_asked(server, "/v1/status") - before, i + 1);
    }
}

static void nothing_new_is_stalled(void **state) {
    (void)state;
    k6_goes_on();
    pass(40);
    assert_int_equal(seen.state, WATCH_STALLED);
    assert_true(seen.age_s > 38 && seen.age_s < 44);
    k6_requests(500);
    pass(2);
    assert_int_equal(seen.state, WATCH_LIVE);
}

static void a_load_that_did_not_begin(void **state) {
    struct stream_view v;
    (void)state;
    k6_status(1);
    open_path("", NULL);
    pass(3);
    assert_int_equal(seen.state, WATCH_WAITING);
    stream_look(stream, &v);
    assert_false(v.any);
    assert_false(web_source_told(web));
    k6_runs();
    pass(2);
    assert_int_equal(seen.state, WATCH_LIVE);
}

/* --- what it costs --- */

static void slow_answers_are_asked_for_less_often(void **state) {
    (void)state;
    k6_goes_on();
    /* A byte at a time, with 10 ms after each: a second and more. */
    server_act(server, "/v1/status", SERVER_SLOW,
               "{\"data\":{\"type\":\"status\",\"attributes\":{\"status\":7,\"vus\":8}}}");
    pass(1);
    assert_true(web->every_s == 2);
    pass(40);
    assert_true(web->every_s == 10);
    assert_int_equal(times_said("k6 REST API answers slowly ("), 1);
    assert_int_equal(times_said("): asked every 2 s now"), 1);
    assert_int_equal(seen.state, WATCH_STALLED);
    k6_runs();
    pass(60);
    assert_true(web->every_s < 3);
}

/* --- logins --- */

static void a_login_is_asked_for(void **state) {
    (void)state;
    server_say(server, "*", 401, "text/plain", "who?");
    open_path("", NULL);
    pass(29);
    assert_int_equal(seen.state, WATCH_LOST);
    assert_words("asks for a login: set PERFSCALE_HTTP_USER");
    assert_words("~/.config/perfscale/logins");
    assert_int_equal(server_asked(server, NULL), 1);
    assert_false(server_heard(server, "Authorization:"));
    setenv("PERFSCALE_HTTP_TOKEN", "geheim", 1);
    pass(2);
    assert_int_equal(server_asked(server, NULL), 2);
    assert_true(server_heard(server, "Authorization: Bearer geheim"));
    assert_words("does not take the login");
    assert_null(strstr(seen.words, "geheim"));
    server_say(server, "*", 404, "text/plain", "none");
    k6_runs();
    pass(31);
    assert_int_equal(seen.state, WATCH_LIVE);
}

static void a_login_that_is_known_is_sent(void **state) {
    (void)state;
    setenv("PERFSCALE_HTTP_USER", "ana", 1);
    setenv("PERFSCALE_HTTP_PASSWORD", "secret", 1);
    k6_goes_on();
    assert_true(server_heard(server, "Authorization: Basic YW5hOnNlY3JldA=="));
}

static void addresses_that_are_refused(void **state) {
    struct err e = {0};
    (void)state;
    assert_false(open_url("ftp://127.0.0.1/", NULL, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_false(open_url("http://ana:secret@127.0.0.1/", NULL, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    setenv("PERFSCALE_HTTP_USER", "ana", 1);
    assert_false(open_url(server_url(server, ""), NULL, &e));
    assert_int_equal(e.kind, ERR_USAGE);
}

/* What is under way is given up. */
static void freed_in_the_middle(void **state) {
    (void)state;
    server_act(server, "*", SERVER_HANGS, "");
    open_path("", NULL);
    web_source_turn(web, 0, now);
    assert_int_not_equal(web->asking, 0);
    web_source_turn(web, 0, (struct moment_now){now.day_ms + 60000, now.steady_ms + 60000});
    web_source_free(web);
    web = NULL;
    http_turn(http);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(k6_is_found),
        SERVED(a_base_may_have_a_path),
        SERVED(locust_is_found),
        SERVED(locust_ends),
        SERVED(an_end_without_its_table_is_one_too),
        SERVED(prometheus_is_found),
        SERVED(nothing_that_is_known),
        SERVED(what_is_unknown_is_asked_again),
        SERVED(not_started_yet),
        SERVED(it_dies_and_comes_back),
        SERVED(it_dies_and_stays_away),
        SERVED(it_hangs),
        SERVED(bad_answers_are_told_and_got_over),
        SERVED(back_off),
        SERVED(nothing_new_is_stalled),
        SERVED(a_load_that_did_not_begin),
        SERVED(slow_answers_are_asked_for_less_often),
        SERVED(a_login_is_asked_for),
        SERVED(a_login_that_is_known_is_sent),
        SERVED(addresses_that_are_refused),
        SERVED(freed_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
