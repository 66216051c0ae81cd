#include "tools/k6/k6_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { DIGITS_MAX = 18 };

/* What is left of a line. */
struct scan {
    const char *p, *end;
    bool open; /* end may be a cut */
};

struct decimal {
    double value;
    int decimals;
    bool last_zero; /* the last decimal is a 0 */
    bool cut;       /* ends where an open text ends: digits may be missing */
};

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void skip_blanks(struct scan *s) {
    while (s->p < s->end && is_blank(*s->p))
        s->p++;
}

/* At the end of a word. */
static bool at_gap(const struct scan *s) { return s->p == s->end || is_blank(*s->p); }

static bool skip(struct scan *s, const char *word) {
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

static bool scan_number(struct scan *s, struct decimal *d) {
    char text[DIGITS_MAX + 8];
    size_t n = 0;
    const char *p = s->p;
    *d = (struct decimal){0};
    while (p < s->end && isdigit((unsigned char)*p) && n < DIGITS_MAX)
        text[n++] = *p++;
    if (n == 0 || n == DIGITS_MAX)
        return false;
    if (p + 1 < s->end && *p == '.' && isdigit((unsigned char)p[1])) {
        text[n++] = *p++;
        for (; p < s->end && isdigit((unsigned char)*p) && d->decimals < 6; d->decimals++) {
            d->last_zero = *p == '0';
            text[n++] = *p++;
        }
    }
    if (p < s->end && (isdigit((unsigned char)*p) || *p == '.'))
        return false;
    text[n] = '\0';
    d->value = strtod(text, NULL);
    d->cut = s->open && p == s->end;
    s->p = p;
    return true;
}

/* --- times ----------------------------------------------------------------------------------- */

static const struct {
    const char *unit;
    double ms;
} time_units[] = {
    {"ns", 1e-6},
    {"ms", 1},
    {"us", 1e-3},
    {"\u00b5s", 1e-3},
    {"\u03bcs", 1e-3},
    {"\xb5s", 1e-3},         /* Latin-1 */
    {"\u00c2\u00b5s", 1e-3}, /* UTF-8 taken for code page 1252, and for 437 */
    {"\u252c\u2561s", 1e-3},
    {"\ufffds", 1e-3},
    {"?s", 1e-3},
    {"s", 1000},
};

/* k6 picks a unit in which the number is from 1 to under the next one and drops zeros at the end;
 * with --summary-time-unit it writes two decimals of one unit, rounded. */
static void tell_apart(const struct decimal *d, double unit_ms, struct k6_values *hints) {
    if (d->decimals < 2)
        hints->truncated = true;
    else if (d->last_zero || d->value < 1 || d->value >= (unit_ms < 1000 ? 1000 : 60))
        hints->rounded = true;
}

static bool scan_simple_time(struct scan *s, const struct decimal *d, struct k6_pair *p,
                             struct k6_values *hints) {
    for (size_t i = 0; i < COUNT(time_units); i++) {
        if (!skip(s, time_units[i].unit))
            continue;
        double ms = time_units[i].ms;
        p->value = d->value * ms;
        p->above = ms == 1e-6 || d->value == 0 ? 1e-6 : 0.01 * ms;
        if (d->decimals > 2)
            return false;
        tell_apart(d, ms, hints);
        if (d->value == 0 && d->decimals == 2)
            p->above = 0.01 * ms;
        return true;
    }
    return false;
}

/* From a minute on: "2m43s", "1h2m3s", whole seconds. */
static bool scan_long_time(struct scan *s, struct decimal d, struct k6_pair *p,
                           struct k6_values *hints) {
    double minutes = 0;
    bool hours = skip(s, "h");
    if (hours) {
        minutes = d.value * 60;
        if (d.decimals || !scan_number(s, &d) || d.value >= 60)
            return false;
    }
    if (!skip(s, "m") || d.decimals)
        return false;
    minutes += d.value;
    if (!scan_number(s, &d) || d.decimals || d.value >= 60 || !skip(s, "s"))
        return false;
    hints->truncated = true;
    p->value = (minutes * 60 + d.value) * 1000;
    p->above = 1000;
    return true;
}

static bool scan_time(struct scan *s, struct k6_pair *p, struct k6_values *hints) {
    struct decimal d;
    if (!scan_number(s, &d))
        return false;
    const char *unit = s->p;
    bool minutes = s->p + 1 < s->end && *unit == 'm' && isdigit((unsigned char)unit[1]);
    p->time = true;
    p->below = 0;
    if (minutes || (s->p < s->end && *unit == 'h'))
        return scan_long_time(s, d, p, hints) && at_gap(s);
    return scan_simple_time(s, &d, p, hints) && at_gap(s);
}

bool k6_time_read(const char *s, size_t len, struct k6_pair *p, struct k6_values *hints) {
    struct scan scan = {.p = s, .end = s + len};
    *p = (struct k6_pair){.at = s, .len = len};
    return scan_time(&scan, p, hints) && scan.p == scan.end;
}

/* --- lines ----------------------------------------------------------------------------------- */

static void add(struct k6_values *v, struct k6_pair p, const char *from, const char *to) {
    if (v->n == K6_PAIRS_MAX)
        return;
    p.at = from;
    p.len = (size_t)(to - from);
    v->pair[v->n++] = p;
}

static bool scan_stat(struct scan *s, enum k6_stat *stat) {
    const char *from = s->p;
    while (s->p < s->end && *s->p != '=' && !is_blank(*s->p))
        s->p++;
    *stat = k6_stat_of(from, (size_t)(s->p - from));
    bool known = *stat != K6_OTHER || (s->p - from >= 3 && from[0] == 'p');
    return known && skip(s, "=");
}

static bool read_trend(struct scan *s, struct k6_values *v) {
    for (skip_blanks(s); s->p < s->end; skip_blanks(s)) {
        const char *from = s->p;
        struct k6_pair p = {0};
        struct decimal d = {0};
        if (!scan_stat(s, &p.stat))
            return false;
        if (p.stat == K6_COUNT) {
            if (!scan_number(s, &d) || d.decimals || !at_gap(s))
                return false;
            p.value = d.value;
        } else if (!scan_time(s, &p, v)) {
            return false;
        }
        if (!d.cut)
            add(v, p, from, s->p);
    }
    return v->n > 0;
}

static bool read_counter(struct scan *s, struct k6_values *v) {
    struct decimal count, rate;
    skip_blanks(s);
    const char *from = s->p;
    if (!scan_number(s, &count) || count.decimals || !at_gap(s))
        return false;
    const char *count_end = s->p;
    skip_blanks(s);
    const char *rate_from = s->p;
    if (!scan_number(s, &rate) || !skip(s, "/s") || !at_gap(s))
        return false;
    add(v, (struct k6_pair){.stat = K6_COUNT, .value = count.value}, from, count_end);
    add(v, (struct k6_pair){.stat = K6_RATE, .value = rate.value, .below = 5e-7, .above = 5e-7},
        rate_from, s->p);
    skip_blanks(s);
    return s->p == s->end;
}

/* "622 kB", rounded to a decimal below ten and to a whole number from ten on. */
static bool scan_bytes(struct scan *s, struct k6_pair *p, const char *behind) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    struct decimal d;
    if (!scan_number(s, &d) || !at_gap(s))
        return false;
    skip_blanks(s);
    double factor = 1;
    for (size_t i = 0; i < COUNT(units); i++, factor *= 1000) {
        struct scan at = *s;
        if (!skip(&at, units[i]) || !skip(&at, behind) || !at_gap(&at))
            continue;
        *s = at;
        p->value = d.value * factor;
        p->below = p->above = i == 0 ? 0 : (d.decimals ? 0.05 : 0.55) * factor;
        return true;
    }
    return false;
}

static bool read_bytes(struct scan *s, struct k6_values *v) {
    struct k6_pair p = {.stat = K6_COUNT}, rate = {.stat = K6_RATE};
    skip_blanks(s);
    const char *from = s->p;
    if (!scan_bytes(s, &p, ""))
        return false;
    const char *to = s->p;
    skip_blanks(s);
    if (!scan_bytes(s, &rate, "/s"))
        return false;
    add(v, p, from, to);
    skip_blanks(s);
    return s->p == s->end;
}

static bool skip_mark(struct scan *s) {
    size_t n;
    if (k6_mark_at(s->p, (size_t)(s->end - s->p), &n) == K6_NO_MARK)
        return false;
    s->p += n;
    skip_blanks(s);
    return true;
}

/* "✓ 0 ✗ 96": true and false values, up to 0.53. */
static bool read_marked_share(struct scan *s, const char *from, struct k6_values *v) {
    struct decimal yes, no;
    if (!skip_mark(s) || !scan_number(s, &yes) || yes.decimals || yes.cut || !at_gap(s))
        return false;
    add(v, (struct k6_pair){.stat = K6_TRUE, .value = yes.value}, from, s->p);
    skip_blanks(s);
    if (!skip_mark(s) || !scan_number(s, &no) || no.decimals)
        return false;
    if (!no.cut)
        add(v, (struct k6_pair){.stat = K6_FALSE, .value = no.value}, from, s->p);
    skip_blanks(s);
    return s->p == s->end;
}

/* "19.49% 345 out of 1770", from 0.54 on. */
static bool read_share(struct scan *s, struct k6_values *v) {
    struct decimal percent, yes, all;
    skip_blanks(s);
    const char *from = s->p;
    if (!scan_number(s, &percent) || !skip(s, "%") || !at_gap(s))
        return false;
    skip_blanks(s);
    if (s->p < s->end && !isdigit((unsigned char)*s->p))
        return read_marked_share(s, from, v);
    if (!scan_number(s, &yes) || yes.decimals || !at_gap(s))
        return false;
    skip_blanks(s);
    if (!skip(s, "out of") || !at_gap(s))
        return false;
    add(v, (struct k6_pair){.stat = K6_TRUE, .value = yes.value}, from, s->p);
    skip_blanks(s);
    if (!scan_number(s, &all) || all.decimals || !at_gap(s) || (!all.cut && all.value < yes.value))
        return false;
    v->pair[v->n - 1].len = (size_t)(s->p - from);
    if (!all.cut)
        add(v, (struct k6_pair){.stat = K6_FALSE, .value = all.value - yes.value}, from, s->p);
    skip_blanks(s);
    return s->p == s->end;
}

static bool read_gauge(struct scan *s, struct k6_values *v) {
    struct decimal d;
    skip_blanks(s);
    if (!scan_number(s, &d) || !at_gap(s))
        return false;
    for (skip_blanks(s); s->p < s->end; skip_blanks(s)) {
        const char *from = s->p;
        struct k6_pair p = {0};
        if (!scan_stat(s, &p.stat) || !scan_number(s, &d) || !at_gap(s))
            return false;
        p.value = d.value;
        if (!d.cut)
            add(v, p, from, s->p);
    }
    return v->n > 0;
}

bool k6_values_read(enum k6_kind kind, const char *s, size_t len, bool open,
                    struct k6_values *out) {
    struct scan scan = {.p = s, .end = s + len, .open = open};
    *out = (struct k6_values){0};
    switch (kind) {
    case K6_TREND:
        return read_trend(&scan, out);
    case K6_COUNTER:
        return read_counter(&scan, out);
    case K6_BYTES:
        return read_bytes(&scan, out);
    case K6_SHARE:
        return read_share(&scan, out);
    case K6_GAUGE:
        return read_gauge(&scan, out);
    case K6_NOT_NEEDED:
        break;
    }
    return false;
}
