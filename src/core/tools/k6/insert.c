#include "tools/k6/insert.h"

#include <stdio.h>
#include <string.h>

#include "tools/k6/list_edit.h"
#include "tools/k6/overlay.h"
#include "tools/k6/thresholds.h"

static const char bom[] = "\xef\xbb\xbf";

static void put_options(struct buf *out, const struct place *p, const struct wanted *w,
                        const struct profile *profile) {
    struct place inside = place_inside(p);
    struct buf limits;
    buf_init(&limits, SCRIPT_TEXT_MAX);
    put_thresholds(&limits, p->style, profile);
    put_open(out, '{');
    put_next(out, &inside, true);
    if (w->shortcut)
        put_pair(out, &inside, w, wanted_find(w, "stages"));
    else
        put_scenarios(out, &inside, w);
    if (limits.len) {
        put_next(out, &inside, false);
        buf_str(out, limits.data);
    }
    put_next(out, &inside, false);
    put_trend_stats(out, p->style);
    put_close(out, p, '}');
    buf_fini(&limits);
}

/* --- where it goes --- */

/* const http = require('k6/http'), also with .default behind it. */
static bool is_import(const struct k6_script *s, TSNode n) {
    if (node_is(n, "import_statement"))
        return true;
    TSNode value = js_unwrap(node_field(ts_node_named_child(n, 0), "value"));
    while (node_is(value, "member_expression"))
        value = js_unwrap(node_field(value, "object"));
    return (node_is(n, "lexical_declaration") || node_is(n, "variable_declaration")) &&
           node_is(value, "call_expression") &&
           node_text_is(&s->js, node_field(value, "function"), "require");
}

/* 'use strict' counts only in front of everything else. */
static bool is_first(TSNode n) {
    return node_is(n, "hash_bang_line") ||
           (node_is(n, "expression_statement") && node_is(ts_node_named_child(n, 0), "string"));
}

struct spot {
    size_t at;
    bool after_import;
    bool own_line; /* nothing but a comment stands behind the import on its line */
};

static size_t line_end(const struct syntax *js, size_t at) {
    const char *feed = at < js->len ? memchr(js->text + at, '\n', js->len - at) : NULL;
    size_t end = feed ? (size_t)(feed - js->text) : js->len;
    return end > at && js->text[end - 1] == '\r' ? end - 1 : end;
}

static struct spot behind(const struct k6_script *s, TSNode import) {
    const struct syntax *js = &s->js;
    size_t at = node_end(import), end = line_end(js, at), next = at;
    while (next < end && (js->text[next] == ' ' || js->text[next] == '\t'))
        next++;
    bool comment = next + 1 < end && js->text[next] == '/' && js->text[next + 1] == '/';
    bool own_line = next == end || comment;
    return (struct spot){.at = own_line ? end : at, .after_import = true, .own_line = own_line};
}

/* Before the first statement, and before comments that stand right above it. */
static struct spot in_front(const struct k6_script *s, const struct nodes *top) {
    const struct syntax *js = &s->js;
    size_t first = 0;
    while (first < top->len && is_first(top->item[first]))
        first++;
    size_t at = first < top->len ? node_start(top->item[first]) : js->len;
    TSNode before = first < top->len ? ts_node_prev_named_sibling(top->item[first]) : (TSNode){0};
    while (node_is(before, "comment") &&
           syntax_line_at(js, node_end(before)) + 1 >= syntax_line_at(js, at)) {
        at = node_start(before);
        before = ts_node_prev_named_sibling(before);
    }
    size_t least = js->len >= 3 && memcmp(js->text, bom, 3) == 0 ? 3 : 0;
    return (struct spot){.at = at > least ? at : least};
}

static struct spot find_spot(const struct k6_script *s) {
    struct nodes top = {0};
    js_children(s->js.root, &top);
    TSNode last = {0};
    for (size_t i = 0; i < top.len; i++)
        if (is_import(s, top.item[i]))
            last = top.item[i];
    struct spot spot = ts_node_is_null(last) ? in_front(s, &top) : behind(s, last);
    nodes_fini(&top);
    return spot;
}

/* --- its name --- */

static bool is_taken(const struct k6_script *s, const char *name) {
    size_t count;
    names_all(&s->names, name, strlen(name), &count);
    return count > 0;
}

/* "options", unless the script uses that name for something else. */
static void choose_name(const struct k6_script *s, char *out, size_t size) {
    snprintf(out, size, "options");
    if (options_name_is_free(s))
        return;
    for (int i = 1; i < 1000; i++) {
        snprintf(out, size, i > 1 ? "loadOptions%d" : "loadOptions", i);
        if (!is_taken(s, out))
            return;
    }
}

static bool has_property_exports(const struct k6_script *s) {
    for (size_t i = 0; i < s->names.exports; i++)
        if (s->names.export_[i].form == EXPORT_PROPERTY)
            return true;
    return false;
}

static void put_statement(struct buf *out, const struct k6_script *s, const struct place *p,
                          const struct wanted *w, const struct profile *profile) {
    char name[32];
    choose_name(s, name, sizeof name);
    bool common = !ts_node_is_null(s->names.common_js), direct = strcmp(name, "options") == 0;
    const char *semicolon = p->style->semicolons ? ";" : "";
    if (common)
        buf_printf(out, "%sexports.options = ", has_property_exports(s) ? "" : "module.");
    else
        buf_printf(out, "%sconst %s = ", direct ? "export " : "", name);
    put_options(out, p, w, profile);
    buf_str(out, semicolon);
    if (!common && !direct)
        buf_printf(out, "%sexport { %s as options }%s", p->style->newline, name, semicolon);
}

/* --- one way for each kind of script --- */

static void insert_statement(const struct k6_script *s, const struct style *st,
                             const struct wanted *w, const struct profile *p, struct edits *out) {
    struct place place = {.style = st};
    struct spot spot = find_spot(s);
    const char *nl = st->newline;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    if (spot.after_import)
        buf_printf(&text, "%s%s", nl, nl);
    put_statement(&text, s, &place, w, p);
    size_t next = line_end(&s->js, spot.at);
    bool blank_follows = spot.own_line && next < s->js.len &&
                         line_end(&s->js, next + strlen(nl)) == next + strlen(nl);
    if (!spot.after_import)
        buf_printf(&text, "%s%s", nl, nl);
    else if (!blank_follows)
        buf_str(&text, nl);
    edits_add(out, spot.at, spot.at, text.data);
    buf_fini(&text);
}

static void fill_empty(const struct k6_script *s, const struct style *st, const struct wanted *w,
                       const struct profile *p, struct edits *out) {
    struct place place = {.style = st};
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    style_indent(&s->js, s->options.start, place.indent);
    put_options(&text, &place, w, p);
    edits_add(out, s->options.start, s->options.end, text.data);
    buf_fini(&text);
}

/* module.exports = { default: main }: a statement before it would be lost. */
static void insert_member(const struct k6_script *s, const struct style *st, const struct wanted *w,
                          const struct profile *p, struct edits *out) {
    struct js_list l;
    struct list_edit e;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    js_list_open(&s->js, s->names.module_exports, &l);
    list_edit_begin(&e, &s->js, &l, st, out);
    buf_str(&text, "options: ");
    put_options(&text, &e.place, w, p);
    list_append(&e, text.data);
    list_edit_end(&e);
    js_list_close(&l);
    buf_fini(&text);
}

void options_insert(const struct k6_script *s, const struct style *st, const struct wanted *w,
                    const struct profile *p, struct edits *out) {
    if (!ts_node_is_null(s->computed))
        overlay_insert(s, st, w, out);
    else if (s->has_options)
        fill_empty(s, st, w, p, out);
    else if (!ts_node_is_null(s->names.module_exports))
        insert_member(s, st, w, p, out);
    else
        insert_statement(s, st, w, p, out);
}
