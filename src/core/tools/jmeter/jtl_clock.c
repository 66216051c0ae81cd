#include "tools/jmeter/jtl_clock.h"

#include <string.h>
#include <time.h>

#include "results/number.h"

/* The dates that JMeter reads back itself; d: a digit of the part named by its letter. */
static const char *const shapes[] = {
    "yyyy/MM/dd HH:mm:ss",
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-ddTHH:mm:ss",
    "MM/dd/yy HH:mm:ss",
};

static int *part(struct tm *t, char letter) {
    switch (letter) {
    case 'y':
        return &t->tm_year;
    case 'M':
        return &t->tm_mon;
    case 'd':
        return &t->tm_mday;
    case 'H':
        return &t->tm_hour;
    case 'm':
        return &t->tm_min;
    case 's':
        return &t->tm_sec;
    default:
        return NULL;
    }
}

static bool fits(const char *s, size_t len, const char *shape, struct tm *t) {
    *t = (struct tm){.tm_isdst = -1};
    if (len < strlen(shape))
        return false;
    for (size_t i = 0; shape[i]; i++) {
        int *to = part(t, shape[i]);
        if (!to ? s[i] != shape[i] : (unsigned)(s[i] - '0') > 9)
            return false;
        if (to)
            *to = *to * 10 + (s[i] - '0');
    }
    if (t->tm_year < 100)
        t->tm_year += 2000;
    return t->tm_year >= 1970 && t->tm_year < 2200 && t->tm_mon >= 1 && t->tm_mon <= 12 &&
           t->tm_mday >= 1 && t->tm_mday <= 31 && t->tm_hour < 24 && t->tm_min < 60 &&
           t->tm_sec <= 60;
}

/* ".123", ",123" or nothing. */
static bool fraction(const char *s, size_t len, int64_t *ms) {
    uint64_t v;
    *ms = 0;
    if (len == 0)
        return true;
    if (len != 4 || (*s != '.' && *s != ',') || !number_whole(s + 1, 3, &v))
        return false;
    *ms = (int64_t)v;
    return true;
}

static bool same_second(const struct jtl_clock *c, const char *s, size_t len) {
    return c->len && len >= c->len && memcmp(s, c->text, c->len) == 0;
}

static bool read_date(struct jtl_clock *c, const char *s, size_t len, int64_t *ms) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct tm t;
        size_t n = strlen(shapes[i]);
        if (!fits(s, len, shapes[i], &t) || !fraction(s + n, len - n, ms))
            continue;
        t.tm_year -= 1900;
        t.tm_mon--;
        memcpy(c->text, s, n);
        c->len = n;
        c->ms = (int64_t)mktime(&t) * 1000;
        *ms += c->ms;
        return *ms >= 0;
    }
    int64_t ns;
    if (!number_rfc3339(s, len, &ns))
        return false;
    *ms = ns / 1000000;
    return true;
}

bool jtl_clock_read(struct jtl_clock *c, const char *s, size_t len, int64_t *ms) {
    uint64_t v;
    if (number_whole(s, len, &v)) {
        *ms = (int64_t)v;
        return *ms < JTL_CLOCK_END_MS;
    }
    if (same_second(c, s, len) && fraction(s + c->len, len - c->len, ms)) {
        *ms += c->ms;
        return true;
    }
    return read_date(c, s, len, ms);
}

bool jtl_is_time(const char *s, size_t len) {
    uint64_t v;
    int64_t ms;
    struct jtl_clock c = {0};
    return number_whole(s, len, &v) ? len == 13 : len >= 17 && read_date(&c, s, len, &ms);
}
