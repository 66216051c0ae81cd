/* Numbers with units: read strictly, written for people. */
#include "base/unit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct read_case {
    const char *text;
    double value; /* NAN: refused */
};

static bool read_ms(const char *s, double *v, struct err *e) {
    return unit_duration_ms(s, 0, v, e);
}
static bool read_plain_s(const char *s, double *v, struct err *e) {
    return unit_duration_ms(s, 1000, v, e);
}

static void expect_reads(bool (*read)(const char *, double *, struct err *),
                         const struct read_case *c, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double got = -99;
        struct err e = {0};
        bool ok = read(c[i].text, &got, &e);
        if (ok != !isnan(c[i].value) || (ok && fabs(got - c[i].value) > 1e-9 * fabs(got)))
            fail_msg("\"%s\": %s %.17g", c[i].text, ok ? "read as" : e.text, got);
        if (!ok) {
            assert_true(got == -99); /* nothing is written */
            assert_true(e.text[0] && e.kind != ERR_NONE);
        }
    }
}

static void numbers(void **state) {
    (void)state;
    static const struct read_case cases[] = {
        {"100", 100},
        {" 100 ", 100},
        {"1,000", 1000},
        {"1,234,567.5", 1234567.5},
        {"0.01", 0.01},
        {".5", 0.5},
        {"-3", -3},
        {"-0.5", -0.5},
        {"", NAN},
        {" ", NAN},
        {"abc", NAN},
        {"1e3", NAN},
        {"0x10", NAN},
        {"inf", NAN},
        {"nan", NAN},
        {"1,00", NAN},
        {"1,0000", NAN},
        {"1234,567", NAN},
        {",100", NAN},
        {"1,,000", NAN},
        {"1.2.3", NAN},
        {"1 000", NAN},
        {"100x", NAN},
        {"--1", NAN},
        {"-", NAN},
        {".", NAN},
        {"+1", NAN},
        {"1,", NAN},
        {"123456789012345678901234567890123456789012345", NAN}, /* longer than any number we mean */
        {"0.123456789012345678901234567890123456789012345", NAN},
    };
    expect_reads(unit_number, cases, COUNT(cases));
}

static void durations(void **state) {
    (void)state;
    static const struct read_case cases[] = {
        {"350us", 0.35},  {"350\u00b5s", 0.35},  {"500ms", 500},     {"1.5s", 1500},
        {"10m", 600000},  {"2h", 7200000},       {"1h30m", 5400000}, {"1 h 30 min", 5400000},
        {"1:40", 100000}, {"4:00:00", 14400000}, {"90:00", 5400000}, {"10 minutes", 600000},
        {"0s", 0},        {" 1:40 ", 100000},    {"1d", 86400000},   {"1,500 ms", 1500},
        {"10", NAN},      {"10x", NAN},          {"-5s", NAN},       {"", NAN},
        {"s", NAN},       {"1:60", NAN},         {"1:2:3:4", NAN},   {"1:", NAN},
        {":30", NAN},     {"1h30", NAN},         {"1e3:00", NAN},    {"0x10:00", NAN},
        {"1.5:00", NAN},  {"5 parsecs", NAN},    {"1h -30m", NAN},   {"1:-40", NAN},
        {"nan:00", NAN},
    };
    expect_reads(read_ms, cases, COUNT(cases));
    static const struct read_case plain[] = {{"10", 10000}, {"10ms", 10}, {"10 20", NAN}};
    expect_reads(read_plain_s, plain, COUNT(plain));
}

static void rates(void **state) {
    (void)state;
    static const struct read_case cases[] = {
        {"100", 100},     {"100/s", 100},  {"6000/m", 100}, {"6,000/min", 100}, {"360000/h", 100},
        {"100 RPS", 100}, {"100rps", 100}, {"0", 0},        {"0.5", 0.5},       {"100/", NAN},
        {"100/d", NAN},   {"-1", NAN},     {"", NAN},       {"100 rpsx", NAN},  {"100 s", NAN},
    };
    expect_reads(unit_rate, cases, COUNT(cases));
}

static void shares(void **state) {
    (void)state;
    static const struct read_case cases[] = {
        {"1%", 0.01},    {"1 %", 0.01}, {"0.01", 0.01}, {"100%", 1},  {"0", 0},   {"1", 1},
        {"0.5%", 0.005}, {"101%", NAN}, {"1.5", NAN},   {"-1%", NAN}, {"%", NAN}, {"1%%", NAN},
    };
    expect_reads(unit_share, cases, COUNT(cases));
}

struct show_case {
    double value;
    const char *text;
};

static void shown_plain(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {12345.6, 1, "12,345.6"}, {1234567, 0, "1,234,567"},
        {999, 0, "999"},          {999.5, 0, "1,000"},
        {0, 2, "0.00"},           {-1234.5, 1, "-1,234.5"},
        {-0.001, 1, "0.0"},       {NAN, 0, "no data"},
        {INFINITY, 0, "no data"}, {1e60, 0, "1e+60"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];
        assert_string_equal(unit_show(cases[i].value, cases[i].decimals, out, sizeof out),
                            cases[i].text);
    }
    char tiny[4];
    assert_string_equal(unit_show(123456, 0, tiny, sizeof tiny),
                        "123"); /* cut, never past the end */
}

static void shown_short(void **state) {
    (void)state;
    static const struct show_case cases[] = {{200, "200"},    {12.56, "12.56"},
                                             {0.5, "0.5"},    {1.0 / 3, "0.333"},
                                             {2.000001, "2"}, {NAN, "no data"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];
        assert_string_equal(unit_show_short(cases[i].value, 3, out, sizeof out), cases[i].text);
    }
}

typedef char *show_fn(double, char *, size_t);

static void expect_shows(show_fn *show, const struct show_case *c, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char out[64];
        assert_string_equal(show(c[i].value, out, sizeof out), c[i].text);
    }
}

static void shown_units(void **state) {
    (void)state;
    static const struct show_case clock[] = {
        {600, "10:00"},      {100, "1:40"},   {0, "0:00"},     {14400, "4:00:00"},
        {3599.6, "1:00:00"}, {-1, "no data"}, {NAN, "no data"}};
    expect_shows(unit_show_clock, clock, COUNT(clock));
    static const struct show_case ms[] = {{243.4, "243 ms"}, {20.44, "20.4 ms"}, {0.351, "0.35 ms"},
                                          {0, "0 ms"},       {1234, "1,234 ms"}, {99.96, "100 ms"},
                                          {0.996, "1.0 ms"}, {NAN, "no data"}};
    expect_shows(unit_show_ms, ms, COUNT(ms));
    static const struct show_case share[] = {{0.0002, "0.02 %"}, {0.01, "1.00 %"},
                                             {0, "0.00 %"},      {0.00001, "0.001 %"},
                                             {1, "100.00 %"},    {NAN, "no data"}};
    expect_shows(unit_show_share, share, COUNT(share));
    static const struct show_case bytes[] = {{190e6, "190 MB"}, {1.2e9, "1.2 GB"},
                                             {512, "512 B"},    {999.6, "1.0 kB"},
                                             {9.96e6, "10 MB"}, {NAN, "unknown"}};
    expect_shows(unit_show_bytes, bytes, COUNT(bytes));
}

static void shown_time_of_day(void **state) {
    (void)state;
    char out[16];
    setenv("TZ", "UTC", 1);
    tzset();
    assert_string_equal(unit_show_time(1795679317999, out, sizeof out), "07:48:37");
    assert_string_equal(unit_show_time(0, out, sizeof out), "");
    assert_string_equal(unit_show_time(-1, out, sizeof out), "");
    assert_string_equal(unit_show_time(1795679317999, out, 4), ""); /* whole or not at all */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),     cmocka_unit_test(durations),
        cmocka_unit_test(rates),       cmocka_unit_test(shares),
        cmocka_unit_test(shown_plain), cmocka_unit_test(shown_short),
        cmocka_unit_test(shown_units), cmocka_unit_test(shown_time_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
