/* Numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/locust/spot.h"

bool locust_number_argument(struct walk *w, struct spot call, const char *name, int i, int depth,
                            struct number *out) {
    TSNode n = py_argument(&call.at.m->py, call.n, name, i);
    return !ts_node_is_null(n) && locust_number(w, locust_spot(call, n), depth + 1, out);
}

static bool literal(struct spot s, double *out) {
    char text[64], plain[64], *end;
    if (node_size(s.n) >= sizeof text)
        return false;
    node_copy(&s.at.m->py, s.n, text, sizeof text);
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
    return locust_number(w, locust_spot(s, locust_spot_field(s, "left")), depth + 1, &a) &&
           locust_number(w, locust_spot(s, locust_spot_field(s, "right")), depth + 1, &b) &&
           combine(ts_node_type(locust_spot_field(s, "operator")), a, b, out);
}

/* The mean of random.choice([...]). */
static bool choice(struct walk *w, struct spot call, int depth, struct number *out) {
    struct spot list = locust_spot(call, py_argument(&call.at.m->py, call.n, "seq", 0));
    if (!ts_node_is_null(list.n))
        list = locust_spot_follow(w, list, depth + 1);
    if (!node_is(list.n, "list") && !node_is(list.n, "tuple"))
        return false;
    struct nodes items = {0};
    struct number one = {0};
    node_children(list.n, &items);
    *out = (struct number){.random = true};
    bool known = items.len > 0;
    for (size_t i = 0; known && i < items.len; i++) {
        known = locust_number(w, locust_spot(list, items.item[i]), depth + 1, &one);
        out->value += one.value / (double)items.len;
    }
    nodes_fini(&items);
    return known;
}

/* The last name of a callee whose module is `random`, "" for others. */
static void random_function(struct spot call, char *out, size_t size) {
    struct thing t =
        py_names_thing(call.at.classes->names, call.at.m, locust_spot_field(call, "function"));
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
    bool one = locust_number_argument(w, call, "a", 0, depth, &a);
    bool two = one && locust_number_argument(w, call, "b", 1, depth, &b);
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
        if (!node_text_is(&call.at.m->py, locust_spot_field(call, "function"), row[i].name))
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
    if (node_text_is(&s.at.m->py, locust_spot_field(s, "function"), "len"))
        return py_value_rounds(&s.at, py_argument(&s.at.m->py, s.n, "", 0), out);
    return locust_number_argument(w, s, "", 0, depth, &x) && rounded(s, x, out);
}

static bool text_number(struct spot s, struct number *out) {
    char text[64], *end;
    if (!py_string(&s.at.m->py, s.n, text, sizeof text) || !*text)
        return false;
    out->value = strtod(text, &end);
    return *end == '\0' && isfinite(out->value);
}

bool locust_number(struct walk *w, struct spot s, int depth, struct number *out) {
    if (locust_spot_too_deep(w, depth))
        return false;
    struct spot other;
    s = locust_spot_follow(w, s, depth);
    if (node_is(s.n, "integer") || node_is(s.n, "float"))
        return literal(s, &out->value);
    if (locust_spot_environment(s, &other)) {
        w->from_env = true;
        bool known = !ts_node_is_null(other.n) && locust_number(w, other, depth + 1, out);
        out->from_env = true;
        return known;
    }
    if (node_is(s.n, "binary_operator"))
        return binary(w, s, depth, out);
    if (node_is(s.n, "call"))
        return call_number(w, s, depth, out);
    if (!node_is(s.n, "unary_operator"))
        return text_number(s, out);
    bool minus = node_is(locust_spot_field(s, "operator"), "-");
    if ((!minus && !node_is(locust_spot_field(s, "operator"), "+")) ||
        !locust_number(w, locust_spot(s, locust_spot_field(s, "argument")), depth + 1, out))
        return false;
    out->value = minus ? -out->value : out->value;
    return true;
}

bool locust_value_number(const struct scope *s, TSNode expression, struct number *out) {
    struct walk w = {0};
    *out = (struct number){0};
    return !ts_node_is_null(expression) && locust_number(&w, (struct spot){*s, expression}, 0, out);
}

bool locust_value_from_env(const struct scope *s, TSNode expression) {
    struct walk w = {0};
    struct number n = {0};
    if (!ts_node_is_null(expression))
        locust_number(&w, (struct spot){*s, expression}, 0, &n);
    return w.from_env;
}
