#include "plan/plan_parts.h"

#include <ctype.h>

enum { COUNTED_MAX = 3 }; /* "http api requests" */

struct scale {
    const char *name;
    double factor;
};

static const struct scale times[] = {
    {"us", 0.001},
    {"\u00b5s", 0.001},
    {"\u03bcs", 0.001},
    {"microsecond", 0.001},
    {"microseconds", 0.001},
    {"ms", 1},
    {"msec", 1},
    {"msecs", 1},
    {"millisecond", 1},
    {"milliseconds", 1},
    {"millis", 1},
    {"s", 1e3},
    {"sec", 1e3},
    {"secs", 1e3},
    {"second", 1e3},
    {"seconds", 1e3},
    {"m", 6e4},
    {"min", 6e4},
    {"mins", 6e4},
    {"minute", 6e4},
    {"minutes", 6e4},
    {"h", 36e5},
    {"hr", 36e5},
    {"hrs", 36e5},
    {"hour", 36e5},
    {"hours", 36e5},
    {"d", 864e5},
    {"day", 864e5},
    {"days", 864e5},
    {NULL, 0},
};

static const struct scale sizes[] = {
    {"kb", 0.001},     {"mb", 1},         {"gb", 1e3},          {"tb", 1e6},
    {"kib", 0.001024}, {"mib", 1.048576}, {"gib", 1073.741824}, {NULL, 0},
};

/* Seconds behind "per" or "/". */
static const struct scale periods[] = {
    {"s", 1},       {"sec", 1},  {"second", 1}, {"m", 60},      {"min", 60},
    {"minute", 60}, {"h", 3600}, {"hr", 3600},  {"hour", 3600}, {NULL, 0},
};

static const struct scale rates[] = {{"rps", 1},  {"tps", 1},  {"qps", 1},
                                     {"rpm", 60}, {"tpm", 60}, {NULL, 0}};

static const char *const counted[] = {"r",        "req",   "reqs",        "request",
                                      "requests", "calls", "transaction", "transactions",
                                      "queries",  "http",  "api",         NULL};

static bool scale_of(const struct token *t, const struct scale *table, double *factor) {
    if (t->kind == TOKEN_WORD && t->len == 1 && isupper((unsigned char)t->s[0]))
        return false; /* M is a million, not a minute */
    for (; table->name; table++)
        if (token_is(t, table->name)) {
            *factor = table->factor;
            return true;
        }
    return false;
}

static size_t skip_glue(const struct tokens *t, size_t i) {
    return token_at(t, i)->kind == TOKEN_DASH && token_at(t, i)->glued ? i + 1 : i;
}

static size_t skip_breaks(const struct tokens *t, size_t i) {
    while (token_at(t, i)->kind == TOKEN_BREAK)
        i++;
    return i;
}

/* "/s", "per second", "per-minute" at i. */
static bool period_at(const struct tokens *t, size_t i, double *seconds, size_t *end) {
    i = skip_breaks(t, i);
    if (!token_is_mark(token_at(t, i), '/') && !token_is(token_at(t, i), "per"))
        return false;
    i = skip_breaks(t, skip_glue(t, i + 1));
    *end = i + 1;
    return scale_of(token_at(t, i), periods, seconds);
}

/* "RPS", "req/s", "requests per minute", "/s". *words: nouns were there, a rate or not. */
static bool rate_at(const struct tokens *t, size_t i, double *seconds, size_t *end, bool *words) {
    *words = true;
    *end = i + 1;
    if (scale_of(token_at(t, i), rates, seconds))
        return true;
    size_t k = i;
    for (int n = 0; n < COUNTED_MAX && token_in(token_at(t, skip_breaks(t, k)), counted); n++)
        k = skip_glue(t, skip_breaks(t, k) + 1);
    *words = k > i;
    *end = k;
    return period_at(t, k, seconds, end);
}

bool hint_at(const struct tokens *t, size_t i, struct hint *h, size_t *end) {
    double factor;
    bool words;
    if (token_is_mark(token_at(t, i), '%') || token_is(token_at(t, i), "percent")) {
        *h = (struct hint){DIM_SHARE, 0.01};
        *end = i + 1;
        return !token_is(token_at(t, i + 1), "ile");
    }
    if (rate_at(t, i, &factor, end, &words)) {
        *h = (struct hint){DIM_RATE, 1 / factor};
        return true;
    }
    *end = i + 1;
    bool time = scale_of(token_at(t, i), times, &factor);
    if (!time && !scale_of(token_at(t, i), sizes, &factor))
        return false;
    *h = (struct hint){time ? DIM_TIME : DIM_SIZE, factor};
    return true;
}

static bool opens(const struct token *t) {
    return token_is_mark(t, '(') || token_is_mark(t, '[') || token_is_mark(t, ',') ||
           token_is(t, "in");
}

struct hint hint_in(const struct tokens *t) {
    struct hint h = {DIM_PLAIN, 1};
    size_t end;
    for (size_t i = 0; i < t->len; i++)
        if ((i == 0 || opens(token_at(t, i - 1)) || token_is_mark(token_at(t, i), '%')) &&
            hint_at(t, i, &h, &end))
            return h;
    return (struct hint){DIM_PLAIN, 1};
}

/* "1h30m", "1 h 30 min": smaller units that follow belong to it. */
static void add_smaller(const struct tokens *t, struct value *v, double factor) {
    for (;;) {
        const struct token *n = token_at(t, v->end);
        double smaller;
        if (n->kind != TOKEN_NUMBER || n->form != NUMBER_PLAIN ||
            !scale_of(token_at(t, v->end + 1), times, &smaller) || smaller >= factor)
            return;
        v->n += n->number * smaller;
        factor = smaller;
        v->end += 2;
    }
}

static double thousands(const struct tokens *t, size_t i) {
    const struct token *k = token_at(t, i);
    if (token_is(k, "thousand") || (k->glued && token_is(k, "k")))
        return 1e3;
    if (token_is(k, "million") || (k->glued && token_is(k, "m") && k->s[0] == 'M'))
        return 1e6;
    return 1;
}

/* "per user", "/VU", "each": a part, and nobody says of how many. */
static bool is_of_a_part(const struct tokens *t, size_t i) {
    const struct token *k = token_at(t, i);
    return token_is_mark(k, '/') || token_is(k, "per") || token_is(k, "each");
}

static struct value one_value(const struct tokens *t, size_t i) {
    const struct token *n = token_at(t, i);
    struct value v = {.n = n->number, .end = i + 1};
    double factor = 1;
    bool words;
    v.bad = n->form == NUMBER_BAD;
    v.doubtful = n->form == NUMBER_DOUBTFUL;
    double many = thousands(t, v.end);
    if (many > 1)
        v.end++;
    v.n *= many;
    size_t unit = many > 1 ? v.end : skip_glue(t, v.end);
    size_t end;
    if (rate_at(t, unit, &factor, &end, &words)) {
        v.dim = is_of_a_part(t, end) ? DIM_OTHER : DIM_RATE;
        v.n /= factor;
        v.end = end;
    } else if (words && unit == v.end) {
        v.dim = DIM_OTHER;
        v.end = end;
    } else if (many == 1 && scale_of(token_at(t, unit), times, &factor)) {
        v.dim = DIM_TIME;
        v.n *= factor;
        v.end = unit + 1;
        add_smaller(t, &v, factor);
    } else if (many == 1 && scale_of(token_at(t, unit), sizes, &factor)) {
        v.dim = DIM_SIZE;
        v.n *= factor;
        v.end = unit + 1;
    } else if (token_is_mark(token_at(t, v.end), '%') || token_is(token_at(t, v.end), "percent") ||
               token_is(token_at(t, v.end), "pct")) {
        v.dim = DIM_SHARE;
        v.n /= 100;
        v.end++;
    } else if (token_at(t, v.end)->glued && token_at(t, v.end)->kind == TOKEN_WORD) {
        v.dim = DIM_OTHER;
        v.end++;
    }
    return v;
}

/* What joins two ends of a range: 100-200, 100 to 200, 100 .. 200. Returns the index behind it, 0
 * when there is none. */
static size_t range_joint(const struct tokens *t, size_t i) {
    const struct token *k = token_at(t, i);
    if (k->kind == TOKEN_DASH || token_is(k, "to") || token_is_mark(k, '/'))
        return token_at(t, i + 1)->kind == TOKEN_NUMBER ? i + 1 : 0;
    size_t dots = i;
    while (token_is_mark(token_at(t, dots), '.'))
        dots++;
    return dots > i && token_at(t, dots)->kind == TOKEN_NUMBER ? dots : 0;
}

static bool between(const struct tokens *t, size_t i, size_t end) {
    return i > 0 && token_is(token_at(t, i - 1), "between") && token_is(token_at(t, end), "and") &&
           token_at(t, end + 1)->kind == TOKEN_NUMBER;
}

struct value value_at(const struct tokens *t, size_t i) {
    struct value v = one_value(t, i);
    for (;;) {
        size_t second = between(t, i, v.end) ? v.end + 1 : range_joint(t, v.end);
        if (!second)
            return v;
        struct value w = one_value(t, second);
        if (v.dim != DIM_PLAIN && v.dim != w.dim)
            return v;
        v.dim = w.dim;
        v.range = true;
        v.bad |= w.bad;
        v.end = w.end;
    }
}
