/* Locust's console output: the tables of requests and percentiles, the report of errors, and log
 * records around them. Of several runs in one text the last one that reached its end counts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/console.h"
#include "tools/locust/results.h"

enum {
    RECORD_MAX_BYTES = 4 << 10, /* a log record, its pieces joined */
    RECORD_PIECES_MAX = 8,
};

struct console {
    struct sink out;
    struct terminal_lines lines;
    struct locust_tables tables;
    struct buf record; /* a log record that may go on in the next line; its line */
    long record_line;
    int record_pieces;
    bool prefixed; /* a CI system wrote something before the line that began what is read now */
    struct locust_run now, best;
    bool has_best;
    int runs;
};

/* --- runs --- */

static bool has_figures(const struct locust_run *r) { return r->last.complete; }

/* The run that was read is over; the better one stays: one with its last table, then the later. */
static void end_run(struct console *c) {
    if (has_figures(&c->now)) {
        c->runs++;
        if (!c->has_best || c->now.last.final || !c->best.last.final) {
            struct locust_run swap = c->best;
            c->best = c->now;
            c->now = swap;
            c->has_best = true;
        }
    }
    locust_run_fini(&c->now);
    locust_run_init(&c->now);
}

static void on_begin(void *self, enum locust_table which) {
    struct console *c = self;
    const struct locust_run *r = &c->now;
    bool over = r->tables_end || (r->log.shutting_down && r->last.complete && r->last.final);
    if (which == LOCUST_REQUESTS && over)
        end_run(c);
    locust_run_begin(&c->now, which);
}

static void on_row(void *self, const struct locust_row *row) {
    locust_run_row(&((struct console *)self)->now, row);
}

static void on_percentiles(void *self, const struct locust_percentiles *p) {
    locust_run_percentiles(&((struct console *)self)->now, p);
}

static void on_error(void *self, const char *text, double count) {
    locust_run_error(&((struct console *)self)->now, text, count);
}

/* --- lines --- */

/* The record belongs to another run than what was read so far. */
static bool is_next_run(const struct locust_run *r, const char *record) {
    bool at_end = r->log.shutting_down || r->tables_end;
    bool begun = r->last.complete && r->last.total.requests > 0;
    enum locust_start start = locust_log_start(record);
    return (start == LOCUST_STARTS && begun) || (start != LOCUST_NO_START && at_end);
}

static void end_record(struct console *c) {
    if (!c->record_pieces)
        return;
    if (is_next_run(&c->now, c->record.data))
        end_run(c);
    locust_log_take(&c->now.log, c->record.data, c->record_line);
    c->record_pieces = 0;
}

static void begin_record(struct console *c, const struct terminal_line *l) {
    locust_tables_end(&c->tables);
    end_record(c);
    buf_clear(&c->record);
    buf_add(&c->record, l->text, l->len);
    c->record_line = l->number;
    c->record_pieces = 1;
    c->prefixed = l->text[0] != '[' || !isdigit((unsigned char)l->text[1]);
}

/* The rest of a record that the terminal cut, or a line of a trace back. */
static bool goes_on(struct console *c, const char *s, size_t len) {
    struct locust_row row;
    if (!c->record_pieces || c->record_pieces == RECORD_PIECES_MAX ||
        locust_line_kind(s, len) != LOCUST_LINE_OTHER || locust_row_read(s, len, &row))
        return false;
    buf_add(&c->record, s, len);
    c->record_pieces++;
    return true;
}

/* Lines that follow one without a prefix have none: "40 |" is the rest of a row that was cut. */
static const char *line_of(struct console *c, const struct terminal_line *l, size_t *len) {
    const char *s = l->text;
    bool first = c->tables.in == LOCUST_NO_TABLE && !c->record_pieces;
    if (first || c->prefixed)
        s = terminal_without_prefix(l->text, len);
    if (first)
        c->prefixed = s != l->text;
    return s;
}

static void on_line(void *self, const struct terminal_line *l) {
    struct console *c = self;
    size_t len = l->len;
    if (locust_log_is_record(l->text)) {
        begin_record(c, l);
        return;
    }
    const char *s = line_of(c, l, &len);
    if (locust_log_interrupt(&c->now.log, s) || goes_on(c, s, len))
        return;
    end_record(c);
    locust_tables_line(&c->tables, s, len, l);
}

/* --- the reader --- */

static void *console_open(const struct sink *out) {
    struct console *c = mem_new(1, sizeof *c);
    const struct locust_table_sink rows = {c, on_begin, on_row, on_percentiles, on_error};
    c->out = *out;
    terminal_lines_init(&c->lines, c, on_line);
    locust_tables_init(&c->tables, &rows);
    buf_init(&c->record, RECORD_MAX_BYTES);
    locust_run_init(&c->now);
    locust_run_init(&c->best);
    return c;
}

static bool console_feed(void *self, const char *bytes, size_t len, struct err *e) {
    (void)e;
    terminal_lines_feed(&((struct console *)self)->lines, bytes, len);
    return true;
}

static bool no_table(struct err *e) {
    err_set(e, ERR_FORMAT, "is console output of Locust without a whole table of requests");
    return err_fix(e,
                   "copy all of the table, down to the row Aggregated, or take the files of --csv");
}

static bool console_finish(void *self, struct err *e) {
    struct console *c = self;
    terminal_lines_finish(&c->lines);
    end_record(c);
    locust_tables_end(&c->tables);
    bool cut_off = has_figures(&c->now) && !c->now.last.final;
    end_run(c);
    if (!c->has_best)
        return no_table(e);
    locust_run_say(&c->best, &c->out);
    if (c->best.last.final && cut_off)
        sink_remark(&c->out, FINDING_WARNING, "cut-off", 0,
                    "a later run in the same text has no last table and was left out");
    sink_text(&c->out, DOOR_BLOCKS, "", c->runs);
    sink_text(&c->out, DOOR_LINES, "", (double)c->lines.number);
    return true;
}

static void console_close(void *self) {
    struct console *c = self;
    locust_run_fini(&c->now);
    locust_run_fini(&c->best);
    locust_tables_fini(&c->tables);
    buf_fini(&c->record);
    terminal_lines_fini(&c->lines);
    free(c);
}

/* --- recognising --- */

static int sureness(const struct terminal_line *l) {
    size_t len = l->len;
    const char *s = terminal_without_prefix(l->text, &len);
    enum locust_line kind = locust_line_kind(s, len);
    struct locust_row r;
    bool table = (kind == LOCUST_LINE_HEADING && memmem(s, len, "# reqs", 6)) ||
                 kind == LOCUST_LINE_PERCENTILES || locust_row_read(s, len, &r);
    bool record = locust_log_is_record(l->text) &&
                  (strstr(l->text, "/locust.main:") || strstr(l->text, "/locust.runners:"));
    return table ? 95 : record ? 85 : 0;
}

static int console_sniff(const char *head, size_t len) {
    return terminal_surest(head, len, sureness);
}

const struct reader locust_console_reader = {
    .name = "locust-console",
    .tool = "locust",
    .gives = GIVES_TEXT,
    .sniff = console_sniff,
    .sniffs_lines = true,
    .open = console_open,
    .feed = console_feed,
    .finish = console_finish,
    .close = console_close,
};
