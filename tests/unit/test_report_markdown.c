/* The Markdown report, as GitHub's own reader takes it: nothing from outside becomes markup, and
 * tables keep their columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "unit/report_fixture.h"

/* --- as GitHub reads it ---------------------------------------------------------------------- */

static cmark_node *parse(const char *text) {
    static const char *const names[] = {"table", "autolink", "strikethrough", "tasklist",
                                        "tagfilter"};
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *p = cmark_parser_new(CMARK_OPT_DEFAULT);
    for (size_t i = 0; i < COUNT(names); i++)
        cmark_parser_attach_syntax_extension(p, cmark_find_syntax_extension(names[i]));
    cmark_parser_feed(p, text, strlen(text));
    cmark_node *root = cmark_parser_finish(p);
    cmark_parser_free(p);
    return root;
}

static void expect_block(cmark_node *n) {
    static const char *const ours[] = {"<details>\n<summary>", "</details>\n"};
    const char *text = cmark_node_get_literal(n);
    for (size_t i = 0; i < COUNT(ours); i++)
        if (strncmp(text, ours[i], strlen(ours[i])) == 0)
            return;
    fail_msg("HTML block %.80s", text);
}

static void expect_inline(cmark_node *n) {
    const char *text = cmark_node_get_literal(n);
    if (strcmp(text, "<br>") != 0 && strcmp(text, "<!-- -->") != 0)
        fail_msg("HTML %.80s", text);
}

/* "@bo" or "#12" in one piece of text: a host would link it. */
static void expect_apart(cmark_node *n) {
    const char *text = cmark_node_get_literal(n);
    for (const char *p = text; (p = strpbrk(p, "@#")) != NULL; p++)
        if (p[1] != '\0')
            fail_msg("%.60s can be linked", p);
}

struct seen {
    int links, headings, quotes, tables, lists, rules, code;
};

static void look(cmark_node *n, struct seen *s) {
    const char *type = cmark_node_get_type_string(n);
    s->links += strcmp(type, "link") == 0 || strcmp(type, "image") == 0 ||
                strcmp(type, "strikethrough") == 0 || strcmp(type, "code") == 0 ||
                strcmp(type, "emph") == 0;
    s->headings += strcmp(type, "heading") == 0;
    s->quotes += strcmp(type, "block_quote") == 0;
    s->tables += strcmp(type, "table") == 0;
    s->lists += strcmp(type, "list") == 0;
    s->rules += strcmp(type, "thematic_break") == 0;
    s->code += strcmp(type, "code_block") == 0;
    if (strcmp(type, "html_block") == 0)
        expect_block(n);
    if (strcmp(type, "html_inline") == 0)
        expect_inline(n);
    if (strcmp(type, "text") == 0)
        expect_apart(n);
}

static struct seen walk(const char *text) {
    struct seen s = {0};
    cmark_node *root = parse(text);
    cmark_iter *it = cmark_iter_new(root);
    while (cmark_iter_next(it) != CMARK_EVENT_DONE)
        if (cmark_iter_get_event_type(it) == CMARK_EVENT_ENTER)
            look(cmark_iter_get_node(it), &s);
    cmark_iter_free(it);
    cmark_node_free(root);
    return s;
}

static void nothing_becomes_markup(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++) {
        static struct told t;
        told_make(&t, (enum told_run)run);
        told_waive(&t, "p95", "bo", "known\nand accepted");
        told_spoiler = "plain";
        told_spoil(&t);
        char *good = report_document(&t.doc, REPORT_MARKDOWN);
        told_spoiler = TOLD_EVIL;
        told_spoil(&t);
        char *evil = report_document(&t.doc, REPORT_MARKDOWN);
        struct seen a = walk(good), b = walk(evil);
        told_expect_clean(evil);
        assert_int_equal(a.links, 0);
        assert_int_equal(b.links, 0);
        assert_int_equal(a.headings, b.headings);
        assert_int_equal(a.quotes, b.quotes);
        assert_int_equal(a.tables, b.tables);
        assert_int_equal(b.rules, 0);
        assert_int_equal(a.code, b.code);
        assert_int_equal(a.lists, b.lists);
        free(good);
        free(evil);
        told_end(&t);
    }
}

/* Texts of nothing but signs that mean something, in a sentence, a note and a cell. */
static void random_signs(void **state) {
    static const char *const signs[] = {
        "*",  "_",    "`",    "~",  "[", "]",       "(",     ")",  "<", ">", "#",  "|", "\\", "!",
        "\n", " ",    "    ", "-",  "+", "=",       "1.",    "2)", "&", ";", ":",  "/", "@",  "$",
        "a",  "www.", "b",    "\"", "'", "http://", "&#64;", "b/", "^", "{", "--", "x", "```"};
    (void)state;
    static struct told t;
    told_make(&t, TOLD_STRESS);
    told_waive(&t, "p95", "bo", "plain");
    struct seen want = {0};
    unsigned random = 1;
    for (int i = 0; i < 1000; i++) {
        char text[200] = "plain";
        struct text_out o = {text, sizeof text, 0};
        for (int k = 0; i > 0 && k < 24; k++) {
            const char *sign = signs[told_random(&random) % COUNT(signs)];
            text_put(&o, sign, strlen(sign));
        }
        text_copy(t.review.judgement.sentence, sizeof t.review.judgement.sentence, text);
        text_copy(t.said[0].text, sizeof t.said[0].text, text);
        text_copy(t.said[1].text, sizeof t.said[1].text, text);
        text_copy(t.review.judgement.check[0].waived_why, 200, text);
        text_copy(t.record.is.script, sizeof t.record.is.script, text);
        char *report = report_document(&t.doc, REPORT_MARKDOWN);
        struct seen got = walk(report);
        if (i == 0)
            want = got;
        if (memcmp(&got, &want, sizeof got) != 0)
            fail_msg("\"%s\" becomes markup", text);
        free(report);
    }
    told_end(&t);
}

/* A row of a table has as many cells as its head. */
static void tables_keep_their_columns(void **state) {
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    told_spoil(&t);
    char *text = report_document(&t.doc, REPORT_MARKDOWN);
    size_t columns = 0, rows = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        size_t n = 0;
        if (line[0] != '|') {
            columns = 0;
            continue;
        }
        for (const char *p = line; *p; p++)
            n += *p == '|' && (p == line || p[-1] != '\\');
        if (columns && n != columns)
            fail_msg("%zu instead of %zu: %.100s", n, columns, line);
        columns = n;
        rows++;
    }
    assert_true(rows > 50);
    free(text);
    told_end(&t);
}

/* --- escapes --------------------------------------------------------------------------------- */

static void escapes(void **state) {
    static const struct {
        const char *text, *written;
    } cases[] = {{"a_b*c`d", "a\\_b\\*c\\`d"},
                 {"[x](y)", "\\[x\\](y)"},
                 {"<b> & |", "\\<b\\> &amp; \\|"},
                 {"@bo #12", "\\@<!-- -->bo \\#<!-- -->12"},
                 {"http://x", "http\\://x"},
                 {"www.x.y", "www\\.x.y"},
                 {"- a", "\\- a"},
                 {"-3 ms", "-3 ms"},
                 {"1. a", "1\\. a"},
                 {"1.32 %", "1.32 %"},
                 {"+ a", "\\+ a"},
                 {"---", "\\---"},
                 {"a\nb", "a<br>b"},
                 {"a\n    - b", "a<br>\\- b"},
                 {"\xe2\x80\xaexyz", "?xyz"},
                 {"\x1b[31m", "?\\[31m"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct told t;
        char want[200];
        told_init(&t);
        summary_init(&t.record.run);
        t.record.is.target_rps = NAN;
        text_copy(t.review.judgement.sentence, sizeof t.review.judgement.sentence, cases[i].text);
        char *text = report_document(&t.doc, REPORT_MARKDOWN);
        snprintf(want, sizeof want, "**: %s\n", cases[i].written);
        if (!strstr(text, want))
            fail_msg("%s: no %s in %.300s", cases[i].text, want, text);
        free(text);
        summary_fini(&t.record.run);
    }
}

/* --- what stands in it ----------------------------------------------------------------------- */

/* Verdict and checks are seen at once, all else is folded. */
static void short_first(void **state) {
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    char *text = report_document(&t.doc, REPORT_MARKDOWN);
    const char *fold = strstr(text, "<details>"), *checks = strstr(text, "### Checks");
    assert_true(strncmp(text, "## Run 14: Load, 40 RPS, load\\_orders.jmx\n", 42) == 0);
    assert_non_null(checks);
    assert_true(strstr(text, "**✗ over limit, confirmed by bo**: ") < checks);
    assert_true(checks < fold);
    size_t open = 0, closed = 0;
    for (const char *p = text; (p = strstr(p, "<details>")) != NULL; p++)
        open++;
    for (const char *p = text; (p = strstr(p, "</details>")) != NULL; p++)
        closed++;
    assert_int_equal(open, closed);
    free(text);
    told_end(&t);
}

static void a_waiver_is_named(void **state) {
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    told_waive(&t, "p95", "bo", "known, ticket 4711");
    char *text = report_document(&t.doc, REPORT_MARKDOWN);
    assert_non_null(strstr(text, "over limit, with a waiver"));
    assert_non_null(strstr(text, "| ✗ over limit, waived | p95 |"));
    assert_non_null(strstr(text, "Waived by bo: known, ticket 4711."));
    free(text);
    told_end(&t);
}

static void same_bytes(void **state) {
    (void)state;
    told_same_bytes(REPORT_MARKDOWN);
}

static void golden(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++)
        told_golden((enum told_run)run, REPORT_MARKDOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_becomes_markup),
        cmocka_unit_test(random_signs),
        cmocka_unit_test(tables_keep_their_columns),
        cmocka_unit_test(escapes),
        cmocka_unit_test(short_first),
        cmocka_unit_test(a_waiver_is_named),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
