#include "tools/jmeter/jmx_edit.h"

#include <string.h>

static void add(const struct jmx_edit *e, size_t start, size_t end, const char *with) {
    edits_add(e->out, start - e->from, end - e->from, with);
}

/* --- white space --- */

struct jmx_margin jmx_margin(const struct jmx *x, int element) {
    size_t end = x->item[element].start, at = end;
    while (at > 0 && (x->text[at - 1] == ' ' || x->text[at - 1] == '\t'))
        at--;
    if (at == 0 || x->text[at - 1] != '\n' || end - at > JMX_MARGIN_MAX)
        return (struct jmx_margin){"", 0};
    at--;
    if (at > 0 && x->text[at - 1] == '\r')
        at--;
    return (struct jmx_margin){x->text + at, end - at};
}

struct jmx_margin jmx_step(const struct jmx *x, int parent) {
    int child = x->item[parent].first_child;
    struct jmx_margin outer = jmx_margin(x, parent), inner = {"", 0};
    if (child != JMX_NONE)
        inner = jmx_margin(x, child);
    if (outer.len && inner.len > outer.len && memcmp(outer.text, inner.text, outer.len) == 0)
        return (struct jmx_margin){inner.text + outer.len, inner.len - outer.len};
    return outer.len ? (struct jmx_margin){"  ", 2} : (struct jmx_margin){"", 0};
}

void jmx_put_margin(struct buf *b, struct jmx_margin m) { buf_add(b, m.text, m.len); }

void jmx_child_margin(const struct jmx *x, int parent, struct jmx_margin step, struct buf *b) {
    int child = x->item[parent].first_child;
    struct jmx_margin outer = jmx_margin(x, parent);
    if (child != JMX_NONE) {
        jmx_put_margin(b, jmx_margin(x, child));
    } else if (outer.len) {
        jmx_put_margin(b, outer);
        jmx_put_margin(b, step);
    }
}

/* --- values and attributes --- */

static void close_tag(const struct jmx *x, int element, struct buf *b) {
    buf_str(b, "</");
    buf_add(b, x->text + x->item[element].start + 1, x->item[element].name_len);
    buf_char(b, '>');
}

/* The "/" of <a/>. */
static size_t slash(const struct jmx *x, int element) { return x->item[element].end - 2; }

void jmx_set_value(const struct jmx_edit *e, int element, const char *value) {
    const struct jmx_element *it = &e->x->item[element];
    if (!it->self_closing) {
        add(e, it->value_start, it->value_end, value);
        return;
    }
    struct buf b;
    buf_init(&b, JMX_NEW_TEXT_MAX);
    buf_printf(&b, ">%s", value);
    close_tag(e->x, element, &b);
    add(e, slash(e->x, element), it->end, b.data);
    buf_fini(&b);
}

static void insert_attribute(const struct jmx_edit *e, int element, const char *name,
                             const char *value) {
    const struct jmx_element *it = &e->x->item[element];
    size_t at = it->value_start - (it->self_closing ? 2 : 1);
    struct buf b;
    buf_init(&b, JMX_NEW_TEXT_MAX);
    buf_printf(&b, " %s=\"%s\"", name, value);
    add(e, at, at, b.data);
    buf_fini(&b);
}

void jmx_set_attribute(const struct jmx_edit *e, int element, const char *name, const char *value) {
    struct jmx_attribute a;
    if (jmx_attribute(e->x, element, name, &a))
        add(e, a.value.start, a.value.end, value);
    else
        insert_attribute(e, element, name, value);
}

void jmx_append_attribute(const struct jmx_edit *e, int element, const char *name,
                          const char *text) {
    struct jmx_attribute a;
    if (jmx_attribute(e->x, element, name, &a))
        add(e, a.value.end, a.value.end, text);
    else
        insert_attribute(e, element, name, text);
}

/* --- elements --- */

/* <a/> gets its first children, with its end tag on a line of its own where it had one. */
static void open_up(const struct jmx_edit *e, int parent, const char *text) {
    struct buf b;
    buf_init(&b, JMX_NEW_TEXT_MAX);
    buf_printf(&b, ">%s", text);
    jmx_put_margin(&b, jmx_margin(e->x, parent));
    close_tag(e->x, parent, &b);
    add(e, slash(e->x, parent), e->x->item[parent].end, b.data);
    buf_fini(&b);
}

/* <a></a> the same. */
static void fill(const struct jmx_edit *e, int parent, const char *text) {
    const struct jmx_element *it = &e->x->item[parent];
    struct buf b;
    buf_init(&b, JMX_NEW_TEXT_MAX);
    buf_str(&b, text);
    if (it->value_start == it->value_end)
        jmx_put_margin(&b, jmx_margin(e->x, parent));
    add(e, it->value_start, it->value_start, b.data);
    buf_fini(&b);
}

void jmx_prepend(const struct jmx_edit *e, int parent, const char *text) {
    const struct jmx_element *it = &e->x->item[parent];
    if (it->self_closing)
        open_up(e, parent, text);
    else
        fill(e, parent, text);
}

void jmx_append(const struct jmx_edit *e, int parent, const char *text) {
    const struct jmx_element *item = e->x->item;
    int last = item[parent].first_child;
    if (last == JMX_NONE) {
        jmx_prepend(e, parent, text);
        return;
    }
    while (item[last].next != JMX_NONE)
        last = item[last].next;
    add(e, item[last].end, item[last].end, text);
}

void jmx_remove(const struct jmx_edit *e, int element, size_t end) {
    size_t start = e->x->item[element].start;
    add(e, start - jmx_margin(e->x, element).len, end, "");
}
