#include "base/expr.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, NAME_MAX_BYTES = 40, ARGS_MAX = 2 };

struct parse {
    const char *text, *at;
    const struct expr_name *names;
    size_t n;
    int depth;
    struct err *e;
};

/* --- functions ------------------------------------------------------------------------------- */

static double smaller(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmin(a, b); }
static double larger(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmax(a, b); }

static const struct function {
    const char *name;
    double (*one)(double);
    double (*two)(double, double); /* for min and max */
} functions[] = {
    {"ceil", ceil, NULL}, {"floor", floor, NULL}, {"round", round, NULL},
    {"sqrt", sqrt, NULL}, {"min", NULL, smaller}, {"max", NULL, larger},
};

static const struct function *find_function(const char *name, size_t len) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == len && memcmp(functions[i].name, name, len) == 0)
            return &functions[i];
    return NULL;
}

/* --- errors ---------------------------------------------------------------------------------- */

static bool expected(const struct parse *p, const char *what) {
    int at = (int)(p->at - p->text) + 1;
    if (*p->at == '\0')
        return err_set(p->e, ERR_FORMAT, "\"%.120s\" ends too early: expected %s", p->text, what);
    return err_set(p->e, ERR_FORMAT, "\"%.120s\": expected %s at character %d, found \"%.12s\"",
                   p->text, what, at, p->at);
}

static bool unknown_name(const struct parse *p, const char *name, size_t len) {
    char known[160] = "";
    for (size_t i = 0; i < p->n; i++) {
        size_t used = strlen(known), more = strlen(p->names[i].name) + 2;
        if (used + more >= sizeof known)
            break;
        strcat(strcat(known, i > 0 ? ", " : ""), p->names[i].name);
    }
    err_set(p->e, ERR_FORMAT, "\"%.120s\": the name %.*s is not known here", p->text, (int)len,
            name);
    return err_fix(p->e, p->n > 0 ? "names: %s" : "use numbers only", known);
}

/* --- the parser: it computes as it reads ----------------------------------------------------- */

static bool parse_sum(struct parse *p, double *out);

static void skip_spaces(struct parse *p) { p->at += strspn(p->at, " \t"); }

static bool take(struct parse *p, char c) {
    skip_spaces(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static bool parse_number(struct parse *p, double *out) {
    const char *s = p->at;
    s += strspn(s, "0123456789");
    if (*s == '.' && isdigit((unsigned char)s[1]))
        s += 1 + strspn(s + 1, "0123456789");
    char digits[NAME_MAX_BYTES];
    size_t len = (size_t)(s - p->at);
    if (len >= sizeof digits)
        return expected(p, "a shorter number");
    memcpy(digits, p->at, len);
    digits[len] = '\0';
    *out = strtod(digits, NULL);
    p->at = s;
    return true;
}

static bool parse_arguments(struct parse *p, double arg[ARGS_MAX], int wanted) {
    for (int i = 0; i < wanted; i++) {
        if (i > 0 && !take(p, ','))
            return expected(p, "\",\" and a second value");
        if (!parse_sum(p, &arg[i]))
            return false;
    }
    return take(p, ')') || expected(p, "\")\"");
}

static bool parse_call(struct parse *p, const struct function *f, double *out) {
    double arg[ARGS_MAX];
    if (!parse_arguments(p, arg, f->two ? 2 : 1))
        return false;
    if (f->one == sqrt && arg[0] < 0)
        return err_set(p->e, ERR_RANGE, "\"%.120s\": sqrt of %g", p->text, arg[0]);
    *out = f->two ? f->two(arg[0], arg[1]) : f->one(arg[0]);
    return true;
}

static bool is_name_byte(char c) { return isalnum((unsigned char)c) || c == '_'; }

static bool parse_name(struct parse *p, double *out) {
    const char *name = p->at;
    size_t len = 0;
    while (is_name_byte(name[len]))
        len++;
    const struct function *f = find_function(name, len);
    if (f) {
        p->at += len;
        return take(p, '(') ? parse_call(p, f, out) : expected(p, "\"(\"");
    }
    for (size_t i = 0; i < p->n; i++) {
        if (strlen(p->names[i].name) == len && memcmp(p->names[i].name, name, len) == 0) {
            *out = p->names[i].value;
            p->at += len;
            return true;
        }
    }
    return unknown_name(p, name, len < NAME_MAX_BYTES ? len : NAME_MAX_BYTES);
}

static bool parse_atom(struct parse *p, double *out) {
    skip_spaces(p);
    if (isdigit((unsigned char)*p->at))
        return parse_number(p, out);
    if (is_name_byte(*p->at))
        return parse_name(p, out);
    if (take(p, '('))
        return parse_sum(p, out) && (take(p, ')') || expected(p, "\")\""));
    return expected(p, "a number, a name or \"(\"");
}

static bool parse_sign(struct parse *p, double *out) {
    bool minus = false;
    while (take(p, '-'))
        minus = !minus;
    if (!parse_atom(p, out))
        return false;
    *out = minus ? -*out : *out;
    return true;
}

static bool parse_product(struct parse *p, double *out) {
    if (!parse_sign(p, out))
        return false;
    for (;;) {
        bool times = take(p, '*');
        if (!times && !take(p, '/'))
            return true;
        double right;
        if (!parse_sign(p, &right))
            return false;
        if (!times && right == 0)
            return err_set(p->e, ERR_RANGE, "\"%.120s\": division by zero", p->text);
        *out = times ? *out * right : *out / right;
    }
}

static bool parse_sum(struct parse *p, double *out) {
    if (++p->depth > DEPTH_MAX)
        return err_set(p->e, ERR_LIMIT, "\"%.120s\": more than %d brackets inside each other",
                       p->text, DEPTH_MAX);
    if (!parse_product(p, out))
        return false;
    for (;;) {
        bool plus = take(p, '+');
        if (!plus && !take(p, '-'))
            break;
        double right;
        if (!parse_product(p, &right))
            return false;
        *out = plus ? *out + right : *out - right;
    }
    p->depth--;
    return true;
}

bool expr_eval(const char *text, const struct expr_name *names, size_t n, double *out,
               struct err *e) {
    struct parse p = {.text = text, .at = text, .names = names, .n = n, .e = e};
    double value;
    if (!parse_sum(&p, &value))
        return false;
    skip_spaces(&p);
    if (*p.at != '\0')
        return expected(&p, "+ - * / or the end");
    *out = value;
    return true;
}

/* With unmeasured values nothing is computed, so only what is wrong in itself is found. */
bool expr_check(const char *text, const struct expr_name *names, size_t n, struct err *e) {
    struct expr_name *unmeasured = n > 0 ? malloc(n * sizeof *unmeasured) : NULL;
    double ignored;
    if (n > 0 && !unmeasured)
        return err_set(e, ERR_INTERNAL, "no memory");
    for (size_t i = 0; i < n; i++)
        unmeasured[i] = (struct expr_name){names[i].name, NAN};
    bool ok = expr_eval(text, unmeasured, n, &ignored, e);
    free(unmeasured);
    return ok;
}
