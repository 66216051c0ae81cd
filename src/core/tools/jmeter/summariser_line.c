#include <math.h>
#include <string.h>

#include "results/number.h"
#include "tools/jmeter/summariser.h"

enum { NUMBER_MAX_BYTES = 24 };

/* A text being read; at its end the reading stops as a part, anywhere else as another line. */
struct text {
    const char *s, *stop;
};

static void blanks(struct text *t) {
    while (t->s < t->stop && (*t->s == ' ' || *t->s == '\t'))
        t->s++;
}

/* The word must stand here, whole or cut by the end of the text. */
static bool word(struct text *t, const char *w) {
    blanks(t);
    for (; *w && t->s < t->stop; w++, t->s++)
        if (*t->s != *w)
            return false;
    return *w == '\0';
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "1637", "47.8", "47,8". *decimals: how many it has. */
static bool number(struct text *t, double *out, int *decimals) {
    char copy[NUMBER_MAX_BYTES];
    size_t n = 0;
    *decimals = 0;
    blanks(t);
    bool point = false;
    for (; t->s < t->stop && n + 1 < sizeof copy; t->s++) {
        bool sign = (*t->s == '.' || *t->s == ',') && !point;
        if (!is_digit(*t->s) && !sign)
            break;
        *decimals += point;
        point |= sign;
        copy[n++] = sign ? '.' : *t->s;
    }
    return n > 0 && number_real(copy, n, out) && *out >= 0;
}

static bool count(struct text *t, double *out) {
    int decimals;
    return number(t, out, &decimals) && decimals == 0;
}

/* "******": the elapsed time was 0. */
static bool rate(struct text *t, double *out) {
    int decimals;
    blanks(t);
    const char *from = t->s;
    while (t->s < t->stop && *t->s == '*')
        t->s++;
    *out = NAN;
    return t->s > from || number(t, out, &decimals);
}

/* "34.2s", "113s", "00:00:34". */
static bool elapsed(struct text *t, struct summariser_line *l) {
    double part;
    int decimals;
    if (!number(t, &l->elapsed_s, &decimals))
        return false;
    l->elapsed_step_s = decimals ? pow(10, -decimals) : 1;
    if (t->s < t->stop && *t->s == 's') {
        t->s++;
        return true;
    }
    for (int i = 0; i < 2; i++) {
        if (t->s == t->stop || *t->s++ != ':' || !count(t, &part))
            return false;
        l->elapsed_s = l->elapsed_s * 60 + part;
    }
    return true;
}

/* All from the sign on. */
static bool figures(struct text *t, struct summariser_line *l) {
    double share;
    int decimals;
    return count(t, &l->requests) && word(t, "in") && elapsed(t, l) && word(t, "=") &&
           rate(t, &l->rps) && word(t, "/s") && word(t, "Avg:") && count(t, &l->avg_ms) &&
           word(t, "Min:") && count(t, &l->min_ms) && word(t, "Max:") && count(t, &l->max_ms) &&
           word(t, "Err:") && count(t, &l->failed) && word(t, "(") &&
           number(t, &share, &decimals) && word(t, "%") && word(t, ")");
}

/* Threads, in an interval. A number counts when the next word stands behind it. */
static bool threads(struct text *t, struct summariser_line *l) {
    double active, started, finished;
    if (!word(t, "Active:") || !count(t, &active) || !word(t, "Started:"))
        return false;
    l->active = active;
    if (!count(t, &started) || !word(t, "Finished:"))
        return false;
    l->started = started;
    return count(t, &finished);
}

static bool set_name(const char *s, size_t len, struct summariser_line *l) {
    while (len && s[len - 1] == ' ')
        len--;
    if (len == 0)
        return false;
    size_t n = len < sizeof l->name ? len : sizeof l->name - 1;
    memcpy(l->name, s, n);
    l->name[n] = '\0';
    return true;
}

static enum summariser_fit read_from(const char *s, const char *sign, const char *stop,
                                     struct summariser_line *l) {
    struct text t = {sign + 1, stop};
    *l = (struct summariser_line){.interval = *sign == '+', .active = NAN, .started = NAN};
    if (!set_name(s, (size_t)(sign - s), l))
        return SUMMARISER_NO;
    if (!figures(&t, l))
        return t.s == stop ? SUMMARISER_PART : SUMMARISER_NO;
    if (l->interval && !threads(&t, l))
        return t.s == stop ? SUMMARISER_OPEN : SUMMARISER_NO;
    blanks(&t);
    return t.s == stop ? SUMMARISER_WHOLE : SUMMARISER_NO;
}

/* The name may hold signs itself: the first that fits counts. */
enum summariser_fit summariser_read(const char *s, size_t len, struct summariser_line *out) {
    const char *stop = s + len;
    for (const char *sign = s; sign < stop; sign++) {
        if ((*sign != '+' && *sign != '=') || sign == s || sign[-1] != ' ')
            continue;
        enum summariser_fit fit = read_from(s, sign, stop, out);
        if (fit != SUMMARISER_NO)
            return fit;
    }
    return SUMMARISER_NO;
}
