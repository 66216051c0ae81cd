/* A JTL as CSV. Most rows hold no double quote: their fields are found with one look for the
 * delimiter, and only those that a figure needs are read. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "results/csv.h"
#include "results/lines.h"
#include "results/number.h"
#include "tools/jmeter/jtl_clock.h"
#include "tools/jmeter/jtl_columns.h"
#include "tools/jmeter/jtl_digits.h"
#include "tools/jmeter/jtl_fields.h"
#include "tools/jmeter/jtl_rows.h"
#include "tools/jmeter/results.h"

enum {
    RECORD_MAX_BYTES = 2 << 20,
    LOST_MAX = 1000, /* lines before the first that can be a row */
    SNIFF_LINES = 3, /* the first of them may be cut */
};

struct jtl_csv {
    struct lines lines;
    struct jtl_rows rows;
    struct jtl_clock clock;
    struct jtl_plan plan;
    bool planned, mixed;
    bool at_end;                         /* the record has no line end */
    size_t place[JTL_COLUMNS];           /* in ends, of each column */
    struct jtl_ends ends;                /* of a row without quotes */
    struct jtl_text quoted[JTL_COLUMNS]; /* of a row with quotes */
    char undoubled[JTL_COLUMNS][SCOPE_MAX_BYTES];
};

/* --- fields ---------------------------------------------------------------------------------- */

/* A row whose fields are known. */
struct row {
    struct jtl_csv *c;
    const char *s;
    bool quoted;
};

static inline struct jtl_text field(const struct row *r, enum jtl_column column) {
    if (r->quoted)
        return r->c->quoted[column];
    size_t place = r->c->place[column], begin = jtl_field_begin(&r->c->ends, place);
    return (struct jtl_text){r->s + begin, r->c->ends.end[place] - begin};
}

/* A field without its quotes; doubled ones are undone, and long text with them is cut. */
static bool quoted_fields(struct jtl_csv *c, const char *s, size_t len) {
    struct csv_field f[CSV_FIELDS_MAX];
    size_t n = csv_split(s, len, c->plan.delimiter, f, CSV_FIELDS_MAX);
    if (n < c->plan.wanted)
        return false;
    for (int i = 0; i < JTL_COLUMNS; i++) {
        int at = c->plan.at[i];
        c->quoted[i] = at < 0 ? (struct jtl_text){s, 0} : (struct jtl_text){f[at].text, f[at].len};
        if (at >= 0 && f[at].doubled) {
            csv_copy(&f[at], c->undoubled[i], sizeof c->undoubled[i]);
            c->quoted[i] = (struct jtl_text){c->undoubled[i], strlen(c->undoubled[i])};
        }
    }
    return true;
}

/* --- numbers --------------------------------------------------------------------------------- */

static bool time_of(const struct row *r, int64_t *ms) {
    struct jtl_text t = field(r, JTL_TIME);
    *ms = TALLY_NO_TIME;
    return r->c->plan.at[JTL_TIME] < 0 || jtl_clock_read(&r->c->clock, t.s, t.len, ms);
}

static bool whole(const struct row *r, enum jtl_column column, uint64_t *out) {
    struct jtl_text t = field(r, column);
    return number_whole(t.s, t.len, out);
}

/* What a row may lack, or hold as "null". */
static uint64_t whole_or_none(const struct row *r, enum jtl_column column) {
    uint64_t v;
    return whole(r, column, &v) ? v : JTL_NOT_SAID;
}

static bool any_numbers(const struct row *r, struct jtl_row *x) {
    x->received = whole_or_none(r, JTL_BYTES);
    x->sent = whole_or_none(r, JTL_SENT);
    x->threads = whole_or_none(r, JTL_THREADS);
    x->connect_ms = whole_or_none(r, JTL_CONNECT);
    x->samples = whole_or_none(r, JTL_SAMPLES);
    return time_of(r, &x->start_ms) && whole(r, JTL_ELAPSED, &x->elapsed_ms);
}

static inline struct jtl_digits digits(const struct row *r, enum jtl_column column) {
    size_t place = r->c->place[column];
    const uint32_t *end = r->c->ends.end;
    return (struct jtl_digits){r->s + end[place], end[place] - end[place - 1] - 1};
}

static inline uint64_t said(struct jtl_digits d, uint32_t value) {
    return d.len ? value : JTL_NOT_SAID;
}

/* Below 0 when it is longer; kept unsigned, so that one look at the highest bit tells it of all. */
static inline uint32_t room(struct jtl_digits d) { return JTL_DIGITS_MAX - d.len; }

/* All at once, as nearly every row lets do it. */
static inline bool usual_numbers(const struct row *r, struct jtl_row *x) {
    const struct jtl_digits time = digits(r, JTL_TIME), elapsed = digits(r, JTL_ELAPSED),
                            received = digits(r, JTL_BYTES), sent = digits(r, JTL_SENT),
                            threads = digits(r, JTL_THREADS), connect = digits(r, JTL_CONNECT),
                            samples = digits(r, JTL_SAMPLES);
    const struct jtl_digits high = {time.end - 5, 8}, low = {time.end, 5};
    uint32_t v[JTL_NUMBERS];
    uint32_t least =
        room(elapsed) | room(received) | room(sent) | room(threads) | room(connect) | room(samples);
    if (time.len != 13 || elapsed.len == 0 || least >> 31 || r->c->ends.end[1] < JTL_DIGITS_MAX ||
        !jtl_numbers(high, low, elapsed, received, sent, threads, connect, samples, v))
        return false;
    x->start_ms = (int64_t)v[0] * 100000 + v[1];
    x->elapsed_ms = v[2];
    x->received = said(received, v[3]);
    x->sent = said(sent, v[4]);
    x->threads = said(threads, v[5]);
    x->connect_ms = said(connect, v[6]);
    x->samples = said(samples, v[7]);
    return x->start_ms < JTL_CLOCK_END_MS;
}

/* --- rows ------------------------------------------------------------------------------------ */

static inline bool is_word(struct jtl_text t, const char *word, size_t len) {
    return t.len == len && memcmp(t.s, word, len) == 0;
}

static inline bool outcome_of(const struct row *r, enum outcome *out) {
    struct jtl_text t = field(r, JTL_SUCCESS);
    *out = is_word(t, "true", 4)    ? OUTCOME_OK
           : is_word(t, "false", 5) ? OUTCOME_FAILED
                                    : OUTCOME_UNKNOWN;
    return *out != OUTCOME_UNKNOWN || r->c->plan.at[JTL_SUCCESS] < 0;
}

static void note_error(const struct row *r, bool transaction) {
    struct jtl_failure why = {field(r, JTL_LABEL), field(r, JTL_CODE), field(r, JTL_MESSAGE),
                              field(r, JTL_FAILURE)};
    jtl_rows_error(&r->c->rows, &why, transaction);
}

static inline bool take_rest(const struct row *r, struct jtl_row *x, long line) {
    if (!outcome_of(r, &x->outcome))
        return false;
    x->label = field(r, JTL_LABEL);
    x->transaction = jtl_is_transaction(field(r, JTL_MESSAGE));
    jtl_rows_add(&r->c->rows, x, line);
    if (x->outcome == OUTCOME_FAILED)
        note_error(r, x->transaction);
    return true;
}

static bool take_quoted(struct jtl_csv *c, const char *s, size_t len, long line) {
    const struct row r = {c, s, true};
    struct jtl_row x;
    return quoted_fields(c, s, len) && any_numbers(&r, &x) && take_rest(&r, &x, line);
}

static inline bool take_row(struct jtl_csv *c, const char *s, size_t len, long line, bool quoted) {
    const struct row r = {c, s, false};
    struct jtl_row x;
    if (quoted)
        return take_quoted(c, s, len, line);
    return jtl_ends_find(&c->ends, s, len, c->plan.delimiter, c->plan.wanted) &&
           len >= JTL_NOWHERE_AT && (usual_numbers(&r, &x) || any_numbers(&r, &x)) &&
           take_rest(&r, &x, line);
}

/* --- columns --------------------------------------------------------------------------------- */

static bool use_plan(struct jtl_csv *c, const struct jtl_plan *p, long line, struct err *e) {
    char missing[300];
    bool weighty;
    if (p->at[JTL_ELAPSED] < 0) {
        err_set(e, ERR_FORMAT, "has no column elapsed: no response times are in it");
        err_at(e, "", line);
        return err_fix(e, "set jmeter.save.saveservice.time=true, then run it again");
    }
    c->plan = *p;
    c->planned = true;
    for (int i = 0; i < JTL_COLUMNS; i++)
        c->place[i] = p->at[i] < 0 ? JTL_NOWHERE : (size_t)p->at[i] + 1;
    jtl_plan_missing(p, missing, sizeof missing, &weighty);
    if (*missing)
        sink_remark(&c->rows.out, weighty ? FINDING_WARNING : FINDING_INFO, "columns-missing", line,
                    "%s: %s.",
                    p->guessed && !p->known ? "Columns that cannot be told without a header line"
                                            : "Columns that are not there",
                    missing);
    return true;
}

static const char *without_mark(const char *s, size_t *len) {
    bool mark = *len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0;
    *len -= mark ? 3 : 0;
    return mark ? s + 3 : s;
}

/* Before the columns are known. */
static bool take_first(struct jtl_csv *c, const char *s, size_t len, long line, bool quoted,
                       struct err *e) {
    struct jtl_plan p;
    s = without_mark(s, &len);
    if (len == 0)
        return true;
    if (jtl_plan_header(s, len, &p))
        return use_plan(c, &p, line, e);
    if (jtl_plan_row(s, len, &p))
        return use_plan(c, &p, line, e) && (take_row(c, s, len, line, quoted) || true);
    jtl_rows_broken(&c->rows, line);
    if (c->rows.broken < LOST_MAX)
        return true;
    err_set(e, ERR_FORMAT, "holds no row of a JTL in its first %d lines", LOST_MAX);
    return err_fix(e, "take the file that JMeter wrote with -l, or the option --format");
}

/* A row that does not fit: another run may have been appended, with a header or other columns. */
static bool take_odd(struct jtl_csv *c, const char *s, size_t len, long line, bool quoted,
                     struct err *e) {
    struct jtl_plan p;
    bool header = jtl_plan_header(s, len, &p);
    if (!header && (!jtl_plan_row(s, len, &p) || p.columns == c->plan.columns)) {
        jtl_rows_broken(&c->rows, line);
        return true;
    }
    if (!c->mixed)
        sink_remark(&c->rows.out, FINDING_WARNING, "mixed-runs", line,
                    "%s: JMeter appends to a file that is there already, so at least two runs "
                    "stand in it and are read as one.",
                    header ? "A second header line" : "The columns change");
    c->mixed = true;
    return use_plan(c, &p, line, e) && (header || take_row(c, s, len, line, quoted) || true);
}

/* --- records --------------------------------------------------------------------------------- */

static bool is_half(const struct jtl_csv *c, const char *s, size_t len) {
    struct csv_field field[1];
    return csv_split(s, len, c->plan.delimiter, field, 1) < c->plan.columns;
}

static bool take_last(struct jtl_csv *c, const char *s, size_t len, long line, bool quoted) {
    if (is_half(c, s, len) || !take_row(c, s, len, line, quoted))
        c->rows.half = line;
    return true;
}

static bool take_record(void *self, const char *s, size_t len, long line, bool quoted,
                        struct err *e) {
    struct jtl_csv *c = self;
    if (!c->planned)
        return take_first(c, s, len, line, quoted, e);
    if (c->at_end)
        return take_last(c, s, len, line, quoted);
    if (take_row(c, s, len, line, quoted) || len == 0)
        return true;
    return take_odd(c, s, len, line, quoted, e);
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *csv_open(const struct sink *out) {
    struct jtl_csv *c = mem_new(1, sizeof *c);
    jtl_rows_init(&c->rows, out);
    jtl_ends_init(&c->ends);
    lines_init(&c->lines, take_record, c, true, RECORD_MAX_BYTES);
    return c;
}

static bool csv_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct jtl_csv *c = self;
    bool ok = lines_feed(&c->lines, bytes, len, e);
    jtl_rows_tell(&c->rows);
    return ok;
}

static bool nothing(const struct jtl_csv *c, struct err *e) {
    if (c->rows.broken) {
        err_set(e, ERR_FORMAT, "holds no row that fits the columns of a JTL");
        err_at(e, "", c->rows.first_broken);
    } else {
        err_set(e, ERR_FORMAT, "holds no sample");
    }
    return err_fix(e, "take the file that JMeter wrote with -l, after the run has begun");
}

static bool csv_finish(void *self, struct err *e) {
    struct jtl_csv *c = self;
    bool ok;
    c->at_end = true;
    lines_finish(&c->lines, &ok, e);
    if (!ok)
        return false;
    if (c->rows.samples + c->rows.transactions == 0)
        return nothing(c, e);
    jtl_rows_finish(&c->rows);
    return true;
}

static void csv_close(void *self) {
    struct jtl_csv *c = self;
    lines_fini(&c->lines);
    jtl_rows_fini(&c->rows);
    free(c);
}

/* --- recognising ----------------------------------------------------------------------------- */

/* The record at s; *len becomes its length without its line end, *all with it. */
static void record_at(const char *s, size_t *len, size_t *all) {
    bool inside = false;
    size_t i = 0;
    while (i < *len && (inside || s[i] != '\n'))
        inside ^= s[i++] == '"';
    *all = i < *len ? i + 1 : i;
    *len = i && s[i - 1] == '\r' ? i - 1 : i;
}

static int csv_sniff(const char *head, size_t len) {
    const char *s = text_begin(head, &len);
    for (int i = 0; i < SNIFF_LINES && len; i++) {
        size_t record = len, all;
        struct jtl_plan p;
        record_at(s, &record, &all);
        if (i == 0 && jtl_plan_header(s, record, &p))
            return 100;
        if (jtl_plan_row(s, record, &p))
            return i ? 50 : p.known ? 95 : 80;
        s += all;
        len -= all;
    }
    return 0;
}

static size_t csv_header(const char *head, size_t len) {
    size_t left = len, all;
    const char *s = text_begin(head, &left);
    size_t record = left;
    struct jtl_plan p;
    record_at(s, &record, &all);
    return jtl_plan_header(s, record, &p) ? (size_t)(s - head) + all : 0;
}

const struct reader jmeter_jtl_csv_reader = {
    .name = "jmeter-jtl-csv",
    .tool = "jmeter",
    .gives = GIVES_SAMPLES,
    .samples = &jmeter_sample_rules,
    .sniff = csv_sniff,
    .open = csv_open,
    .feed = csv_feed,
    .finish = csv_finish,
    .close = csv_close,
    .header = csv_header,
    .quoted_breaks = true,
};
