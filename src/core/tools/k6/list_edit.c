#include "tools/k6/list_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct span {
    size_t start, end;
};

void list_edit_begin(struct list_edit *e, const struct syntax *js, const struct js_list *list,
                     const struct style *st, struct edits *out) {
    *e = (struct list_edit){.js = js, .list = list, .out = out, .place = {.style = st}};
    e->gone = mem_new(list->len, sizeof *e->gone);
    e->place.one_line = style_is_one_line(js, list);
    style_member_indent(js, list, st, e->place.indent);
}

static size_t index_of(const struct list_edit *e, const struct member *m) {
    return (size_t)(m - e->list->item);
}

void list_delete(struct list_edit *e, const struct member *m) { e->gone[index_of(e, m)] = true; }

void list_replace_value(struct list_edit *e, const struct member *m, const char *value) {
    TSNode old = node_field(m->node, "value");
    if (m->kind == MEMBER_PAIR && !ts_node_is_null(old)) {
        edits_add(e->out, node_start(old), node_end(old), value);
        return;
    }
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    buf_printf(&text, "%s: %s", m->name, value);
    edits_add(e->out, m->start, m->end, text.data);
    buf_fini(&text);
}

static void insert(struct list_edit *e, size_t after, const char *text) {
    e->insert = mem_grow(e->insert, e->inserts, &e->inserts_cap, sizeof *e->insert);
    e->insert[e->inserts++] = (struct list_insert){.after = after, .text = mem_strdup(text)};
}

void list_insert_after(struct list_edit *e, const struct member *m, const char *text) {
    insert(e, index_of(e, m), text);
}

static size_t last_kept(const struct list_edit *e) {
    for (size_t i = e->list->len; i > 0; i--)
        if (!e->gone[i - 1])
            return i - 1;
    return LIST_BEGIN;
}

void list_append(struct list_edit *e, const char *text) { insert(e, LIST_END, text); }

/* --- places in the text --- */

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static size_t skip_blanks(const struct list_edit *e, size_t at) {
    while (at < e->js->len && is_blank(e->js->text[at]))
        at++;
    return at;
}

static bool at_line_end(const struct list_edit *e, size_t at) {
    return at >= e->js->len || e->js->text[at] == '\n' ||
           (e->js->text[at] == '\r' && at + 1 < e->js->len && e->js->text[at + 1] == '\n');
}

static size_t back_over_blanks(const struct list_edit *e, size_t at) {
    while (at > e->list->start + 1 && is_blank(e->js->text[at - 1]))
        at--;
    return at;
}

/* The end of comments that stand behind `at` on the same line, when nothing else follows them
 * there; else `at`. */
static size_t after_comments(const struct list_edit *e, size_t at) {
    const char *text = e->js->text;
    size_t end = skip_blanks(e, at);
    while (end + 1 < e->js->len && text[end] == '/' &&
           (text[end + 1] == '/' || text[end + 1] == '*')) {
        const char *stop = text[end + 1] == '/' ? memchr(text + end, '\n', e->js->len - end)
                                                : strstr(text + end, "*/");
        if (!stop)
            return at;
        bool line_comment = text[end + 1] == '/';
        if (!line_comment && memchr(text + end, '\n', (size_t)(stop - text) - end))
            return at;
        end = (size_t)(stop - text) + (line_comment ? 0 : 2);
        if (line_comment && text[end - 1] == '\r')
            end--;
        if (line_comment)
            return end;
        if (at_line_end(e, skip_blanks(e, end)))
            return end;
        end = skip_blanks(e, end);
    }
    return at;
}

/* A comment behind the old member goes on a line of its own: behind many lines it would seem to
 * speak of the last one. */
void list_replace(struct list_edit *e, const struct member *m, const char *text) {
    edits_add(e->out, m->start, m->end, text);
    if (e->place.one_line || after_comments(e, m->comma_end) == m->comma_end)
        return;
    struct buf line;
    buf_init(&line, SCRIPT_TEXT_MAX);
    buf_printf(&line, "%s%s", e->place.style->newline, e->place.indent);
    edits_add(e->out, m->comma_end, skip_blanks(e, m->comma_end), line.data);
    buf_fini(&line);
}

/* --- deleting --- */

/* A member that goes, and the white space that would be left over on its line. */
static struct span span_of(const struct list_edit *e, size_t start, size_t end) {
    size_t next = skip_blanks(e, end);
    if (at_line_end(e, next) || next == e->list->end - 1)
        return (struct span){back_over_blanks(e, start), end};
    return (struct span){start, next};
}

/* A line on which nothing but the span stands goes as a whole. */
static struct span whole_lines(const struct list_edit *e, struct span s) {
    size_t from = back_over_blanks(e, s.start), to = skip_blanks(e, s.end);
    if (from == 0 || e->js->text[from - 1] != '\n' || !at_line_end(e, to) || to >= e->js->len)
        return s;
    return (struct span){from, to + (e->js->text[to] == '\r' ? 2 : 1)};
}

static void add_span(struct list_edit *e, struct span *open, struct span s) {
    if (s.start <= open->end && open->end > open->start) {
        open->end = s.end > open->end ? s.end : open->end;
        return;
    }
    if (open->end > open->start) {
        struct span whole = whole_lines(e, *open);
        edits_add(e->out, whole.start, whole.end, "");
    }
    *open = s;
}

static bool only_blanks(const struct list_edit *e, size_t from, size_t to) {
    for (; from < to; from++)
        if (!is_blank(e->js->text[from]))
            return false;
    return true;
}

static void delete_members(struct list_edit *e) {
    struct span open = {0};
    for (size_t i = 0; i < e->list->len; i++) {
        const struct member *m = &e->list->item[i];
        if (!e->gone[i])
            continue;
        bool comma = m->comma_end > m->end,
             near = comma && only_blanks(e, m->end, m->comma_end - 1);
        if (!comma || near) {
            add_span(e, &open, span_of(e, m->start, m->comma_end));
        } else { /* a comment or a line break stands between member and comma */
            add_span(e, &open, span_of(e, m->start, m->end));
            add_span(e, &open, (struct span){m->comma_end - 1, m->comma_end});
        }
    }
    add_span(e, &open, (struct span){e->js->len + 1, e->js->len + 2});
}

/* --- inserting --- */

static bool keeps_one_after(const struct list_edit *e, size_t index) {
    for (size_t i = index == LIST_BEGIN ? 0 : index + 1; i < e->list->len; i++)
        if (!e->gone[i])
            return true;
    return false;
}

static bool has_trailing_comma(const struct list_edit *e) {
    const struct js_list *l = e->list;
    if (!l->len)
        return e->place.style->trailing_comma && !e->place.one_line;
    return l->item[l->len - 1].comma_end > l->item[l->len - 1].end;
}

/* Everything that is inserted at one place: "a: 1,\n  b: 2". */
static void join(struct list_edit *e, size_t after, struct buf *out) {
    bool first = true;
    for (size_t i = 0; i < e->inserts; i++) {
        if (e->insert[i].after != after)
            continue;
        if (!first && e->place.one_line)
            buf_str(out, ", ");
        else if (!first)
            buf_printf(out, ",%s%s", e->place.style->newline, e->place.indent);
        buf_str(out, e->insert[i].text);
        first = false;
    }
}

static void put_new_line(const struct list_edit *e, struct buf *out) {
    if (!e->place.one_line)
        buf_printf(out, "%s%s", e->place.style->newline, e->place.indent);
}

/* In the place of the last member, when that goes. false when it does not, or when it shares its
 * line with others. */
static bool insert_for_last(struct list_edit *e) {
    const struct js_list *l = e->list;
    if (!l->len || !e->gone[l->len - 1])
        return false;
    const struct member *m = &l->item[l->len - 1];
    size_t line = back_over_blanks(e, m->start), behind = after_comments(e, m->comma_end);
    if (!e->place.one_line && e->js->text[line - 1] != '\n')
        return false;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    if (!e->place.one_line && behind != m->comma_end) {
        put_new_line(e, &text);
        join(e, LIST_END, &text);
        buf_str(&text, has_trailing_comma(e) ? "," : "");
        edits_add(e->out, behind, behind, text.data);
    } else {
        join(e, LIST_END, &text);
        edits_add(e->out, m->start, m->end, text.data);
        e->gone[l->len - 1] = false;
    }
    buf_fini(&text);
    return true;
}

/* Behind a member that stays, or at the begin. */
static void insert_behind(struct list_edit *e, size_t group, size_t after) {
    const struct js_list *l = e->list;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    size_t at = l->start + 1;
    bool tight = l->is_array && after == LIST_BEGIN;
    if (after != LIST_BEGIN) {
        at = l->item[after].comma_end;
        if (at == l->item[after].end)
            edits_add(e->out, at, at, ",");
    }
    put_new_line(e, &text);
    if (e->place.one_line && !tight)
        buf_char(&text, ' ');
    join(e, group, &text);
    buf_str(&text, keeps_one_after(e, after) || has_trailing_comma(e) ? "," : "");
    if (e->place.one_line && !l->is_array && l->end - l->start == 2)
        buf_char(&text, ' ');
    if (!e->place.one_line)
        at = after_comments(e, at);
    edits_add(e->out, at, at, text.data);
    buf_fini(&text);
}

/* The comma of what is now the last member, in a list whose last one had none. */
static void drop_last_comma(struct list_edit *e) {
    size_t last = last_kept(e);
    if (last == LIST_BEGIN || has_trailing_comma(e))
        return;
    const struct member *m = &e->list->item[last];
    for (size_t i = 0; i < e->inserts; i++)
        if (e->insert[i].after == last ||
            (e->insert[i].after == LIST_END && last + 1 < e->list->len))
            return;
    if (m->comma_end > m->end)
        edits_add(e->out, m->comma_end - 1, m->comma_end, "");
}

static void insert_groups(struct list_edit *e) {
    for (size_t i = 0; i < e->inserts; i++) {
        size_t group = e->insert[i].after;
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || e->insert[k].after == group;
        if (seen || (group == LIST_END && insert_for_last(e)))
            continue;
        insert_behind(e, group, group == LIST_END ? last_kept(e) : group);
    }
}

void list_edit_end(struct list_edit *e) {
    insert_groups(e);
    delete_members(e);
    drop_last_comma(e);
    for (size_t i = 0; i < e->inserts; i++)
        free(e->insert[i].text);
    free(e->insert);
    free(e->gone);
    *e = (struct list_edit){0};
}
