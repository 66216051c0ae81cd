/* Fields that have a value for each scenario, as text: "buy=25 look=75". */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "session/form.h"

struct list {
    enum field field;
    enum model model;
    const struct scenario *const *scenario;
    size_t n;
    double *each;
    char *error;
    size_t size;
    size_t named, plain; /* numbers with a name before them, and without */
    bool given[SCENARIOS_MAX];
};

/* Names hold spaces in some tools: the longest name that stands here with a "=" behind it. */
static const char *name_at(const struct list *l, const char *at, size_t *index) {
    const char *behind = NULL;
    for (size_t i = 0; i < l->n; i++) {
        size_t len = strlen(l->scenario[i]->name);
        if (strncmp(at, l->scenario[i]->name, len) != 0 || at[len] != '=' ||
            (behind && at + len < behind))
            continue;
        behind = at + len;
        *index = i;
    }
    return behind ? behind + 1 : NULL;
}

static bool set_one(struct list *l, size_t i, const char *text, size_t len) {
    char number[64], why[128];
    if (len >= sizeof number) {
        snprintf(l->error, l->size, "\"%.20s...\" is no number.", text);
        return false;
    }
    bool percent = l->field == FIELD_SHARES && len > 1 && text[len - 1] == '%';
    snprintf(number, sizeof number, "%.*s", (int)len - percent, text);
    if (l->given[i]) {
        snprintf(l->error, l->size, "%.60s is there twice.", l->scenario[i]->name);
        return false;
    }
    l->given[i] = true;
    if (field_parse(l->field, l->model, number, &l->each[i], why, sizeof why))
        return true;
    snprintf(l->error, l->size, "%.40s: %.80s", l->scenario[i]->name, why);
    return false;
}

static bool unknown_name(struct list *l, const char *text, size_t len) {
    int n =
        snprintf(l->error, l->size, "\"%.*s\" is no scenario of", len < 24 ? (int)len : 24, text);
    for (size_t i = 0; i < l->n && n > 0 && (size_t)n < l->size; i++)
        n += snprintf(l->error + n, l->size - (size_t)n, "%s %.24s", i ? "," : "",
                      l->scenario[i]->name);
    return false;
}

/* "1,000" is one number. */
static bool is_thousands(const char *comma) {
    enum { DIGITS = 3 };
    return strspn(comma + 1, "0123456789") == DIGITS;
}

/* Up to a space or a comma. */
static size_t word_length(const char *at) {
    size_t len = strcspn(at, " ,");
    while (at[len] == ',' && is_thousands(at + len))
        len += 1 + strcspn(at + len + 1, " ,");
    return len;
}

static bool take_word(struct list *l, const char **at) {
    size_t index = 0, len;
    const char *number = name_at(l, *at, &index);
    if (number) {
        len = word_length(number);
        l->named++;
        *at = number + len;
        return set_one(l, index, number, len);
    }
    const char *word = *at;
    len = word_length(word);
    *at = word + len;
    if (memchr(word, '=', len))
        return unknown_name(l, word, len);
    if (l->plain == l->n) {
        snprintf(l->error, l->size, "There are %zu scenarios and more numbers.", l->n);
        return false;
    }
    return set_one(l, l->plain++, word, len);
}

static bool complete(struct list *l) {
    bool shares = l->field == FIELD_SHARES;
    if (l->named && l->plain) {
        snprintf(l->error, l->size, "Write a name before each number, or before none.");
        return false;
    }
    if (l->plain == 1 && !shares) {
        for (size_t i = 1; i < l->n; i++)
            l->each[i] = l->each[0];
        return true;
    }
    for (size_t i = 0; i < l->n && (shares || l->plain); i++)
        if (!l->given[i]) {
            snprintf(l->error, l->size, "The number of %.60s is missing.", l->scenario[i]->name);
            return false;
        }
    return true;
}

bool field_parse_each(enum field f, enum model m, const struct scenario *const *scenario, size_t n,
                      const char *typed, double *each, char *error, size_t size) {
    struct list l = {.field = f,
                     .model = m,
                     .scenario = scenario,
                     .n = n,
                     .each = each,
                     .error = error,
                     .size = size};
    error[0] = '\0';
    for (const char *at = typed + strspn(typed, " ,"); *at; at += strspn(at, " ,"))
        if (!take_word(&l, &at))
            return false;
    return complete(&l);
}

/* --- as text --- */

/* As many digits as can be typed again; shares in percent. */
static void show_one(enum field f, double value, char *out, size_t size) {
    if (f == FIELD_SHARES)
        snprintf(out, size, "%.6g%%", round(value * 1e4) / 100);
    else
        snprintf(out, size, "%.6g", value);
}

static bool all_the_same(const double *each, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (!(each[i] == each[0]))
            return false;
    return !isnan(each[0]);
}

void field_show_each(enum field f, const struct scenario *const *scenario, size_t n,
                     const double *each, char *out, size_t size) {
    char number[32];
    size_t len = 0;
    out[0] = '\0';
    if (f != FIELD_SHARES && all_the_same(each, n)) {
        show_one(f, each[0], out, size);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (isnan(each[i]))
            continue;
        show_one(f, each[i], number, sizeof number);
        int more =
            snprintf(out + len, size - len, "%s%s=%s", len ? " " : "", scenario[i]->name, number);
        if (more < 0 || (size_t)more >= size - len) {
            out[len] = '\0';
            return;
        }
        len += (size_t)more;
    }
}
