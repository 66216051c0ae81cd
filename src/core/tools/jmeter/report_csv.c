/* The tables that JMeter's Aggregate Report and Summary Report save. Headings and the row of the
 * total are in the language of the JVM, so a table is known by its columns; the heading may be
 * missing, and tables copied from the screen have tabs and units. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "results/csv.h"
#include "results/lines.h"
#include "results/number.h"
#include "tools/jmeter/results.h"

enum {
    RECORD_MAX_BYTES = 64 << 10,
    COLUMNS_MAX = 13,
    ROWS_MAX = 20000,
    SNIFF_ROWS = 3,
    NONE = -1,
};

/* What a report has in which column. */
struct form {
    size_t columns[2];
    int average, median, percentile, min, max, deviation, error, throughput; /* NONE */
};
static const struct form aggregate = {
    .columns = {12, 13},
    .average = 2,
    .median = 3,
    .percentile = 4, /* and two more */
    .min = 7,
    .max = 8,
    .deviation = NONE,
    .error = 9,
    .throughput = 10,
};
static const struct form summary = {
    .columns = {10, 11},
    .average = 2,
    .median = NONE,
    .percentile = NONE,
    .min = 3,
    .max = 4,
    .deviation = 5,
    .error = 6,
    .throughput = 7,
};

/* A number as it is printed, and one step of its last digit; NAN: none. */
struct printed {
    double value, step;
};

struct row {
    char label[SCOPE_MAX_BYTES];
    struct printed number[COLUMNS_MAX]; /* by column */
    long line;
};

struct report {
    struct sink out;
    const struct form *form;
    struct lines lines;
    char delimiter; /* 0: not known yet */
    enum metric percentile[3];
    struct row *row; /* owned; all rows, the total last */
    size_t rows, cap;
    bool any_record, at_end;
    long broken, first_broken, half;
};

/* --- numbers --------------------------------------------------------------------------------- */

/* "12.3/sec", "45.0/min", "2.1/hour" as the screen shows it: how many seconds the unit has. */
static double unit_of(const struct csv_field *f, size_t *len) {
    static const struct {
        const char *unit;
        double seconds;
    } rows[] = {{"/sec", 1}, {"/min", 60}, {"/hour", 3600}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].unit);
        if (f->len > n && memcmp(f->text + f->len - n, rows[i].unit, n) == 0) {
            *len = f->len - n;
            return rows[i].seconds;
        }
    }
    return 1;
}

/* "1656", ".50000", "33,73580", "1,203%". */
static bool read_number(const struct csv_field *f, struct printed *out) {
    char copy[40];
    size_t len = f->len, decimals = 0;
    double seconds = unit_of(f, &len);
    *out = (struct printed){NAN, 0};
    len -= len && f->text[len - 1] == '%';
    if (len == 0 || len >= sizeof copy)
        return false;
    for (size_t i = 0; i < len; i++) {
        copy[i] = f->text[i] == ',' ? '.' : f->text[i];
        decimals = copy[i] == '.' ? len - i - 1 : decimals;
    }
    double value;
    if (!number_real(copy, len, &value) || value < 0)
        return false;
    out->value = value / seconds;
    out->step = decimals || seconds > 1 ? pow(10, -(double)decimals) / seconds : 0;
    return true;
}

static bool is_whole(const struct csv_field *f) {
    uint64_t v;
    return number_whole(f->text, f->len, &v);
}

static bool is_percent(const struct csv_field *f) {
    struct printed p;
    return f->len > 1 && f->text[f->len - 1] == '%' && read_number(f, &p) && p.value <= 100;
}

static bool has_columns(const struct form *form, size_t n) {
    return n == form->columns[0] || n == form->columns[1];
}

/* A row of figures, heading or not. */
static bool is_row(const struct form *form, const struct csv_field *f, size_t n) {
    if (!has_columns(form, n) || !is_percent(&f[form->error]))
        return false;
    for (int i = 1; i <= form->max; i++)
        if (!is_whole(&f[i]))
            return false;
    return true;
}

/* --- heading --------------------------------------------------------------------------------- */

/* "95% Line", "95% Ligne": which one it is. */
static enum metric percentile_of(const struct csv_field *f) {
    static const struct {
        const char *number;
        enum metric metric;
    } rows[] = {{"50%", METRIC_MED_MS},
                {"90%", METRIC_P90_MS},
                {"95%", METRIC_P95_MS},
                {"99%", METRIC_P99_MS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *at = memmem(f->text, f->len, rows[i].number, 3);
        bool more = at && at > f->text && at[-1] >= '0' && at[-1] <= '9';
        if (at && !more)
            return rows[i].metric;
    }
    return METRICS;
}

static void read_heading(struct report *r, const struct csv_field *f) {
    for (int i = 0; r->form->percentile != NONE && i < 3; i++)
        r->percentile[i] = percentile_of(&f[r->form->percentile + i]);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void add_row(struct report *r, const struct csv_field *f, size_t n, long line) {
    r->row = mem_grow(r->row, r->rows, &r->cap, sizeof *r->row);
    struct row *to = &r->row[r->rows++];
    *to = (struct row){.line = line};
    csv_copy(&f[0], to->label, sizeof to->label);
    for (size_t i = 1; i < n && i < COLUMNS_MAX; i++)
        read_number(&f[i], &to->number[i]);
}

static size_t split(struct report *r, const char *s, size_t len, struct csv_field *f) {
    static const char usual[] = ",;\t";
    if (r->delimiter)
        return csv_split(s, len, r->delimiter, f, COLUMNS_MAX);
    for (const char *d = usual; *d; d++) {
        size_t n = csv_split(s, len, *d, f, COLUMNS_MAX);
        if (!has_columns(r->form, n))
            continue;
        r->delimiter = *d;
        return n;
    }
    return 0;
}

static const char *without_mark(const char *s, size_t *len) {
    bool mark = *len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0;
    *len -= mark ? 3 : 0;
    return mark ? s + 3 : s;
}

static bool take_record(void *self, const char *s, size_t len, long line, bool quoted,
                        struct err *e) {
    struct report *r = self;
    struct csv_field f[COLUMNS_MAX];
    (void)quoted;
    if (!r->any_record)
        s = without_mark(s, &len);
    if (len == 0)
        return true;
    size_t n = split(r, s, len, f);
    bool fits = is_row(r->form, f, n);
    if (fits && r->rows == ROWS_MAX)
        return err_set(e, ERR_LIMIT, "holds more than %d rows", ROWS_MAX);
    if (fits)
        add_row(r, f, n, line);
    else if (!r->any_record && has_columns(r->form, n))
        read_heading(r, f);
    else if (r->at_end)
        r->half = line;
    else if (r->broken++ == 0)
        r->first_broken = line;
    r->any_record = true;
    return true;
}

/* --- figures --------------------------------------------------------------------------------- */

/* Failed requests from a percentage: all whole numbers that would be printed so. */
static struct figure failed_of(const struct report *r, const struct row *row) {
    const struct printed *error = &row->number[r->form->error];
    double n = row->number[1].value;
    double low = ceil(n * (error->value - error->step / 2) / 100 - 1e-9);
    double high = floor(n * (error->value + error->step / 2) / 100 + 1e-9);
    double value = round(n * error->value / 100);
    struct figure f = jmeter_rounded(value, 0, row->line, "Error %");
    f.low = fmin(fmax(low, 0), value);
    f.high = fmax(fmin(high, n), value);
    return f;
}

static void say_exact(const struct report *r, const struct row *row, enum metric m, int column,
                      const char *scope) {
    if (column == NONE || m == METRICS)
        return;
    struct figure f = jmeter_rounded(row->number[column].value, 0, row->line, "");
    jmeter_say(&r->out, m, scope, &f);
}

static void say_row(const struct report *r, const struct row *row, const char *scope) {
    const struct form *form = r->form;
    const struct printed *rate = &row->number[form->throughput];
    struct figure failed = failed_of(r, row);
    struct figure average = jmeter_cut_off(row->number[form->average].value, row->line, "");
    struct figure rps = jmeter_rounded(rate->value, rate->step, row->line, "");
    say_exact(r, row, METRIC_REQUESTS, 1, scope);
    jmeter_say(&r->out, METRIC_FAILED, scope, &failed);
    jmeter_say(&r->out, METRIC_RPS, scope, &rps);
    jmeter_say(&r->out, METRIC_AVG_MS, scope, &average);
    say_exact(r, row, METRIC_MIN_MS, form->min, scope);
    say_exact(r, row, METRIC_MED_MS, form->median, scope);
    for (int i = 0; form->percentile != NONE && i < 3; i++)
        say_exact(r, row, r->percentile[i], form->percentile + i, scope);
    say_exact(r, row, METRIC_MAX_MS, form->max, scope);
    if (scope)
        return;
    struct figure duration = jmeter_duration(row->number[1].value, &rps);
    jmeter_say(&r->out, METRIC_DURATION_S, NULL, &duration);
}

/* --- the row of the total -------------------------------------------------------------------- */

static bool total_by_name(const struct row *row) {
    static const char *const words[] = {"TOTAL", "Gesamt", "RAZEM", "TOPLAM",
                                        "合計",  "总体",   "總計",  "총계"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same(row->label, words[i]))
            return true;
    return false;
}

/* The last row, when it counts as much as all others. */
static bool has_total(const struct report *r) {
    const struct row *last = &r->row[r->rows - 1];
    double sum = 0;
    for (size_t i = 0; i + 1 < r->rows; i++)
        sum += r->row[i].number[1].value;
    return total_by_name(last) || (r->rows > 1 && sum == last->number[1].value);
}

static struct figure add(const struct figure *a, const struct figure *b) {
    struct figure f = *a;
    f.value += b->value;
    f.low += b->low;
    f.high += b->high;
    return f;
}

/* The rows are whole, the total is missing: what can be added is added. */
static void say_sums(const struct report *r) {
    struct figure requests = {0}, failed = {0};
    struct figure least = {.value = INFINITY}, most = {.value = 0};
    double time = 0;
    for (size_t i = 0; i < r->rows; i++) {
        const struct row *row = &r->row[i];
        struct figure n = jmeter_rounded(row->number[1].value, 0, 0, "");
        struct figure bad = failed_of(r, row);
        requests = add(&requests, &n);
        failed = add(&failed, &bad);
        least.value = fmin(least.value, row->number[r->form->min].value);
        most.value = fmax(most.value, row->number[r->form->max].value);
        time += n.value * row->number[r->form->average].value;
    }
    struct figure average = jmeter_cut_off(time / requests.value, 0, "");
    least.low = least.high = least.value;
    most.low = most.high = most.value;
    jmeter_say(&r->out, METRIC_REQUESTS, NULL, &requests);
    jmeter_say(&r->out, METRIC_FAILED, NULL, &failed);
    jmeter_say(&r->out, METRIC_AVG_MS, NULL, &average);
    jmeter_say(&r->out, METRIC_MIN_MS, NULL, &least);
    jmeter_say(&r->out, METRIC_MAX_MS, NULL, &most);
    sink_remark(&r->out, FINDING_WARNING, "no-total", r->row[r->rows - 1].line,
                "The row of the total is missing: requests and failures are added from the rows, "
                "percentiles and requests per second of the whole run are not known.");
}

static void say_remarks(const struct report *r) {
    jmeter_say_broken(&r->out, r->broken, r->first_broken);
    if (r->half)
        sink_remark(&r->out, FINDING_WARNING, "half-line", r->half,
                    "The last line is cut off and was left out.");
    if (r->form->percentile == NONE)
        sink_remark(&r->out, FINDING_INFO, "no-percentiles", 0,
                    "The Summary Report has no percentiles: give the JTL or the Aggregate Report "
                    "for them.");
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *report_open(const struct sink *out, const struct form *form) {
    struct report *r = mem_new(1, sizeof *r);
    r->out = *out;
    r->form = form;
    r->percentile[0] = METRIC_P90_MS;
    r->percentile[1] = METRIC_P95_MS;
    r->percentile[2] = METRIC_P99_MS;
    lines_init(&r->lines, take_record, r, true, RECORD_MAX_BYTES);
    return r;
}

static void *aggregate_open(const struct sink *out) { return report_open(out, &aggregate); }
static void *summary_open(const struct sink *out) { return report_open(out, &summary); }

static bool report_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct report *r = self;
    return lines_feed(&r->lines, bytes, len, e);
}

static bool report_finish(void *self, struct err *e) {
    struct report *r = self;
    bool ok;
    r->at_end = true;
    lines_finish(&r->lines, &ok, e);
    if (!ok)
        return false;
    if (r->rows == 0) {
        err_set(e, ERR_FORMAT, "holds no row of a report of JMeter");
        return err_fix(e, "save the table again with its rows (Save Table Data)");
    }
    bool total = has_total(r);
    if (total)
        say_row(r, &r->row[r->rows - 1], NULL);
    else
        say_sums(r);
    for (size_t i = 0; i + total < r->rows; i++)
        say_row(r, &r->row[i], r->row[i].label);
    say_remarks(r);
    return true;
}

static void report_close(void *self) {
    struct report *r = self;
    lines_fini(&r->lines);
    free(r->row);
    free(r);
}

/* --- recognising ----------------------------------------------------------------------------- */

static size_t line_length(const char *s, size_t len) {
    const char *end = memchr(s, '\n', len);
    size_t n = end ? (size_t)(end - s) : len;
    return n && s[n - 1] == '\r' ? n - 1 : n;
}

static int sniff_line(const struct form *form, const char *s, size_t len) {
    struct report probe = {.form = form};
    struct csv_field f[COLUMNS_MAX];
    size_t n = split(&probe, s, len, f);
    if (n && is_row(form, f, n))
        return 80;
    bool english =
        n && csv_is(&f[0], "Label") && csv_is(&f[1], "# Samples") && csv_is(&f[2], "Average");
    return english && csv_is(&f[3], form == &aggregate ? "Median" : "Min") ? 98 : 0;
}

static int report_sniff(const struct form *form, const char *head, size_t len) {
    const char *s = text_begin(head, &len);
    int best = 0;
    for (int i = 0; i < SNIFF_ROWS && len && best == 0; i++) {
        const char *end = memchr(s, '\n', len);
        size_t all = end ? (size_t)(end - s) + 1 : len;
        best = sniff_line(form, s, line_length(s, len));
        s += all;
        len -= all;
    }
    return best;
}

static int aggregate_sniff(const char *head, size_t len) {
    return report_sniff(&aggregate, head, len);
}
static int summary_sniff(const char *head, size_t len) { return report_sniff(&summary, head, len); }

const struct reader jmeter_aggregate_reader = {
    .name = "jmeter-aggregate-report-csv",
    .tool = "jmeter",
    .gives = GIVES_TEXT,
    .sniff = aggregate_sniff,
    .open = aggregate_open,
    .feed = report_feed,
    .finish = report_finish,
    .close = report_close,
};

const struct reader jmeter_summary_reader = {
    .name = "jmeter-summary-report-csv",
    .tool = "jmeter",
    .gives = GIVES_TEXT,
    .sniff = summary_sniff,
    .open = summary_open,
    .feed = report_feed,
    .finish = report_finish,
    .close = report_close,
};
