/* The classes and shapes that Locust finds when it has loaded a script: it looks at the names of
 * the module, whatever file they come from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/locust/reading.h"

enum { WILDCARDS_DEPTH_MAX = 3 };

struct search {
    struct locust_script *s;
    struct running_list *out;
    struct err *e;
    const char *unseen_name, *unseen_module; /* an import that may be a User class */
    long unseen_line, abstract_line;
};

static struct module *script_of(const struct search *q) { return q->s->reading->names.module[0]; }

static struct finding *remark(struct search *q, TSNode at, enum finding_level level,
                              const char *kind, const char *text, const char *name) {
    struct finding *it = findings_add(&q->s->findings, level, kind, "%s%s", name, text);
    it->line = node_line(at);
    snprintf(it->file, sizeof it->file, "%s", q->s->src->file);
    return it;
}

static bool refuse(struct search *q, TSNode at, const char *fix, const char *text) {
    syntax_refuse(&script_of(q)->py, node_start(at), q->e, "%s", text);
    return fix ? err_fix(q->e, "%s", fix) : false;
}

/* --- User classes --- */

static bool add_running(struct search *q, const char *name, struct class *k, TSNode at) {
    char text[400];
    for (size_t i = 0; i < q->out->len; i++) {
        const struct running *other = &q->out->item[i];
        if (other->class != k && strcmp(other->class->name, k->name) != 0)
            continue;
        snprintf(text, sizeof text,
                 "%s and %s are User classes of the same name (%s); Locust does not start", name,
                 other->name, k->name);
        return refuse(q, at, "keep one of them, or make the base class abstract", text);
    }
    if (q->out->len == SCENARIOS_MAX || strlen(name) >= sizeof q->out->item->name) {
        snprintf(text, sizeof text, "more than %d User classes, or a name of more than 63 bytes",
                 SCENARIOS_MAX);
        return refuse(q, at, NULL, text);
    }
    struct running *it = &q->out->item[q->out->len++];
    it->class = k;
    it->line = node_line(at);
    text_copy(it->name, sizeof it->name, name);
    if (k->m != script_of(q))
        remark(q, at, FINDING_INFO, "imported-class",
               " comes from another file and runs too, because it is not abstract.", name);
    return true;
}

/* --- shapes --- */

static bool add_shape(struct search *q, const char *name, TSNode at, bool sure) {
    struct locust_names *list = &q->s->shapes;
    if (!sure)
        return refuse(q, at, "define it at the top level",
                      "a load shape that may or may not exist when the load is set");
    if (list->len == LOCUST_NAMES_MAX || strlen(name) >= LOCUST_NAME_BYTES)
        return refuse(q, at, NULL, "too many load shapes");
    struct locust_name *it = &list->item[list->len++];
    *it = (struct locust_name){.line = node_line(at)};
    text_copy(it->name, sizeof it->name, name);
    remark(q, at, FINDING_INFO, "own-shape",
           " decides the number of users now. Locust takes the first shape it finds, so the new "
           "script puts it aside.",
           name);
    return true;
}

static bool is_shape(const struct class *k) {
    bool unseen = k->unseen.kind != THING_NOTHING && strstr(k->unseen.name, "Shape");
    return k->kind & KIND_SHAPE || (unseen && py_class_find(k, "tick", NULL));
}

/* --- classes whose base cannot be seen --- */

static bool looks_like_user(const struct class *k) {
    static const char *const members[] = {"wait_time", "tasks",    "host",   "on_start",
                                          "min_wait",  "max_wait", "weight", NULL};
    const char *base = k->unseen.name;
    if (strstr(base, "Task") || strstr(base, "Behav") || strstr(base, "Flow") ||
        text_ends(base, "Error") || text_ends(base, "TestCase"))
        return false;
    if (strstr(base, "User") || strstr(base, "Locust"))
        return true;
    for (const char *const *m = members; *m; m++)
        if (py_class_own(k, *m))
            return true;
    return false;
}

static bool refuse_unseen(struct search *q, const char *name, const struct class *k, TSNode at) {
    char text[400];
    if (k->unseen.kind == THING_LOCUST) {
        snprintf(text, sizeof text,
                 "class %s extends %s, a part of Locust that perfscale does not "
                 "know",
                 name, k->unseen.name);
        return refuse(q, at, "use HttpUser or FastHttpUser", text);
    }
    snprintf(text, sizeof text, "class %s extends %s from module %s, which I cannot see", name,
             k->unseen.name, k->unseen.from);
    return refuse(q, at,
                  "is it an HTTP user, and what is its wait? Put the module beside the script, or "
                  "the class into it",
                  text);
}

/* --- names of the module --- */

static bool see_class(struct search *q, const char *name, struct class *k, TSNode at, bool sure) {
    if (is_shape(k))
        return add_shape(q, name, at, sure);
    bool user = k->kind & KIND_USER && !(k->kind & KIND_STRANGE);
    if (py_class_is_abstract(k)) {
        if ((user || k->unseen.kind != THING_NOTHING) && !q->abstract_line)
            q->abstract_line = node_line(at);
        return true;
    }
    if (!user && k->unseen.kind != THING_NOTHING && looks_like_user(k))
        return refuse_unseen(q, name, k, at);
    if (!user)
        return true;
    if (!sure) {
        char text[200];
        snprintf(text, sizeof text, "class %s may not exist when the load is set", name);
        return refuse(q, at, "define it at the top level", text);
    }
    const struct class_member *old = py_class_find(k, "task_set", NULL);
    if (old && !py_class_find(k, "tasks", NULL)) {
        syntax_refuse(&old->m->py, node_start(old->value), q->e,
                      "written for Locust before 1.0; it does not start in any version since");
        return err_fix(q->e, "port it first (HttpUser, tasks)");
    }
    return add_running(q, name, k, at);
}

static bool see_foreign(struct search *q, const struct thing *t, const char *name, TSNode at) {
    char text[300];
    if (strstr(t->name, "Shape")) {
        snprintf(text, sizeof text,
                 "%s from module %s, which I cannot see, may be a load shape; "
                 "Locust would take it",
                 name, t->from);
        return refuse(q, at, "put the module beside the script, or remove the import", text);
    }
    if (!text_ends(t->name, "User"))
        return true;
    if (!q->unseen_line) {
        q->unseen_line = node_line(at);
        q->unseen_name = t->name;
        q->unseen_module = *t->from ? t->from : "its own package";
    }
    snprintf(text, sizeof text,
             " comes from module %.60s, which cannot be seen. When it is a User class that is not "
             "abstract, it runs too, without a part of the load.",
             t->from);
    remark(q, at, FINDING_WARNING, "unseen-class", text, name);
    return true;
}

static bool see_bind(struct search *q, struct module *m, const struct bind *b, TSNode at) {
    struct locust_reading *r = q->s->reading;
    struct thing t = py_names_of_bind(&r->names, m, b);
    char name[LOCUST_NAME_BYTES];
    node_copy(&m->py, b->name, name, sizeof name);
    if (t.kind == THING_FOREIGN && b->kind == BIND_FROM)
        return see_foreign(q, &t, name, at);
    if (t.kind != THING_CLASS)
        return true;
    struct class *k = py_class_of(&r->classes, t.m, t.node, NULL);
    return !k || see_class(q, name, k, at, b->top || b->kind == BIND_FROM);
}

/* Is it the first bind of its name? A module keeps its names in that order. */
static bool is_first(const struct module *m, size_t i) {
    const struct bind *b = &m->bind[i];
    for (size_t k = b->next; k; k = m->bind[k - 1].next)
        if (!m->bind[k - 1].local && node_same(&m->py, m->bind[k - 1].name, &m->py, b->name))
            return false;
    return true;
}

static bool see_module(struct search *q, struct module *m, TSNode at, int depth) {
    struct locust_reading *r = q->s->reading;
    bool own = m == script_of(q);
    for (size_t i = 0; i < m->wild.len && depth < WILDCARDS_DEPTH_MAX; i++) {
        TSNode from = own ? m->wild.item[i] : at;
        const char *dotted =
            py_names_dotted(&r->names, m, node_field(m->wild.item[i], "module_name"));
        struct module *other = py_names_module(&r->names, dotted);
        if (other && !see_module(q, other, from, depth + 1))
            return false;
        if (other || py_module_is_locust(dotted))
            continue;
        q->s->unseen_wildcard = true;
        remark(q, from, FINDING_WARNING, "unseen-names",
               ": `import *` from a module that cannot be seen. A User class or load shape in it "
               "would run too.",
               dotted);
    }
    for (size_t i = 0; i < m->binds; i++) {
        const struct bind *b = &m->bind[i];
        size_t len = node_size(b->name);
        const char *name = m->py.text + node_start(b->name);
        if (b->local || !is_first(m, i) || (!own && name[0] == '_'))
            continue;
        const struct bind *last = py_module_bind(m, name, len);
        if (!own && py_module_bind(script_of(q), name, len))
            continue; /* the script binds that name itself */
        if (!see_bind(q, m, last, own ? last->name : at))
            return false;
    }
    return true;
}

static int by_line(const void *a, const void *b) {
    const struct running *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static bool refuse_empty(struct search *q) {
    struct err *e = q->e;
    if (q->unseen_name)
        err_set(e, ERR_REFUSED,
                "no User class here that Locust would run: %s is imported from %s, which I cannot "
                "see",
                q->unseen_name, q->unseen_module);
    else
        err_set(e, ERR_REFUSED, "no User class here that Locust would run%s",
                q->abstract_line ? " (abstract)" : "");
    long line = q->unseen_line ? q->unseen_line : q->abstract_line;
    err_at(e, q->s->src->file, line ? line : 1);
    return err_fix(e, "show me the file that has it");
}

bool locust_running_find(struct locust_script *s, struct running_list *out, struct err *e) {
    struct search q = {.s = s, .out = out, .e = e};
    struct err none;
    if (!e)
        q.e = &none;
    if (!see_module(&q, script_of(&q), (TSNode){0}, 0))
        return false;
    qsort(out->item, out->len, sizeof *out->item, by_line);
    return out->len > 0 || refuse_empty(&q);
}
