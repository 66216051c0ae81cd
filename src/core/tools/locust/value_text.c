/* Strings and lengths. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tools/locust/spot.h"

/* --- strings --- */

/* Adds what is known of the beginning; true when that is all of it. */
static bool string(struct walk *w, struct spot s, int depth, struct text_out *o);

static bool formatted(struct walk *w, struct spot s, int depth, struct text_out *o) {
    struct nodes parts = {0};
    node_children(s.n, &parts);
    bool known = true;
    for (size_t i = 0; known && i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (node_is(part, "string_content"))
            text_put(o, s.at.m->py.text + node_start(part), node_size(part));
        else if (node_is(part, "interpolation"))
            known = string(w, locust_spot(s, node_field(part, "expression")), depth + 1, o);
    }
    nodes_fini(&parts);
    return known;
}

static bool joined(struct walk *w, struct spot s, int depth, struct text_out *o) {
    struct nodes parts = {0};
    node_children(s.n, &parts);
    bool known = true;
    for (size_t i = 0; known && i < parts.len; i++)
        known = string(w, locust_spot(s, parts.item[i]), depth + 1, o);
    nodes_fini(&parts);
    return known;
}

/* "https://host/%s" % x, "https://host/{}".format(x): what stands before the first field. */
static bool filled(struct walk *w, struct spot s, const char *field_mark, int depth,
                   struct text_out *o) {
    size_t from = o->len;
    string(w, s, depth + 1, o);
    o->len = from + strcspn(o->to + from, field_mark);
    o->to[o->len] = '\0';
    return false;
}

static bool string(struct walk *w, struct spot s, int depth, struct text_out *o) {
    struct spot other;
    if (ts_node_is_null(s.n) || locust_spot_too_deep(w, depth))
        return false;
    s = locust_spot_follow(w, s, depth);
    if (node_is(s.n, "string"))
        return formatted(w, s, depth, o);
    if (node_is(s.n, "concatenated_string"))
        return joined(w, s, depth, o);
    if (node_is(s.n, "integer")) {
        text_put(o, s.at.m->py.text + node_start(s.n), node_size(s.n));
        return true;
    }
    if (locust_spot_environment(s, &other)) {
        w->from_env = true;
        return string(w, other, depth + 1, o);
    }
    TSNode op = node_is(s.n, "binary_operator") ? locust_spot_field(s, "operator") : (TSNode){0};
    if (node_is(op, "+"))
        return string(w, locust_spot(s, locust_spot_field(s, "left")), depth + 1, o) &&
               string(w, locust_spot(s, locust_spot_field(s, "right")), depth + 1, o);
    if (node_is(op, "%"))
        return filled(w, locust_spot(s, locust_spot_field(s, "left")), "%", depth, o);
    TSNode f = node_is(s.n, "call") ? locust_spot_field(s, "function") : (TSNode){0};
    if (node_is(f, "attribute") && node_text_is(&s.at.m->py, node_field(f, "attribute"), "format"))
        return filled(w, locust_spot(s, node_field(f, "object")), "{", depth, o);
    return false;
}

void locust_value_prefix(const struct scope *s, TSNode expression, char *out, size_t size,
                         bool *whole) {
    struct text_out o = {.to = out, .size = size};
    struct walk w = {0};
    *out = '\0';
    *whole = !ts_node_is_null(expression) && string(&w, (struct spot){*s, expression}, 0, &o);
}

/* --- lengths --- */

static bool rounds(struct walk *w, struct spot s, int depth, struct number *out);

static bool range(struct walk *w, struct spot call, int depth, struct number *out) {
    struct number a = {0}, b = {0}, step = {.value = 1};
    if (!locust_number_argument(w, call, "", 0, depth, &a))
        return false;
    bool two = !ts_node_is_null(py_argument(&call.at.m->py, call.n, "", 1));
    if (two && !locust_number_argument(w, call, "", 1, depth, &b))
        return false;
    bool three = two && !ts_node_is_null(py_argument(&call.at.m->py, call.n, "", 2));
    if (three && (!locust_number_argument(w, call, "", 2, depth, &step) || step.value == 0))
        return false;
    double span = two ? b.value - a.value : a.value;
    out->random = a.random || b.random || step.random;
    out->from_env = a.from_env || b.from_env || step.from_env;
    out->value = out->random ? span / step.value : ceil(span / step.value);
    if (out->value < 0)
        out->value = 0;
    return !step.random && (!out->random || step.value == 1);
}

static bool all_plain(const struct nodes *items) {
    for (size_t i = 0; i < items->len; i++)
        if (strstr(ts_node_type(items->item[i]), "splat"))
            return false;
    return true;
}

static bool elements(struct spot s, struct number *out) {
    static const char *const lists[] = {"list",       "tuple",           "set",
                                        "dictionary", "expression_list", NULL};
    if (!node_is_any(s.n, lists))
        return false;
    struct nodes items = {0};
    node_children(s.n, &items);
    out->value = (double)items.len;
    bool plain = items.len > 0 && all_plain(&items); /* an empty one is filled somewhere */
    nodes_fini(&items);
    return plain;
}

/* enumerate(x), sorted(x), x.items() run as often as x has elements. */
static bool of_call(struct walk *w, struct spot s, int depth, struct number *out) {
    static const char *const same[] = {"enumerate", "sorted", "reversed", "list",
                                       "tuple",     "tqdm",   NULL};
    static const char *const methods[] = {"items", "keys", "values", "copy", NULL};
    char f[32];
    TSNode callee = locust_spot_field(s, "function");
    if (node_text_is(&s.at.m->py, callee, "range") || node_text_is(&s.at.m->py, callee, "xrange"))
        return range(w, s, depth, out);
    bool method = node_is(callee, "attribute");
    node_copy(&s.at.m->py, method ? node_field(callee, "attribute") : callee, f, sizeof f);
    TSNode inner =
        method ? node_field(callee, "object") : py_argument(&s.at.m->py, s.n, "iterable", 0);
    for (const char *const *name = method ? methods : same; *name; name++)
        if (strcmp(*name, f) == 0)
            return !ts_node_is_null(inner) && rounds(w, locust_spot(s, inner), depth + 1, out);
    return false;
}

/* Does its module change a list of that name: NAME.append(...)? */
static bool is_changed(struct spot s) {
    static const char *const methods[] = {"append", "extend", "insert", "pop",     "remove",
                                          "clear",  "update", "add",    "popitem", NULL};
    const struct syntax *py = &s.at.m->py;
    const char *name = py->text + node_start(s.n), *end = py->text + py->len, *at = py->text;
    size_t len = node_size(s.n);
    while ((at = memmem(at, (size_t)(end - at), name, len))) {
        at += len;
        for (const char *const *m = methods; at < end && *at == '.' && *m; m++)
            if ((size_t)(end - at) > strlen(*m) + 1 && memcmp(at + 1, *m, strlen(*m)) == 0)
                return true;
    }
    return false;
}

static bool rounds(struct walk *w, struct spot s, int depth, struct number *out) {
    if (locust_spot_too_deep(w, depth) || (node_is(s.n, "identifier") && is_changed(s)))
        return false;
    s = locust_spot_follow(w, s, depth);
    return node_is(s.n, "call") ? of_call(w, s, depth, out) : elements(s, out);
}

bool py_value_rounds(const struct scope *s, TSNode expression, struct number *out) {
    struct walk w = {0};
    *out = (struct number){0};
    return !ts_node_is_null(expression) && rounds(&w, (struct spot){*s, expression}, 0, out);
}
