#include "report/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct {
    const char *word, *ending;
} formats[REPORT_FORMATS] = {[REPORT_MARKDOWN] = {"md", ".md"},
                             [REPORT_HTML] = {"html", ".html"},
                             [REPORT_JUNIT] = {"junit", ".xml"},
                             [REPORT_JSON] = {"json", ".json"}};

bool report_format_parse(const char *word, enum report_format *f) {
    for (int i = 0; i < REPORT_FORMATS; i++)
        if (strcmp(word, formats[i].word) == 0) {
            *f = (enum report_format)i;
            return true;
        }
    return false;
}

const char *report_format_ending(enum report_format f) { return formats[f].ending; }

/* --- escapes --------------------------------------------------------------------------------- */

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void doc_escape(struct buf *out, const char *text, bool lines) {
    size_t len = strlen(text);
    char *clean = mem_new(len + 1, 1);
    text_clean(text, len, lines ? TEXT_LINES : TEXT_ONE_LINE, clean, len + 1);
    for (const char *p = clean; *p; p++) {
        const char *e = entity(*p);
        if (e)
            buf_str(out, e);
        else
            buf_char(out, *p);
    }
    free(clean);
}

/* --- saying ---------------------------------------------------------------------------------- */

void doc_table(struct writing *d, const struct doc_column *column, size_t columns) {
    d->column = column;
    d->columns = columns;
    d->form->table(d, true);
}

void doc_table_end(struct writing *d) { d->form->table(d, false); }

void doc_row(struct writing *d) {
    d->at = 0;
    d->form->row(d, true);
}

void doc_row_end(struct writing *d) { d->form->row(d, false); }

static void add_cell(struct writing *d, const struct doc_cell *c) {
    d->form->cell(d, c);
    d->at++;
}

void doc_text(struct writing *d, const char *text) {
    add_cell(d, &(struct doc_cell){.sign = SIGN_PLAIN, .text = text});
}

void doc_state(struct writing *d, enum doc_sign sign, const char *text) {
    add_cell(d, &(struct doc_cell){.sign = sign, .text = text});
}

enum { AT_BYTES = 128 };

void doc_figure(struct writing *d, const char *text, double value, const char *at, ...) {
    char path[AT_BYTES];
    va_list ap;
    va_start(ap, at);
    vsnprintf(path, sizeof path, at, ap);
    va_end(ap);
    add_cell(d, &(struct doc_cell){.sign = SIGN_PLAIN, .text = text, .at = path, .value = value});
}

void doc_interval(struct writing *d, const char *text, double low, double high, const char *at,
                  ...) {
    char path[AT_BYTES];
    va_list ap;
    va_start(ap, at);
    vsnprintf(path, sizeof path, at, ap);
    va_end(ap);
    add_cell(d, &(struct doc_cell){.sign = SIGN_PLAIN,
                                   .text = text,
                                   .at = path,
                                   .value = low,
                                   .pair = true,
                                   .high = high});
}

void doc_fact(struct writing *d, const char *name, const char *text) {
    if (text[0])
        d->form->fact(d, name, &(struct doc_cell){.sign = SIGN_PLAIN, .text = text});
}

void doc_fact_figure(struct writing *d, const char *name, const char *text, double value,
                     const char *at, ...) {
    char path[AT_BYTES];
    va_list ap;
    va_start(ap, at);
    vsnprintf(path, sizeof path, at, ap);
    va_end(ap);
    d->form->fact(d, name,
                  &(struct doc_cell){.sign = SIGN_PLAIN, .text = text, .at = path, .value = value});
}

/* --- the whole ------------------------------------------------------------------------------- */

static char *tell(const struct report_doc *of, const struct doc_form *form) {
    static void (*const parts[])(struct writing *) = {tell_verdict, tell_causes, tell_run,
                                                      tell_steps,   tell_trends, tell_endpoints,
                                                      tell_load,    tell_review, tell_sources};
    struct writing d = {.of = of, .judged = doc_judgement(of), .form = form};
    buf_init(&d.out, REPORT_MAX_BYTES);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        parts[i](&d);
    form->end(&d);
    char *text = buf_take(&d.out);
    buf_fini(&d.out);
    return text;
}

char *report_document(const struct report_doc *d, enum report_format f) {
    switch (f) {
    case REPORT_MARKDOWN:
        return tell(d, &doc_markdown);
    case REPORT_HTML:
        return tell(d, &doc_html);
    case REPORT_JUNIT:
        return report_junit(d);
    case REPORT_JSON:
    case REPORT_FORMATS:
        break;
    }
    return report_show_json(d);
}
