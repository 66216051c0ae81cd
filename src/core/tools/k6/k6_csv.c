/* --out csv: one row a point. Most rows are of metrics that no figure needs, and most of the others
 * say 1 or 0: a row is recognised by its first bytes, and only the columns that are needed are
 * looked for. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "results/csv.h"
#include "results/lines.h"
#include "results/number.h"
#include "tools/k6/k6_points.h"
#include "tools/k6/k6_results.h"

#define START "metric_name,timestamp,metric_value"

enum { FIRST_TAG = 3, NO_COLUMN = -1 };

struct k6_csv {
    struct lines lines;
    struct k6_points points;
    size_t columns;                       /* 0: no header yet */
    unsigned char tag_of[CSV_FIELDS_MAX]; /* a column's tag; K6_TAGS: none that is needed */
    int last_for_request, last_for_error; /* the last columns that are needed */
    struct k6_span tag[K6_TAGS]; /* of this row up to the last that is needed; the rest is old */
    char undoubled[K6_TAGS][SCOPE_MAX_BYTES]; /* fields with doubled quotes */
    bool at_end;                              /* the record has no line end */
};

/* --- header ---------------------------------------------------------------------------------- */

static bool is_header(const char *s, size_t len) {
    size_t n = sizeof START - 1;
    return len >= n && memcmp(s, START, n) == 0 && (len == n || s[n] == ',');
}

static int later(int a, int b) { return a > b ? a : b; }

static void read_header(struct k6_csv *c, const char *s, size_t len) {
    struct csv_field field[CSV_FIELDS_MAX];
    int at[K6_TAGS];
    c->columns = csv_split(s, len, ',', field, CSV_FIELDS_MAX);
    for (int t = 0; t < K6_TAGS; t++)
        at[t] = NO_COLUMN;
    for (size_t i = 0; i < CSV_FIELDS_MAX; i++) {
        bool tag = i >= FIRST_TAG && i < c->columns;
        c->tag_of[i] = tag ? (unsigned char)k6_tag_of(field[i].text, field[i].len) : K6_TAGS;
        if (c->tag_of[i] != K6_TAGS)
            at[c->tag_of[i]] = (int)i;
    }
    int name = at[at[K6_TAG_NAME] == NO_COLUMN ? K6_TAG_URL : K6_TAG_NAME];
    c->last_for_request = later(later(name, at[K6_TAG_METHOD]), at[K6_TAG_EXPECTED]);
    c->last_for_error = later(later(c->last_for_request, at[K6_TAG_STATUS]),
                              later(at[K6_TAG_ERROR], at[K6_TAG_ERROR_CODE]));
    c->points.counts_drops |= at[K6_TAG_EXPECTED] != NO_COLUMN;
}

/* Before the header: a byte order mark, empty lines. */
static bool take_header(struct k6_csv *c, const char *s, size_t len, long line, struct err *e) {
    if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        len -= 3;
    }
    if (len == 0)
        return true;
    if (!is_header(s, len)) {
        err_set(e, ERR_FORMAT, "does not begin with the header of a CSV of k6 (%s, ...)", START);
        err_at(e, "", line);
        return err_fix(e, "take the file of --out csv from its first line on");
    }
    read_header(c, s, len);
    return true;
}

/* --- tags ------------------------------------------------------------------------------------ */

/* s is at the first tag. false: the row ends before the last column that is needed. */
static bool plain_tags(struct k6_csv *c, const char *s, const char *stop, int last) {
    for (int i = FIRST_TAG; i <= last; i++) {
        const char *end = s;
        while (end < stop && *end != ',')
            end++;
        unsigned char t = c->tag_of[i];
        if (t != K6_TAGS)
            c->tag[t] = (struct k6_span){s, (size_t)(end - s)};
        if (end == stop && i < last)
            return false;
        s = end + 1;
    }
    return true;
}

static bool quoted_tags(struct k6_csv *c, const char *record, size_t len, int last) {
    struct csv_field field[CSV_FIELDS_MAX];
    size_t n = csv_split(record, len, ',', field, CSV_FIELDS_MAX);
    for (int i = FIRST_TAG; i <= last && i < (int)n; i++) {
        unsigned char t = c->tag_of[i];
        if (t == K6_TAGS)
            continue;
        c->tag[t] = (struct k6_span){field[i].text, field[i].len};
        if (field[i].doubled) {
            csv_copy(&field[i], c->undoubled[t], sizeof c->undoubled[t]);
            c->tag[t] = (struct k6_span){c->undoubled[t], strlen(c->undoubled[t])};
        }
    }
    return last < (int)n;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* Six of the nine metrics of a request: http_req_connecting, _tls_handshaking, _sending, _waiting,
 * _receiving. The others are http_reqs, _duration, _blocked and _failed. */
static bool is_part_of_request(const char *s, size_t len) {
    return len > 16 && memcmp(s, "http_req", 8) == 0 && s[9] != ',' && s[9] != 'd' && s[9] != 'b' &&
           s[9] != 'f';
}

/* Behind the comma that ends the time stamp at s; NULL when there is no time. */
static const char *take_time(struct k6_clock *c, const char *s, const char *stop) {
    if (k6_clock_same(c, s, stop, ','))
        return s + c->len + 1;
    const char *end = memchr(s, ',', (size_t)(stop - s));
    return end && k6_clock_read(c, s, (size_t)(end - s)) ? end + 1 : NULL;
}

/* Behind the value at s, at the end of the row or its comma; NULL when it is no number. */
static const char *take_value(const char *s, const char *stop, uint64_t *value) {
    if (stop - s > 8 && s[8] == ',' && memcmp(s + 1, ".000000", 7) == 0 &&
        (*s == '0' || *s == '1')) {
        *value = *s == '1' ? 1000000 : 0;
        return s + 8;
    }
    const char *end = memchr(s, ',', (size_t)(stop - s));
    end = end ? end : stop;
    return number_fixed(s, (size_t)(end - s), 6, value) ? end : NULL;
}

/* The columns behind the name, of a row whose metric is needed. */
static bool take_point(struct k6_csv *c, enum k6_point kind, const char *record, size_t len,
                       const char *s, bool quoted) {
    const char *stop = record + len;
    uint64_t value;
    s = take_time(&c->points.clock, s, stop);
    s = s ? take_value(s, stop, &value) : NULL;
    if (!s)
        return false;
    if (k6_needs_tags(kind, value)) {
        int last = kind == K6_POINT_DURATION ? c->last_for_request : c->last_for_error;
        s += s < stop;
        if (!(quoted ? quoted_tags(c, record, len, last) : plain_tags(c, s, stop, last)))
            return false;
    }
    k6_points_add(&c->points, kind, value, c->tag);
    return true;
}

/* The last row lacks its line end: it counts when it has all columns. */
static bool is_half(const char *s, size_t len, size_t columns) {
    struct csv_field field[1];
    return csv_split(s, len, ',', field, 1) != columns;
}

static bool take_needed(struct k6_csv *c, const char *s, size_t len, long line, bool quoted,
                        struct err *e) {
    if (c->columns == 0)
        return take_header(c, s, len, line, e);
    if (len == 0)
        return true;
    if (c->at_end && is_half(s, len, c->columns)) {
        k6_points_broken(&c->points, line, "row", true);
        return true;
    }
    const char *end = memchr(s, ',', len);
    enum k6_point kind = end ? k6_point_of(s, (size_t)(end - s)) : K6_POINT_NONE;
    bool ok = end && (kind == K6_POINT_NONE || take_point(c, kind, s, len, end + 1, quoted));
    if (kind == K6_POINT_NONE && is_header(s, len)) {
        k6_points_remark(&c->points, FINDING_WARNING, "second-header", line,
                         "a second header: two files stand one behind the other, and are read as "
                         "one run");
        read_header(c, s, len);
    } else if (ok) {
        c->points.rows++;
    } else {
        k6_points_broken(&c->points, line, "row", false);
    }
    return true;
}

static bool take_row(void *self, const char *s, size_t len, long line, bool quoted, struct err *e) {
    struct k6_csv *c = self;
    if (!is_part_of_request(s, len) || c->at_end || c->columns == 0)
        return take_needed(c, s, len, line, quoted, e);
    c->points.rows++;
    return true;
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *csv_open(const struct sink *out) {
    struct k6_csv *c = mem_new(1, sizeof *c);
    k6_points_init(&c->points, out);
    lines_init(&c->lines, take_row, c, true, K6_POINT_LINE_MAX_BYTES);
    return c;
}

static bool csv_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct k6_csv *c = self;
    bool ok = lines_feed(&c->lines, bytes, len, e);
    k6_points_tell(&c->points);
    return ok;
}

static bool csv_finish(void *self, struct err *e) {
    struct k6_csv *c = self;
    bool ok;
    c->at_end = true;
    lines_finish(&c->lines, &ok, e);
    return ok && k6_points_finish(&c->points, e);
}

static void csv_close(void *self) {
    struct k6_csv *c = self;
    lines_fini(&c->lines);
    k6_points_fini(&c->points);
    free(c);
}

/* Where the header begins: behind a byte order mark and empty lines. */
static size_t header_at(const char *head, size_t len) {
    size_t i = len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < len && (head[i] == '\n' || head[i] == '\r'))
        i++;
    return i;
}

static int csv_sniff(const char *head, size_t len) {
    size_t at = header_at(head, len), n = sizeof START - 1;
    return len - at > n && memcmp(head + at, START, n) == 0 && memchr(",\r\n", head[at + n], 3)
               ? 100
               : 0;
}

static size_t csv_header(const char *head, size_t len) {
    size_t at = header_at(head, len);
    const char *end = memchr(head + at, '\n', len - at);
    return end ? (size_t)(end - head) + 1 : len;
}

const struct reader k6_csv_reader = {
    .name = "k6-csv",
    .tool = "k6",
    .gives = GIVES_SAMPLES,
    .samples = &k6_point_rules,
    .sniff = csv_sniff,
    .open = csv_open,
    .feed = csv_feed,
    .finish = csv_finish,
    .close = csv_close,
    .header = csv_header,
    .quoted_breaks = true,
};
