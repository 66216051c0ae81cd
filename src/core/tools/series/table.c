#include "tools/series/table.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "tools/series/unit.h"

#define MILLIS_FROM 1e12
#define TIME_MAX_S 32503680000.0 /* the year 3000 */
#define COUNT_MAX 1e15
#define MS_MAX 1e12
#define MB_MAX 1e12
#define RISE_LEAST_S 0.0005

enum { RECORD_MAX_BYTES = 1 << 16, NAME_BYTES = SCOPE_MAX_BYTES, LOOK_LINES = 8 };

/* --- names of columns ------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum series_column column;
} names[] = {
    {"t_s", SERIES_TIME},          {"time_s", SERIES_TIME},
    {"unix_time", SERIES_TIME},    {"step", SERIES_STEP},
    {"start_s", SERIES_START_S},   {"duration_s", SERIES_DURATION_S},
    {"window_s", SERIES_WINDOW_S}, {"load", SERIES_LOAD},
    {"requests", SERIES_REQUESTS}, {"ok", SERIES_OK},
    {"errors", SERIES_ERRORS},     {"error_pct", SERIES_ERROR_PCT},
    {"dropped", SERIES_DROPPED},   {"rps", SERIES_RPS},
    {"mean_ms", SERIES_MEAN_MS},   {"avg_ms", SERIES_MEAN_MS},
    {"p50_ms", SERIES_P50_MS},     {"p95_ms", SERIES_P95_MS},
    {"p99_ms", SERIES_P99_MS},     {"max_ms", SERIES_MAX_MS},
    {"vus", SERIES_VUS},           {"gen_cpu_pct", SERIES_GEN_CPU_PCT},
};

/* The largest value that makes sense. */
static const double most[SERIES_COLUMNS] = {
    [SERIES_TIME] = TIME_MAX_S * 1000, [SERIES_STEP] = 1e6,          [SERIES_START_S] = TIME_MAX_S,
    [SERIES_DURATION_S] = 1e9,         [SERIES_WINDOW_S] = 1e9,      [SERIES_LOAD] = COUNT_MAX,
    [SERIES_REQUESTS] = COUNT_MAX,     [SERIES_OK] = COUNT_MAX,      [SERIES_ERRORS] = COUNT_MAX,
    [SERIES_ERROR_PCT] = 100,          [SERIES_DROPPED] = COUNT_MAX, [SERIES_RPS] = COUNT_MAX,
    [SERIES_MEAN_MS] = MS_MAX,         [SERIES_P50_MS] = MS_MAX,     [SERIES_P95_MS] = MS_MAX,
    [SERIES_P99_MS] = MS_MAX,          [SERIES_MAX_MS] = MS_MAX,     [SERIES_VUS] = COUNT_MAX,
    [SERIES_GEN_CPU_PCT] = 100,
};

static void lower(const struct csv_field *f, char *out, size_t size) {
    csv_copy(f, out, size);
    size_t len = strlen(out);
    const char *s = text_trim(out, &len);
    memmove(out, s, len);
    out[len] = '\0';
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

static bool has_memory(const struct series_header *h, const char *name) {
    for (size_t i = 0; i < h->memories; i++)
        if (strcmp(h->memory[i].name, name) == 0)
            return true;
    return false;
}

static void note_memory(struct series_header *h, const char *name, int at) {
    double factor;
    if (h->memories == TRACES_MAX || !series_is_memory(name) ||
        !series_megabytes_in(name, &factor) || has_memory(h, name))
        return;
    struct series_memory *m = &h->memory[h->memories++];
    *m = (struct series_memory){.at = at, .factor = factor, .value = NAN};
    text_copy(m->name, sizeof m->name, name);
}

static void note_column(struct series_header *h, const char *name, int at) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, name) == 0) {
            if (h->at[names[i].column] < 0)
                h->at[names[i].column] = at;
            return;
        }
    note_memory(h, name, at);
}

/* The character that cuts it into the most fields. */
static char delimiter_of(const char *s, size_t len) {
    static const char usual[] = ",;\t";
    char best = ',';
    size_t best_n = 0;
    for (const char *d = usual; *d; d++) {
        size_t n = csv_split(s, len, *d, NULL, 0);
        if (n > best_n) {
            best_n = n;
            best = *d;
        }
    }
    return best;
}

static void read_header(struct series_header *h, const char *s, size_t len) {
    struct csv_field field[CSV_FIELDS_MAX];
    char name[NAME_BYTES];
    h->delimiter = delimiter_of(s, len);
    h->columns = csv_split(s, len, h->delimiter, field, CSV_FIELDS_MAX);
    h->memories = 0;
    for (int c = 0; c < SERIES_COLUMNS; c++)
        h->at[c] = -1;
    for (size_t i = 0; i < h->columns && i < CSV_FIELDS_MAX; i++) {
        lower(&field[i], name, sizeof name);
        note_column(h, name, (int)i);
    }
}

static bool has_needs(const struct series_header *h, const struct series_needs *n) {
    for (const enum series_column *c = n->all; *c != SERIES_COLUMNS; c++)
        if (h->at[*c] < 0)
            return false;
    bool any = (n->memory && h->memories > 0) || (!n->any && !n->memory);
    for (const enum series_column *c = n->any; c && *c != SERIES_COLUMNS; c++)
        any = any || h->at[*c] >= 0;
    return any && h->columns <= CSV_FIELDS_MAX;
}

/* --- recognising ----------------------------------------------------------------------------- */

/* A spreadsheet says its separator in a line of its own. */
static bool is_before_header(const char *s, size_t len) {
    return len == 0 || (len <= 6 && memcmp(s, "sep=", len < 4 ? len : 4) == 0);
}

static size_t skip_mark(const char *s, size_t len) {
    return len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

int series_sniff(const char *head, size_t len, const struct series_needs *needs, int sure) {
    const char *s = head + skip_mark(head, len), *stop = head + len;
    for (int i = 0; i < LOOK_LINES && s < stop; i++) {
        const char *end = memchr(s, '\n', (size_t)(stop - s));
        size_t n = (size_t)((end ? end : stop) - s);
        n -= n && s[n - 1] == '\r';
        if (!is_before_header(s, n)) {
            struct series_header h;
            if (n > RECORD_MAX_BYTES)
                return 0;
            read_header(&h, s, n);
            return has_needs(&h, needs) ? sure : 0;
        }
        s = end ? end + 1 : stop;
    }
    return 0;
}

/* --- cells ----------------------------------------------------------------------------------- */

static bool is_blank(const char *s, size_t len) {
    static const char *const words[] = {"-", "nan", "null", "n/a", "na", "none"};
    char copy[8];
    if (len == 0)
        return true;
    if (len >= sizeof copy)
        return false;
    memcpy(copy, s, len);
    copy[len] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same(copy, words[i]))
            return true;
    return false;
}

/* "12,5" as spreadsheets of many countries write it, where the comma separates no fields. */
static bool number(const char *s, size_t len, char delimiter, double *out) {
    char copy[64];
    const char *comma = delimiter == ',' ? NULL : memchr(s, ',', len);
    if (!comma || memchr(s, '.', len) || len >= sizeof copy)
        return number_real(s, len, out);
    memcpy(copy, s, len);
    copy[comma - s] = '.';
    return number_real(copy, len, out);
}

/* false: it is neither a figure nor empty. */
static bool read_cell(const struct csv_field *f, char delimiter, double limit, double *out) {
    size_t len = f->len;
    const char *s = text_trim(f->text, &len);
    *out = NAN;
    if (is_blank(s, len))
        return true;
    if (!number(s, len, delimiter, out) || *out < 0 || *out > limit)
        return false;
    *out = fabs(*out); /* a spreadsheet may write -0 */
    return true;
}

static bool read_time(const struct csv_field *f, char delimiter, double *out) {
    int64_t ns;
    size_t len = f->len;
    const char *s = text_trim(f->text, &len);
    if (!number_rfc3339(s, len, &ns))
        return read_cell(f, delimiter, most[SERIES_TIME], out) && !isnan(*out);
    *out = (double)(ns / 1000000) / 1000;
    return true;
}

/* A table is of one clock: seconds from the start, or a time since 1970. */
static bool take_clock(struct series_table *t) {
    double *s = &t->value[SERIES_TIME];
    bool millis = *s >= MILLIS_FROM, absolute = *s >= CLOCK_FROM_S;
    if (isnan(t->last_s)) {
        t->millis = millis;
        t->absolute = absolute;
    }
    if (millis)
        *s /= 1000;
    return millis == t->millis && absolute == t->absolute && *s <= TIME_MAX_S;
}

static bool read_row(struct series_table *t, const struct csv_field *field) {
    struct series_header *h = &t->header;
    for (int c = 0; c < SERIES_COLUMNS; c++) {
        t->value[c] = NAN;
        if (h->at[c] >= 0 && c != SERIES_TIME &&
            !read_cell(&field[h->at[c]], h->delimiter, most[c], &t->value[c]))
            return false;
    }
    for (size_t i = 0; i < h->memories; i++) {
        struct series_memory *m = &h->memory[i];
        if (!read_cell(&field[m->at], h->delimiter, MB_MAX / m->factor, &m->value))
            return false;
        m->value *= m->factor;
    }
    return h->at[SERIES_TIME] < 0 ||
           (read_time(&field[h->at[SERIES_TIME]], h->delimiter, &t->value[SERIES_TIME]) &&
            take_clock(t));
}

/* --- rows ------------------------------------------------------------------------------------ */

static void note(long *n, long *first, long line) {
    if ((*n)++ == 0)
        *first = line;
}

/* Of the last row without its line end the last cell may lack digits. */
static bool is_whole(struct series_table *t, struct csv_field *field, size_t n) {
    if (n != t->header.columns)
        return false;
    if (t->at_end && !t->needs->at_once && field[n - 1].len > 0 && n > 1) {
        field[n - 1].len = 0;
        t->open = t->line;
    }
    return true;
}

static double time_of(const struct series_table *t) {
    return t->header.at[SERIES_TIME] < 0 ? t->value[SERIES_START_S] : t->value[SERIES_TIME];
}

static bool goes_back(const struct series_table *t) {
    return time_of(t) < t->last_s + RISE_LEAST_S;
}

static void take_row(struct series_table *t, const char *s, size_t len) {
    struct csv_field field[CSV_FIELDS_MAX];
    size_t n = csv_split(s, len, t->header.delimiter, field, CSV_FIELDS_MAX);
    if (!is_whole(t, field, n)) {
        if (t->at_end)
            t->half = t->line;
        else
            note(&t->broken, &t->first_broken, t->line);
    } else if (!read_row(t, field)) {
        note(&t->broken, &t->first_broken, t->line);
    } else if (goes_back(t)) {
        note(&t->back, &t->first_back, t->line);
    } else if (!t->row(t->self)) {
        note(&t->broken, &t->first_broken, t->line);
    } else {
        t->last_s = time_of(t);
        t->rows++;
    }
}

static bool take_header(struct series_table *t, const char *s, size_t len, struct err *e) {
    if (is_before_header(s, len))
        return true;
    read_header(&t->header, s, len);
    t->has_header = true;
    if (has_needs(&t->header, t->needs))
        return true;
    err_set(e, ERR_FORMAT, "has no header with the columns %s", t->needs->words);
    err_fix(e, "name the columns in the first line");
    return err_at(e, "", t->line);
}

static bool take_record(void *self, const char *s, size_t len, long line, bool quoted,
                        struct err *e) {
    struct series_table *t = self;
    (void)quoted;
    size_t skip = line == 1 ? skip_mark(s, len) : 0;
    s += skip;
    len -= skip;
    t->line = line;
    if (!t->has_header)
        return take_header(t, s, len, e);
    if (len > 0)
        take_row(t, s, len);
    return true;
}

/* --- the table ------------------------------------------------------------------------------- */

void series_table_init(struct series_table *t, const struct sink *out,
                       const struct series_needs *needs, void *self, bool (*row)(void *)) {
    *t =
        (struct series_table){.out = *out, .needs = needs, .row = row, .self = self, .last_s = NAN};
    lines_init(&t->lines, take_record, t, true, RECORD_MAX_BYTES);
}

void series_table_fini(struct series_table *t) { lines_fini(&t->lines); }

bool series_table_feed(struct series_table *t, const char *bytes, size_t len, struct err *e) {
    return lines_feed(&t->lines, bytes, len, e);
}

static void say_passed_over(const struct series_table *t) {
    if (t->broken)
        sink_remark(&t->out, FINDING_WARNING, "broken-rows", t->first_broken,
                    "%ld row%s cannot be read and %s left out; the first is in line %ld", t->broken,
                    t->broken == 1 ? "" : "s", t->broken == 1 ? "was" : "were", t->first_broken);
    if (t->back)
        sink_remark(&t->out, FINDING_WARNING, "time-not-rising", t->first_back,
                    "%ld row%s not later than the row before and %s left out; the first is in "
                    "line %ld",
                    t->back, t->back == 1 ? " is" : "s are", t->back == 1 ? "was" : "were",
                    t->first_back);
    if (t->half)
        sink_remark(&t->out, FINDING_WARNING, "half-line", t->half,
                    "the last line is cut off and was left out: the file was still written, or "
                    "not copied whole");
    if (t->open)
        sink_remark(&t->out, FINDING_INFO, "open-line", t->open,
                    "the last line has no line end: its last cell may be cut off and was left out");
}

bool series_table_finish(struct series_table *t, struct err *e) {
    bool ok;
    t->at_end = true;
    lines_finish(&t->lines, &ok, e);
    if (!ok)
        return false;
    if (t->rows == 0) {
        err_set(e, ERR_FORMAT, t->broken ? "holds no row that can be read" : "holds no rows");
        err_at(e, "", t->broken ? t->first_broken : 0);
        return err_fix(e, "give a table with the columns %s", t->needs->words);
    }
    say_passed_over(t);
    sink_text(&t->out, DOOR_LINES, "", (double)(t->lines.line - 1));
    sink_text(&t->out, DOOR_BLOCKS, "", 1);
    return true;
}

bool series_failed(const struct series_table *t, double requests, double *failed) {
    const double *v = t->value;
    if (!isnan(v[SERIES_OK]))
        *failed = requests - v[SERIES_OK];
    else if (!isnan(v[SERIES_ERRORS]))
        *failed = v[SERIES_ERRORS];
    else
        *failed = round(requests * v[SERIES_ERROR_PCT] / 100);
    if (isnan(requests))
        *failed = NAN;
    return !(*failed < 0) && !(*failed > requests);
}

void series_say(const struct sink *out, enum metric m, double value, const char *quote) {
    struct word w = {
        .door = DOOR_VALUE, .metric = m, .figure = {.value = value, .low = value, .high = value}};
    if (isnan(value) || !out->summary)
        return;
    text_copy(w.figure.quote, sizeof w.figure.quote, quote);
    out->summary(out->self, &w);
}
