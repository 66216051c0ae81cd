#include "tools/k6/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { VALUE_DEPTH_MAX = 40, VALUE_STEPS_MAX = 20000, VALUE_MAX_BYTES = 1024 };

/* One evaluation. A name can be used twice in another's value, and so on: steps bound the work. */
struct walk {
    const struct names *names;
    const struct syntax *js;
    int steps;
    bool from_env;
};

static struct walk begin(const struct names *n) { return (struct walk){.names = n, .js = n->js}; }

static bool too_deep(struct walk *w, int depth) {
    return depth > VALUE_DEPTH_MAX || ++w->steps > VALUE_STEPS_MAX;
}

/* --- names and members --- */

static TSNode follow(struct walk *w, TSNode at, int depth);

static bool key_of(const struct syntax *js, TSNode access, char *out, size_t size) {
    if (node_is(access, "subscript_expression"))
        return js_string(js, node_field(access, "index"), out, size);
    TSNode property = node_field(access, "property");
    if (node_size(property) >= size)
        return false;
    node_copy(js, property, out, size);
    return true;
}

static bool is_access(TSNode n) {
    return node_is(n, "member_expression") || node_is(n, "subscript_expression");
}

/* __ENV.X or __ENV['X']. */
static bool is_env(const struct syntax *js, TSNode n) {
    return is_access(n) && node_text_is(js, node_field(n, "object"), "__ENV");
}

static TSNode follow_member(struct walk *w, TSNode access, int depth) {
    TSNode object = follow(w, node_field(access, "object"), depth + 1), value = {0};
    char key[JS_NAME_BYTES];
    if (!node_is(object, "object") || !key_of(w->js, access, key, sizeof key))
        return value;
    struct js_list l;
    js_list_open(w->js, object, &l);
    bool plain = true;
    for (size_t i = 0; i < l.len; i++)
        plain = plain && l.item[i].kind != MEMBER_SPREAD && l.item[i].kind != MEMBER_COMPUTED;
    const struct member *m = plain ? js_member(&l, key) : NULL;
    if (m)
        value = m->value;
    js_list_close(&l);
    return ts_node_is_null(value) ? value : follow(w, value, depth + 1);
}

static TSNode follow(struct walk *w, TSNode at, int depth) {
    if (too_deep(w, depth))
        return (TSNode){0};
    at = js_unwrap(at);
    if (node_is(at, "identifier") || node_is(at, "shorthand_property_identifier")) {
        TSNode value = names_value(w->names, at);
        return ts_node_is_null(value) ? value : follow(w, value, depth + 1);
    }
    if (is_access(at) && !is_env(w->js, at))
        return follow_member(w, at, depth);
    return at;
}

TSNode value_node(const struct names *n, TSNode expression) {
    struct walk w = begin(n);
    return follow(&w, expression, 0);
}

/* X || Y and X ?? Y with X from the environment: Y, what it is unless somebody sets X. */
static bool env_or(struct walk *w, TSNode at, TSNode *other) {
    TSNode op = node_field(at, "operator");
    if (!node_is(at, "binary_expression") || (!node_is(op, "||") && !node_is(op, "??")))
        return false;
    TSNode left = js_unwrap(node_field(at, "left"));
    if (node_is(left, "call_expression")) { /* Number(__ENV.X) || 2 */
        struct nodes args = {0};
        js_children(node_field(left, "arguments"), &args);
        left = args.len ? js_unwrap(args.item[0]) : left;
        nodes_fini(&args);
    }
    if (!is_env(w->js, left))
        return false;
    *other = node_field(at, "right");
    return true;
}

/* --- numbers --- */

static bool number(struct walk *w, TSNode at, int depth, struct number *out);

static bool literal_number(const struct syntax *js, TSNode at, double *out) {
    char text[64], plain[64];
    if (node_size(at) >= sizeof text)
        return false;
    node_copy(js, at, text, sizeof text);
    size_t len = 0;
    for (const char *c = text; *c; c++)
        if (*c != '_')
            plain[len++] = *c;
    plain[len] = '\0';
    char *end;
    bool octal = plain[0] == '0' && plain[1] && strchr("01234567oObB", plain[1]);
    *out = octal ? NAN : strtod(plain, &end);
    return !octal && *end == '\0' && isfinite(*out);
}

static bool combine(char op, struct number a, struct number b, struct number *out) {
    /* the mean of a product or quotient of random numbers is not that of their means */
    if ((op == '*' && a.random && b.random) || (op == '/' && b.random) ||
        ((op == '%' || op == '^') && (a.random || b.random)))
        return false;
    out->random = a.random || b.random;
    out->from_env = a.from_env || b.from_env;
    switch (op) {
    case '+':
        out->value = a.value + b.value;
        break;
    case '-':
        out->value = a.value - b.value;
        break;
    case '*':
        out->value = a.value * b.value;
        break;
    case '/':
        out->value = a.value / b.value;
        break;
    case '%':
        out->value = fmod(a.value, b.value);
        break;
    case '^':
        out->value = pow(a.value, b.value);
        break;
    default:
        return false;
    }
    return isfinite(out->value);
}

static bool binary_number(struct walk *w, TSNode at, int depth, struct number *out) {
    TSNode other, op = node_field(at, "operator");
    if (env_or(w, at, &other)) {
        out->from_env = true;
        bool known = number(w, other, depth + 1, out);
        out->from_env = true;
        return known;
    }
    static const char *const ops[] = {"+", "-", "*", "/", "%", "**"};
    struct number a = {0}, b = {0};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (node_is(op, ops[i]))
            return number(w, node_field(at, "left"), depth + 1, &a) &&
                   number(w, node_field(at, "right"), depth + 1, &b) &&
                   combine("+-*/%^"[i], a, b, out);
    return false;
}

/* floor(Math.random() * N) for a whole N is one of 0 ... N-1. */
static bool floor_of_random(struct number x, struct number *out) {
    double n = 2 * x.value;
    *out = x;
    out->value = (n - 1) / 2;
    return n >= 1 && n == floor(n);
}

static bool is_random_times(struct walk *w, TSNode at) {
    at = js_unwrap(at);
    if (!node_is(at, "binary_expression") || !node_is(node_field(at, "operator"), "*"))
        return false;
    TSNode left = js_unwrap(node_field(at, "left")), right = js_unwrap(node_field(at, "right"));
    return node_text_is(w->js, left, "Math.random()") ||
           node_text_is(w->js, right, "Math.random()");
}

static bool call_number(struct walk *w, TSNode at, int depth, struct number *out) {
    struct nodes args = {0};
    js_children(node_field(at, "arguments"), &args);
    TSNode f = node_field(at, "function");
    struct number a = {0}, b = {0};
    bool one = args.len >= 1 && number(w, args.item[0], depth + 1, &a);
    bool two = one && args.len >= 2 && number(w, args.item[1], depth + 1, &b);
    const struct bind *import = node_is(f, "identifier") ? names_import(w->names, f) : NULL;
    bool known = false;
    if (node_text_is(w->js, f, "Math.random") && args.len == 0) {
        *out = (struct number){.value = 0.5, .random = true};
        known = true;
    } else if (import && strcmp(import->part, "randomIntBetween") == 0 && two) {
        *out = (struct number){.value = (a.value + b.value) / 2, .random = true};
        known = true;
    } else if (node_text_is(w->js, f, "Math.floor") && one && a.random) {
        known = is_random_times(w, args.item[0]) && floor_of_random(a, out);
    } else if (one && (node_text_is(w->js, f, "Number") || node_text_is(w->js, f, "parseFloat") ||
                       (!a.random && node_text_is(w->js, f, "parseInt")))) {
        *out = a;
        if (node_text_is(w->js, f, "parseInt"))
            out->value = trunc(a.value);
        known = true;
    } else if (one && !a.random) {
        static const struct {
            const char *name;
            double (*f)(double);
        } round_[] = {{"Math.floor", floor}, {"Math.ceil", ceil}, {"Math.round", round}};
        for (size_t i = 0; i < sizeof round_ / sizeof *round_; i++)
            if (node_text_is(w->js, f, round_[i].name)) {
                *out = a;
                out->value = round_[i].f(a.value);
                known = true;
            }
    }
    nodes_fini(&args);
    return known;
}

static bool unary_number(struct walk *w, TSNode at, int depth, struct number *out) {
    TSNode op = node_field(at, "operator");
    if ((!node_is(op, "-") && !node_is(op, "+")) ||
        !number(w, node_field(at, "argument"), depth + 1, out))
        return false;
    if (node_is(op, "-"))
        out->value = -out->value;
    return true;
}

static bool number(struct walk *w, TSNode at, int depth, struct number *out) {
    if (too_deep(w, depth))
        return false;
    at = follow(w, at, depth);
    char text[64], *end;
    if (node_is(at, "number"))
        return literal_number(w->js, at, &out->value);
    if (node_is(at, "binary_expression"))
        return binary_number(w, at, depth, out);
    if (node_is(at, "unary_expression"))
        return unary_number(w, at, depth, out);
    if (node_is(at, "call_expression"))
        return call_number(w, at, depth, out);
    if (!js_string(w->js, at, text, sizeof text) || !*text)
        return false;
    out->value = strtod(text, &end);
    return *end == '\0' && isfinite(out->value);
}

bool value_number(const struct names *n, TSNode expression, struct number *out) {
    struct walk w = begin(n);
    *out = (struct number){0};
    return !ts_node_is_null(expression) && number(&w, expression, 0, out);
}

/* --- strings --- */

/* Adds what is known of the beginning; true when that is all of it. */
static bool string(struct walk *w, TSNode at, int depth, struct text_out *o);

static bool template(struct walk *w, TSNode at, int depth, struct text_out *o) {
    size_t from = node_start(at) + 1, end = node_end(at) - 1;
    struct nodes parts = {0};
    js_children(at, &parts);
    bool known = true;
    for (size_t i = 0; known && i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (!node_is(part, "template_substitution"))
            continue;
        text_put(o, w->js->text + from, node_start(part) - from);
        from = node_end(part);
        known = string(w, ts_node_named_child(part, 0), depth + 1, o);
    }
    if (known)
        text_put(o, w->js->text + from, end - from);
    nodes_fini(&parts);
    return known;
}

static bool string(struct walk *w, TSNode at, int depth, struct text_out *o) {
    char text[VALUE_MAX_BYTES];
    TSNode other;
    if (too_deep(w, depth))
        return false;
    at = follow(w, at, depth);
    if (js_string(w->js, at, text, sizeof text) || node_is(at, "number")) {
        if (node_is(at, "number"))
            node_copy(w->js, at, text, sizeof text);
        text_put(o, text, strlen(text));
        return true;
    }
    if (node_is(at, "template_string"))
        return template(w, at, depth, o);
    if (env_or(w, at, &other)) {
        w->from_env = true;
        return string(w, other, depth + 1, o);
    }
    if (node_is(at, "binary_expression") && node_is(node_field(at, "operator"), "+"))
        return string(w, node_field(at, "left"), depth + 1, o) &&
               string(w, node_field(at, "right"), depth + 1, o);
    return false;
}

void value_prefix(const struct names *n, TSNode expression, char *out, size_t size, bool *whole) {
    struct text_out o = {.to = out, .size = size};
    struct walk w = begin(n);
    *out = '\0';
    *whole = !ts_node_is_null(expression) && string(&w, expression, 0, &o);
}

bool value_string(const struct names *n, TSNode expression, char *out, size_t size) {
    struct text_out o = {.to = out, .size = size};
    struct walk w = begin(n);
    *out = '\0';
    return !ts_node_is_null(expression) && string(&w, expression, 0, &o) && o.len + 1 < size;
}

bool value_from_env(const struct names *n, TSNode expression) {
    char text[VALUE_MAX_BYTES];
    struct text_out o = {.to = text, .size = sizeof text};
    struct walk w = begin(n);
    string(&w, expression, 0, &o);
    return w.from_env;
}

/* --- durations --- */

bool duration_parse(const char *text, double *ms) {
    static const struct {
        const char *name;
        double ms;
    } unit[] = {{"ns", 1e-6}, {"us", 1e-3}, {"\xc2\xb5s", 1e-3}, {"ms", 1},
                {"s", 1000},  {"m", 60e3},  {"h", 3600e3},       {"d", 86400e3}};
    *ms = 0;
    if (!*text)
        return false;
    for (const char *at = text; *at;) {
        size_t digits = strspn(at, "0123456789."), u = 0, count = sizeof unit / sizeof *unit;
        char *end;
        double value = strtod(at, &end);
        if (!digits || end != at + digits)
            return false;
        if (!*end && at == text) { /* '2000' */
            *ms = value;
            return isfinite(value);
        }
        while (u < count && (strncmp(end, unit[u].name, strlen(unit[u].name)) != 0 ||
                             (strcmp(unit[u].name, "m") == 0 && end[1] == 's')))
            u++;
        if (u == count)
            return false;
        *ms += value * unit[u].ms;
        at = end + strlen(unit[u].name);
    }
    return isfinite(*ms);
}

bool value_duration_ms(const struct names *n, TSNode expression, double *ms) {
    char text[64];
    struct number number_;
    TSNode at = value_node(n, expression);
    if (node_is(at, "number") || node_is(at, "unary_expression") ||
        node_is(at, "binary_expression")) {
        if (value_number(n, at, &number_) && number_.value >= 0) {
            *ms = number_.value;
            return true;
        }
    }
    return value_string(n, expression, text, sizeof text) && duration_parse(text, ms);
}
