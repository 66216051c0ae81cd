#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/expr.h"
#include "base/text.h"
#include "base/unit.h"
#include "rules/parts.h"

enum { WORDS_TEXT_MAX = 200, NAMES_MAX = 20 };

bool cell_wrong(const struct cell *c, const char *fmt, ...) {
    char what[280];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    err_set(c->e, ERR_FORMAT,
            "\"%.40s\", row \"%.40s\", column \"%.30s\": expected %s, found %s%.60s%s", c->heading,
            c->row, c->column, what, c->text[0] ? "\"" : "nothing", c->text,
            c->text[0] ? "\"" : "");
    return err_at(c->e, c->file, c->line);
}

/* A division, not a product with 0.01, so that 95 % is exactly 0.95. */
static double in_our_unit(double value, const char *unit) {
    if (unit[0] == '%')
        return value / 100;
    return text_starts(unit, "MB") ? value * 1e6 : value;
}

static bool not_a_number(const struct cell *c) {
    const struct field *f = c->field;
    char least[32], most[32];
    return cell_wrong(c, "a number from %s to %s%s%s%s",
                      unit_show_short(f->least, 9, least, sizeof least),
                      unit_show_short(f->most, 9, most, sizeof most), c->unit[0] ? " (" : "",
                      c->unit, c->unit[0] ? ")" : "");
}

bool cell_number(const struct cell *c, void *out) {
    double value = NAN;
    if (c->text[0] || c->needed) {
        if (!unit_number(c->text, &value, NULL) || value < c->field->least ||
            value > c->field->most)
            return not_a_number(c);
        value = in_our_unit(value, c->unit);
    }
    memcpy(out, &value, sizeof value);
    return true;
}

bool cell_number_or_all(const struct cell *c, void *out) {
    if (!text_same(c->text, "all"))
        return cell_number(c, out);
    const double all = INFINITY;
    memcpy(out, &all, sizeof all);
    return true;
}

bool cell_text(const struct cell *c, void *out) {
    if (!c->text[0] && c->needed)
        return cell_wrong(c, "a text");
    char kept[1024];
    size_t size = c->field->size < sizeof kept ? c->field->size : sizeof kept;
    if (strlen(c->text) >= size)
        return cell_wrong(c, "at most %zu bytes", size - 1);
    text_clean(c->text, strlen(c->text), TEXT_ONE_LINE, kept, size);
    memcpy(out, kept, strlen(kept) + 1);
    return true;
}

/* The formula's own error says where in the formula; the cell is added to it. */
static bool formula_wrong(const struct cell *c, const struct err *why) {
    err_set(c->e, ERR_FORMAT,
            "\"%.40s\", row \"%.40s\", column \"%.30s\": expected a formula, found %s", c->heading,
            c->row, c->column, why->text);
    err_fix(c->e, "%s", why->fix);
    return err_at(c->e, c->file, c->line);
}

bool cell_formula(const struct cell *c, void *out) {
    struct expr_name names[NAMES_MAX];
    struct err why = {0};
    size_t n = 0;
    for (; c->field->words[n] && n < NAMES_MAX; n++)
        names[n] = (struct expr_name){c->field->words[n], NAN};
    if ((c->text[0] || c->needed) && !expr_check(c->text, names, n, &why))
        return c->text[0] ? formula_wrong(c, &why) : cell_wrong(c, "a formula");
    return cell_text(c, out);
}

static int find_word(const struct cell *c) {
    for (int i = 0; c->field->words[i]; i++)
        if (text_same(c->field->words[i], c->text))
            return i;
    char list[WORDS_TEXT_MAX] = "";
    for (int i = 0; c->field->words[i]; i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", c->field->words[i]);
    }
    cell_wrong(c, "one of %s", list);
    return -1;
}

bool cell_word(const struct cell *c, void *out) {
    int i = find_word(c);
    return i >= 0 && text_copy(out, c->field->size, c->field->words[i]);
}

bool cell_choice(const struct cell *c, void *out) {
    int i = find_word(c);
    if (i >= 0)
        memcpy(out, &i, sizeof i);
    return i >= 0;
}

bool cell_flag(const struct cell *c, void *out) {
    int i = find_word(c);
    bool flag = i == 1;
    if (i >= 0)
        memcpy(out, &flag, sizeof flag);
    return i >= 0;
}
