/* The summaries of real runs of k6: what every file of tests/data/k6 holds, in pieces of any size,
 * and what is left of it when it is cut. */
#include "tools/k6/k6_results.h"

#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DATA TEST_DATA "/k6"

/* Bytes that all the cuts of one file together may cost. */
static const size_t cut_work_bytes = 2 << 20;

static char where[512]; /* case and file, for messages */

/* --- files ----------------------------------------------------------------------------------- */

struct case_file {
    char *bytes; /* owned; exactly len, so that a sanitizer sees a read past it */
    size_t len;
    const struct reader *reader;
    const cJSON *truth, *about; /* of expected.json */
    bool legacy_026;
};

static char *exact_copy(const char *s, size_t len) {
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, s, len);
    return copy;
}

static char *load(const char *path, size_t *len) {
    struct err e = {0};
    char *bytes = file_read(path, 4 << 20, len, &e);
    if (!bytes)
        fail_msg("%s: %s", path, e.text);
    char *copy = exact_copy(bytes, *len);
    free(bytes);
    return copy;
}

static const cJSON *get(const cJSON *o, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static bool is_summary(const cJSON *about) {
    const char *format = cJSON_GetStringValue(get(about, "format"));
    return format &&
           (strncmp(format, "k6-text", 7) == 0 || strncmp(format, "k6-summary", 10) == 0 ||
            strcmp(format, "k6-handle-summary") == 0);
}

static void one_file(const char *dir, const cJSON *expected, const cJSON *about,
                     void (*test)(const struct case_file *)) {
    struct case_file s = {.truth = get(expected, "truth"), .about = about};
    snprintf(where, sizeof where, "%s/%s", dir, about->string);
    const char *version = cJSON_GetStringValue(get(expected, "tool_version"));
    s.legacy_026 = version && strncmp(version, "0.26", 4) == 0;
    char path[512];
    snprintf(path, sizeof path, DATA "/%s/%s", dir, about->string);
    s.bytes = load(path, &s.len);
    s.reader = strstr(about->string, ".json") ? &k6_json_reader : &k6_text_reader;
    test(&s);
    free(s.bytes);
}

/* Calls test for every summary file that the expected.json of a case names. Returns how many. */
static int each_sample(void (*test)(const struct case_file *)) {
    DIR *d = opendir(DATA);
    assert_non_null(d);
    int n = 0;
    for (struct dirent *entry; (entry = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, DATA "/%s/expected.json", entry->d_name);
        if (entry->d_name[0] == '.' || !file_exists(path))
            continue;
        size_t len;
        char *text = load(path, &len);
        cJSON *expected = cJSON_ParseWithLength(text, len);
        free(text);
        assert_non_null(expected);
        const cJSON *about;
        cJSON_ArrayForEach(about, get(expected, "files")) {
            if (!is_summary(about))
                continue;
            one_file(entry->d_name, expected, about, test);
            n++;
        }
        cJSON_Delete(expected);
    }
    closedir(d);
    return n;
}

static bool no_summary_in(const struct case_file *s) { return get(s->about, "note") != NULL; }

/* --- the figures of a file against expected.json --------------------------------------------- */

static const struct {
    const char *key;
    enum metric metric;
} truths[] = {
    {"requests", METRIC_REQUESTS},
    {"failures", METRIC_FAILED},
    {"rps", METRIC_RPS},
    {"avg_ms", METRIC_AVG_MS},
    {"min_ms", METRIC_MIN_MS},
    {"med_ms", METRIC_MED_MS},
    {"p90_ms", METRIC_P90_MS},
    {"p95_ms", METRIC_P95_MS},
    {"p99_ms", METRIC_P99_MS},
    {"max_ms", METRIC_MAX_MS},
    {"duration_s", METRIC_DURATION_S},
    {"max_vus", METRIC_VUS_MAX},
    {"vus_max", METRIC_VUS_ALLOCATED},
    {"iterations", METRIC_ITERATIONS},
    {"dropped_iterations", METRIC_DROPPED},
    {"checks_passed", METRIC_CHECKS_PASSED},
    {"checks_failed", METRIC_CHECKS_FAILED},
};

static void check_inside(const struct figure *f, double truth, double slack, const char *key) {
    if (!(truth >= f->low - slack && truth <= f->high + slack))
        fail_msg("%s: %s is %.9g, in the file [%.9g, %.9g]", where, key, truth, f->low, f->high);
}

static void check_truth(const struct case_file *s, const struct summary *got, size_t i) {
    const char *key = truths[i].key;
    const struct figure *f = &got->figure[truths[i].metric];
    const cJSON *truth = get(s->truth, key);
    if (!truth)
        return; /* the recordings' cases say less */
    const cJSON *line = get(s->truth, "p99_ms_from_threshold_line");
    bool text = s->reader == &k6_text_reader;
    if (text && truths[i].metric == METRIC_P99_MS && line) {
        assert_true(f->value == line->valuedouble);
        return;
    }
    /* 0.26 counts no dropped iterations. */
    if (cJSON_IsNull(truth) || (s->legacy_026 && truths[i].metric == METRIC_DROPPED)) {
        if (!isnan(f->value))
            fail_msg("%s: %s is not in the file, got %g", where, key, f->value);
        return;
    }
    if (isnan(f->value)) {
        bool shown = !text || truths[i].metric < METRIC_AVG_MS ||
                     truths[i].metric > METRIC_MAX_MS || get(get(s->about, "shown_ms"), key);
        if (shown)
            fail_msg("%s: no %s", where, key);
        return;
    }
    /* expected.json rounds to 6 decimals, the duration to 3. k6 divides by the length of the run
     * anew for the text, some 0.1 ms later than for the JSON summary that expected.json is from. */
    double slack = truths[i].metric == METRIC_DURATION_S ? 6e-4 : 1e-6;
    if (text && truths[i].metric == METRIC_RPS)
        slack = 1e-4 * truth->valuedouble;
    check_inside(f, truth->valuedouble, slack, key);
}

static void check_shown(const struct case_file *s, const struct summary *got) {
    const cJSON *shown = get(s->about, "shown_ms"), *progress = get(s->about, "progress");
    for (size_t i = 0; i < COUNT(truths); i++) {
        const cJSON *v = get(shown, truths[i].key);
        double value = got->figure[truths[i].metric].value;
        if (v && fabs(v->valuedouble - value) > 1e-9 * fmax(1, value))
            fail_msg("%s: shows %s %.9g, got %.9g", where, truths[i].key, v->valuedouble, value);
    }
    const char *reqs = cJSON_GetStringValue(get(get(s->about, "shown"), "http_reqs"));
    if (reqs)
        assert_true(strtod(strchr(reqs, ' '), NULL) == summary_value(got, METRIC_RPS));
    if (!progress)
        return;
    assert_true(fabs(summary_value(got, METRIC_DURATION_S) -
                     get(progress, "duration_s")->valuedouble) < 1e-9);
    assert_true(summary_value(got, METRIC_INTERRUPTED) ==
                get(progress, "iterations_interrupted")->valuedouble);
}

static const struct threshold *find_threshold(const struct summary *got, const char *metric,
                                              const char *expr) {
    for (size_t i = 0; i < got->thresholds; i++)
        if (strcmp(got->threshold[i].metric, metric) == 0 &&
            (!expr || strcmp(got->threshold[i].expr, expr) == 0))
            return &got->threshold[i];
    return NULL;
}

/* The text up to 0.57 has one mark for all thresholds of a metric, and no expressions. */
static bool all_ok(const cJSON *list, const char *metric) {
    const cJSON *it;
    cJSON_ArrayForEach(it, list) if (strcmp(get(it, "metric")->valuestring, metric) == 0 &&
                                     !cJSON_IsTrue(get(it, "ok"))) return false;
    return true;
}

static void check_thresholds(const struct case_file *s, const struct summary *got) {
    bool legacy = strcmp(got->format, "k6-text-legacy") == 0;
    bool none = strcmp(got->format, "k6-summary-machine-readable") == 0;
    const cJSON *it, *list = get(s->truth, "thresholds");
    if (!list)
        return;
    size_t n = 0;
    cJSON_ArrayForEach(it, list) {
        const char *metric = get(it, "metric")->valuestring;
        bool ok = legacy ? all_ok(list, metric) : cJSON_IsTrue(get(it, "ok"));
        const struct threshold *t =
            find_threshold(got, metric, legacy ? NULL : get(it, "expr")->valuestring);
        n++;
        if (none)
            continue;
        if (!t || t->ok != ok)
            fail_msg("%s: threshold %s %s", where, metric, t ? "is turned round" : "is missing");
    }
    if (!legacy)
        assert_int_equal(got->thresholds, none ? 0 : n);
}

static void check_sample(const struct case_file *s) {
    struct summary got;
    struct err e = {0};
    bool ok = reader_read(s->reader, s->bytes, s->len, &got, &e);
    if (no_summary_in(s)) {
        assert_false(ok);
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_non_null(strstr(e.fix, "handleSummary"));
        summary_fini(&got);
        return;
    }
    if (!ok)
        fail_msg("%s: %s", where, e.text);
    /* The cases of recordings do not tell full from compact. */
    assert_string_equal(got.format, get(s->about, "format")->valuestring);
    for (size_t i = 0; i < COUNT(truths); i++)
        check_truth(s, &got, i);
    check_thresholds(s, &got);
    if (s->reader == &k6_text_reader)
        check_shown(s, &got);
    assert_int_equal(got.blocks, 1);
    summary_fini(&got);
}

static void every_sample_gives_its_expected_figures(void **state) {
    (void)state;
    assert_true(each_sample(check_sample) >= 60);
}

/* --- what single files say besides ----------------------------------------------------------- */

static struct summary read_file(const char *name) {
    char path[512];
    size_t len;
    snprintf(path, sizeof path, DATA "/%s", name);
    snprintf(where, sizeof where, "%s", name);
    char *bytes = load(path, &len);
    struct summary s;
    struct err e = {0};
    const struct reader *r = strstr(name, ".json") ? &k6_json_reader : &k6_text_reader;
    if (!reader_read(r, bytes, len, &s, &e))
        fail_msg("%s: %s", name, e.text);
    free(bytes);
    return s;
}

static void a_run_that_was_stopped_says_why(void **state) {
    (void)state;
    static const struct {
        const char *file, *why;
    } cases[] = {
        {"aborted-ctrl-c-v2.2/terminal.txt", "interrupt signal"},
        {"aborted-ctrl-c-v2.2/terminal.typescript", "interrupt signal"},
        /* the message is cut in two by the edge of the terminal */
        {"stress-v2.2-abort/terminal.txt", "abortOnFail"},
        {"stress-v2.2-abort/terminal.joined.txt", "abortOnFail"},
        {"stress-v2.2-fail/terminal.txt", ""},
        {"dropped-v2.2/console.txt", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = read_file(cases[i].file);
        if (cases[i].why[0])
            assert_non_null(strstr(s.stopped, cases[i].why));
        else
            assert_string_equal(s.stopped, "");
        /* "Insufficient VUs" is no limit of the load machine. */
        assert_string_equal(s.generator, "");
        summary_fini(&s);
    }
}

static void sub_metrics_become_endpoints(void **state) {
    (void)state;
    static const struct {
        const char *file, *name;
        double p95_ms, requests;
    } cases[] = {
        {"load-v2.2-compact/terminal.txt", "scenario buy", 30.24, 301},
        {"load-v1.0/terminal.txt", "scenario buy", 30.1, 301},
        {"load-v0.26-pass/console.txt", "create order", 29.94, NAN},
        {"load-v1.4-legacy-mode/console.txt", "scenario buy", 30.03, 301},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = read_file(cases[i].file);
        assert_int_equal(s.endpoints, 1);
        assert_string_equal(s.endpoint[0].name, cases[i].name);
        assert_true(s.endpoint[0].figure[METRIC_P95_MS].value == cases[i].p95_ms);
        double n = s.endpoint[0].figure[METRIC_REQUESTS].value;
        assert_true(isnan(cases[i].requests) ? isnan(n) : n == cases[i].requests);
        summary_fini(&s);
    }
}

static void parts_of_a_full_summary_become_endpoints(void **state) {
    (void)state;
    static const char *const files[] = {
        "load-v2.2-full/terminal.txt", "load-v2.2-full/terminal.joined.txt",
        "load-v2.2-full/terminal.ansi.txt", "load-v2.2-full/terminal.typescript"};
    static const struct {
        const char *name;
        double requests, p95_ms;
    } parts[] = {
        {"scenario buy", 301, 29.99},
        {"scenario browse", 1264, 30.07},
        {"scenario browse, group catalogue", 632, 30.36},
        {"scenario browse, group detail", 632, 29.89},
        {"scenario buy, group checkout", 301, 29.99},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct summary s = read_file(files[i]);
        assert_true(summary_value(&s, METRIC_REQUESTS) == 1565);
        assert_int_equal(s.endpoints, COUNT(parts));
        for (size_t k = 0; k < COUNT(parts); k++) {
            const struct endpoint *p = &s.endpoint[k];
            assert_string_equal(p->name, parts[k].name);
            assert_true(p->figure[METRIC_REQUESTS].value == parts[k].requests);
            assert_true(p->figure[METRIC_FAILED].value == 0);
            assert_true(p->figure[METRIC_P95_MS].value == parts[k].p95_ms);
        }
        summary_fini(&s);
    }
}

static void good_answers_have_their_own_times(void **state) {
    (void)state;
    struct summary s = read_file("stress-v2.2-fail/terminal.txt");
    assert_true(summary_value(&s, METRIC_OK_P95_MS) == 834.7);
    assert_true(summary_value(&s, METRIC_OK_AVG_MS) == 339.19);
    summary_fini(&s);
    s = read_file("stress-v2.2-fail/summary-export.json");
    assert_true(fabs(summary_value(&s, METRIC_OK_P95_MS) - 834.7005966) < 1e-6);
    summary_fini(&s);
}

static void connecting_is_the_time_blocked(void **state) {
    (void)state;
    struct summary s = read_file("load-v2.2-full/terminal.txt");
    assert_true(fabs(summary_value(&s, METRIC_CONNECT_MS) - 0.01153) < 1e-12);
    summary_fini(&s);
    s = read_file("load-v2.2-compact/terminal.txt");
    assert_false(summary_has(&s, METRIC_CONNECT_MS)); /* compact does not show it */
    summary_fini(&s);
}

static void rounding_is_kept_as_an_interval(void **state) {
    (void)state;
    /* --summary-time-unit=s rounds: 0.03 s is anything from 25 to 35 ms. */
    struct summary s = read_file("timeunit-v2.2/console.txt");
    assert_true(fabs(s.figure[METRIC_P95_MS].low - 25) < 1e-9);
    assert_true(fabs(s.figure[METRIC_P95_MS].high - 35) < 1e-9);
    assert_string_equal(s.figure[METRIC_P95_MS].quote, "p(95)=0.03s");
    assert_int_equal(s.figure[METRIC_P95_MS].line, 65);
    assert_false(summary_has(&s, METRIC_AVG_MS)); /* not asked for */
    summary_fini(&s);
    /* Else k6 cuts off: 30.1 ms is never less than 30.1 ms. */
    s = read_file("baseline-v0.33/console.txt");
    assert_true(s.figure[METRIC_P95_MS].low == 30.1);
    assert_true(fabs(s.figure[METRIC_P95_MS].high - 30.11) < 1e-9);
    summary_fini(&s);
}

static void the_machine_readable_summary_has_a_version(void **state) {
    (void)state;
    struct summary s = read_file("baseline-v2.2-machine/summary-machine.json");
    assert_string_equal(s.tool_version, "2.2.0");
    assert_true(fabs(summary_value(&s, METRIC_DURATION_S) - 12.098322134) < 1e-9);
    summary_fini(&s);
}

/* --- pieces and cuts ------------------------------------------------------------------------- */

static bool read_pieces(const struct reader *r, const char *bytes, size_t len, size_t cut,
                        size_t step, struct summary *s) {
    summary_init(s);
    struct sink out = summary_sink(s, r);
    void *self = r->open(&out);
    bool ok = true;
    for (size_t at = 0; ok && at < len;) {
        size_t n = step ? step : at == 0 ? cut : len - cut;
        if (n > len - at || n == 0)
            n = len - at;
        char *piece = exact_copy(bytes + at, n);
        ok = r->feed(self, piece, n, NULL);
        free(piece);
        at += n;
    }
    ok = ok && r->finish(self, NULL);
    r->close(self);
    return ok;
}

static bool same_figure(const struct figure *a, const struct figure *b) {
    return ((isnan(a->value) && isnan(b->value)) ||
            (a->value == b->value && a->low == b->low && a->high == b->high)) &&
           a->line == b->line && strcmp(a->quote, b->quote) == 0;
}

static void assert_same(const struct summary *a, const struct summary *b, size_t cut) {
    bool same = a->blocks == b->blocks && a->lines == b->lines &&
                strcmp(a->format, b->format) == 0 && strcmp(a->stopped, b->stopped) == 0 &&
                strcmp(a->generator, b->generator) == 0 && a->endpoints == b->endpoints &&
                a->thresholds == b->thresholds;
    for (int m = 0; m < METRICS; m++)
        same = same && same_figure(&a->figure[m], &b->figure[m]);
    for (size_t i = 0; same && i < a->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            same = same && same_figure(&a->endpoint[i].figure[m], &b->endpoint[i].figure[m]);
    if (!same)
        fail_msg("%s: cut at byte %zu gives other figures", where, cut);
}

static size_t cut_step(size_t len) {
    size_t cuts = cut_work_bytes / (len + 1);
    return cuts >= len ? 1 : len / (cuts + 1) + 1;
}

static void check_pieces(const struct case_file *s) {
    struct summary whole, got;
    bool ok = reader_read(s->reader, s->bytes, s->len, &whole, NULL);
    assert_int_equal(read_pieces(s->reader, s->bytes, s->len, 0, 1, &got), ok);
    assert_same(&whole, &got, 1);
    summary_fini(&got);
    for (size_t cut = 1; cut < s->len; cut += cut_step(s->len)) {
        assert_int_equal(read_pieces(s->reader, s->bytes, s->len, cut, 0, &got), ok);
        assert_same(&whole, &got, cut);
        summary_fini(&got);
    }
    summary_fini(&whole);
}

static void pieces_of_any_size_give_the_same(void **state) {
    (void)state;
    each_sample(check_pieces);
}

/* A duration is read from the progress line when there is one, else computed. */
static bool agrees(enum metric m, const struct figure *part, const struct figure *whole) {
    if (isnan(part->value))
        return true;
    if (m == METRIC_DURATION_S)
        return part->low <= whole->high && whole->low <= part->high;
    return part->value == whole->value;
}

static const struct endpoint *same_endpoint(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (strcmp(s->endpoint[i].name, name) == 0)
            return &s->endpoint[i];
    return NULL;
}

/* What a part of a file says is nothing, or what the whole says. */
static void assert_part(const struct case_file *s, const char *bytes, size_t len,
                        const struct summary *whole) {
    struct summary got;
    char *part = exact_copy(bytes, len);
    struct err e = {0};
    bool ok = reader_read(s->reader, part, len, &got, &e);
    free(part);
    size_t from = (size_t)(bytes - s->bytes);
    if (!ok)
        assert_true(e.text[0] != '\0');
    for (int m = 0; ok && m < METRICS; m++)
        if (!agrees((enum metric)m, &got.figure[m], &whole->figure[m]))
            fail_msg("%s: bytes %zu to %zu give %s %.9g, the whole %.9g", where, from, from + len,
                     metric_name((enum metric)m), got.figure[m].value, whole->figure[m].value);
    for (size_t i = 0; ok && i < got.endpoints; i++) {
        const struct endpoint *p = &got.endpoint[i], *w = same_endpoint(whole, p->name);
        if (!w)
            fail_msg("%s: bytes %zu to %zu give endpoint %s", where, from, from + len, p->name);
        for (int m = 0; w && m < ENDPOINT_METRICS; m++)
            if (!agrees((enum metric)m, &p->figure[m], &w->figure[m]))
                fail_msg("%s: bytes %zu to %zu: endpoint %s", where, from, from + len, p->name);
    }
    for (size_t i = 0; ok && i < got.thresholds; i++) {
        const struct threshold *t = &got.threshold[i];
        const struct threshold *w = find_threshold(whole, t->metric, t->expr);
        if (!w || w->ok != t->ok)
            fail_msg("%s: bytes %zu to %zu: threshold %s", where, from, from + len, t->metric);
    }
    summary_fini(&got);
}

static void check_cut_texts(const struct case_file *s) {
    if (s->reader != &k6_text_reader || no_summary_in(s))
        return;
    struct summary whole;
    assert_true(reader_read(s->reader, s->bytes, s->len, &whole, NULL));
    size_t step = cut_step(s->len), next_byte = 0;
    size_t lines = 0, every;
    for (size_t i = 0; i < s->len; i++)
        lines += s->bytes[i] == '\n';
    every = lines * s->len / (2 * cut_work_bytes) + 1;
    lines = 0;
    for (size_t i = 0; i < s->len; i++) {
        /* The summary stands at the end: there every line counts. */
        bool end = s->len < 60000 && i + 6000 > s->len;
        bool line = s->bytes[i] == '\n' && (lines++ % every == 0 || end);
        if (line) {
            assert_part(s, s->bytes, i, &whole);
            assert_part(s, s->bytes, i + 1, &whole);
            assert_part(s, s->bytes + i + 1, s->len - i - 1, &whole);
        } else if (i >= next_byte) {
            assert_part(s, s->bytes, i, &whole);
            assert_part(s, s->bytes + i, s->len - i, &whole);
            next_byte = i + step;
        }
    }
    summary_fini(&whole);
}

static void a_cut_text_never_gives_another_figure(void **state) {
    (void)state;
    each_sample(check_cut_texts);
}

static void check_cut_json(const struct case_file *s) {
    if (s->reader != &k6_json_reader)
        return;
    size_t end = s->len;
    while (end && strchr(" \r\n", s->bytes[end - 1]))
        end--;
    for (size_t n = 1; n < end; n += cut_step(s->len)) {
        struct summary got;
        char *part = exact_copy(s->bytes, n);
        struct err e = {0};
        if (reader_read(s->reader, part, n, &got, &e) || e.kind != ERR_FORMAT)
            fail_msg("%s: the first %zu bytes are taken", where, n);
        free(part);
        summary_fini(&got);
    }
}

static void a_cut_json_is_an_error(void **state) {
    (void)state;
    each_sample(check_cut_json);
}

/* --- recognising ----------------------------------------------------------------------------- */

static void check_sniff(const struct case_file *s) {
    const struct reader *other = s->reader == &k6_text_reader ? &k6_json_reader : &k6_text_reader;
    size_t head = s->len < 65536 ? s->len : 65536;
    char *bytes = exact_copy(s->bytes, head);
    if (s->reader->sniff(bytes, head) < 80 || other->sniff(bytes, head) != 0)
        fail_msg("%s is not recognised", where);
    free(bytes);
    /* Never reads past what it is given. */
    for (size_t n = 0; n < 600 && n < s->len; n += 7) {
        bytes = exact_copy(s->bytes, n);
        s->reader->sniff(bytes, n);
        other->sniff(bytes, n);
        free(bytes);
    }
}

static void summaries_are_recognised(void **state) {
    (void)state;
    each_sample(check_sniff);
}

static void other_formats_are_refused(void **state) {
    (void)state;
    DIR *d = opendir(DATA "/not-a-summary");
    assert_non_null(d);
    int n = 0;
    for (struct dirent *entry; (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        char path[512];
        size_t len;
        snprintf(path, sizeof path, DATA "/not-a-summary/%s", entry->d_name);
        char *bytes = load(path, &len);
        struct summary s;
        struct err e = {0};
        if (k6_text_reader.sniff(bytes, len) || k6_json_reader.sniff(bytes, len))
            fail_msg("%s is taken for a summary of k6", entry->d_name);
        assert_false(reader_read(&k6_text_reader, bytes, len, &s, &e));
        summary_fini(&s);
        assert_false(reader_read(&k6_json_reader, bytes, len, &s, &e));
        summary_fini(&s);
        free(bytes);
        n++;
    }
    closedir(d);
    assert_true(n >= 15);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_gives_its_expected_figures),
        cmocka_unit_test(a_run_that_was_stopped_says_why),
        cmocka_unit_test(sub_metrics_become_endpoints),
        cmocka_unit_test(parts_of_a_full_summary_become_endpoints),
        cmocka_unit_test(good_answers_have_their_own_times),
        cmocka_unit_test(connecting_is_the_time_blocked),
        cmocka_unit_test(rounding_is_kept_as_an_interval),
        cmocka_unit_test(the_machine_readable_summary_has_a_version),
        cmocka_unit_test(pieces_of_any_size_give_the_same),
        cmocka_unit_test(a_cut_text_never_gives_another_figure),
        cmocka_unit_test(a_cut_json_is_an_error),
        cmocka_unit_test(summaries_are_recognised),
        cmocka_unit_test(other_formats_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
