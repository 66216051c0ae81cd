#include "unit.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text.h"

enum { NUMBER_MAX_CHARS = 40 };

/* Digits with thousands commas in threes, then a fraction. Returns where it ends, NULL when there
 * is no number. */
static const char *scan_number(const char *s, double *out) {
    char digits[NUMBER_MAX_CHARS];
    size_t n = 0;
    const char *p = s;
    if (*p == '-')
        digits[n++] = *p++;
    const char *first = p;
    int group = 0; /* digits since the last comma; 0 before any digit */
    bool commas = false;
    while (isdigit((unsigned char)*p) || *p == ',') {
        if (*p == ',') {
            if (!group || group > 3 || (commas && group != 3) || !isdigit((unsigned char)p[1]))
                break;
            commas = true;
            group = 0;
        } else {
            group++;
            if (n + 2 >= sizeof digits)
                return NULL;
            digits[n++] = *p;
        }
        p++;
    }
    if (commas && group != 3)
        return NULL;
    bool any = p > first;
    if (*p == '.') {
        digits[n++] = *p++;
        for (; isdigit((unsigned char)*p); p++) {
            any = true;
            if (n + 2 >= sizeof digits)
                return NULL;
            digits[n++] = *p;
        }
    }
    if (!any)
        return NULL;
    digits[n] = '\0';
    *out = strtod(digits, NULL);
    return isfinite(*out) ? p : NULL;
}

static const char *skip_blank(const char *s) {
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

static bool at_end(const char *s) { return *skip_blank(s) == '\0'; }

static bool not_a(const char *what, const char *s, struct err *e) {
    if (at_end(s))
        return err_set(e, ERR_USAGE, "empty");
    return err_set(e, ERR_USAGE, "\"%.40s\" is not a %s", s, what);
}

bool unit_number(const char *s, double *out, struct err *e) {
    double value;
    const char *p = scan_number(skip_blank(s), &value);
    if (!p || !at_end(p))
        return not_a("number", s, e);
    *out = value;
    return true;
}

struct scale {
    const char *name;
    double factor;
};

/* The word at p, against a table of units; NULL when it is none of them. */
static const char *scan_unit(const char *p, const struct scale *table, double *factor) {
    size_t n = 0;
    while (isalpha((unsigned char)p[n]) || p[n] == '%' || (unsigned char)p[n] >= 0x80)
        n++;
    for (const struct scale *t = table; t->name; t++)
        if (strlen(t->name) == n && strncmp(t->name, p, n) == 0) {
            *factor = t->factor;
            return p + n;
        }
    return NULL;
}

static const struct scale time_units[] = {
    {"us", 0.001},      {"\u00b5s", 0.001}, {"\u03bcs", 0.001}, {"ms", 1},
    {"s", 1000},        {"sec", 1000},      {"m", 60000},       {"min", 60000},
    {"h", 3600000},     {"d", 86400000},    {"seconds", 1000},  {"second", 1000},
    {"minutes", 60000}, {"minute", 60000},  {"hours", 3600000}, {"hour", 3600000},
    {"days", 86400000}, {"day", 86400000},  {NULL, 0},
};

/* 1:40 is minutes and seconds, 4:00:00 hours, minutes and seconds. */
static bool scan_clock(const char *s, double *ms) {
    double part[3];
    int n = 0;
    for (;;) {
        if (n == 3 || !isdigit((unsigned char)*s))
            return false;
        double whole = 0;
        for (; isdigit((unsigned char)*s); s++) /* no strtod: it takes 1e3 and 0x10 */
            whole = whole * 10 + (*s - '0');
        part[n++] = whole;
        if (*s == '\0')
            break;
        if (*s++ != ':')
            return false;
    }
    if (n < 2 || part[n - 1] >= 60 || (n == 3 && part[1] >= 60))
        return false;
    double seconds = 0;
    for (int i = 0; i < n; i++)
        seconds = seconds * 60 + part[i];
    *ms = seconds * 1000;
    return true;
}

bool unit_duration_ms(const char *s, double plain_ms, double *out, struct err *e) {
    const char *p = skip_blank(s);
    double total = 0;
    if (strchr(p, ':')) {
        char word[16];
        size_t n = strlen(p);
        p = text_trim(p, &n);
        if (n >= sizeof word)
            return not_a("duration", s, e);
        memcpy(word, p, n);
        word[n] = '\0';
        if (!scan_clock(word, &total))
            return not_a("duration", s, e);
        *out = total;
        return true;
    }
    for (bool first = true; first || !at_end(p); first = false) {
        double value, factor = plain_ms;
        p = scan_number(skip_blank(p), &value);
        if (!p || value < 0)
            return not_a("duration", s, e);
        p = skip_blank(p);
        if (first && *p == '\0') {
            if (plain_ms <= 0)
                return err_set(e, ERR_USAGE, "\"%.40s\" has no unit", s);
        } else if (!(p = scan_unit(p, time_units, &factor))) {
            return not_a("duration", s, e);
        }
        total += value * factor;
    }
    *out = total;
    return true;
}

static const struct scale rate_units[] = {
    {"s", 1},       {"sec", 1},  {"second", 1},  {"m", 60}, {"min", 60},
    {"minute", 60}, {"h", 3600}, {"hour", 3600}, {NULL, 0},
};

bool unit_rate(const char *s, double *out, struct err *e) {
    double value, per = 1;
    const char *what = strchr(s, '/') ? "rate" : "number";
    const char *p = scan_number(skip_blank(s), &value);
    if (!p || value < 0)
        return not_a(what, s, e);
    p = skip_blank(p);
    if (*p == '/' && !(p = scan_unit(skip_blank(p + 1), rate_units, &per)))
        return not_a(what, s, e);
    if (strncasecmp(p, "rps", 3) == 0)
        p += 3;
    if (!at_end(p))
        return not_a(what, s, e);
    *out = value / per;
    return true;
}

bool unit_share(const char *s, double *out, struct err *e) {
    double value;
    const char *p = scan_number(skip_blank(s), &value);
    if (!p)
        return not_a("share", s, e);
    p = skip_blank(p);
    bool percent = *p == '%';
    if (!at_end(p + percent))
        return not_a("share", s, e);
    if (percent)
        value /= 100;
    if (value < 0 || value > 1)
        return err_set(e, ERR_RANGE, "\"%.40s\" is not between 0 and 100 %%", s);
    *out = value;
    return true;
}

static const struct scale size_units[] = {
    {"kB", 0.001},     {"MB", 1},         {"GB", 1000},         {"TB", 1e6},
    {"KiB", 0.001024}, {"MiB", 1.048576}, {"GiB", 1073.741824}, {NULL, 0},
};

bool unit_megabytes(const char *s, double *out, struct err *e) {
    double value, scale = 1;
    const char *p = scan_number(skip_blank(s), &value);
    if (!p || value < 0)
        return not_a("size", s, e);
    p = skip_blank(p);
    if (*p && !(p = scan_unit(p, size_units, &scale)))
        return not_a("size", s, e);
    if (!at_end(p))
        return not_a("size", s, e);
    *out = value * scale;
    return true;
}

char *unit_show(double value, int decimals, char *out, size_t size) {
    if (!isfinite(value)) {
        snprintf(out, size, "no data");
        return out;
    }
    char plain[64];
    int n = snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    if (n < 0 || (size_t)n >= sizeof plain || n > 40) {
        snprintf(out, size, "%.3g", value);
        return out;
    }
    size_t whole = strcspn(plain, ".");
    char text[96];
    size_t t = 0;
    if (value < 0 && strspn(plain, "0.") != strlen(plain))
        text[t++] = '-';
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            text[t++] = ',';
        text[t++] = plain[i];
    }
    snprintf(text + t, sizeof text - t, "%s", plain + whole);
    snprintf(out, size, "%s", text);
    return out;
}

char *unit_show_short(double value, int most, char *out, size_t size) {
    double scaled = round(value * pow(10, most));
    int decimals = most;
    for (; decimals > 0 && fmod(scaled, 10) == 0; decimals--)
        scaled /= 10;
    return unit_show(value, decimals, out, size);
}

char *unit_show_clock(double seconds, char *out, size_t size) {
    if (!isfinite(seconds) || seconds < 0 || seconds > 1e12) {
        snprintf(out, size, "no data");
        return out;
    }
    long long s = llround(seconds);
    if (s < 3600)
        snprintf(out, size, "%lld:%02lld", s / 60, s % 60);
    else
        snprintf(out, size, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    return out;
}

char *unit_show_time(int64_t at_ms, char *out, size_t size) {
    time_t at = (time_t)(at_ms / 1000);
    struct tm tm;
    if (at_ms <= 0 || !localtime_r(&at, &tm) || strftime(out, size, "%H:%M:%S", &tm) == 0)
        out[0] = '\0';
    return out;
}

char *unit_show_ms(double ms, char *out, size_t size) {
    if (!isfinite(ms)) {
        snprintf(out, size, "no data");
        return out;
    }
    char number[64];
    unit_show(ms, ms >= 99.95 || ms == 0 ? 0 : ms >= 0.995 ? 1 : 2, number, sizeof number);
    snprintf(out, size, "%s ms", number);
    return out;
}

char *unit_show_share(double share, char *out, size_t size) {
    if (!isfinite(share)) {
        snprintf(out, size, "no data");
        return out;
    }
    double percent = share * 100;
    int decimals = 2;
    while (decimals < 4 && percent > 0 && percent < 0.5 * pow(10, -decimals))
        decimals++;
    char number[64];
    unit_show(percent, decimals, number, sizeof number);
    snprintf(out, size, "%s %%", number);
    return out;
}

char *unit_show_bytes(double bytes, char *out, size_t size) {
    static const char *const names[] = {"B", "kB", "MB", "GB", "TB"};
    size_t i = 0;
    if (!isfinite(bytes)) {
        snprintf(out, size, "unknown");
        return out;
    }
    while (bytes >= 999.5 && i + 1 < sizeof names / sizeof *names) {
        bytes /= 1000;
        i++;
    }
    char number[64];
    unit_show(bytes, i && bytes < 9.95 ? 1 : 0, number, sizeof number);
    snprintf(out, size, "%s %s", number, names[i]);
    return out;
}
