#include <math.h>
#include <string.h>

#include "base/unit.h"
#include "ui/plain/verb.h"

/* The row of a word "--name" or "--name=value"; *value is set for the second form. */
static const struct option *find(const struct verb *v, const char *word, const char **value) {
    size_t len = strcspn(word, "=");
    for (const struct option *o = v->options; o && o->name; o++)
        if (strlen(o->name) == len && strncmp(o->name, word, len) == 0) {
            *value = word[len] ? word + len + 1 : NULL;
            return o;
        }
    return NULL;
}

static bool see_help(const struct verb *v, struct err *e) {
    return err_fix(e, "see perfscale help%s%s", v->name[0] ? " " : "", v->name);
}

static bool store(const struct option *o, const char *value, void *out, struct err *e) {
    char *to = (char *)out + o->to;
    if (!o->argument) {
        if (value)
            return err_set(e, ERR_USAGE, "%s takes no value", o->name);
        *(bool *)(void *)to = true;
        return true;
    }
    if (!value || !value[0]) {
        err_set(e, ERR_USAGE, "%s has no value", o->name);
        return err_fix(e, "write %s %s", o->name, o->argument);
    }
    if (*(const char **)(void *)to)
        return err_set(e, ERR_USAGE, "%s is given twice", o->name);
    *(const char **)(void *)to = value;
    return true;
}

static bool take_option(const struct verb *v, int argc, char **argv, int *at, void *out,
                        struct err *e) {
    const char *value = NULL, *word = argv[*at];
    const struct option *o = find(v, word, &value);
    if (!o) {
        err_set(e, ERR_USAGE, "%.80s is not an option%s%s", word, v->name[0] ? " of " : "",
                v->name);
        return see_help(v, e);
    }
    if (o->refused)
        return err_set(e, ERR_USAGE, "%s: %s", o->name, o->refused);
    if (o->argument && !value && *at + 1 < argc)
        value = argv[++*at];
    return store(o, value, out, e);
}

static bool take_operand(const struct verb *v, const char *word, struct operands *ops,
                         struct err *e) {
    if (ops->n >= v->most || ops->n == OPERANDS_MAX) {
        err_set(e, ERR_USAGE, "\"%.80s\" is one word too many", word);
        return see_help(v, e);
    }
    ops->item[ops->n++] = word;
    return true;
}

bool options_read(const struct verb *v, int argc, char **argv, void *out, struct operands *ops,
                  struct err *e) {
    *ops = (struct operands){0};
    bool options = true;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && word[0] == '-' && word[1]) {
            if (!take_option(v, argc, argv, &i, out, e))
                return false;
        } else if (!take_operand(v, word, ops, e)) {
            return false;
        }
    }
    return true;
}

/* Puts the option's name before the sentence of the unit and an example behind it. */
static bool wrong(const char *name, const char *example, struct err *e) {
    struct err inner = *e;
    err_set(e, ERR_USAGE, "%s: %s", name, inner.text);
    return err_fix(e, "write it as %s", example);
}

bool option_rate(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text || (unit_rate(text, out, &inner) && *out > 0))
        return true;
    if (inner.kind == ERR_NONE)
        err_set(&inner, ERR_USAGE, "must be above 0");
    *e = inner;
    return wrong(name, "100, 100/s or 6000/m", e);
}

bool option_duration_ms(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text || (unit_duration_ms(text, 1, out, &inner) && *out > 0))
        return true;
    if (inner.kind == ERR_NONE)
        err_set(&inner, ERR_USAGE, "must be above 0");
    *e = inner;
    return wrong(name, "500ms or 1.5s", e);
}

bool option_pause_ms(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text || unit_duration_ms(text, 1, out, &inner))
        return true;
    *e = inner;
    return wrong(name, "500ms, 1.5s or 0", e);
}

bool option_share(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text || unit_share(text, out, &inner))
        return true;
    *e = inner;
    return wrong(name, "1% or 0.01", e);
}

bool option_megabytes(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text || (unit_megabytes(text, out, &inner) && *out > 0))
        return true;
    if (inner.kind == ERR_NONE)
        err_set(&inner, ERR_USAGE, "must be above 0");
    *e = inner;
    return wrong(name, "1000MB or 2GB", e);
}

bool option_count(const char *name, const char *text, double *out, struct err *e) {
    struct err inner = {0};
    if (!text ||
        (unit_number(text, out, &inner) && *out >= 1 && *out <= 1e9 && *out == floor(*out)))
        return true;
    if (inner.kind == ERR_NONE)
        err_set(&inner, ERR_USAGE, "must be a whole number above 0");
    *e = inner;
    return wrong(name, "200", e);
}
