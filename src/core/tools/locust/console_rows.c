#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "tools/locust/console.h"
#include "tools/locust/results.h"

enum { NUMBERS_MAX = LOCUST_PERCENTILES_MAX + 1, TYPE_COLUMNS = 8 };

struct piece {
    const char *s;
    size_t len;
};

static bool is_gap(char c) { return c == ' ' || c == '\t' || c == '|'; }

/* The last word of s, which is taken off it. Numbers stand between blanks and bars. */
static struct piece last_word(const char *s, size_t *len) {
    size_t end = *len;
    while (end > 0 && is_gap(s[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && !is_gap(s[start - 1]))
        start--;
    *len = start;
    return (struct piece){s + start, end - start};
}

static bool whole_number(struct piece w, double *out) {
    uint64_t n;
    if (!number_whole(w.s, w.len, &n))
        return false;
    *out = (double)n;
    return true;
}

/* "50.30": always two decimals. */
static bool rate(struct piece w, double *out) {
    uint64_t n;
    if (w.len < 4 || w.s[w.len - 3] != '.' || !number_fixed(w.s, w.len, 2, &n))
        return false;
    *out = (double)n / 100;
    return true;
}

/* "132(10.24%)" */
static bool failures(struct piece w, double *failed, double *percent) {
    const char *open = memchr(w.s, '(', w.len);
    if (!open || w.len < 3 || memcmp(w.s + w.len - 2, "%)", 2) != 0)
        return false;
    struct piece n = {w.s, (size_t)(open - w.s)};
    struct piece p = {open + 1, w.len - n.len - 3};
    return whole_number(n, failed) && rate(p, percent);
}

/* "GET      /api/orders", "GET /api/orders", "         Aggregated" to a name. */
static bool name_of(const char *s, size_t len, char *out, size_t size, bool *total) {
    char type[SCOPE_MAX_BYTES] = "", name[SCOPE_MAX_BYTES];
    size_t blanks = 0;
    while (blanks < len && s[blanks] == ' ')
        blanks++;
    s = text_trim(s, &len);
    const char *blank = memchr(s, ' ', len);
    if (blanks < TYPE_COLUMNS && blank) {
        size_t n = (size_t)(blank - s);
        snprintf(type, sizeof type, "%.*s", (int)(n < sizeof type ? n : sizeof type - 1), s);
        s += n;
        len -= n;
        s = text_trim(s, &len);
    }
    snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name - 1), s);
    locust_name(type, name, out, size, total);
    return len > 0;
}

static void quote_of(const char *s, size_t len, char *out, size_t size) {
    s = text_trim(s, &len);
    struct text_out o = {.to = out, .size = size};
    out[0] = '\0';
    for (size_t i = 0; i < len; i++) /* columns apart by one blank */
        if (s[i] != ' ' || s[i - 1] != ' ')
            text_put(&o, &s[i], 1);
}

bool locust_row_read(const char *s, size_t len, struct locust_row *out) {
    size_t rest = len;
    double percent, failures_per_s;
    struct locust_row r = {0};
    if (!rate(last_word(s, &rest), &failures_per_s) || !rate(last_word(s, &rest), &r.rps) ||
        !whole_number(last_word(s, &rest), &r.med_ms) ||
        !whole_number(last_word(s, &rest), &r.max_ms) ||
        !whole_number(last_word(s, &rest), &r.min_ms) ||
        !whole_number(last_word(s, &rest), &r.avg_ms) ||
        !failures(last_word(s, &rest), &r.failed, &percent) ||
        !whole_number(last_word(s, &rest), &r.requests))
        return false;
    if (r.requests > 0 && fabs(100 * r.failed / r.requests - percent) > 0.00501)
        return false;
    if (r.min_ms > r.max_ms || !name_of(s, rest, r.name, sizeof r.name, &r.total))
        return false;
    quote_of(s, len, r.quote, sizeof r.quote);
    *out = r;
    return true;
}

bool locust_percentiles_read(const char *s, size_t len, const struct locust_heading *h,
                             struct locust_percentiles *out) {
    size_t rest = len;
    double number[NUMBERS_MAX];
    struct locust_percentiles p = {.p90_ms = NAN, .p95_ms = NAN, .p99_ms = NAN};
    for (int i = h->columns; i >= 0; i--)
        if (!whole_number(last_word(s, &rest), &number[i]))
            return false;
    if (!name_of(s, rest, p.name, sizeof p.name, &p.total))
        return false;
    const double *time = h->count_first ? number + 1 : number;
    for (int i = 0; i < h->columns; i++) {
        if (h->column[i] == METRIC_P90_MS)
            p.p90_ms = time[i];
        else if (h->column[i] == METRIC_P95_MS)
            p.p95_ms = time[i];
        else if (h->column[i] == METRIC_P99_MS)
            p.p99_ms = time[i];
    }
    if (p.p90_ms > p.p95_ms || p.p95_ms > p.p99_ms || p.p90_ms > p.p99_ms)
        return false;
    quote_of(s, len, p.quote, sizeof p.quote);
    *out = p;
    return true;
}

static const char *find(const char *s, size_t len, const char *word) {
    return memmem(s, len, word, strlen(word));
}

/* Labels may have run together where the terminal cut the line. */
static bool label(const char **s, const char *stop, enum metric *out) {
    const char *from = *s, *at = from;
    while (at < stop && (isdigit((unsigned char)*at) || *at == '.'))
        at++;
    if (at == from || at == stop || *at != '%')
        return false;
    *out = locust_percentile(from, (size_t)(at + 1 - from));
    *s = at + 1;
    return true;
}

/* "# reqs"; where the terminal cut the line, its blank may be lost. */
static const char *find_count(const char *s, size_t len) {
    const char *at = find(s, len, "# reqs");
    return at ? at : find(s, len, "#reqs");
}

bool locust_heading_read(const char *s, size_t len, struct locust_heading *out) {
    s = text_trim(s, &len);
    const char *count = find_count(s, len), *percent = memchr(s, '%', len);
    const char *at = find(s, len, "Name"), *stop = s + len;
    if (!count || !percent || !at)
        return false;
    *out = (struct locust_heading){.count_first = count < percent};
    bool ends = out->count_first ? s[len - 1] == '%' : memcmp(stop - 4, "reqs", 4) == 0;
    for (at += 4; at < stop; at++) {
        enum metric m;
        if (!isdigit((unsigned char)*at))
            continue;
        if (out->columns == LOCUST_PERCENTILES_MAX || !label(&at, stop, &m))
            return false;
        out->column[out->columns++] = m;
        at--;
    }
    return ends && out->columns > 0;
}

bool locust_heading_of_requests(const char *s, size_t len) {
    return (find(s, len, "# fails") || find(s, len, "#fails")) && find(s, len, "failures/s");
}

static bool is_rule(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (s[i] != '-' && s[i] != '|')
            return false;
    return true;
}

/* "Type     Name ...", up to 2.8 for requests " Name     # reqs ..."; the rest may be cut off. */
static bool is_heading(const char *s, size_t len) {
    if (len < 4)
        return false;
    bool type = memcmp(s, "Type", 4) == 0;
    if (!type && memcmp(s, "Name", 4) != 0)
        return false;
    size_t rest = len - 4;
    const char *at = text_trim(s + 4, &rest);
    if (!type)
        return rest == 0 || (at > s + 4 && *at == '#');
    return at > s + 4 && rest >= 4 && memcmp(at, "Name", 4) == 0;
}

enum locust_line locust_line_kind(const char *s, size_t len) {
    static const struct {
        const char *title;
        enum locust_line kind;
    } titles[] = {
        {"Response time percentiles (approximated)", LOCUST_LINE_PERCENTILES},
        {"Percentage of the requests completed within given times", LOCUST_LINE_PERCENTILES},
        {"Error report", LOCUST_LINE_ERRORS},
    };
    s = text_trim(s, &len);
    if (len == 0)
        return LOCUST_LINE_BLANK;
    if (is_rule(s, len))
        return LOCUST_LINE_RULE;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (len == strlen(titles[i].title) && memcmp(s, titles[i].title, len) == 0)
            return titles[i].kind;
    return is_heading(s, len) ? LOCUST_LINE_HEADING : LOCUST_LINE_OTHER;
}

size_t locust_error_row(const char *s, size_t len, double *count) {
    enum { TEXT_COLUMN = 19 };
    size_t from = len > 0 && s[0] == ' ' ? 1 : 0, i = from;
    while (i < len && isdigit((unsigned char)s[i]))
        i++;
    if (i == from || !whole_number((struct piece){s + from, i - from}, count))
        return 0;
    while (i < len && s[i] == ' ')
        i++;
    return i < len && i == from + TEXT_COLUMN ? i : 0;
}
