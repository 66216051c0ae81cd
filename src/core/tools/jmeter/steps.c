#include "tools/jmeter/steps.h"

#include <stdlib.h>
#include <string.h>

static bool is_copy_of(const struct jmeter_plan *plan, const struct jmeter_thread_group *copy,
                       const struct jmeter_thread_group *g) {
    return copy->base == (int)(g - plan->group);
}

size_t jmeter_step_copies(const struct jmeter_plan *plan, const struct jmeter_thread_group *g) {
    size_t copies = 0;
    for (size_t i = 0; i < plan->groups; i++)
        copies += is_copy_of(plan, &plan->group[i], g);
    return copies;
}

/* The byte after a thread group and its hashTree. */
static size_t group_end(const struct jmx *x, const struct jmeter_thread_group *g) {
    return x->item[g->tree == JMX_NONE ? g->element : g->tree].end;
}

/* Group number i of the plan, as text: the group's own bytes with other figures. */
static bool put_copy(const struct jmx *x, const struct jmeter_plan *plan,
                     const struct jmeter_thread_group *g, const struct jmeter_wanted *w, int i,
                     struct buf *out, struct err *e) {
    struct edits edits = {0};
    size_t start = x->item[g->element].start, len;
    const struct jmx_edit edit = {.x = x, .out = &edits, .from = start};
    char mark[JMETER_MARK_MAX], *copy = NULL;
    jmx_append_attribute(&edit, g->element, "testname",
                         jmeter_step_mark(i + 1, w->group[i].added_rps, mark));
    if (jmeter_group_edit(&edit, plan, g, &w->group[i], e))
        copy = edits_apply(&edits, x->text + start, group_end(x, g) - start, &len, e);
    edits_fini(&edits);
    if (!copy)
        return false;
    jmx_put_margin(out, jmx_margin(x, g->element));
    buf_add(out, copy, len);
    free(copy);
    return true;
}

static bool is_blank(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r\n", text[i]))
            return false;
    return true;
}

/* Copies that stand right behind the group are replaced together, others go one by one. Returns
 * the end of the former. */
static size_t old_copies(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                         const struct jmeter_thread_group *g) {
    const struct jmx *x = edit->x;
    size_t end = group_end(x, g);
    for (size_t i = 0; i < plan->groups; i++) {
        const struct jmeter_thread_group *copy = &plan->group[i];
        size_t start = x->item[copy->element].start;
        if (!is_copy_of(plan, copy, g))
            continue;
        if (start >= end && is_blank(x->text + end, start - end))
            end = group_end(x, copy);
        else
            jmx_remove(edit, copy->element, group_end(x, copy));
    }
    return end;
}

bool jmeter_steps_edit(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                       const struct jmeter_thread_group *g, const struct jmeter_wanted *w,
                       struct err *e) {
    const struct jmx *x = edit->x;
    struct buf text;
    buf_init(&text, JMX_MAX_BYTES);
    bool ok = true;
    for (int i = 1; ok && i < w->groups; i++)
        ok = put_copy(x, plan, g, w, i, &text, e);
    if (ok && text.full) {
        err_set(e, ERR_LIMIT, "%s with its %d steps is larger than %d MB", g->name, w->groups,
                JMX_MAX_BYTES >> 20);
        err_at(e, x->file, jmx_element_line(x, g->element));
        ok = err_fix(e, "take fewer steps");
    }
    size_t start = group_end(x, g), end = old_copies(edit, plan, g);
    bool same = text.len == end - start && memcmp(text.data, x->text + start, text.len) == 0;
    if (ok && !same)
        edits_add(edit->out, start - edit->from, end - edit->from, text.data);
    buf_fini(&text);
    return ok;
}
