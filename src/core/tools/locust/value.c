#include "tools/locust/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { VALUE_DEPTH_MAX = 40, VALUE_STEPS_MAX = 4000, VALUE_MAX_BYTES = 512 };

/* One evaluation. A name can be used twice in another's value, and so on: steps bound the work. */
struct walk {
    int steps;
    bool from_env;
};

/* An expression and where it stands. */
struct spot {
    struct scope at;
    TSNode n;
};

static bool too_deep(struct walk *w, int depth) {
    return depth > VALUE_DEPTH_MAX || ++w->steps > VALUE_STEPS_MAX;
}

/* An expression in the body of a class, or of a module (within NULL). */
static struct spot outside(struct spot s, struct module *m, struct class *within, TSNode n) {
    return (struct spot){.at = {.classes = s.at.classes, .m = m, .within = within},
                         .n = ts_node_is_null(n) ? n : py_unwrap(n)};
}

static struct spot spot_of(const struct scope *s, TSNode n) { return (struct spot){*s, n}; }

static struct spot moved(struct spot s, TSNode n) {
    s.n = py_unwrap(n);
    return s;
}

static TSNode field(struct spot s, const char *name) { return py_field(s.n, name); }

/* --- names --- */

struct local {
    size_t count;
    TSNode value; /* null: not an assignment of one value to one name */
};

static void see_target(const struct py *py, TSNode target, TSNode name, TSNode value,
                       struct local *out) {
    if (py_is(target, "identifier")) {
        if (py_same(py, target, py, name)) {
            out->count++;
            out->value = value;
        }
        return;
    }
    static const char *const lists[] = {"pattern_list", "tuple_pattern", "list_pattern",
                                        "as_pattern_target", NULL};
    if (!py_is_any(target, lists))
        return;
    struct py_nodes parts = {0};
    py_children(target, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (py_same(py, parts.item[i], py, name)) {
            out->count++;
            out->value = (TSNode){0};
        }
    py_nodes_fini(&parts);
}

static void see_binding(const struct py *py, TSNode n, TSNode name, struct local *out) {
    if (py_is(n, "assignment"))
        see_target(py, py_field(n, "left"), name, py_field(n, "right"), out);
    else if (py_is(n, "augmented_assignment") || py_is(n, "for_statement") ||
             py_is(n, "for_in_clause"))
        see_target(py, py_field(n, "left"), name, (TSNode){0}, out);
    else if (py_is(n, "as_pattern_target"))
        see_target(py, n, name, (TSNode){0}, out);
    else if (py_is(n, "named_expression"))
        see_target(py, py_field(n, "name"), name, (TSNode){0}, out);
}

static bool is_parameter(const struct py *py, TSNode function, TSNode name) {
    struct py_nodes params = {0};
    py_children(py_field(function, "parameters"), &params);
    bool found = false;
    for (size_t i = 0; i < params.len; i++) {
        TSNode p = params.item[i], own = py_field(p, "name");
        if (ts_node_is_null(own))
            own = py_is(p, "identifier") ? p : py_child(p, 0);
        found = found || py_same(py, own, py, name);
    }
    py_nodes_fini(&params);
    return found;
}

/* What a function binds to a name. */
static struct local local_of(const struct py *py, TSNode function, TSNode name) {
    struct local out = {0};
    if (is_parameter(py, function, name))
        out.count++;
    TSTreeCursor c = ts_tree_cursor_new(py_field(function, "body"));
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        if (ts_node_is_named(n))
            see_binding(py, n, name, &out);
        if (ts_tree_cursor_goto_first_child(&c))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
    if (out.count != 1)
        out.value = (TSNode){0};
    return out;
}

bool py_value_is_local(const struct scope *s, TSNode name) {
    if (ts_node_is_null(s->function))
        return false;
    struct local l = local_of(&s->m->py, s->function, name);
    return l.count > 0 && !py_is(l.value, "call") && !py_is(l.value, "attribute") &&
           !py_is(l.value, "identifier");
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
    struct spot out = moved(s, (TSNode){0});
    if (!ts_node_is_null(s.at.function)) {
        struct local l = local_of(&s.at.m->py, s.at.function, s.n);
        if (l.count)
            return moved(s, l.value);
    } else if (of_member(s, s.at.within, py_copy(&s.at.m->py, s.n, name, sizeof name), &out)) {
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
            if (py_text_is(&k->mro[c]->m->py, set[i].name, name))
                return true;
    }
    return false;
}

/* self.X, cls.X, Shop.X: what the class says, unless a method sets it. */
static struct spot of_attribute(struct spot s) {
    char name[PY_NAME_BYTES], object[PY_NAME_BYTES];
    struct spot out = moved(s, (TSNode){0});
    py_copy(&s.at.m->py, field(s, "attribute"), name, sizeof name);
    py_copy(&s.at.m->py, field(s, "object"), object, sizeof object);
    struct class *k = s.at.within;
    if (strcmp(object, "self") != 0 && strcmp(object, "cls") != 0)
        k = py_class_named(s.at.classes, s.at.m, field(s, "object"), NULL);
    if (k && of_member(s, k, name, &out))
        return is_set_on_self(k, name) ? moved(s, (TSNode){0}) : out;
    struct thing t = py_names_thing(s.at.classes->names, s.at.m, s.n);
    if (t.kind == THING_VALUE && t.sure) /* settings.PAUSE */
        return outside(s, t.m, NULL, t.node);
    return out;
}

/* The expression behind names; a null node when the text does not say it. */
static struct spot follow(struct walk *w, struct spot s, int depth) {
    s = moved(s, s.n);
    if (too_deep(w, depth))
        return moved(s, (TSNode){0});
    struct spot next;
    if (py_is(s.n, "identifier"))
        next = of_identifier(s);
    else if (py_is(s.n, "attribute"))
        next = of_attribute(s);
    else
        return s;
    return ts_node_is_null(next.n) ? next : follow(w, next, depth + 1);
}

/* --- the environment --- */

/* os.getenv("X", default), os.environ.get("X", default), os.environ["X"]. */
static bool is_env(struct spot s) {
    char text[48];
    TSNode f = py_is(s.n, "call")        ? field(s, "function")
               : py_is(s.n, "subscript") ? field(s, "value")
                                         : (TSNode){0};
    if (ts_node_is_null(f))
        return false;
    py_copy(&s.at.m->py, f, text, sizeof text);
    return text_ends(text, "getenv") || text_ends(text, "environ.get") ||
           text_ends(text, "environ");
}

/* The value unless somebody sets the variable: the second argument, or what stands behind `or`. */
static bool env_default(struct spot s, struct spot *out) {
    *out = s;
    if (is_env(s)) {
        out->n = py_is(s.n, "call") ? py_argument(&s.at.m->py, s.n, "default", 1) : (TSNode){0};
        return true;
    }
    if (!py_is(s.n, "boolean_operator") || !py_is(field(s, "operator"), "or"))
        return false;
    struct spot left = moved(s, field(s, "left"));
    if (py_is(left.n, "call") && !is_env(left)) /* int(os.getenv("X")) or 2 */
        left = moved(left, py_argument(&s.at.m->py, left.n, "", 0));
    out->n = field(s, "right");
    return !ts_node_is_null(left.n) && is_env(left);
}

/* --- numbers --- */

static bool number(struct walk *w, struct spot s, int depth, struct number *out);

static bool argument(struct walk *w, struct spot call, const char *name, int i, int depth,
                     struct number *out) {
    TSNode n = py_argument(&call.at.m->py, call.n, name, i);
    return !ts_node_is_null(n) && number(w, moved(call, n), depth + 1, out);
}

static bool literal(struct spot s, double *out) {
    char text[64], plain[64], *end;
    if (py_size(s.n) >= sizeof text)
        return false;
    py_copy(&s.at.m->py, s.n, text, sizeof text);
    size_t len = 0;
    for (const char *c = text; *c; c++)
        if (*c != '_')
            plain[len++] = *c;
    plain[len] = '\0';
    *out = strtod(plain, &end); /* hexadecimal too; octal, binary and 2j leave a rest */
    return end != plain && *end == '\0' && isfinite(*out);
}

static bool combine(const char *op, struct number a, struct number b, struct number *out) {
    /* the mean of a product or quotient of random numbers is not that of their means */
    bool product = strcmp(op, "*") == 0, quotient = strcmp(op, "/") == 0;
    bool sum = strcmp(op, "+") == 0, difference = strcmp(op, "-") == 0;
    if ((product && a.random && b.random) || (quotient && b.random) ||
        (!product && !quotient && !sum && !difference && (a.random || b.random)))
        return false;
    out->random = a.random || b.random;
    out->from_env = a.from_env || b.from_env;
    out->value = product                 ? a.value * b.value
                 : quotient              ? a.value / b.value
                 : sum                   ? a.value + b.value
                 : difference            ? a.value - b.value
                 : strcmp(op, "//") == 0 ? floor(a.value / b.value)
                 : strcmp(op, "**") == 0 ? pow(a.value, b.value)
                 : strcmp(op, "%") == 0  ? a.value - b.value * floor(a.value / b.value)
                                         : NAN;
    return isfinite(out->value);
}

static bool binary(struct walk *w, struct spot s, int depth, struct number *out) {
    struct number a = {0}, b = {0};
    return number(w, moved(s, field(s, "left")), depth + 1, &a) &&
           number(w, moved(s, field(s, "right")), depth + 1, &b) &&
           combine(ts_node_type(field(s, "operator")), a, b, out);
}

/* The mean of random.choice([...]). */
static bool choice(struct walk *w, struct spot call, int depth, struct number *out) {
    struct spot list = moved(call, py_argument(&call.at.m->py, call.n, "seq", 0));
    if (!ts_node_is_null(list.n))
        list = follow(w, list, depth + 1);
    if (!py_is(list.n, "list") && !py_is(list.n, "tuple"))
        return false;
    struct py_nodes items = {0};
    struct number one = {0};
    py_children(list.n, &items);
    *out = (struct number){.random = true};
    bool known = items.len > 0;
    for (size_t i = 0; known && i < items.len; i++) {
        known = number(w, moved(list, items.item[i]), depth + 1, &one);
        out->value += one.value / (double)items.len;
    }
    py_nodes_fini(&items);
    return known;
}

/* The last name of a callee whose module is `random`, "" for others. */
static void random_function(struct spot call, char *out, size_t size) {
    struct thing t = py_names_thing(call.at.classes->names, call.at.m, field(call, "function"));
    *out = '\0';
    if (t.kind == THING_FOREIGN && strcmp(t.from, "random") == 0)
        text_copy(out, size, t.name);
}

static bool random_number(struct walk *w, struct spot call, const char *f, int depth,
                          struct number *out) {
    struct number a = {0}, b = {0};
    *out = (struct number){.value = 0.5, .random = true};
    if (strcmp(f, "random") == 0)
        return true;
    if (strcmp(f, "choice") == 0)
        return choice(w, call, depth, out);
    bool one = argument(w, call, "a", 0, depth, &a);
    bool two = one && argument(w, call, "b", 1, depth, &b);
    bool range = strcmp(f, "randrange") == 0;
    out->from_env = a.from_env || b.from_env;
    out->value = range && !two ? (a.value - 1) / 2 : (a.value + b.value - (range ? 1 : 0)) / 2;
    if (range)
        return one && ts_node_is_null(py_argument(&call.at.m->py, call.n, "step", 2));
    return two && (strcmp(f, "randint") == 0 || strcmp(f, "uniform") == 0);
}

/* Built-in functions of one number. A rounded random number has another mean. */
static bool rounded(struct spot call, struct number x, struct number *out) {
    static const struct {
        const char *name;
        double (*f)(double);
    } row[] = {{"int", trunc},       {"float", NULL},       {"abs", fabs},
               {"round", nearbyint}, {"math.floor", floor}, {"math.ceil", ceil}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!py_text_is(&call.at.m->py, field(call, "function"), row[i].name))
            continue;
        *out = x;
        if (row[i].f)
            out->value = row[i].f(x.value);
        return !row[i].f || !x.random;
    }
    return false;
}

static bool call_number(struct walk *w, struct spot s, int depth, struct number *out) {
    char f[32];
    struct number x = {0};
    random_function(s, f, sizeof f);
    if (*f)
        return random_number(w, s, f, depth, out);
    if (py_text_is(&s.at.m->py, field(s, "function"), "len"))
        return py_value_rounds(&s.at, py_argument(&s.at.m->py, s.n, "", 0), out);
    return argument(w, s, "", 0, depth, &x) && rounded(s, x, out);
}

static bool text_number(struct spot s, struct number *out) {
    char text[64], *end;
    if (!py_string(&s.at.m->py, s.n, text, sizeof text) || !*text)
        return false;
    out->value = strtod(text, &end);
    return *end == '\0' && isfinite(out->value);
}

static bool number(struct walk *w, struct spot s, int depth, struct number *out) {
    if (too_deep(w, depth))
        return false;
    struct spot other;
    s = follow(w, s, depth);
    if (py_is(s.n, "integer") || py_is(s.n, "float"))
        return literal(s, &out->value);
    if (env_default(s, &other)) {
        w->from_env = true;
        bool known = !ts_node_is_null(other.n) && number(w, other, depth + 1, out);
        out->from_env = true;
        return known;
    }
    if (py_is(s.n, "binary_operator"))
        return binary(w, s, depth, out);
    if (py_is(s.n, "call"))
        return call_number(w, s, depth, out);
    if (!py_is(s.n, "unary_operator"))
        return text_number(s, out);
    bool minus = py_is(field(s, "operator"), "-");
    if ((!minus && !py_is(field(s, "operator"), "+")) ||
        !number(w, moved(s, field(s, "argument")), depth + 1, out))
        return false;
    out->value = minus ? -out->value : out->value;
    return true;
}

bool locust_value_number(const struct scope *s, TSNode expression, struct number *out) {
    struct walk w = {0};
    *out = (struct number){0};
    return !ts_node_is_null(expression) && number(&w, spot_of(s, expression), 0, out);
}

bool locust_value_from_env(const struct scope *s, TSNode expression) {
    struct walk w = {0};
    struct number n = {0};
    if (!ts_node_is_null(expression))
        number(&w, spot_of(s, expression), 0, &n);
    return w.from_env;
}

/* --- strings --- */

struct text_out {
    char *to;
    size_t size, len;
};

static void put(struct text_out *o, const char *bytes, size_t len) {
    if (len > o->size - 1 - o->len)
        len = o->size - 1 - o->len;
    memcpy(o->to + o->len, bytes, len);
    o->len += len;
    o->to[o->len] = '\0';
}

/* Adds what is known of the beginning; true when that is all of it. */
static bool string(struct walk *w, struct spot s, int depth, struct text_out *o);

static bool formatted(struct walk *w, struct spot s, int depth, struct text_out *o) {
    struct py_nodes parts = {0};
    py_children(s.n, &parts);
    bool known = true;
    for (size_t i = 0; known && i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (py_is(part, "string_content"))
            put(o, s.at.m->py.text + py_start(part), py_size(part));
        else if (py_is(part, "interpolation"))
            known = string(w, moved(s, py_field(part, "expression")), depth + 1, o);
    }
    py_nodes_fini(&parts);
    return known;
}

static bool joined(struct walk *w, struct spot s, int depth, struct text_out *o) {
    struct py_nodes parts = {0};
    py_children(s.n, &parts);
    bool known = true;
    for (size_t i = 0; known && i < parts.len; i++)
        known = string(w, moved(s, parts.item[i]), depth + 1, o);
    py_nodes_fini(&parts);
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
    if (ts_node_is_null(s.n) || too_deep(w, depth))
        return false;
    s = follow(w, s, depth);
    if (py_is(s.n, "string"))
        return formatted(w, s, depth, o);
    if (py_is(s.n, "concatenated_string"))
        return joined(w, s, depth, o);
    if (py_is(s.n, "integer")) {
        put(o, s.at.m->py.text + py_start(s.n), py_size(s.n));
        return true;
    }
    if (env_default(s, &other)) {
        w->from_env = true;
        return string(w, other, depth + 1, o);
    }
    TSNode op = py_is(s.n, "binary_operator") ? field(s, "operator") : (TSNode){0};
    if (py_is(op, "+"))
        return string(w, moved(s, field(s, "left")), depth + 1, o) &&
               string(w, moved(s, field(s, "right")), depth + 1, o);
    if (py_is(op, "%"))
        return filled(w, moved(s, field(s, "left")), "%", depth, o);
    TSNode f = py_is(s.n, "call") ? field(s, "function") : (TSNode){0};
    if (py_is(f, "attribute") && py_text_is(&s.at.m->py, py_field(f, "attribute"), "format"))
        return filled(w, moved(s, py_field(f, "object")), "{", depth, o);
    return false;
}

void locust_value_prefix(const struct scope *s, TSNode expression, char *out, size_t size,
                         bool *whole) {
    struct text_out o = {.to = out, .size = size};
    struct walk w = {0};
    *out = '\0';
    *whole = !ts_node_is_null(expression) && string(&w, spot_of(s, expression), 0, &o);
}

/* --- lengths --- */

static bool rounds(struct walk *w, struct spot s, int depth, struct number *out);

static bool range(struct walk *w, struct spot call, int depth, struct number *out) {
    struct number a = {0}, b = {0}, step = {.value = 1};
    if (!argument(w, call, "", 0, depth, &a))
        return false;
    bool two = !ts_node_is_null(py_argument(&call.at.m->py, call.n, "", 1));
    if (two && !argument(w, call, "", 1, depth, &b))
        return false;
    bool three = two && !ts_node_is_null(py_argument(&call.at.m->py, call.n, "", 2));
    if (three && (!argument(w, call, "", 2, depth, &step) || step.value == 0))
        return false;
    double span = two ? b.value - a.value : a.value;
    out->random = a.random || b.random || step.random;
    out->from_env = a.from_env || b.from_env || step.from_env;
    out->value = out->random ? span / step.value : ceil(span / step.value);
    if (out->value < 0)
        out->value = 0;
    return !step.random && (!out->random || step.value == 1);
}

static bool all_plain(const struct py_nodes *items) {
    for (size_t i = 0; i < items->len; i++)
        if (strstr(ts_node_type(items->item[i]), "splat"))
            return false;
    return true;
}

static bool elements(struct spot s, struct number *out) {
    static const char *const lists[] = {"list",       "tuple",           "set",
                                        "dictionary", "expression_list", NULL};
    if (!py_is_any(s.n, lists))
        return false;
    struct py_nodes items = {0};
    py_children(s.n, &items);
    out->value = (double)items.len;
    bool plain = items.len > 0 && all_plain(&items); /* an empty one is filled somewhere */
    py_nodes_fini(&items);
    return plain;
}

/* enumerate(x), sorted(x), x.items() run as often as x has elements. */
static bool of_call(struct walk *w, struct spot s, int depth, struct number *out) {
    static const char *const same[] = {"enumerate", "sorted", "reversed", "list",
                                       "tuple",     "tqdm",   NULL};
    static const char *const methods[] = {"items", "keys", "values", "copy", NULL};
    char f[32];
    TSNode callee = field(s, "function");
    if (py_text_is(&s.at.m->py, callee, "range") || py_text_is(&s.at.m->py, callee, "xrange"))
        return range(w, s, depth, out);
    bool method = py_is(callee, "attribute");
    py_copy(&s.at.m->py, method ? py_field(callee, "attribute") : callee, f, sizeof f);
    TSNode inner =
        method ? py_field(callee, "object") : py_argument(&s.at.m->py, s.n, "iterable", 0);
    for (const char *const *name = method ? methods : same; *name; name++)
        if (strcmp(*name, f) == 0)
            return !ts_node_is_null(inner) && rounds(w, moved(s, inner), depth + 1, out);
    return false;
}

/* Does its module change a list of that name: NAME.append(...)? */
static bool is_changed(struct spot s) {
    static const char *const methods[] = {"append", "extend", "insert", "pop",     "remove",
                                          "clear",  "update", "add",    "popitem", NULL};
    const struct py *py = &s.at.m->py;
    const char *name = py->text + py_start(s.n), *end = py->text + py->len, *at = py->text;
    size_t len = py_size(s.n);
    while ((at = memmem(at, (size_t)(end - at), name, len))) {
        at += len;
        for (const char *const *m = methods; at < end && *at == '.' && *m; m++)
            if ((size_t)(end - at) > strlen(*m) + 1 && memcmp(at + 1, *m, strlen(*m)) == 0)
                return true;
    }
    return false;
}

static bool rounds(struct walk *w, struct spot s, int depth, struct number *out) {
    if (too_deep(w, depth) || (py_is(s.n, "identifier") && is_changed(s)))
        return false;
    s = follow(w, s, depth);
    return py_is(s.n, "call") ? of_call(w, s, depth, out) : elements(s, out);
}

bool py_value_rounds(const struct scope *s, TSNode expression, struct number *out) {
    struct walk w = {0};
    *out = (struct number){0};
    return !ts_node_is_null(expression) && rounds(&w, spot_of(s, expression), 0, out);
}
