/* One self-contained file: no script, nothing remote, light and dark, fit for paper. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "report/document.h"

/* Letter for letter as in the JSON, so that both can be compared. */
static void add_value(struct buf *out, double value) {
    char text[64] = "null";
    cJSON *number = isfinite(value) ? cJSON_CreateNumber(value) : NULL;
    if (number)
        cJSON_PrintPreallocated(number, text, sizeof text, false);
    cJSON_Delete(number);
    buf_str(out, text);
}

static void add_figure(struct buf *out, const struct doc_cell *c) {
    if (!c->at)
        return;
    buf_printf(out, " data-figure=\"%s\" data-value=\"", c->at);
    add_value(out, c->value);
    if (c->pair) {
        buf_char(out, ' ');
        add_value(out, c->high);
    }
    buf_char(out, '"');
}

static void add_lines(struct buf *out, const char *text) {
    struct buf escaped;
    buf_init(&escaped, REPORT_MAX_BYTES);
    doc_escape(&escaped, text, true);
    for (const char *p = escaped.data; *p; p++)
        if (*p == '\n')
            buf_str(out, "<br>");
        else
            buf_char(out, *p);
    buf_fini(&escaped);
}

static void add_inline(struct writing *d, enum doc_sign sign, const char *text) {
    if (doc_sign(sign)[0])
        buf_printf(&d->out, "<span class=\"sign %s\">%s</span> ", doc_sign_name(sign),
                   doc_sign(sign));
    add_lines(&d->out, text);
}

/* --- the frame ------------------------------------------------------------------------------- */

static void add_style(struct buf *out) {
    for (const struct embedded *f = embedded_report; f->name; f++)
        if (text_ends(f->name, ".css"))
            buf_add(out, f->bytes, f->len);
}

static void begin(struct writing *d, const char *title, const char *sub) {
    buf_str(&d->out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; img-src data:\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    doc_escape(&d->out, title, false);
    buf_str(&d->out, "</title>\n<style>\n");
    add_style(&d->out);
    buf_str(&d->out, "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>");
    doc_escape(&d->out, title, false);
    buf_str(&d->out, "</h1>\n<p class=\"sub\">");
    doc_escape(&d->out, sub, false);
    buf_str(&d->out, "</p>\n");
}

static void end(struct writing *d) { buf_str(&d->out, "</main>\n</body>\n</html>\n"); }

static void verdict(struct writing *d, enum doc_sign sign, const char *word, const char *sentence) {
    buf_printf(&d->out, "</header>\n<div class=\"verdict %s\">\n<p class=\"word\">",
               doc_sign_name(sign));
    add_inline(d, sign, word);
    buf_str(&d->out, "</p>\n<p>");
    add_lines(&d->out, sentence);
    buf_str(&d->out, "</p>\n</div>\n");
}

static void close_notes(struct writing *d) {
    if (d->depth)
        buf_str(&d->out, "</div>\n");
    d->depth = 0;
}

static void section(struct writing *d, const char *title, bool folded) {
    (void)folded;
    buf_printf(&d->out, "<section>\n<h2>%s</h2>\n", title);
}

static void section_end(struct writing *d) {
    close_notes(d);
    buf_str(&d->out, "</section>\n");
}

static void heading(struct writing *d, const char *title) {
    close_notes(d);
    buf_str(&d->out, "<h3>");
    doc_escape(&d->out, title, false);
    buf_str(&d->out, "</h3>\n");
}

static void para(struct writing *d, enum doc_sign sign, const char *text) {
    buf_str(&d->out, "<p>");
    add_inline(d, sign, text);
    buf_str(&d->out, "</p>\n");
}

/* --- lists and tables ------------------------------------------------------------------------ */

static void list(struct writing *d, bool begins) {
    buf_str(&d->out, begins ? "<ul>\n" : "</ul>\n");
}

static void item(struct writing *d, enum doc_sign sign, const char *label, const char *text) {
    buf_str(&d->out, "<li>");
    add_inline(d, sign, "");
    if (label[0]) {
        buf_str(&d->out, "<b>");
        doc_escape(&d->out, label, false);
        buf_str(&d->out, "</b>: ");
    }
    add_lines(&d->out, text);
    buf_str(&d->out, "</li>\n");
}

static void facts(struct writing *d, enum doc_facts kind) {
    static const char *const tags[] = {[FACTS_END] = "</dl>\n",
                                       [FACTS_FIGURES] = "<dl>\n",
                                       [FACTS_PROSE] = "<dl class=\"prose\">\n"};
    buf_str(&d->out, tags[kind]);
}

static void fact(struct writing *d, const char *name, const struct doc_cell *c) {
    buf_str(&d->out, "<div><dt>");
    doc_escape(&d->out, name, false);
    buf_str(&d->out, "</dt><dd");
    add_figure(&d->out, c);
    buf_char(&d->out, '>');
    add_inline(d, c->sign, c->text);
    buf_str(&d->out, "</dd></div>\n");
}

static void table(struct writing *d, bool begins) {
    if (d->columns == 0)
        return;
    if (!begins) {
        buf_str(&d->out, "</tbody>\n</table>\n</div>\n");
        return;
    }
    buf_str(&d->out, "<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>");
    for (size_t i = 0; i < d->columns; i++)
        buf_printf(&d->out, "<th scope=\"col\"%s>%s</th>",
                   d->column[i].number ? " class=\"n\"" : "", d->column[i].title);
    buf_str(&d->out, "</tr></thead>\n<tbody>\n");
}

static void row(struct writing *d, bool begins) { buf_str(&d->out, begins ? "<tr>" : "</tr>\n"); }

/* Text that needs a width of its own, so that it is neither squeezed nor pushes the others out. */
static bool is_long(const char *text) {
    enum { LONG = 28 };
    return strlen(text) > LONG;
}

static void cell(struct writing *d, const struct doc_cell *c) {
    buf_str(&d->out, "<td");
    if (d->column[d->at].number)
        buf_str(&d->out, " class=\"n\"");
    else if (c->sign != SIGN_PLAIN)
        buf_str(&d->out, " class=\"state\"");
    else if (is_long(c->text))
        buf_str(&d->out, " class=\"long\"");
    add_figure(&d->out, c);
    buf_char(&d->out, '>');
    add_inline(d, c->sign, c->text);
    buf_str(&d->out, "</td>");
}

/* --- notes and charts ------------------------------------------------------------------------ */

static void said(struct writing *d, const struct doc_said *s) {
    if (!d->depth)
        buf_str(&d->out, "<div class=\"notes\">\n");
    d->depth = 1;
    buf_printf(&d->out, "<article%s>\n<p class=\"who\"><b>", s->depth ? " class=\"reply\"" : "");
    doc_escape(&d->out, s->by, false);
    buf_printf(&d->out, "</b>, %s", s->when);
    if (s->on[0]) {
        buf_str(&d->out, ", on ");
        doc_escape(&d->out, s->on, false);
    }
    if (s->state[0]) {
        buf_str(&d->out, " · ");
        add_inline(d, s->sign, s->state);
    }
    buf_str(&d->out, "</p>\n<p>");
    add_lines(&d->out, s->text);
    buf_str(&d->out, "</p>\n</article>\n");
}

static void charts(struct writing *d, struct chart *chart, size_t n) {
    buf_str(&d->out, "<div class=\"charts\">\n");
    for (size_t i = 0; i < n; i++)
        html_chart(&d->out, &chart[i], i + 1);
    buf_str(&d->out, "</div>\n");
}

const struct doc_form doc_html = {.begin = begin,
                                  .end = end,
                                  .verdict = verdict,
                                  .section = section,
                                  .section_end = section_end,
                                  .heading = heading,
                                  .para = para,
                                  .list = list,
                                  .item = item,
                                  .facts = facts,
                                  .fact = fact,
                                  .table = table,
                                  .row = row,
                                  .cell = cell,
                                  .said = said,
                                  .charts = charts};
