#include "tools/k6/style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* --- reading --- */

static size_t line_start(const struct syntax *js, size_t at) {
    while (at > 0 && js->text[at - 1] != '\n')
        at--;
    return at;
}

void style_indent(const struct syntax *js, size_t at, char out[INDENT_MAX]) {
    size_t from = line_start(js, at), n = 0;
    while (from + n < js->len && n < INDENT_MAX - 1 &&
           (js->text[from + n] == ' ' || js->text[from + n] == '\t'))
        n++;
    memcpy(out, js->text + from, n);
    out[n] = '\0';
}

bool style_is_one_line(const struct syntax *js, const struct js_list *l) {
    return !memchr(js->text + l->start, '\n', l->end - l->start);
}

/* The first member with only white space before it on its line. */
static const struct member *first_on_line(const struct syntax *js, const struct js_list *l) {
    for (size_t i = 0; i < l->len; i++) {
        size_t at = l->item[i].start;
        while (at > l->start && (js->text[at - 1] == ' ' || js->text[at - 1] == '\t'))
            at--;
        if (at > l->start && js->text[at - 1] == '\n')
            return &l->item[i];
    }
    return NULL;
}

void style_member_indent(const struct syntax *js, const struct js_list *l, const struct style *st,
                         char out[INDENT_MAX]) {
    const struct member *m = first_on_line(js, l);
    if (m) {
        style_indent(js, m->start, out);
        return;
    }
    char outer[INDENT_MAX];
    style_indent(js, l->start, outer);
    snprintf(out, INDENT_MAX, "%.*s%.*s", INDENT_MAX / 2 - 1, outer, INDENT_MAX / 2 - 1, st->step);
}

/* The first line of the file that begins with white space shows one level. */
static void step_of_file(const struct syntax *js, char out[INDENT_MAX]) {
    bool comment = false;
    for (const char *line = js->text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t n = strspn(line, " \t");
        comment = comment || strncmp(line + n, "/*", 2) == 0;
        bool code = n && n <= 8 && line[n] && !strchr("\r\n*/", line[n]);
        if (code && !comment) {
            size_t len = *line == '\t' ? 1 : n;
            memcpy(out, line, len);
            out[len] = '\0';
            return;
        }
        const char *end = strchr(line, '\n');
        size_t rest = end ? (size_t)(end - line) : strlen(line);
        for (size_t i = 0; i + 1 < rest; i++)
            comment = comment && strncmp(line + i, "*/", 2) != 0;
    }
    text_copy(out, INDENT_MAX, "  ");
}

static void read_step(const struct k6_script *s, struct style *st) {
    const struct member *m = s->has_options ? first_on_line(&s->js, &s->options) : NULL;
    step_of_file(&s->js, st->step);
    if (!m)
        return;
    char outer[INDENT_MAX], inner[INDENT_MAX];
    style_indent(&s->js, s->options.start, outer);
    style_indent(&s->js, m->start, inner);
    if (text_starts(inner, outer) && strlen(inner) > strlen(outer))
        text_copy(st->step, sizeof st->step, inner + strlen(outer));
}

struct quote_search {
    char quote;
};

static bool see_quote(const struct syntax *js, TSNode n, bool *down, void *self) {
    (void)down;
    struct quote_search *q = self;
    if (node_is(n, "string"))
        q->quote = js->text[node_start(n)];
    return !q->quote;
}

static char read_quote(const struct k6_script *s) {
    struct quote_search q = {0};
    const struct js_visit v = {see_quote, &q};
    if (s->has_options)
        js_walk(&s->js, s->options.node, &v);
    if (!q.quote)
        js_walk(&s->js, s->js.root, &v);
    return q.quote == '"' ? '"' : '\'';
}

/* Without options: does the first import or statement end with one? */
static bool read_semicolons(const struct k6_script *s) {
    for (uint32_t i = 0; i < ts_node_named_child_count(s->js.root) && i < 64; i++) {
        TSNode n = ts_node_named_child(s->js.root, i);
        if (node_is(n, "import_statement") || node_is(n, "lexical_declaration") ||
            node_is(n, "expression_statement"))
            return s->js.text[node_end(n) - 1] == ';';
    }
    return true;
}

void style_read(const struct k6_script *s, struct style *out) {
    const char *feed = memchr(s->js.text, '\n', s->js.len);
    *out = (struct style){.newline = feed > s->js.text && feed[-1] == '\r' ? "\r\n" : "\n",
                          .quote = read_quote(s),
                          .trailing_comma = true,
                          .semicolons = read_semicolons(s)};
    read_step(s, out);
    if (s->options.len) {
        const struct member *last = &s->options.item[s->options.len - 1];
        out->trailing_comma = last->comma_end > last->end;
    }
}

/* --- writing --- */

struct place place_inside(const struct place *p) {
    struct place inner = *p;
    size_t n = strlen(inner.indent);
    snprintf(inner.indent + n, sizeof inner.indent - n, "%s", p->style->step);
    return inner;
}

void put_open(struct buf *out, char bracket) { buf_char(out, bracket); }

void put_next(struct buf *out, const struct place *inside, bool first) {
    if (!first)
        buf_char(out, ',');
    if (!inside->one_line) {
        buf_str(out, inside->style->newline);
        buf_str(out, inside->indent);
    } else if (out->data[out->len - 1] != '[') {
        buf_char(out, ' ');
    }
}

void put_close(struct buf *out, const struct place *outside, char bracket) {
    if (!outside->one_line) {
        buf_str(out, outside->style->trailing_comma ? "," : "");
        buf_str(out, outside->style->newline);
        buf_str(out, outside->indent);
    } else if (bracket == '}') {
        buf_char(out, ' ');
    }
    buf_char(out, bracket);
}

void put_string(struct buf *out, const struct style *st, const char *text) {
    buf_printf(out, "%c%s%c", st->quote, text, st->quote);
}

static void put_stages(struct buf *out, const struct place *p, const struct wanted *w) {
    struct place inside = place_inside(p);
    char text[32];
    put_open(out, '[');
    for (size_t i = 0; i < w->stages; i++) {
        put_next(out, &inside, i == 0);
        buf_str(out, "{ duration: ");
        put_string(out, p->style, wanted_duration(w->stage[i].duration_ms, text, sizeof text));
        buf_printf(out, ", target: %.0f }", w->stage[i].target);
    }
    put_close(out, p, ']');
}

/* '1m' reads better than '60s' for a time unit. */
static const char *unit_text(double ms, char *out, size_t size) {
    static const struct {
        double ms;
        const char *text;
    } row[] = {{60e3, "1m"}, {600e3, "10m"}, {3600e3, "1h"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (ms == row[i].ms)
            return row[i].text;
    return wanted_duration(ms, out, size);
}

void put_value(struct buf *out, const struct place *p, const struct wanted *w,
               const struct wanted_value *v) {
    char text[32];
    switch (v->kind) {
    case WANTED_NUMBER:
        buf_printf(out, "%.0f", v->number);
        break;
    case WANTED_DURATION:
        put_string(out, p->style,
                   strcmp(v->key, "timeUnit") == 0 ? unit_text(v->number, text, sizeof text)
                                                   : wanted_duration(v->number, text, sizeof text));
        break;
    case WANTED_STAGES:
        put_stages(out, p, w);
        break;
    }
}

void put_pair(struct buf *out, const struct place *p, const struct wanted *w,
              const struct wanted_value *v) {
    buf_printf(out, "%s: ", v->key);
    put_value(out, p, w, v);
}

static void put_scenario(struct buf *out, const struct place *p, const struct wanted *w) {
    struct place inside = place_inside(p);
    put_open(out, '{');
    put_next(out, &inside, true);
    buf_str(out, "executor: ");
    put_string(out, p->style, w->executor->name);
    for (size_t i = 0; i < w->values; i++) {
        put_next(out, &inside, false);
        put_pair(out, &inside, w, &w->value[i]);
    }
    if (!isnan(w->graceful_ms)) {
        const struct wanted_value v = {"gracefulStop", WANTED_DURATION, w->graceful_ms};
        put_next(out, &inside, false);
        put_pair(out, &inside, w, &v);
    }
    put_close(out, p, '}');
}

void put_scenarios(struct buf *out, const struct place *p, const struct wanted *w) {
    struct place inside = place_inside(p);
    buf_str(out, "scenarios: ");
    put_open(out, '{');
    put_next(out, &inside, true);
    buf_str(out, "default: ");
    put_scenario(out, &inside, w);
    put_close(out, p, '}');
}
