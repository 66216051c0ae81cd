/* Endpoints that are addresses of one server lose its name, and only then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gather/gather.h"

#define HEAD                                                                                       \
    "metric_name,timestamp,metric_value,expected_response,method,name,status,url,extra_tags\n"
#define ROW(method, name)                                                                          \
    "http_reqs,1795424345,1.000000,true," method "," name ",200," name ",\n"                       \
    "http_req_duration,1795424345,20.500000,true," method "," name ",200," name ",\n"

static void server_names(void **state) {
    (void)state;
    static const struct {
        const char *text, *first, *second;
    } cases[] = {
        {HEAD ROW("GET", "http://10.0.0.7:8080/orders") ROW("POST", "http://10.0.0.7:8080/orders"),
         "GET /orders", "POST /orders"},
        {HEAD ROW("GET", "https://shop.test/a?x=1") ROW("GET", "https://shop.test"), "GET /",
         "GET /a?x=1"},
        {HEAD ROW("GET", "http://[::1]:81/a") ROW("GET", "http://[::1]:81/b"), "GET /a", "GET /b"},
        /* two servers: which one it was is said */
        {HEAD ROW("GET", "http://a.test/x") ROW("GET", "http://b.test/x"), "GET http://a.test/x",
         "GET http://b.test/x"},
        {HEAD ROW("GET", "http://a.test/x") ROW("GET", "http://a.test:81/x"), "GET http://a.test/x",
         "GET http://a.test:81/x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct summary s;
        struct err e = {0};
        const struct gather_options o = {0};
        if (!gather_bytes("a.csv", cases[i].text, strlen(cases[i].text), &o, &s, &e))
            fail_msg("case %zu: %s", i, e.text);
        assert_int_equal(s.endpoints, 2);
        if (strcmp(s.endpoint[0].name, cases[i].first) != 0 ||
            strcmp(s.endpoint[1].name, cases[i].second) != 0)
            fail_msg("case %zu: %s, %s", i, s.endpoint[0].name, s.endpoint[1].name);
        summary_fini(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(server_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
