/* A report for a pull request: GitHub-flavoured Markdown, verdict and checks first, the rest
 * folded. Nothing that came from outside can make a link, a mention, HTML, a table or a heading. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/document.h"

/* --- escapes --------------------------------------------------------------------------------- */

/* A host may link "@bo" and "#12" after the escapes are gone, so an empty comment parts them. */
static void add_char(struct buf *out, const char *text, size_t i) {
    char c = text[i];
    bool url = c == ':' && text[i + 1] == '/';
    bool web = c == '.' && i >= 3 && strncasecmp(text + i - 3, "www", 3) == 0;
    if (c == '&')
        buf_str(out, "&amp;");
    else if (c == '@' || c == '#')
        buf_printf(out, "\\%c<!-- -->", c);
    else if (strchr("\\`*_[]<>|!~$", c) || url || web)
        buf_printf(out, "\\%c", c);
    else
        buf_char(out, c);
}

static bool ends_mark(char next) { return next == ' ' || next == '\n' || next == '\0'; }

/* What would begin a list, a rule, the underline of a heading or of the head of a table at the
 * start of a line: "- ", "1. ", "---", "===", ":-". */
static size_t start_mark(const char *line) {
    size_t digits = strspn(line, "0123456789");
    if (digits > 0)
        return (line[digits] == '.' || line[digits] == ')') && ends_mark(line[digits + 1])
                   ? digits + 1
                   : 0;
    if (line[0] == '\0' || !strchr("-+=:", line[0]))
        return 0;
    return strchr("-+=:", line[1]) || ends_mark(line[1]) ? 1 : 0;
}

/* One line, up to a newline. Returns its bytes. */
static size_t add_line(struct buf *out, const char *line) {
    size_t n = strcspn(line, "\n"), i = strspn(line, " ");
    if (i > n)
        i = n;
    size_t mark = start_mark(line + i);
    if (mark > 0 && i + mark <= n) {
        buf_add(out, line + i, mark - 1);
        buf_printf(out, "\\%c", line[i + mark - 1]);
        i += mark;
    }
    for (; i < n; i++)
        add_char(out, line, i);
    return n;
}

static bool is_blank(const char *line) {
    size_t n = strspn(line, " ");
    return line[n] == '\n' || line[n] == '\0';
}

/* A new line of a quotation. A tag alone on its line would begin HTML in which escapes do not
 * count, so it breaks with a backslash, which stands for itself before an empty line. */
static void add_break(struct buf *out, const char *quote, bool text_around) {
    if (!quote)
        buf_str(out, "<br>");
    else
        buf_printf(out, "%s\n%s", text_around ? "\\" : "", quote);
}

/* quote: what begins each line; NULL: all in one line. */
static void add_text(struct buf *out, const char *text, const char *quote) {
    size_t len = strlen(text);
    char *clean = mem_new(len + 1, 1);
    text_clean(text, len, TEXT_LINES, clean, len + 1);
    size_t trimmed = strlen(clean);
    const char *p = text_trim(clean, &trimmed);
    clean[(size_t)(p - clean) + trimmed] = '\0';
    for (;;) {
        bool blank = is_blank(p);
        p += add_line(out, p);
        if (*p != '\n')
            break;
        p++;
        add_break(out, quote, !blank && !is_blank(p));
    }
    free(clean);
}

static void add_inline(struct writing *d, enum doc_sign sign, const char *text) {
    if (doc_sign(sign)[0])
        buf_printf(&d->out, "%s ", doc_sign(sign)[0] == '!' ? "\\!" : doc_sign(sign));
    add_text(&d->out, text, NULL);
}

/* --- the form -------------------------------------------------------------------------------- */

static void begin(struct writing *d, const char *title, const char *sub) {
    buf_str(&d->out, "## ");
    add_text(&d->out, title, NULL);
    buf_str(&d->out, "\n\n");
    add_text(&d->out, sub, NULL);
    buf_str(&d->out, "\n\n");
}

static void end(struct writing *d) { (void)d; }

static void verdict(struct writing *d, enum doc_sign sign, const char *word, const char *sentence) {
    buf_str(&d->out, "**");
    add_inline(d, sign, word);
    buf_str(&d->out, "**: ");
    add_text(&d->out, sentence, NULL);
    buf_str(&d->out, "\n\n");
}

static void section(struct writing *d, const char *title, bool folded) {
    d->folded = folded;
    buf_printf(&d->out, folded ? "<details>\n<summary>%s</summary>\n\n" : "### %s\n\n", title);
}

static void section_end(struct writing *d) {
    if (d->folded)
        buf_str(&d->out, "</details>\n\n");
    d->folded = false;
}

static void heading(struct writing *d, const char *title) {
    buf_str(&d->out, "#### ");
    add_text(&d->out, title, NULL);
    buf_str(&d->out, "\n\n");
}

static void para(struct writing *d, enum doc_sign sign, const char *text) {
    add_inline(d, sign, text);
    buf_str(&d->out, "\n\n");
}

static void ended(struct writing *d, bool begins) {
    if (!begins)
        buf_char(&d->out, '\n');
}

static void facts(struct writing *d, enum doc_facts kind) { ended(d, kind != FACTS_END); }

static void item(struct writing *d, enum doc_sign sign, const char *label, const char *text) {
    buf_str(&d->out, "- ");
    add_inline(d, sign, label);
    if (label[0])
        buf_str(&d->out, ": ");
    add_text(&d->out, text, NULL);
    buf_char(&d->out, '\n');
}

static void fact(struct writing *d, const char *name, const struct doc_cell *c) {
    item(d, c->sign, name, c->text);
}

static void table(struct writing *d, bool begins) {
    if (!begins || d->columns == 0) {
        buf_str(&d->out, d->columns ? "\n" : "");
        return;
    }
    for (size_t i = 0; i < d->columns; i++)
        buf_printf(&d->out, "| %s ", d->column[i].title);
    buf_str(&d->out, "|\n");
    for (size_t i = 0; i < d->columns; i++)
        buf_str(&d->out, d->column[i].number ? "|---:" : "|---");
    buf_str(&d->out, "|\n");
}

static void row(struct writing *d, bool begins) {
    if (!begins)
        buf_str(&d->out, "|\n");
}

static void cell(struct writing *d, const struct doc_cell *c) {
    buf_str(&d->out, "| ");
    add_inline(d, c->sign, c->text);
    buf_char(&d->out, ' ');
}

/* A note is a quotation; a reply one inside it. */
static void said(struct writing *d, const struct doc_said *s) {
    const char *quote = s->depth ? "> > " : "> ";
    buf_printf(&d->out, "%s**", quote);
    add_text(&d->out, s->by, NULL);
    buf_printf(&d->out, "**, %s", s->when);
    if (s->on[0]) {
        buf_str(&d->out, ", on ");
        add_text(&d->out, s->on, NULL);
    }
    if (s->state[0]) {
        buf_str(&d->out, ", ");
        add_inline(d, s->sign, s->state);
    }
    buf_printf(&d->out, "\n%s\n%s", quote, quote);
    add_text(&d->out, s->text, quote);
    buf_str(&d->out, "\n\n");
}

/* --- charts ---------------------------------------------------------------------------------- */

enum { SPARKS = 60 };

/* The highest value of each piece of time; NAN: none. */
static void fill_sparks(const struct chart *c, double top[SPARKS]) {
    const struct chart_line *l = &c->line[0];
    for (int i = 0; i < SPARKS; i++)
        top[i] = NAN;
    for (size_t i = 0; i < l->n; i++) {
        double at = (l->x[i] - c->from) / (c->to - c->from) * SPARKS;
        int k = at >= SPARKS ? SPARKS - 1 : at > 0 ? (int)at : 0;
        top[k] = fmax(top[k], l->y[i]);
    }
}

static void add_sparks(struct writing *d, const struct chart *c) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double top[SPARKS], most = 0;
    fill_sparks(c, top);
    for (int i = 0; i < SPARKS; i++)
        most = fmax(most, top[i]);
    for (int i = 0; i < SPARKS; i++) {
        double share = most > 0 ? top[i] / most : 0;
        buf_str(&d->out, isnan(top[i]) ? " " : blocks[share >= 1 ? 7 : (int)(share * 8)]);
    }
}

static void charts(struct writing *d, struct chart *chart, size_t n) {
    char words[DOC_TEXT], from[32], to[32];
    for (size_t i = 0; i < n; i++) {
        const struct chart *c = &chart[i];
        if (!c->time || !(c->to > c->from))
            continue;
        buf_printf(&d->out, "%s\n\n```text\n", chart_words(c, words, sizeof words));
        add_sparks(d, c);
        buf_printf(&d->out, "\n%-8s%*s\n```\n\n", chart_x_text(c, c->from, from, sizeof from),
                   SPARKS - 8, chart_x_text(c, c->to, to, sizeof to));
    }
}

const struct doc_form doc_markdown = {.begin = begin,
                                      .end = end,
                                      .verdict = verdict,
                                      .section = section,
                                      .section_end = section_end,
                                      .heading = heading,
                                      .para = para,
                                      .list = ended,
                                      .item = item,
                                      .facts = facts,
                                      .fact = fact,
                                      .table = table,
                                      .row = row,
                                      .cell = cell,
                                      .said = said,
                                      .charts = charts};
