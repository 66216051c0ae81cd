/* The end-of-test text of k6 as people paste it: prefixes, wrapped lines, other character sets,
 * several runs, and bytes that k6 never wrote. */
#include <locale.h>
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
#include "tools/k6/k6_results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DATA TEST_DATA "/k6/"

static const char compact[] =
    "  \u2588 TOTAL RESULTS \n"
    "\n"
    "    checks_total.......: 96      7.9/s\n"
    "    checks_succeeded...: 100.00% 96 out of 96\n"
    "    checks_failed......: 0.00%   0 out of 96\n"
    "\n"
    "    HTTP\n"
    "    http_req_duration..............: avg=26.9ms min=225.64\u00b5s med=25.5ms max=1.38s "
    "p(90)=29.4ms p(95)=30.14ms\n"
    "      { expected_response:true }...: avg=26.8ms min=225.64\u00b5s med=25.5ms max=1.38s "
    "p(90)=29.4ms p(95)=30.1ms\n"
    "    http_req_failed................: 2.08%  2 out of 96\n"
    "    http_reqs......................: 96     7.96/s\n"
    "\n"
    "    EXECUTION\n"
    "    iteration_duration.............: avg=752.94ms min=744ms med=753ms max=761ms p(90)=758ms "
    "p(95)=759ms\n"
    "    iterations.....................: 48     3.98/s\n"
    "    vus............................: 3      min=2       max=3\n"
    "    vus_max........................: 3      min=3       max=3\n"
    "\n"
    "    NETWORK\n"
    "    data_received..................: 41 kB  3.4 kB/s\n"
    "    data_sent......................: 13 kB  1.1 kB/s\n"
    "\n"
    "\n"
    "running (12.1s), 0/3 VUs, 48 complete and 0 interrupted iterations\n";

static const char legacy[] =
    "     data_received..................: 41 kB   3.4 kB/s\n"
    "     data_sent......................: 13 kB   1.1 kB/s\n"
    "     http_req_duration..............: avg=25.41ms min=20.53ms med=25.57ms max=33.34ms "
    "p(95)=30.1ms\n"
    "     http_req_failed................: 2.08%   \u2713 2        \u2717 94\n"
    "     http_reqs......................: 96      7.964748/s\n"
    "     iterations.....................: 48      3.982374/s\n"
    "     vus............................: 3       min=3      max=3\n"
    "     vus_max........................: 3       min=3      max=3\n";

static bool read_bytes(const char *bytes, size_t len, struct summary *s, struct err *e) {
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    *e = (struct err){0};
    bool ok = reader_read(&k6_text_reader, copy, len, s, e);
    free(copy);
    return ok;
}

static struct summary must_read(const char *text, const char *what) {
    struct summary s;
    struct err e;
    if (!read_bytes(text, strlen(text), &s, &e))
        fail_msg("%s: %s", what, e.text);
    return s;
}

static char *taken(struct buf *b) {
    char *text = buf_take(b);
    buf_fini(b);
    return text;
}

/* text with every from replaced by to; the caller frees. */
static char *replace(const char *text, const char *from, const char *to) {
    struct buf b;
    buf_init(&b, 1 << 20);
    for (const char *at; (at = strstr(text, from)); text = at + strlen(from)) {
        buf_add(&b, text, (size_t)(at - text));
        buf_str(&b, to);
    }
    buf_str(&b, text);
    return taken(&b);
}

static void assert_whole(const struct summary *s, const char *what) {
    if (summary_value(s, METRIC_REQUESTS) != 96 || summary_value(s, METRIC_FAILED) != 2 ||
        summary_value(s, METRIC_P95_MS) != 30.14 || summary_value(s, METRIC_MAX_MS) != 1380 ||
        summary_value(s, METRIC_DURATION_S) != 12.1 || summary_value(s, METRIC_VUS_MIN) != 2 ||
        summary_value(s, METRIC_CHECKS_PASSED) != 96 || summary_value(s, METRIC_DROPPED) != 0 ||
        fabs(summary_value(s, METRIC_MIN_MS) - 0.22564) > 1e-12)
        fail_msg("%s: other figures", what);
}

/* --- what stands around the lines ------------------------------------------------------------ */

static void each_kind_of_paste_reads_the_same(void **state) {
    (void)state;
    static const struct {
        const char *what, *from, *to;
    } cases[] = {
        {"as it is", "\n", "\n"},
        {"CR LF", "\n", "\r\n"},
        {"CR CR LF", "\n", "\r\r\n"},
        {"blanks at line ends", "\n", "      \n"},
        {"docker compose", "\n", "\nk6-1  | "},
        {"GitHub", "\n", "\n2026-11-23T08:50:55.1234567Z "},
        {"Jenkins", "\n", "\n[2026-11-23T08:50:55.123Z] "},
        {"kubectl --prefix", "\n", "\n[pod/k6-x7/k6] "},
        {"gh run view", "\n", "\nload\tRun k6\t2026-11-23T08:50:55.12Z "},
        {"a clock", "\n", "\n08:50:55 "},
        {"no block character", "\u2588 ", ""},
        {"a console without it", "\u2588", "?"},
        {"micro as mu", "\u00b5", "\u03bc"},
        {"micro as u", "\u00b5", "u"},
        {"micro in Latin-1", "\u00b5", "\xb5"},
        {"micro lost", "\u00b5", "?"},
        {"micro in code page 437", "\u00b5", "\u252c\u2561"},
        {"colour", "7.96/s", "\033[2;36m7.96/s\033[0m"},
        {"colour in the name", "http_reqs.", "http_reqs\033[2;37m."},
        {"erase to the end of the line", "\n", "\033[0K\r\n"},
        {"a title of the terminal", "    HTTP", "\033]0;k6 run\007    HTTP"},
        {"blanks as cursor movement", "    ", "\033[4C"},
        {"charset switch", "avg=", "\033(Bavg="},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = replace(compact, cases[i].from, cases[i].to);
        struct summary s = must_read(text, cases[i].what);
        assert_whole(&s, cases[i].what);
        assert_string_equal(s.format, "k6-text-compact");
        summary_fini(&s);
        free(text);
    }
}

static void old_rates_count_what_is_true(void **state) {
    (void)state;
    static const char *const marks[][2] = {{"\u2713", "\u2717"},
                                           {"?", "?"},
                                           {"\u00e2\u0153\u201c", "\u00e2\u0153\u2014"},
                                           {"\u221a", "\u00d7"}};
    for (size_t i = 0; i < COUNT(marks); i++) {
        char *one = replace(legacy, "\u2713", marks[i][0]);
        char *text = replace(one, "\u2717", marks[i][1]);
        struct summary s = must_read(text, marks[i][0]);
        assert_true(summary_value(&s, METRIC_FAILED) == 2);
        assert_string_equal(s.format, "k6-text-legacy");
        summary_fini(&s);
        free(one);
        free(text);
    }
}

/* --- lines cut by the terminal --------------------------------------------------------------- */

/* Cuts every line after width characters, as a terminal does; trimmed: blanks at ends are lost. */
static char *wrap(const char *text, int width, bool trimmed) {
    struct buf b;
    buf_init(&b, 1 << 20);
    int column = 0;
    for (const char *p = text; *p; p++) {
        bool starts = (*p & 0xc0) != 0x80;
        if (*p != '\n' && starts && column == width) {
            while (trimmed && b.len && b.data[b.len - 1] == ' ')
                b.len--;
            buf_char(&b, '\n');
            column = 0;
        }
        while (*p == '\n' && trimmed && b.len && b.data[b.len - 1] == ' ')
            b.len--;
        buf_char(&b, *p);
        column = *p == '\n' ? 0 : column + starts;
    }
    return taken(&b);
}

static void assert_no_other(const struct summary *part, const struct summary *whole, bool all,
                            const char *what, int width) {
    for (int m = 0; m < METRICS; m++) {
        double a = part->figure[m].value, b = whole->figure[m].value;
        /* The progress line is read whole or not at all; then the duration is computed. */
        bool other_source = m == METRIC_DURATION_S || m == METRIC_INTERRUPTED;
        if (other_source && (isnan(a) || fabs(a - b) < 0.1))
            continue;
        if (isnan(a) ? all && !isnan(b) : a != b)
            fail_msg("%s at %d columns: %s is %g, not %g", what, width, metric_name((enum metric)m),
                     a, b);
    }
}

static void a_terminal_of_any_width_cuts_nothing_off(void **state) {
    (void)state;
    static const char *const files[] = {"load-v2.2-compact/terminal.joined.txt",
                                        "stress-v2.2-fail/terminal.joined.txt",
                                        "load-v2.2-full/terminal.joined.txt",
                                        "baseline-v0.33/console.txt",
                                        "load-v0.54-pass/terminal.joined.txt",
                                        "timeunit-v2.2/console.txt",
                                        "soak-v2.2/console.txt"};
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[512];
        size_t len;
        snprintf(path, sizeof path, DATA "%s", files[i]);
        char *text = file_read(path, 1 << 20, &len, NULL);
        assert_non_null(text);
        /* Only the end: the log before it costs time and tells nothing. */
        const char *end = len > 12000 ? strchr(text + len - 12000, '\n') + 1 : text;
        struct summary whole = must_read(end, files[i]);
        for (int width = 24; width < 200; width++)
            for (int trimmed = 0; trimmed < 2; trimmed++) {
                char *cut = wrap(end, width, trimmed);
                struct summary s;
                struct err e;
                bool ok = read_bytes(cut, strlen(cut), &s, &e);
                if (ok)
                    assert_no_other(&s, &whole, width >= 60, files[i], width);
                else if (width >= 60)
                    fail_msg("%s at %d columns: %s", files[i], width, e.text);
                summary_fini(&s);
                free(cut);
            }
        summary_fini(&whole);
        free(text);
    }
}

static void a_number_at_the_edge_is_not_trusted(void **state) {
    (void)state;
    /* The last line is as wide as the widest one, or has no end: "max=7" may have been 79. */
    static const char *const ends[] = {"7", "7\n"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "  TOTAL RESULTS\n    http_reqs......: 96 7.96/s\n"
                 "    iterations....: 48 3.98/s\n    vus............: 3 min=2 max=%s",
                 ends[i]);
        struct summary s = must_read(text, ends[i]);
        assert_false(summary_has(&s, METRIC_VUS_MAX));
        assert_true(summary_value(&s, METRIC_VUS_MIN) == 2);
        summary_fini(&s);
    }
}

/* --- several runs ---------------------------------------------------------------------------- */

static char *joined(const char *a, const char *b) {
    struct buf t;
    buf_init(&t, 1 << 20);
    buf_str(&t, a);
    buf_str(&t, b);
    return taken(&t);
}

static void the_last_complete_summary_counts(void **state) {
    (void)state;
    char *second = replace(compact, ": 96     7.96/s", ": 97     8.04/s");
    char *cut = strndup(second, (size_t)(strstr(second, "http_reqs") - second));
    const struct {
        const char *what, *first, *second;
        double requests;
        int blocks;
    } cases[] = {
        {"two", compact, second, 97, 2},
        {"two, the other way", second, compact, 96, 2},
        {"the second one is cut", compact, cut, 96, 1},
        {"legacy then compact", legacy, second, 97, 2},
        {"compact then legacy", second, legacy, 96, 2},
        {"two legacy lists with nothing between", legacy, legacy, 96, 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = joined(cases[i].first, cases[i].second);
        struct summary s = must_read(text, cases[i].what);
        if (summary_value(&s, METRIC_REQUESTS) != cases[i].requests || s.blocks != cases[i].blocks)
            fail_msg("%s: %g requests, %d blocks", cases[i].what,
                     summary_value(&s, METRIC_REQUESTS), s.blocks);
        summary_fini(&s);
        free(text);
    }
    free(second);
    free(cut);
}

static void what_is_said_of_one_run_is_not_of_another(void **state) {
    (void)state;
    static const char banner[] = "     execution: local\n";
    static const char stop[] =
        "ERRO[0014] test run was aborted because k6 received a 'interrupt' signal\n";
    char *first = joined(compact, stop), *rest = joined(banner, compact);
    char *text = joined(first, rest);
    struct summary s = must_read(text, "first stopped");
    assert_string_equal(s.stopped, "");
    summary_fini(&s);
    free(text);
    text = joined(first, compact);
    s = must_read(text, "first stopped, no banner");
    assert_string_equal(s.stopped, "");
    summary_fini(&s);
    free(text);
    text = joined(rest, stop);
    s = must_read(text, "stopped");
    assert_non_null(strstr(s.stopped, "interrupt"));
    summary_fini(&s);
    free(text);
    free(first);
    free(rest);
}

/* A scenario whose last iterations end a little early has the mark of one that was stopped. */
static void the_mark_of_a_scenario_near_its_end_is_no_stop(void **state) {
    (void)state;
    static const struct {
        const char *lines, *stopped;
    } cases[] = {
        {"buy  \u2717 [  98% ] 00/16 VUs  38.3s/39s  2.45 iters/s\n"
         "look \u2717 [  99% ] 00/37 VUs  38.8s/39s  05.29 iters/s\n",
         ""},
        {"buy  \u2717 [====================================>-] 00/16 VUs  38.3s/39s  2.45 "
         "iters/s\n",
         ""},
        {"buy  \u2717 [  43% ] 00/16 VUs  16.8s/39s  2.45 iters/s\n", "scenario buy at 16.8s/39s."},
        {"look \u2717 [=======>------------------------------] 3/9 VUs  22.0s/96.0s\n",
         "scenario look at 22.0s/96.0s."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = joined(compact, cases[i].lines);
        struct summary s = must_read(text, cases[i].lines);
        if (!cases[i].stopped[0])
            assert_string_equal(s.stopped, "");
        else
            assert_non_null(strstr(s.stopped, cases[i].stopped));
        summary_fini(&s);
        free(text);
    }
}

static void a_progress_line_of_before_the_end_is_not_the_duration(void **state) {
    (void)state;
    static const char *const others[] = {
        "running (11.0s), 3/3 VUs, 42 complete and 0 interrupted iterations",
        "running (30.0s), 0/3 VUs, 48 complete and 7 interrupted iterations",
        "running (12.1s), 0/3 VUs, 99 complete and 0 interrupted iterations",
        "running (12.1s), 0/3 VUs, 48 compl",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        char *text =
            replace(compact, "running (12.1s), 0/3 VUs, 48 complete and 0 interrupted iterations",
                    others[i]);
        struct summary s = must_read(text, others[i]);
        assert_true(fabs(summary_value(&s, METRIC_DURATION_S) - 96 / 7.96) < 1e-9);
        assert_false(summary_has(&s, METRIC_INTERRUPTED));
        summary_fini(&s);
        free(text);
    }
}

/* --- the load machine ------------------------------------------------------------------------ */

static void only_limits_of_the_load_machine_are_named(void **state) {
    (void)state;
    static const struct {
        const char *log, *generator;
    } cases[] = {
        {"WARN[0005] Request Failed     error=\"Get \\\"http://h/?key=1\\\": dial tcp 10.0.0.1:80: "
         "socket: too many open files\"\n",
         "dial tcp 10.0.0.1:80: socket: too many open files"},
        {"time=\"2026-11-23T08:51:48Z\" level=warning msg=\"Request Failed\" error=\"Get "
         "\\\"http://h/\\\": dial tcp 10.0.0.1:80: connect: cannot assign requested address\"\n",
         "dial tcp 10.0.0.1:80: connect: cannot assign requested address"},
        /* cut by the terminal */
        {"WARN[0005] Request Failed     error=\"Get \\\"http://h/\\\": dial tcp 10.0.0.1:80: "
         "socket: too man\ny open files\"\n",
         "dial tcp 10.0.0.1:80: socket: too many open files"},
        /* the script's limit, or a slow server */
        {"WARN[0003] Insufficient VUs, reached 8 active VUs and cannot initialize more  "
         "executor=constant-arrival-rate scenario=orders\n",
         ""},
        /* words of the server, printed by the script */
        {"INFO[0003] dial tcp 10.0.0.2:5432: too many open files   source=console\n", ""},
        {"WARN[0003] Request Failed    error=\"Get \\\"http://h/\\\": request timeout\"\n", ""},
        {"too many open files\n", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = joined(cases[i].log, compact);
        struct summary s = must_read(text, cases[i].log);
        assert_string_equal(s.generator, cases[i].generator);
        summary_fini(&s);
        free(text);
    }
}

/* --- figures --------------------------------------------------------------------------------- */

static void times_of_every_form(void **state) {
    (void)state;
    static const struct {
        const char *shown;
        double low, high; /* ms */
    } cases[] = {
        {"990ns", 0.00099, 0.000991}, {"225.64\u00b5s", 0.22564, 0.22565},
        {"30.14ms", 30.14, 30.15},    {"30ms", 30, 30.01},
        {"1.38s", 1380, 1390},        {"59.99s", 59990, 60000},
        {"1m1s", 61000, 62000},       {"1h2m3s", 3723000, 3724000},
        {"0s", 0, 0.000001},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "  TOTAL RESULTS\n    http_req_duration...: p(95)=%s p(99)=2h0m0s p(90)=0s\n"
                 "    http_reqs......: 96 7.96/s\n",
                 cases[i].shown);
        struct summary s = must_read(text, cases[i].shown);
        assert_true(fabs(s.figure[METRIC_P95_MS].low - cases[i].low) < 1e-6 * cases[i].low + 1e-12);
        assert_true(fabs(s.figure[METRIC_P95_MS].high - cases[i].high) <
                    1e-6 * cases[i].high + 1e-12);
        summary_fini(&s);
    }
}

static void what_is_no_time_is_no_figure(void **state) {
    (void)state;
    static const char *const shown[] = {
        "30.14",   "30.14m",
        "nan",     "NaNms",
        "-5ms",    "+5ms",
        "1e3ms",   "0x1fms",
        "5 ms",    "ms",
        "1.2.3ms", "1m",
        "1m61s",   "1h70m",
        "1h2s",    "30.141ms",
        "30,14ms", "inf",
        "",        "5msx",
        "5\x01ms", "99999999999999999999999999999999999999999ms",
    };
    for (size_t i = 0; i < COUNT(shown); i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "  TOTAL RESULTS\n    http_req_duration...: med=3ms p(95)=%s\n"
                 "    http_reqs......: 96 7.96/s\n",
                 shown[i]);
        struct summary s = must_read(text, shown[i]);
        if (summary_has(&s, METRIC_P95_MS))
            fail_msg("p(95)=%s is read as %g", shown[i], summary_value(&s, METRIC_P95_MS));
        assert_true(summary_value(&s, METRIC_MED_MS) == 3);
        summary_fini(&s);
    }
}

static void a_sub_metric_without_a_sample_is_no_endpoint(void **state) {
    (void)state;
    static const char text[] = "  TOTAL RESULTS\n"
                               "    http_req_duration...: avg=3ms max=5ms p(95)=4ms\n"
                               "      { expected_response:true }...: avg=0s max=0s p(95)=0s\n"
                               "      { name:never }...: avg=0s max=0s p(95)=0s\n"
                               "      { name:a, b }...: avg=1ms max=2ms p(95)=2ms\n"
                               "    http_reqs......: 96 7.96/s\n"
                               "      { name:a, b }...: 5 0.4/s\n";
    struct summary s = must_read(text, "no sample");
    assert_false(summary_has(&s, METRIC_OK_P95_MS));
    assert_int_equal(s.endpoints, 1);
    assert_string_equal(s.endpoint[0].name, "a, b");
    assert_true(s.endpoint[0].figure[METRIC_REQUESTS].value == 5);
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
}

static void names_of_endpoints(void **state) {
    (void)state;
    static const struct {
        const char *tags, *name;
    } cases[] = {
        {"name:create order", "create order"},
        {"name:POST /orders", "POST /orders"},
        {"url:http://h/a,b?c=1:2", "http://h/a,b?c=1:2"},
        {"scenario:buy", "scenario buy"},
        {"group:::checkout", "group checkout"},
        {"group:::a::b", "group a::b"},
        {"name:a,status:200", "a, status 200"},
        {"name:\"a b\"", "a b"},
        {"name:a\033[31m", "a[31m"}, /* no control byte */
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char name[SCOPE_MAX_BYTES];
        k6_scope(cases[i].tags, name, sizeof name);
        assert_string_equal(name, cases[i].name);
    }
    char long_tags[1000], name[SCOPE_MAX_BYTES];
    memset(long_tags, 'x', sizeof long_tags);
    long_tags[sizeof long_tags - 1] = '\0';
    k6_scope(long_tags, name, sizeof name);
    assert_int_equal(strlen(name), SCOPE_MAX_BYTES - 1);
}

static void thresholds_give_what_the_lines_lack(void **state) {
    (void)state;
    char *text = joined("  \u2588 THRESHOLDS \n"
                        "\n"
                        "    http_req_duration{name:x}\n"
                        "    \u2717 'p(99)<1' p(99)=901.05ms\n"
                        "    http_req_duration\n"
                        "    \u2713 'p(99) < 1000' p(99)=95\n"
                        "1.5ms\n"
                        "\n"
                        "      {expected_response:true}\n"
                        "    ? 'p(99)<9' p(99)=7ms\n"
                        "\n",
                        compact);
    struct summary s = must_read(text, "thresholds");
    assert_true(summary_value(&s, METRIC_P99_MS) == 951.5);
    assert_true(summary_value(&s, METRIC_OK_P99_MS) == 7);
    assert_int_equal(s.endpoints, 1);
    assert_true(s.endpoint[0].figure[METRIC_P99_MS].value == 901.05);
    assert_int_equal(s.thresholds, 2); /* the third one's mark cannot be read */
    assert_string_equal(s.threshold[0].metric, "http_req_duration{name:x}");
    assert_string_equal(s.threshold[0].expr, "p(99)<1");
    assert_false(s.threshold[0].ok);
    assert_true(s.threshold[1].ok);
    summary_fini(&s);
    free(text);
}

/* --- what must not be taken ------------------------------------------------------------------ */

static void a_part_of_a_full_summary_is_not_the_run(void **state) {
    (void)state;
    static const char part[] = "    HTTP\n"
                               "    http_req_duration...: avg=27ms p(95)=30ms\n"
                               "    http_req_failed.....: 0.00% 0 out of 301\n"
                               "    http_reqs...........: 301 9.07/s\n"
                               "\n"
                               "    EXECUTION\n"
                               "    iterations..........: 301 9.07/s\n"
                               "\n"
                               "    NETWORK\n"
                               "    data_received.......: 132 kB 4.0 kB/s\n";
    struct summary s;
    struct err e;
    assert_false(read_bytes(part, sizeof part - 1, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    summary_fini(&s);
    char *text = joined("  \u2588 SCENARIO: buy \n", part);
    assert_false(read_bytes(text, strlen(text), &s, &e));
    summary_fini(&s);
    free(text);
    text = joined(compact, part);
    s = must_read(text, "behind a whole one");
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
    free(text);
}

static void contradictions_are_errors(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"2.08%  2 out of 96", "99.00% 97 out of 97"}, /* more failed than there were */
        {"p(95)=30.14ms", "p(95)=30.14s"},             /* over max */
        {"p(90)=29.4ms p(95)=30.14ms", "p(90)=29.4ms p(95)=3.14ms"},
        {"min=2       max=3", "min=5       max=3"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = replace(compact, cases[i].from, cases[i].to);
        struct summary s;
        struct err e;
        if (read_bytes(text, strlen(text), &s, &e))
            fail_msg("%s is taken", cases[i].to);
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(e.line > 0);
        summary_fini(&s);
        free(text);
    }
}

static void a_name_that_lost_its_start_is_another_name(void **state) {
    (void)state;
    /* It was dropped_iterations, or a metric of the script. */
    char *text = joined("http_reqs...: 5 1/s\n", compact);
    struct summary s = must_read(text, "cut name");
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
    free(text);
}

static void a_check_with_the_name_of_a_metric_is_a_check(void **state) {
    (void)state;
    char *text =
        replace(compact, "\n    HTTP\n", "\n    \u2713 http_reqs......: 5     1/s\n\n    HTTP\n");
    struct summary s = must_read(text, "check");
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
    free(text);
}

static void old_versions_count_no_drops(void **state) {
    (void)state;
    struct summary s = must_read(legacy, "legacy");
    assert_true(summary_value(&s, METRIC_DROPPED) == 0);
    summary_fini(&s);
    char *text = replace(legacy, "http_req_failed", "http_req_fooled");
    s = must_read(text, "0.26");
    assert_false(summary_has(&s, METRIC_DROPPED));
    assert_false(summary_has(&s, METRIC_FAILED));
    summary_fini(&s);
    free(text);
    /* The part that would show them is cut off. */
    const char *head = strstr(legacy, "     http_req_duration");
    s = must_read(head, "head cut");
    assert_false(summary_has(&s, METRIC_DROPPED));
    summary_fini(&s);
}

static void hostile_bytes_end_in_an_error(void **state) {
    (void)state;
    struct summary s;
    struct err e;
    static const char nul[] = "  TOTAL RESULTS\n    http_reqs...: 9\0 6 7.96/s\n";
    assert_false(read_bytes(nul, sizeof nul - 1, &s, &e));
    summary_fini(&s);
    static const char *const texts[] = {
        "",
        "\n\n\n",
        "\033",
        "\033]0;never ends",
        "  TOTAL RESULTS\n    http_reqs...: 96\n",
        "  TOTAL RESULTS\n    http_reqs...: 96 7.96\n",
        "  TOTAL RESULTS\n    http_reqs...: 99999999999999999999 7.96/s\n",
        "  TOTAL RESULTS\n    http_reqs...: -96 7.96/s\n",
        "  TOTAL RESULTS\n    http_reqs...: nan nan/s\n",
        "  TOTAL RESULTS\n    http_reqs...: 9\b6 7.96/s\n",
        "    http_reqs...: 96 7.96/s\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (read_bytes(texts[i], strlen(texts[i]), &s, &e))
            fail_msg("case %zu is taken", i);
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(e.text[0] && e.fix[0]);
        summary_fini(&s);
    }
}

static void long_lines_and_many_lines_cost_little(void **state) {
    (void)state;
    enum { BIG = 4 << 20 };
    static const char end[] = "\n     execution: local\n";
    char *big = malloc(BIG + sizeof end + sizeof compact);
    assert_non_null(big);
    static const char *const patterns[] = {
        "x",
        "    a...: b\n",
        "    http_reqs...: 96 7.96/s\n",
        "    http_reqs...: 9\n6\n",
        "    http_req_duration...: avg=1\n",
        "  TOTAL RESULTS\n",
        "  THRESHOLDS\n    x\n    \u2713 'a' b=\n",
        "      { name:a }}}}}.....}.....\n",
        "WARN[0001] x\ny\n",
        "\033[999999999C",
        "running (1h0m0.0s), 1/1 VUs, 1 complete and 1 interrupted iterations\n",
    };
    for (size_t i = 0; i < COUNT(patterns); i++) {
        size_t n = strlen(patterns[i]), len = 0;
        while (len + n <= BIG) {
            memcpy(big + len, patterns[i], n);
            len += n;
        }
        memcpy(big + len, end, sizeof end);
        len += sizeof end - 1;
        memcpy(big + len, compact, sizeof compact);
        len += sizeof compact - 1;
        struct summary s;
        struct err e;
        if (!read_bytes(big, len, &s, &e))
            fail_msg("pattern %zu: %s", i, e.text);
        assert_true(summary_value(&s, METRIC_P95_MS) == 30.14);
        summary_fini(&s);
    }
    free(big);
}

static void endpoints_are_bounded(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 8 << 20);
    buf_str(&b, "  TOTAL RESULTS\n    http_req_duration...: p(95)=4ms\n");
    for (int i = 0; i < ENDPOINTS_MAX + 500; i++)
        buf_printf(&b, "      { name:%d }...: p(95)=1ms\n", i);
    buf_str(&b, "    http_reqs......: 96 7.96/s\n");
    struct summary s = must_read(b.data, "many");
    assert_int_equal(s.endpoints, ENDPOINTS_MAX);
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
    buf_fini(&b);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_paste_reads_the_same),
        cmocka_unit_test(old_rates_count_what_is_true),
        cmocka_unit_test(a_terminal_of_any_width_cuts_nothing_off),
        cmocka_unit_test(a_number_at_the_edge_is_not_trusted),
        cmocka_unit_test(the_last_complete_summary_counts),
        cmocka_unit_test(what_is_said_of_one_run_is_not_of_another),
        cmocka_unit_test(the_mark_of_a_scenario_near_its_end_is_no_stop),
        cmocka_unit_test(a_progress_line_of_before_the_end_is_not_the_duration),
        cmocka_unit_test(only_limits_of_the_load_machine_are_named),
        cmocka_unit_test(times_of_every_form),
        cmocka_unit_test(what_is_no_time_is_no_figure),
        cmocka_unit_test(a_sub_metric_without_a_sample_is_no_endpoint),
        cmocka_unit_test(names_of_endpoints),
        cmocka_unit_test(thresholds_give_what_the_lines_lack),
        cmocka_unit_test(a_part_of_a_full_summary_is_not_the_run),
        cmocka_unit_test(contradictions_are_errors),
        cmocka_unit_test(a_name_that_lost_its_start_is_another_name),
        cmocka_unit_test(a_check_with_the_name_of_a_metric_is_a_check),
        cmocka_unit_test(old_versions_count_no_drops),
        cmocka_unit_test(hostile_bytes_end_in_an_error),
        cmocka_unit_test(long_lines_and_many_lines_cost_little),
        cmocka_unit_test(endpoints_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
