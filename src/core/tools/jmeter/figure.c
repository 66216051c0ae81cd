#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "tools/jmeter/plan_parts.h"

struct known figure_known(double value, long line) {
    return (struct known){.value = value, .most = value, .line = line};
}

struct known figure_unknown(long line, const char *fmt, ...) {
    struct known k = {.value = NAN, .most = NAN, .line = line};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(k.why, sizeof k.why, fmt, ap);
    va_end(ap);
    return k;
}

/* JMeter reads it before it knows any variable. */
static bool is_number_only(const struct jmx *x, int property) {
    return property != JMX_NONE &&
           (jmx_is(x, property, "intProp") || jmx_is(x, property, "longProp"));
}

/* The resolved text of a property, and all but the value of its figure. */
static struct jmeter_figure resolve(const struct jmeter_plan *p, int element, const char *property,
                                    struct jmeter_value *v) {
    int at = element == JMX_NONE ? JMX_NONE : jmx_property(&p->x, element, property);
    jmeter_resolve_element(&p->values, &p->x, at, v);
    struct jmeter_figure f = {
        .element = at, .literal = v->literal, .from_property = v->property[0] != '\0'};
    long line = jmx_element_line(&p->x, at == JMX_NONE ? element : at);
    f.value = !v->literal && is_number_only(&p->x, at)
                  ? figure_unknown(line, "JMeter cannot load an expression in %.*s",
                                   p->x.item[at].name_len, p->x.text + p->x.item[at].start + 1)
              : v->resolved ? figure_known(0, line)
                            : figure_unknown(line, "value of %s is not in the file", v->unknown);
    return f;
}

struct jmeter_figure figure_of(const struct jmeter_plan *p, int element, const char *property) {
    struct jmeter_value v;
    struct jmeter_figure f = resolve(p, element, property, &v);
    double value;
    if (!isnan(f.value.value) && jmeter_whole(v.text, &value))
        f.value.value = f.value.most = value;
    return f;
}

struct jmeter_figure figure_flag(const struct jmeter_plan *p, int element, const char *property,
                                 bool missing) {
    struct jmeter_value v;
    struct jmeter_figure f = resolve(p, element, property, &v);
    if (f.element == JMX_NONE)
        f.value = figure_known(missing, f.value.line);
    else if (jmx_is(&p->x, f.element, "boolProp")) /* an expression in it reads as false */
        f.value = figure_known(v.literal && text_same(v.text, "true"), f.value.line);
    else if (v.resolved)
        f.value.value = f.value.most = text_same(v.text, "true");
    return f;
}

struct known figure_number(const struct jmeter_plan *p, int element, const char *property) {
    struct jmeter_value v;
    struct jmeter_figure f = resolve(p, element, property, &v);
    double value;
    if (!isnan(f.value.value) && unit_number(v.text, &value, NULL))
        f.value.value = f.value.most = value;
    return f.value;
}

void figure_name(const struct jmx *x, int element, char *out, size_t size) {
    char raw[512];
    struct jmx_attribute a;
    if (jmx_attribute(x, element, "testname", &a))
        jmx_decode(x, a.value, raw, sizeof raw);
    else if (!jmx_property_text(x, element, "TestElement.name", raw, sizeof raw))
        text_copy(raw, sizeof raw, class_of(x, element)->title);
    if (!raw[0])
        text_copy(raw, sizeof raw, class_of(x, element)->title);
    text_clean(raw, strlen(raw), TEXT_ONE_LINE, out, size);
}
