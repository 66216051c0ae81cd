/* The HTML report: every figure in it is that of the JSON, nothing from outside is markup, nothing
 * is fetched from anywhere, and its charts lose no spike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <ctype.h>

#include "report/chart.h"
#include "unit/report_fixture.h"

/* --- figures --------------------------------------------------------------------------------- */

/* "checks[0].value" */
static const cJSON *resolve(const cJSON *o, const char *path) {
    while (o && *path) {
        size_t n = strcspn(path, ".[]");
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        if (n > 0 && isdigit((unsigned char)name[0]))
            o = cJSON_GetArrayItem(o, atoi(name));
        else if (n > 0)
            o = cJSON_GetObjectItemCaseSensitive(o, name);
        path += n;
        path += strspn(path, ".[]");
    }
    return o;
}

static void expect_same(const char *path, const cJSON *it, const char *value) {
    char *json = it ? cJSON_PrintUnformatted(it) : NULL;
    if (!json || strcmp(value, json) != 0)
        fail_msg("%s is %s, in JSON %s", path, value, json ? json : "missing");
    free(json);
}

/* What is shown is the figure, rounded to the digits that are shown. */
static void expect_rounded(const char *path, const char *shown, double value) {
    char digits[64];
    size_t n = 0, decimals = 0;
    bool point = false;
    if (strncmp(shown, "no data", 7) == 0 || strncmp(shown, "not set", 7) == 0)
        fail_msg("%s is %g and reads \"%.20s\"", path, value, shown);
    const char *p = shown + strcspn(shown, "0123456789");
    bool minus = p > shown && p[-1] == '-';
    for (; (isdigit((unsigned char)*p) || *p == ',' || *p == '.') && n + 1 < sizeof digits; p++) {
        if (*p == ',')
            continue;
        digits[n++] = *p;
        decimals += point;
        point = point || *p == '.';
    }
    digits[n] = '\0';
    if (*p == ':') /* a clock */
        return;
    double scale = strncmp(p, " %", 2) == 0 ? 100 : 1;
    double got = (minus ? -1 : 1) * strtod(digits, NULL);
    if (!(fabs(got - value * scale) <= 0.5000001 * pow(10, -(double)decimals)))
        fail_msg("%s is %.17g and reads \"%.40s\"", path, value, shown);
}

/* One figure at `at`; returns what is behind it. */
static const char *expect_figure(const cJSON *root, const char *at) {
    static const char second[] = " data-value=\"";
    char path[160], value[100];
    snprintf(path, sizeof path, "%.*s", (int)strcspn(at, "\""), at);
    at += strcspn(at, "\"") + 1;
    assert_int_equal(strncmp(at, second, sizeof second - 1), 0);
    at += sizeof second - 1;
    snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\""), at);
    at = strchr(at, '>') + 1;
    const cJSON *it = resolve(root, path);
    if (cJSON_IsArray(it)) {
        char *high = strchr(value, ' ');
        assert_non_null(high);
        *high++ = '\0';
        expect_same(path, cJSON_GetArrayItem(it, 0), value);
        expect_same(path, cJSON_GetArrayItem(it, 1), high);
        return at;
    }
    expect_same(path, it, value);
    if (strcmp(value, "null") != 0)
        expect_rounded(path, at, it->valuedouble);
    else if (strncmp(at, "no data", 7) != 0 && strncmp(at, "not set", 7) != 0)
        fail_msg("%s is not known and reads \"%.20s\"", path, at);
    return at;
}

static void figures_are_those_of_the_json(void **state) {
    static const int least[TOLD_RUNS] = {
        [TOLD_PASSED] = 90, [TOLD_FAILED] = 100, [TOLD_STRESS] = 70, [TOLD_SOAK] = 50};
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++) {
        static struct told t;
        static const char mark[] = " data-figure=\"";
        int n = 0;
        told_make(&t, (enum told_run)run);
        char *html = report_document(&t.doc, REPORT_HTML);
        char *json = report_document(&t.doc, REPORT_JSON);
        cJSON *root = cJSON_Parse(json);
        for (const char *p = html; (p = strstr(p, mark)) != NULL; n++)
            p = expect_figure(root, p + sizeof mark - 1);
        if (n < least[run])
            fail_msg("%s has only %d figures", told_names[run], n);
        cJSON_Delete(root);
        free(json);
        free(html);
        told_end(&t);
    }
}

/* --- markup ---------------------------------------------------------------------------------- */

static const char *const tags[] = {
    "!doctype",   "html",  "head",  "meta", "title", "style", "body",    "main",
    "header",     "h1",    "h2",    "h3",   "p",     "div",   "section", "span",
    "b",          "br",    "i",     "ul",   "li",    "dl",    "dt",      "dd",
    "table",      "thead", "tbody", "tr",   "th",    "td",    "article", "figure",
    "figcaption", "svg",   "desc",  "text", "line",  "rect",  "path",    "circle"};
static const char *const alone[] = {"!doctype", "meta", "br", "line", "rect", "path", "circle"};
static const char *const attributes[] = {
    "html",        "lang",       "charset", "http-equiv", "content", "name", "class",
    "data-figure", "data-value", "scope",   "tabindex",   "viewBox", "role", "aria-labelledby",
    "id",          "x",          "y",       "x1",         "x2",      "y1",   "y2",
    "width",       "height",     "d",       "cx",         "cy",      "r",    "/"};

static bool is_in(const char *word, size_t n, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == n && strncmp(list[i], word, n) == 0)
            return true;
    return false;
}
#define IS_IN(word, n, list) is_in(word, n, list, COUNT(list))

/* From behind the name of a tag to its ">": only known attributes, in quotes. */
static const char *expect_attributes(const char *p) {
    for (p += strspn(p, " "); *p && *p != '>'; p += strspn(p, " ")) {
        size_t n = strcspn(p, "=> ");
        if (!IS_IN(p, n, attributes))
            fail_msg("attribute %.60s", p);
        p += n;
        if (*p != '=')
            continue;
        assert_int_equal(p[1], '"');
        p = strchr(p + 2, '"') + 1;
    }
    return p;
}

/* Tags that are known, closed in their order; outside of them no "<". */
static void expect_markup(const char *html) {
    char open[64][12];
    size_t depth = 0;
    for (const char *p = html; (p = strchr(p, '<')) != NULL;) {
        bool closes = p[1] == '/';
        p += closes ? 2 : 1;
        size_t n = strcspn(p, " >/");
        if (!IS_IN(p, n, tags))
            fail_msg("tag <%.60s", p);
        if (closes) {
            assert_true(depth > 0);
            if (strncmp(open[--depth], p, n) != 0 || open[depth][n])
                fail_msg("</%.20s closes <%s>", p, open[depth]);
        } else if (!IS_IN(p, n, alone)) {
            assert_true(depth < COUNT(open));
            snprintf(open[depth++], sizeof *open, "%.*s", (int)n, p);
        }
        p = expect_attributes(p + n);
    }
    assert_int_equal(depth, 0);
}

/* Each & begins an entity of ours: none of the text's own is left. */
static void expect_entities(const char *html) {
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (const char *p = html; (p = strchr(p, '&')) != NULL; p++) {
        bool known = false;
        for (size_t i = 0; i < COUNT(entities); i++)
            known = known || text_starts(p, entities[i]);
        if (!known)
            fail_msg("entity %.30s", p);
    }
}

static void markup_is_ours(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++)
        for (int evil = 0; evil < 2; evil++) {
            static struct told t;
            told_make(&t, (enum told_run)run);
            if (evil)
                told_spoil(&t);
            char *html = report_document(&t.doc, REPORT_HTML);
            expect_markup(html);
            expect_entities(html);
            told_expect_clean(html);
            if (evil)
                assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;"));
            free(html);
            told_end(&t);
        }
}

/* The only words that could fetch or run something stand in texts, escaped, never in tags. */
static void nothing_is_fetched(void **state) {
    static const char *const words[] = {"<script", "<link", "<img",    "<iframe", "src=\"",
                                        "href=",   "url(",  "@import", "<use",    "foreignObject"};
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    char *html = report_document(&t.doc, REPORT_HTML);
    for (size_t i = 0; i < COUNT(words); i++)
        if (strstr(html, words[i]))
            fail_msg("has %s", words[i]);
    assert_non_null(strstr(html, "content=\"default-src 'none'; style-src 'unsafe-inline'; "
                                 "img-src data:\""));
    assert_non_null(strstr(html, "@media print"));
    assert_non_null(strstr(html, "prefers-color-scheme: dark"));
    free(html);
    told_end(&t);
}

/* --- what is not known ----------------------------------------------------------------------- */

static void nothing_known(void **state) {
    (void)state;
    static struct told t;
    told_init(&t);
    summary_init(&t.record.run);
    t.record.is.target_rps = NAN;
    t.record.judgement.window.requests = NAN;
    for (int f = 0; f < REPORT_JSON; f++) {
        char *text = report_document(&t.doc, (enum report_format)f);
        told_expect_clean(text);
        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "inf "));
        free(text);
    }
    char *html = report_document(&t.doc, REPORT_HTML);
    expect_markup(html);
    assert_non_null(strstr(html, "No check was made: no data."));
    assert_non_null(strstr(html, "No chart: the result holds no values over time."));
    free(html);
    summary_fini(&t.record.run);
}

/* --- charts ---------------------------------------------------------------------------------- */

static void steps_are_round(void **state) {
    static const struct {
        double span;
        int most;
        double step;
        const char *why;
    } cases[] = {{100, 4, 50, "0, 50, 100"},      {80, 4, 20, "0 to 80"},
                 {81, 4, 50, "20 would be five"}, {0.3, 4, 0.1, "small"},
                 {1e9, 4, 5e8, "large"},          {0, 4, 0, "no span"},
                 {NAN, 4, 0, "not known"}};
    static const struct {
        double span_s, step;
    } times[] = {{45, 10}, {750, 120}, {3600, 600}, {28800, 7200}, {86400 * 3, 43200}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (fabs(chart_step(cases[i].span, cases[i].most) - cases[i].step) > 1e-9 * cases[i].step)
            fail_msg("%s: %g", cases[i].why, chart_step(cases[i].span, cases[i].most));
    for (size_t i = 0; i < COUNT(times); i++)
        assert_true(chart_time_step(times[i].span_s, 7) == times[i].step);
    assert_true(chart_time_step(NAN, 7) == 0);
}

/* A record of n seconds with one spike and one hole. */
static void make_series(struct told *t, size_t n, size_t spike) {
    struct series *r = &t->record.run.series;
    r->point = mem_new(n, sizeof *r->point);
    r->points = r->cap = n;
    for (size_t i = 0; i < n; i++) {
        r->point[i] = point_none((double)i, 1);
        r->point[i].requests = 100;
        r->point[i].p95_ms = i == spike ? 9000 : 200;
    }
}

static void no_spike_is_lost(void **state) {
    (void)state;
    for (size_t spike = 0; spike < 4000; spike += 333) {
        static struct told t;
        struct chart chart[CHARTS_MAX];
        told_init(&t);
        summary_init(&t.record.run);
        make_series(&t, 4000, spike);
        assert_int_equal(charts_make(&t.doc, chart), 2);
        const struct chart_line *l = &chart[0].line[0];
        double most = 0;
        for (size_t i = 0; i < l->n; i++)
            most = fmax(most, l->y[i]);
        assert_true(most == 9000);
        assert_true(l->n <= (size_t)2 * CHART_COLUMNS);
        for (size_t i = 1; i < l->n; i++)
            assert_true(l->x[i] > l->x[i - 1]);
        for (size_t i = 0; i < 2; i++)
            chart_fini(&chart[i]);
        summary_fini(&t.record.run);
    }
}

static void limits_are_seen(void **state) {
    (void)state;
    static const struct {
        enum told_run run;
        const char *has;
    } cases[] = {{TOLD_FAILED, "class=\"limit-name\">limit 500</text>"},
                 {TOLD_FAILED, "class=\"limit-name\">target 40</text>"},
                 {TOLD_FAILED, "class=\"window\"/>"},
                 {TOLD_STRESS, ", logarithmic</span>"},
                 {TOLD_STRESS, "class=\"note-name\">break</text>"},
                 {TOLD_SOAK, "limit 2,048 is above the chart"},
                 {TOLD_SOAK, "<path class=\"guide\""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct told t;
        told_make(&t, cases[i].run);
        char *html = report_document(&t.doc, REPORT_HTML);
        if (!strstr(html, cases[i].has))
            fail_msg("%s: no %s", told_names[cases[i].run], cases[i].has);
        free(html);
        told_end(&t);
    }
}

/* --- formats --------------------------------------------------------------------------------- */

static void words_of_formats(void **state) {
    static const struct {
        const char *word, *ending;
        enum report_format f;
    } cases[] = {{"md", ".md", REPORT_MARKDOWN},
                 {"html", ".html", REPORT_HTML},
                 {"junit", ".xml", REPORT_JUNIT},
                 {"json", ".json", REPORT_JSON}};
    static const char *const wrong[] = {"", "MD", "markdown", "xml", "html "};
    enum report_format f;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(report_format_parse(cases[i].word, &f));
        assert_int_equal(f, cases[i].f);
        assert_string_equal(report_format_ending(f), cases[i].ending);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(report_format_parse(wrong[i], &f));
}

static void same_bytes(void **state) {
    (void)state;
    told_same_bytes(REPORT_HTML);
}

static void golden(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++)
        told_golden((enum told_run)run, REPORT_HTML);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_json),
        cmocka_unit_test(markup_is_ours),
        cmocka_unit_test(nothing_is_fetched),
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(no_spike_is_lost),
        cmocka_unit_test(limits_are_seen),
        cmocka_unit_test(words_of_formats),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
