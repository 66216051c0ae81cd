#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "tools/locust/console.h"

void locust_tables_init(struct locust_tables *t, const struct locust_table_sink *out) {
    *t = (struct locust_tables){.out = *out};
    buf_init(&t->text, LOCUST_JOINED_MAX_BYTES);
}

void locust_tables_fini(struct locust_tables *t) { buf_fini(&t->text); }

/* --- pieces --- */

static size_t columns(const struct buf *b) {
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        n += (b->data[i] & 0xc0) != 0x80;
    return n;
}

static void drop(struct locust_tables *t) {
    buf_clear(&t->text);
    t->pieces = 0;
    t->whole = false;
}

/* One more piece behind what is there; blanks at the edge of the terminal are lost when it is
 * copied. */
static void add_piece(struct locust_tables *t, const char *s, size_t len, long line) {
    if (t->pieces == 0)
        t->line = line;
    for (size_t n = columns(&t->text), to = t->wrap * (size_t)t->pieces; n < to; n++)
        buf_char(&t->text, ' ');
    buf_add(&t->text, s, len);
    t->pieces++;
    if (t->pieces > LOCUST_PIECES_MAX || t->text.full)
        drop(t);
}

/* --- what a whole text is --- */

static bool emit_row(struct locust_tables *t, const char *s, size_t len, long line) {
    if (t->in == LOCUST_LATENCY) {
        struct locust_percentiles p;
        if (!locust_percentiles_read(s, len, &t->heading, &p))
            return false;
        p.line = line;
        t->out.percentiles(t->out.self, &p);
        return true;
    }
    struct locust_row r;
    if (!locust_row_read(s, len, &r))
        return false;
    r.line = line;
    t->out.row(t->out.self, &r);
    return true;
}

static bool is_whole(const struct locust_tables *t, const char *s, size_t len) {
    struct locust_percentiles p;
    struct locust_row r;
    return t->in == LOCUST_LATENCY ? locust_percentiles_read(s, len, &t->heading, &p)
                                   : locust_row_read(s, len, &r);
}

static void emit_error(struct locust_tables *t) {
    char text[SCOPE_MAX_BYTES] = "";
    struct text_out o = {.to = text, .size = sizeof text};
    double count;
    size_t at = locust_error_row(t->text.data, t->text.len, &count);
    size_t len = t->text.len - at;
    const char *s = text_trim(t->text.data + at, &len);
    if (!at)
        return;
    text_put(&o, s, len);
    t->out.error(t->out.self, text, count);
}

/* Nothing more belongs to what is there. */
static void flush(struct locust_tables *t) {
    if (t->pieces && t->in == LOCUST_ERRORS)
        emit_error(t);
    else if (t->pieces && t->whole)
        emit_row(t, t->text.data, t->text.len, t->line);
    drop(t);
}

/* --- lines of a table --- */

static void begin(struct locust_tables *t, enum locust_table which) {
    t->in = which;
    t->out.begin(t->out.self, which);
}

static void on_heading_piece(struct locust_tables *t, const char *s, size_t len, long line) {
    add_piece(t, s, len, line);
    if (locust_heading_of_requests(t->text.data, t->text.len)) {
        drop(t);
        begin(t, LOCUST_REQUESTS);
    } else if (locust_heading_read(t->text.data, t->text.len, &t->heading)) {
        drop(t);
        begin(t, LOCUST_LATENCY);
    } else if (t->pieces == 0) {
        t->in = LOCUST_NO_TABLE;
    }
}

/* Two pieces of one rule: the first one is as wide as the terminal. */
static void on_rule(struct locust_tables *t, const struct terminal_line *l) {
    bool errors_end = t->in == LOCUST_ERRORS && t->pieces;
    flush(t);
    if (errors_end)
        t->in = LOCUST_NO_TABLE;
    if (t->rule > l->columns)
        t->wrap = t->rule;
    t->rule = l->columns;
}

/* The rest of a row whose first piece could be a whole row: its last number was cut. */
static bool is_rest(const struct locust_tables *t, const char *s, size_t len) {
    size_t digits = 0;
    for (size_t i = 0; i < len; i++)
        if (isdigit((unsigned char)s[i]))
            digits++;
        else if (s[i] != ' ')
            return false;
    return t->wrap ? columns(&t->text) == t->wrap * (size_t)t->pieces : digits == len;
}

static void on_row_piece(struct locust_tables *t, const char *s, size_t len, long line) {
    if (t->whole && !is_rest(t, s, len))
        flush(t);
    if (t->pieces && !t->whole && is_whole(t, s, len))
        drop(t); /* the rest of a row whose start is lost, or was never one */
    add_piece(t, s, len, line);
    if (t->in == LOCUST_REQUESTS && emit_row(t, t->text.data, t->text.len, t->line))
        drop(t);
    else if (t->in == LOCUST_LATENCY)
        t->whole = is_whole(t, t->text.data, t->text.len);
}

static void on_error_piece(struct locust_tables *t, const char *s, size_t len, long line) {
    double count;
    if (locust_error_row(s, len, &count))
        flush(t);
    else if (!t->pieces)
        return; /* its heading */
    add_piece(t, s, len, line);
}

static void on_other(struct locust_tables *t, const char *s, size_t len, long line) {
    switch (t->in) {
    case LOCUST_NO_TABLE: { /* a table whose heading was not copied */
        struct locust_row r;
        if (!locust_row_read(s, len, &r))
            break;
        begin(t, LOCUST_REQUESTS);
        on_row_piece(t, s, len, line);
        break;
    }
    case LOCUST_HEADING:
        on_heading_piece(t, s, len, line);
        break;
    case LOCUST_REQUESTS:
    case LOCUST_LATENCY:
        on_row_piece(t, s, len, line);
        break;
    case LOCUST_ERRORS:
        on_error_piece(t, s, len, line);
        break;
    }
}

void locust_tables_end(struct locust_tables *t) {
    flush(t);
    t->in = LOCUST_NO_TABLE;
}

void locust_tables_line(struct locust_tables *t, const char *s, size_t len,
                        const struct terminal_line *l) {
    enum locust_line kind = locust_line_kind(s, len);
    if (kind == LOCUST_LINE_RULE) {
        on_rule(t, l);
        return;
    }
    t->rule = 0;
    switch (kind) {
    case LOCUST_LINE_HEADING:
        flush(t);
        t->in = LOCUST_HEADING;
        on_heading_piece(t, s, len, l->number);
        break;
    case LOCUST_LINE_ERRORS:
        flush(t);
        begin(t, LOCUST_ERRORS);
        break;
    case LOCUST_LINE_BLANK:
        if (t->in !=
            LOCUST_ERRORS) /* there it may be the blanks behind a row, on a line of theirs */
            locust_tables_end(t);
        break;
    case LOCUST_LINE_PERCENTILES:
        locust_tables_end(t);
        break;
    default:
        on_other(t, s, len, l->number);
        break;
    }
}
