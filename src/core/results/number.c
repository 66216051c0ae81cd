#include "results/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 18 };

bool number_whole(const char *s, size_t len, uint64_t *out) {
    uint64_t v = 0;
    if (len == 0 || len > DIGITS_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)(s[i] - '0');
        if (digit > 9)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return true;
}

bool number_fixed(const char *s, size_t len, int decimals, uint64_t *out) {
    uint64_t v = 0;
    size_t i = 0, digits = 0;
    for (; i < len && (unsigned)(s[i] - '0') <= 9; i++, digits++)
        v = v * 10 + (unsigned)(s[i] - '0');
    if (digits == 0 || digits + (size_t)decimals > DIGITS_MAX || (i < len && s[i] != '.'))
        return false;
    if (i < len)
        i++;
    for (; i < len && decimals > 0; i++, decimals--) {
        unsigned digit = (unsigned)(s[i] - '0');
        if (digit > 9)
            return false;
        v = v * 10 + digit;
    }
    for (; decimals > 0; decimals--)
        v *= 10;
    bool up = i < len && s[i] >= '5';
    for (; i < len; i++)
        if ((unsigned)(s[i] - '0') > 9)
            return false;
    *out = v + (up ? 1 : 0);
    return true;
}

bool number_real(const char *s, size_t len, double *out) {
    char copy[64], *end;
    if (len == 0 || len >= sizeof copy || !strchr("+-.0123456789", s[0]))
        return false;
    memcpy(copy, s, len);
    copy[len] = '\0';
    if (strspn(copy, "+-.0123456789eE") != len)
        return false;
    *out = strtod(copy, &end); /* LC_NUMERIC stays "C": main() sets LC_CTYPE only */
    return *end == '\0' && isfinite(*out);
}

/* --- time --- */

static bool digits(const char *s, int n, int *out) {
    *out = 0;
    for (int i = 0; i < n; i++) {
        if ((unsigned)(s[i] - '0') > 9)
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days(int year, int month, int day) {
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "Z" or "+02:00", in seconds. */
static bool offset(const char *s, size_t len, int64_t *out) {
    int hours, minutes;
    *out = 0;
    if (len == 1 && (*s == 'Z' || *s == 'z'))
        return true;
    if (len != 6 || (*s != '+' && *s != '-') || s[3] != ':' || !digits(s + 1, 2, &hours) ||
        !digits(s + 4, 2, &minutes))
        return false;
    *out = (hours * 3600 + minutes * 60) * (*s == '-' ? -1 : 1);
    return true;
}

/* ".123456789" in nanoseconds; *len counts its bytes, 0 when there is none. */
static int64_t fraction(const char *s, size_t most, size_t *len) {
    int64_t ns = 0, unit = 100000000;
    *len = 0;
    if (most < 2 || *s != '.')
        return 0;
    size_t i = 1;
    for (; i < most && (unsigned)(s[i] - '0') <= 9; i++, unit /= 10)
        ns += (s[i] - '0') * unit;
    *len = i;
    return ns;
}

bool number_rfc3339(const char *s, size_t len, int64_t *ns) {
    int year, month, day, hour, minute, second;
    if (len < 20 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != 't') || s[13] != ':' ||
        s[16] != ':' || !digits(s, 4, &year) || !digits(s + 5, 2, &month) ||
        !digits(s + 8, 2, &day) || !digits(s + 11, 2, &hour) || !digits(s + 14, 2, &minute) ||
        !digits(s + 17, 2, &second))
        return false;
    if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
        minute > 59 || second > 60)
        return false;
    size_t n;
    int64_t away_s, part_ns = fraction(s + 19, len - 19, &n);
    if (!offset(s + 19 + n, len - 19 - n, &away_s))
        return false;
    int64_t at_s = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - away_s;
    *ns = at_s * 1000000000 + part_ns;
    return true;
}
