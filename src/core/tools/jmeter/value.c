#include "tools/jmeter/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { DEPTH_MAX = 16, STEPS_MAX = 200, NAME_MAX_BYTES = 128 };

/* --- variables --- */

static void add(struct jmeter_values *v, const char *name, int element) {
    v->item = mem_grow(v->item, v->len, &v->cap, sizeof *v->item);
    v->item[v->len++] = (struct jmeter_variable){.name = mem_strdup(name), .element = element};
}

void jmeter_values_add(struct jmeter_values *v, const struct jmx *x, int arguments) {
    int list = jmx_property(x, arguments, "Arguments.arguments");
    if (list == JMX_NONE)
        return;
    for (int i = x->item[list].first_child; i != JMX_NONE; i = x->item[i].next) {
        char name[NAME_MAX_BYTES];
        int value = jmx_property(x, i, "Argument.value");
        if (!jmx_property_text(x, i, "Argument.name", name, sizeof name))
            jmx_attribute_text(x, i, "name", name, sizeof name);
        if (name[0] && value != JMX_NONE)
            add(v, name, value);
    }
}

static int by_name(const void *a, const void *b) {
    const struct jmeter_variable *l = a, *r = b;
    int order = strcmp(l->name, r->name);
    return order ? order : (l->element > r->element) - (l->element < r->element);
}

void jmeter_values_sort(struct jmeter_values *v) {
    if (v->len)
        qsort(v->item, v->len, sizeof *v->item, by_name);
}

void jmeter_values_fini(struct jmeter_values *v) {
    for (size_t i = 0; i < v->len; i++)
        free(v->item[i].name);
    free(v->item);
    *v = (struct jmeter_values){0};
}

/* The last one of that name. JMX_NONE when there is none. */
static int find(const struct jmeter_values *v, const char *name) {
    size_t low = 0, high = v->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(v->item[middle].name, name) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low && strcmp(v->item[low - 1].name, name) == 0 ? v->item[low - 1].element : JMX_NONE;
}

/* --- expressions --- */

/* One value while it is resolved. */
struct job {
    const struct jmeter_values *v;
    const struct jmx *x;
    struct jmeter_value *out;
    int steps;
};

struct piece {
    char *text;
    size_t len, size;
};

static bool put(struct piece *to, const char *bytes, size_t len) {
    if (to->len + len >= to->size)
        return false;
    memcpy(to->text + to->len, bytes, len);
    to->text[to->len += len] = '\0';
    return true;
}

static bool resolve(struct job *j, const char *text, size_t len, int depth, struct piece *to);

/* The "}" that ends the "${" at text[0]; len when there is none. */
static size_t closing(const char *text, size_t len) {
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == '{' && i && text[i - 1] == '$')
            depth++;
        else if (text[i] == '}' && --depth <= 0)
            return i;
    }
    return len;
}

/* The end of a function's argument: a comma or the end, outside inner expressions. */
static size_t argument_end(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            i++;
        else if (text[i] == ',')
            return i;
        else if (text[i] == '$' && i + 1 < len && text[i + 1] == '{')
            i += closing(text + i, len - i);
    }
    return len;
}

/* __P(name,default) and __property(name,variable,default). */
static bool resolve_property(struct job *j, const char *args, size_t len, bool is_p, int depth,
                             struct piece *to) {
    char name[NAME_MAX_BYTES] = "";
    struct piece key = {name, 0, sizeof name};
    size_t end = argument_end(args, len), at = end;
    if (!resolve(j, args, end, depth, &key))
        return false;
    if (!is_p && at < len) /* the variable in between */
        at += 1 + argument_end(args + at + 1, len - at - 1);
    if (!j->out->property[0])
        text_copy(j->out->property, sizeof j->out->property, name);
    if (at >= len)
        return is_p ? put(to, "1", 1) : put(to, name, key.len);
    at++;
    char fallback[JMETER_VALUE_MAX] = "";
    struct piece value = {fallback, 0, sizeof fallback};
    if (!resolve(j, args + at, argument_end(args + at, len - at), depth, &value))
        return false;
    const char *trimmed =
        text_trim(fallback, &value.len); /* as JMeter does it here, and only here */
    return put(to, trimmed, value.len);
}

/* What stands between "${" and "}". */
static bool resolve_inside(struct job *j, const char *text, size_t len, int depth,
                           struct piece *to) {
    static const char *const functions[] = {"__P(", "__property("};
    for (size_t i = 0; i < 2; i++) {
        size_t skip = strlen(functions[i]);
        if (len > skip && memcmp(text, functions[i], skip) == 0 && text[len - 1] == ')')
            return resolve_property(j, text + skip, len - skip - 1, i == 0, depth, to);
    }
    char name[NAME_MAX_BYTES], value[JMETER_VALUE_MAX];
    if (len >= sizeof name)
        return false;
    memcpy(name, text, len);
    name[len] = '\0';
    int element = find(j->v, name);
    return element != JMX_NONE && jmx_value_text(j->x, element, value, sizeof value) &&
           resolve(j, value, strlen(value), depth, to);
}

/* The innermost one that is not in the file. */
static void note_unknown(struct jmeter_value *v, const char *text, size_t len) {
    int most = (int)sizeof v->unknown - 4;
    if (!v->unknown[0])
        snprintf(v->unknown, sizeof v->unknown, "%.*s%s", len < sizeof v->unknown ? (int)len : most,
                 text, len < sizeof v->unknown ? "" : "...");
}

static bool resolve(struct job *j, const char *text, size_t len, int depth, struct piece *to) {
    if (depth > DEPTH_MAX || ++j->steps > STEPS_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\' && i + 1 < len && strchr("\\$,", text[i + 1])) {
            if (!put(to, &text[++i], 1))
                return false;
        } else if (text[i] == '$' && i + 1 < len && text[i + 1] == '{') {
            size_t end = i + closing(text + i, len - i);
            if (end == len || !resolve_inside(j, text + i + 2, end - i - 2, depth + 1, to)) {
                note_unknown(j->out, text + i, end == len ? end - i : end - i + 1);
                return false;
            }
            i = end;
        } else if (!put(to, &text[i], 1)) {
            return false;
        }
    }
    return true;
}

void jmeter_resolve(const struct jmeter_values *v, const struct jmx *x, const char *text,
                    struct jmeter_value *out) {
    *out = (struct jmeter_value){.literal = !strstr(text, "${")};
    struct job j = {.v = v, .x = x, .out = out};
    struct piece to = {out->text, 0, sizeof out->text};
    if (out->literal)
        out->resolved = text_copy(out->text, sizeof out->text, text);
    else
        out->resolved = resolve(&j, text, strlen(text), 0, &to);
    if (!out->resolved && !out->unknown[0])
        text_copy(out->unknown, sizeof out->unknown, text);
}

void jmeter_resolve_element(const struct jmeter_values *v, const struct jmx *x, int element,
                            struct jmeter_value *out) {
    char text[JMETER_VALUE_MAX];
    bool whole = element == JMX_NONE || jmx_value_text(x, element, text, sizeof text);
    jmeter_resolve(v, x, element == JMX_NONE ? "" : text, out);
    out->resolved = out->resolved && whole;
}

bool jmeter_whole(const char *text, double *out) {
    size_t sign = text[0] == '-' || text[0] == '+', digits = strspn(text + sign, "0123456789");
    if (!digits || text[sign + digits] || digits > 18)
        return false;
    *out = strtod(text, NULL);
    return true;
}
