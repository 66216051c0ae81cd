#include "tools/locust/spot.h"

#include <string.h>

#include "base/text.h"

enum { VALUE_DEPTH_MAX = 40, VALUE_STEPS_MAX = 4000 };

bool locust_spot_too_deep(struct walk *w, int depth) {
    return depth > VALUE_DEPTH_MAX || ++w->steps > VALUE_STEPS_MAX;
}

/* An expression in the body of a class, or of a module (within NULL). */
static struct spot outside(struct spot s, struct module *m, struct class *within, TSNode n) {
    return (struct spot){.at = {.classes = s.at.classes, .m = m, .within = within},
                         .n = ts_node_is_null(n) ? n : py_unwrap(n)};
}

struct spot locust_spot(struct spot s, TSNode n) {
    s.n = py_unwrap(n);
    return s;
}

TSNode locust_spot_field(struct spot s, const char *name) { return node_field(s.n, name); }

/* --- names --- */

bool py_value_is_local(const struct scope *s, TSNode name) {
    static const char *const said[] = {"call", "attribute", "identifier", NULL};
    if (ts_node_is_null(s->function))
        return false;
    const struct local_name *l = locust_local(&s->classes->locals, s->m, s->function, name);
    return l && !node_is_any(l->value, said);
}

static bool of_member(struct spot s, struct class *k, const char *name, struct spot *out) {
    const struct class *in = NULL;
    const struct class_member *m = k ? py_class_find(k, name, &in) : NULL;
    if (!m)
        return false;
    bool plain = m->sure && !m->is_class && !m->is_function;
    *out = outside(s, m->m, (struct class *)in, plain ? m->value : (TSNode){0});
    return true;
}

static struct spot of_identifier(struct spot s) {
    char name[PY_NAME_BYTES];
    struct spot out = locust_spot(s, (TSNode){0});
    if (!ts_node_is_null(s.at.function)) {
        const struct local_name *l =
            locust_local(&s.at.classes->locals, s.at.m, s.at.function, s.n);
        if (l)
            return locust_spot(s, l->value);
    } else if (of_member(s, s.at.within, node_copy(&s.at.m->py, s.n, name, sizeof name), &out)) {
        return out;
    }
    struct thing t = py_names_thing(s.at.classes->names, s.at.m, s.n);
    if (t.kind == THING_VALUE && t.sure)
        return outside(s, t.m, NULL, t.node);
    return out;
}

static bool is_set_on_self(struct class *k, const char *name) {
    for (size_t c = 0; c < k->mros; c++) {
        size_t count;
        const struct self_set *set = py_class_sets(k->mro[c], &count);
        for (size_t i = 0; i < count; i++)
            if (node_text_is(&k->mro[c]->m->py, set[i].name, name))
                return true;
    }
    return false;
}

/* self.X, cls.X, Shop.X: what the class says, unless a method sets it. */
static struct spot of_attribute(struct spot s) {
    char name[PY_NAME_BYTES], object[PY_NAME_BYTES];
    struct spot out = locust_spot(s, (TSNode){0});
    node_copy(&s.at.m->py, locust_spot_field(s, "attribute"), name, sizeof name);
    node_copy(&s.at.m->py, locust_spot_field(s, "object"), object, sizeof object);
    struct class *k = s.at.within;
    if (strcmp(object, "self") != 0 && strcmp(object, "cls") != 0)
        k = py_class_named(s.at.classes, s.at.m, locust_spot_field(s, "object"), NULL);
    if (k && of_member(s, k, name, &out))
        return is_set_on_self(k, name) ? locust_spot(s, (TSNode){0}) : out;
    struct thing t = py_names_thing(s.at.classes->names, s.at.m, s.n);
    if (t.kind == THING_VALUE && t.sure) /* settings.PAUSE */
        return outside(s, t.m, NULL, t.node);
    return out;
}

struct spot locust_spot_follow(struct walk *w, struct spot s, int depth) {
    s = locust_spot(s, s.n);
    if (locust_spot_too_deep(w, depth))
        return locust_spot(s, (TSNode){0});
    struct spot next;
    if (node_is(s.n, "identifier"))
        next = of_identifier(s);
    else if (node_is(s.n, "attribute"))
        next = of_attribute(s);
    else
        return s;
    return ts_node_is_null(next.n) ? next : locust_spot_follow(w, next, depth + 1);
}

/* --- the environment --- */

/* os.getenv("X", default), os.environ.get("X", default), os.environ["X"]. */
static bool is_env(struct spot s) {
    char text[48];
    TSNode f = node_is(s.n, "call")        ? locust_spot_field(s, "function")
               : node_is(s.n, "subscript") ? locust_spot_field(s, "value")
                                           : (TSNode){0};
    if (ts_node_is_null(f))
        return false;
    node_copy(&s.at.m->py, f, text, sizeof text);
    return text_ends(text, "getenv") || text_ends(text, "environ.get") ||
           text_ends(text, "environ");
}

/* The value unless somebody sets the variable: the second argument, or what stands behind `or`. */
bool locust_spot_environment(struct spot s, struct spot *out) {
    *out = s;
    if (is_env(s)) {
        out->n = node_is(s.n, "call") ? py_argument(&s.at.m->py, s.n, "default", 1) : (TSNode){0};
        return true;
    }
    if (!node_is(s.n, "boolean_operator") || !node_is(locust_spot_field(s, "operator"), "or"))
        return false;
    struct spot left = locust_spot(s, locust_spot_field(s, "left"));
    if (node_is(left.n, "call") && !is_env(left)) /* int(os.getenv("X")) or 2 */
        left = locust_spot(left, py_argument(&s.at.m->py, left.n, "", 0));
    out->n = locust_spot_field(s, "right");
    return !ts_node_is_null(left.n) && is_env(left);
}
