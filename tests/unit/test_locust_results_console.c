/* Locust's console output as people paste it: cut at the terminal's edge, with what CI systems put
 * before each line, of every layout, several runs in one text, and bytes that Locust never wrote.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "result_digest.h"
#include "tools/locust/console.h"
#include "tools/locust/results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DATA TEST_DATA "/locust/"
enum { TEXT_MAX = 1 << 20 };

#define HEADING                                                                                    \
    "Type     Name            # reqs      # fails |    Avg     Min     Max    Med |   req/s  "     \
    "failures/s\n"
#define RULE                                                                                       \
    "--------|--------------|-------|-------------|-------|-------|-------|-------|--------|-----" \
    "------\n"
#define TOTAL                                                                                      \
    "         Aggregated          100     5(5.00%) |     36      26     150     35 |   12.50     " \
    "   "                                                                                          \
    "0.63\n"
#define PERCENTILES                                                                                \
    "Response time percentiles (approximated)\n"                                                   \
    "Type     Name              50%    90%    95%    99%   100% # reqs\n"                          \
    "--------|--------------|--------|------|------|------|------|------\n"                        \
    "         Aggregated         35     41     42    140    150    100\n\n"
#define ENDS "[2026-11-23 08:53:20,000] vm/INFO/locust.main: Shutting down (exit code 1)\n"

static void read_ok(const char *text, struct summary *s) {
    struct err e = {0};
    if (!reader_read(&locust_console_reader, text, strlen(text), s, &e))
        fail_msg("%s\n%s", e.text, text);
}

static double value(const struct summary *s, enum metric m) { return summary_value(s, m); }

static const struct endpoint *endpoint(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (strcmp(s->endpoint[i].name, name) == 0)
            return &s->endpoint[i];
    fail_msg("no endpoint %s", name);
    return NULL;
}

static bool has_finding(const struct summary *s, const char *kind) {
    for (size_t i = 0; i < s->findings.len; i++)
        if (strcmp(s->findings.item[i].kind, kind) == 0)
            return true;
    return false;
}

/* --- real output in other clothes --- */

static void same_figures(const char *what, int width, const struct summary *a,
                         const struct summary *b) {
    for (int m = 0; m < METRICS; m++)
        if (!(a->figure[m].value == b->figure[m].value) &&
            !(isnan(a->figure[m].value) && isnan(b->figure[m].value)))
            fail_msg("%s, %d: %s is %g, not %g", what, width, metric_name((enum metric)m),
                     b->figure[m].value, a->figure[m].value);
    if (a->endpoints != b->endpoints)
        fail_msg("%s, %d: %zu endpoints, not %zu", what, width, b->endpoints, a->endpoints);
    for (size_t i = 0; i < a->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            if (!(a->endpoint[i].figure[m].value == b->endpoint[i].figure[m].value) &&
                !isnan(a->endpoint[i].figure[m].value))
                fail_msg("%s, %d: %s of %s", what, width, metric_name((enum metric)m),
                         a->endpoint[i].name);
    if (a->errors != b->errors)
        fail_msg("%s, %d: %zu errors, not %zu", what, width, b->errors, a->errors);
    for (size_t i = 0; i < a->errors; i++) {
        if (strcmp(a->error[i].text, b->error[i].text) != 0)
            fail_msg("%s, %d: error %s", what, width, b->error[i].text);
        assert_true(a->error[i].count == b->error[i].count);
    }
    assert_string_equal(a->stopped, b->stopped);
    assert_string_equal(a->tool_version, b->tool_version);
}

typedef void dress_fn(const char *line, size_t len, int n, struct buf *out);

/* Cut at n columns, blanks at the edge lost, as a copy of a terminal has it. */
static void wrap(const char *line, size_t len, int n, struct buf *out) {
    do {
        size_t piece = len < (size_t)n ? len : (size_t)n, shown = piece;
        while (shown > 0 && line[shown - 1] == ' ')
            shown--;
        buf_add(out, line, shown);
        buf_char(out, '\n');
        line += piece;
        len -= piece;
    } while (len);
}

static void prefix(const char *line, size_t len, int n, struct buf *out) {
    static const char *const prefixes[] = {
        "",
        "locust-1  | ",
        "2026-11-23T08:53:58.1234567Z ",
        "[build] ",
        "\x1b[36mlocust_1  |\x1b[0m ",
        "test\trun\t2026-11-23T08:53:58.123Z ",
    };
    buf_str(out, prefixes[n]);
    buf_add(out, line, len);
    buf_str(out, "\r\n");
}

static void colour(const char *line, size_t len, int n, struct buf *out) {
    (void)n;
    buf_str(out, "\x1b[0m\x1b[32m");
    buf_add(out, line, len);
    buf_str(out, "\x1b[K\x1b[0m\r\n");
}

static void dress(const char *text, dress_fn *f, int n, struct buf *out) {
    buf_clear(out);
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        f(text, (size_t)(end - text), n, out);
}

static const char *const real[] = {"stress-2.12/console.txt", "load-1.6/console.txt",
                                   "json-2.46/stderr.txt", "stress-2.46/console.txt",
                                   "baseline-2.12-flaky/console.txt"};

static void each_dress(dress_fn *f, int from, int to) {
    struct buf out;
    buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < COUNT(real); i++) {
        char path[256];
        size_t len;
        struct summary plain, dressed;
        snprintf(path, sizeof path, DATA "%s", real[i]);
        char *text = file_read(path, TEXT_MAX, &len, NULL);
        read_ok(text, &plain);
        for (int n = from; n <= to; n++) {
            dress(text, f, n, &out);
            read_ok(out.data, &dressed);
            same_figures(real[i], n, &plain, &dressed);
            summary_fini(&dressed);
        }
        summary_fini(&plain);
        free(text);
    }
    buf_fini(&out);
}

static void cut_at_every_width(void **state) {
    (void)state;
    each_dress(wrap, 60, 200);
}

static void behind_the_prefixes_of_ci(void **state) {
    (void)state;
    each_dress(prefix, 0, 5);
}

static void coloured(void **state) {
    (void)state;
    each_dress(colour, 0, 0);
}

/* --- layouts and names --- */

static void the_layout_of_1_0(void **state) {
    static const char text[] =
        " Name                         # reqs      # fails     Avg     Min     Max  |  Median   "
        "req/s failures/s\n"
        "-------------------------------------------------------------------------\n"
        " GET /a                           90     5(5.56%)      36      26     150  |      35   "
        "11.25    0.63\n"
        " b                                10     0(0.00%)      36      26     150  |      35    "
        "1.25    0.00\n"
        "-------------------------------------------------------------------------\n"
        " Aggregated                      100     5(5.00%)      36      26     150  |      35   "
        "12.50    0.63\n"
        "\n"
        "Percentage of the requests completed within given times\n"
        " Type     Name             # reqs    50%    66%    75%    80%    90%    95%    98%    99% "
        " "
        "99.9% 99.99%   100%\n"
        "-------------------------------------------------------------------------\n"
        " GET      /a                   90     35     36     37     38     41     43     44    140 "
        "  "
        " 150    150    150\n"
        "-------------------------------------------------------------------------\n"
        " None     Aggregated          100     35     36     37     38     41     42     44    130 "
        "  "
        " 150    150    150\n"
        "\n"
        "Error report\n"
        " # occurrences      Error                                                            \n"
        "-------------------------------------------------------------------------\n"
        " 5                  GET /a: HTTPError('500')                                         \n"
        "-------------------------------------------------------------------------\n";
    (void)state;
    struct summary s;
    read_ok(text, &s);
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_true(value(&s, METRIC_FAILED) == 5);
    assert_true(value(&s, METRIC_RPS) == 12.5);
    assert_true(value(&s, METRIC_P95_MS) == 42);
    assert_true(value(&s, METRIC_P99_MS) == 130);
    assert_true(value(&s, METRIC_DURATION_S) == 8);
    assert_true(endpoint(&s, "GET /a")->figure[METRIC_P95_MS].value == 43);
    assert_true(endpoint(&s, "b")->figure[METRIC_REQUESTS].value == 10);
    assert_int_equal(s.errors, 1);
    assert_string_equal(s.error[0].text, "GET /a: HTTPError('500')");
    summary_fini(&s);
}

static void names_are_taken_as_they_are(void **state) {
    static const struct {
        const char *row, *name;
    } cases[] = {
        {"GET      /api/orders/[id]       1289  132(10.24%) |    340       0     902    340 |   "
         "50.30  "
         "      6.20",
         "GET /api/orders/[id]"},
        {"         balance, current         12     0(0.00%) |      1       1       2      1 |    "
         "1.00  "
         "      0.00",
         "balance, current"},
        {"POST     a | b (50.00%) 3          7     0(0.00%) |      1       1       2      1 |    "
         "1.00  "
         "      0.00",
         "POST a | b (50.00%) 3"},
        {"GET      /narrow 12 0(0.00%) |1 1 2 1 | 1.00 0.00", "GET /narrow"},
        {"WebSocket /long type    7     0(0.00%) |      1       1       2      1 |    1.00        "
         "0.00",
         "WebSocket /long type"},
        {"GET      /pr\xc3\xa4mien \xe2\x82\xac       7     0(0.00%) |      1       1       2      "
         "1 |  "
         "  1.00        0.00",
         "GET /pr\xc3\xa4mien \xe2\x82\xac"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct locust_row r;
        if (!locust_row_read(cases[i].row, strlen(cases[i].row), &r))
            fail_msg("not read: %s", cases[i].row);
        assert_string_equal(r.name, cases[i].name);
        assert_false(r.total);
    }
}

static void rows_that_contradict_themselves_are_none(void **state) {
    static const char *const rows[] = {
        "GET      /a       100     6(5.00%) |     36      26     150     35 |   12.50        0.63",
        "GET      /a       100     5(5.00%) |     36     160     150     35 |   12.50        0.63",
        "GET      /a       100     5(5.00%) |     36      26     150     35 |   12.50        0.6",
        "GET      /a       100     5(5.00%) |     36      26     150     35 |   12.5         0.63",
        "GET      /a       1e2     5(5.00%) |     36      26     150     35 |   12.50        0.63",
        "GET      /a       -10     0(0.00%) |     36      26     150     35 |   12.50        0.63",
        "                  100     5(5.00%) |     36      26     150     35 |   12.50        0.63",
        "GET      /a       100     5(5.00%) |     36      26     150     nan |   12.50        0.63",
        "GET      /a       100     (5.00%) |     36      26     150     35 |   12.50        0.63",
        "GET      /a       100     %) |     36      26     150     35 |   12.50        0.63",
        "%)",
        "",
    };
    (void)state;
    struct locust_row r;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (locust_row_read(rows[i], strlen(rows[i]), &r))
            fail_msg("read: %s", rows[i]);
}

/* --- what stands around the tables --- */

static void a_table_of_a_running_test_has_no_rate(void **state) {
    (void)state;
    struct summary s;
    read_ok(HEADING RULE RULE TOTAL "\n", &s);
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_false(summary_has(&s, METRIC_RPS));
    assert_false(summary_has(&s, METRIC_P95_MS));
    assert_false(summary_has(&s, METRIC_DURATION_S));
    assert_true(has_finding(&s, "no-final-table"));
    summary_fini(&s);
    /* with percentiles behind it, it is the last one */
    read_ok(HEADING RULE RULE TOTAL "\n" PERCENTILES, &s);
    assert_true(value(&s, METRIC_RPS) == 12.5);
    assert_true(value(&s, METRIC_P95_MS) == 42);
    assert_false(has_finding(&s, "no-final-table"));
    summary_fini(&s);
}

static void the_tail_of_a_copy_is_enough(void **state) {
    (void)state;
    struct summary s;
    read_ok(RULE TOTAL "\n" PERCENTILES, &s); /* its heading was not copied */
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_true(value(&s, METRIC_P99_MS) == 140);
    summary_fini(&s);
}

static void a_list_of_percentiles_of_ones_own(void **state) {
    (void)state;
    struct summary s;
    read_ok(HEADING RULE RULE TOTAL "\nResponse time percentiles (approximated)\n"
                                    "Type     Name          50%    95% # reqs\n"
                                    "--------|----------|--------|------|------\n"
                                    "         Aggregated     35     42    100\n\n",
            &s);
    assert_true(value(&s, METRIC_P95_MS) == 42);
    assert_false(summary_has(&s, METRIC_P90_MS));
    assert_false(summary_has(&s, METRIC_P99_MS));
    summary_fini(&s);
}

static void log_records_are_read(void **state) {
    static const char head[] =
        "[2026-11-23 08:53:00,000] vm/INFO/locust.main: Run time limit set to 60 seconds\n"
        "[2026-11-23 08:53:00,100] vm/INFO/locust.main: Starting Locust 2.46.7\n"
        "[2026-11-23 08:53:00,200] vm/INFO/locust.runners: Ramping to 10 users at a rate of 5.00\n"
        "[2026-11-23 08:53:02,000] vm/INFO/locust.runners: All users spawned: {\"A\": 10} (10 "
        "total "
        "users)\n"
        "[2026-11-23 08:53:03,000] vm/ERROR/locust.user.task: boom\n"
        "[2026-11-23 08:53:04,000] vm/WARNING/root: CPU usage above 90%! This may constrain\n";
    char text[4096];
    struct summary s;
    (void)state;
    snprintf(text, sizeof text, "%s%s", head, ENDS HEADING RULE RULE TOTAL "\n" PERCENTILES);
    read_ok(text, &s);
    assert_string_equal(s.tool_version, "2.46.7");
    assert_true(value(&s, METRIC_VUS_MAX) == 10);
    assert_string_equal(s.generator, "CPU usage above 90%");
    assert_non_null(strstr(s.stopped, "before its time limit"));
    assert_true(has_finding(&s, "exceptions"));
    assert_int_equal(s.blocks, 1);
    summary_fini(&s);
    /* killed: only what the log says of its length */
    snprintf(text, sizeof text, "%s%s", head, HEADING RULE RULE TOTAL "\n" ENDS);
    read_ok(text, &s);
    assert_true(fabs(value(&s, METRIC_DURATION_S) - 19.8) < 1e-9);
    assert_true(s.figure[METRIC_DURATION_S].low < 19);
    summary_fini(&s);
}

static void of_several_runs_the_last_whole_one(void **state) {
    static const char first[] = ENDS HEADING RULE RULE TOTAL "\n" PERCENTILES;
    static const char begins[] =
        "[2026-11-23 09:00:00,000] vm/INFO/locust.runners: Ramping to 3 users at a rate of 5.00\n";
    static const char other[] = "         Aggregated          200     0(0.00%) |     36      26    "
                                " 150     35 |   12.50      "
                                "  0.00\n";
    static const char spawned[] = "[2026-11-23 09:00:00,000] vm/INFO/locust.runners: All users "
                                  "spawned: {\"A\": 9} (9 total users)\n";
    static const char limit[] =
        "[2026-11-23 09:01:00,000] vm/INFO/locust.main: Run time limit set to 60 seconds\n";
    char text[8192];
    struct summary s;
    (void)state;
    snprintf(text, sizeof text, "%s%s%s%s\n", first, begins, ENDS HEADING RULE RULE, other);
    read_ok(text, &s);
    assert_true(value(&s, METRIC_REQUESTS) == 200);
    assert_false(summary_has(&s, METRIC_P95_MS)); /* of the run before */
    assert_int_equal(s.blocks, 2);
    summary_fini(&s);
    /* the second one did not reach its end */
    snprintf(text, sizeof text, "%s%s%s%s\n", first, begins, HEADING RULE RULE, other);
    read_ok(text, &s);
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_true(has_finding(&s, "cut-off"));
    summary_fini(&s);
    /* the first one was killed: what its log says is not of the second */
    snprintf(text, sizeof text, "%s%s%s\n%s%s%s\n", spawned, HEADING RULE RULE, other, limit,
             ENDS HEADING RULE RULE, other);
    read_ok(text, &s);
    assert_int_equal(s.blocks, 2);
    assert_false(summary_has(&s, METRIC_VUS_MAX));
    summary_fini(&s);
}

static void a_table_that_is_not_whole_does_not_count(void **state) {
    static const char *const texts[] = {
        HEADING RULE
        "GET      /a       100     5(5.00%) |     36      26     150     35 |   12.50    "
        "    0.63\n" RULE,
        HEADING RULE RULE "         Aggregated          100     5(5.00%) |     36      26     150",
        ENDS,
        "[2026-11-23 08:53:20,000] vm/INFO/locust.main: Starting Locust 2.46.7\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct summary s;
        struct err e = {0};
        assert_false(reader_read(&locust_console_reader, texts[i], strlen(texts[i]), &s, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(e.fix[0]);
        summary_fini(&s);
    }
}

/* --- bytes that Locust never wrote --- */

static void much_of_everything_stays_bounded(void **state) {
    struct buf b;
    struct summary s;
    (void)state;
    buf_init(&b, 8 << 20);
    buf_str(&b, HEADING RULE);
    for (int i = 0; i < 6000; i++)
        buf_printf(&b, "GET /%d 1 0(0.00%%) | 1 1 1 1 | 1.00 0.00\n", i);
    buf_str(&b, RULE TOTAL "\nError report\n" RULE);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%-18d GET /%d: HTTPError\n", i + 1, i);
    for (int i = 0; i < 1000; i++)
        buf_str(&b,
                "a line that goes on and on without an end of the row, of many bytes each time");
    for (int i = 0; i < 100; i++)
        buf_str(&b, "\nType     Name        ");
    read_ok(b.data, &s);
    assert_int_equal(s.endpoints, ENDPOINTS_MAX);
    assert_int_equal(s.errors, ERRORS_MAX);
    assert_true(has_finding(&s, "endpoints"));
    summary_fini(&s);
    buf_fini(&b);
}

static void noise_between_the_lines(void **state) {
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 300; round++) {
        static const char base[] = HEADING RULE TOTAL "\n" PERCENTILES "Error report\n" RULE
                                                      "5                  GET /a: X\n" RULE;
        char text[sizeof base];
        struct digest d;
        memcpy(text, base, sizeof base);
        for (int i = 0; i < 1 + round % 20; i++) {
            seed = seed * 1103515245 + 12345;
            text[(seed >> 8) % (sizeof base - 1)] = (char)(seed >> 16);
        }
        digest_read(&locust_console_reader, text, sizeof base - 1, 0, 0, &d, NULL);
        assert_false(d.odd);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_every_width),
        cmocka_unit_test(behind_the_prefixes_of_ci),
        cmocka_unit_test(coloured),
        cmocka_unit_test(the_layout_of_1_0),
        cmocka_unit_test(names_are_taken_as_they_are),
        cmocka_unit_test(rows_that_contradict_themselves_are_none),
        cmocka_unit_test(a_table_of_a_running_test_has_no_rate),
        cmocka_unit_test(the_tail_of_a_copy_is_enough),
        cmocka_unit_test(a_list_of_percentiles_of_ones_own),
        cmocka_unit_test(log_records_are_read),
        cmocka_unit_test(of_several_runs_the_last_whole_one),
        cmocka_unit_test(a_table_that_is_not_whole_does_not_count),
        cmocka_unit_test(much_of_everything_stays_bounded),
        cmocka_unit_test(noise_between_the_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
