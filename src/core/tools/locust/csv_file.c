#include "tools/locust/csv_file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "results/number.h"
#include "tools/locust/results.h"

static size_t bom_bytes(const char *s, size_t len) {
    return len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

int locust_csv_sniff(const char *head, size_t len, const char *header) {
    size_t i = bom_bytes(head, len);
    while (i < len && (head[i] == '\n' || head[i] == '\r'))
        i++;
    for (; i < len && *header; i++)
        if (head[i] == *header)
            header++;
        else if (head[i] != '"')
            return 0;
    return *header ? 0 : 95;
}

static void read_header(struct locust_csv *c, const char *record) {
    c->columns = c->fields;
    c->quoted = record[0] == '"';
    for (int i = 0; i < LOCUST_COLUMNS_MAX && c->wanted[i]; i++)
        c->column[i] = csv_column(c->field, c->fields, c->wanted[i]);
}

static bool take_record(void *self, const char *record, size_t len, long line, bool quoted,
                        struct err *e) {
    struct locust_csv *c = self;
    (void)quoted;
    (void)e;
    size_t skip = line == 1 ? bom_bytes(record, len) : 0;
    record += skip;
    len -= skip;
    if (len == 0) {
        c->empty++;
        return true;
    }
    c->fields = csv_split(record, len, ',', c->field, CSV_FIELDS_MAX);
    c->line = line;
    if (c->columns == 0) {
        c->fields = c->fields < CSV_FIELDS_MAX ? c->fields : CSV_FIELDS_MAX;
        read_header(c, record);
        return true;
    }
    /* The last number of a row without its end may lack digits. */
    bool whole = c->fields == c->columns && c->fields <= CSV_FIELDS_MAX;
    if (whole && !c->ended)
        c->field[c->fields - 1].len = 0;
    if (whole && c->row(c->self)) {
        c->rows++;
    } else if (!c->ended) {
        c->half = line;
    } else {
        c->first_broken = c->broken ? c->first_broken : line;
        c->broken++;
    }
    return true;
}

void locust_csv_init(struct locust_csv *c, const struct sink *out, const char *const *wanted,
                     void *self, bool (*row)(void *)) {
    *c =
        (struct locust_csv){.out = *out, .wanted = wanted, .self = self, .row = row, .ended = true};
    lines_init(&c->lines, take_record, c, true, LOCUST_RECORD_MAX_BYTES);
}

void locust_csv_fini(struct locust_csv *c) { lines_fini(&c->lines); }

bool locust_csv_feed(struct locust_csv *c, const char *bytes, size_t len, struct err *e) {
    return lines_feed(&c->lines, bytes, len, e);
}

bool locust_csv_finish(struct locust_csv *c, struct err *e) {
    bool ok;
    c->ended = false;
    lines_finish(&c->lines, &ok, e);
    if (!ok)
        return false;
    if (c->broken)
        sink_remark(&c->out, FINDING_WARNING, "broken-rows", c->first_broken,
                    "%ld rows cannot be read and were left out; the first is in line %ld",
                    c->broken, c->first_broken);
    if (c->half)
        sink_remark(&c->out, FINDING_WARNING, "half-line", c->half,
                    "the last line is cut off and was left out: the file was still written, or "
                    "not copied whole");
    sink_text(&c->out, DOOR_LINES, "", (double)(c->lines.line - 1));
    return true;
}

bool locust_csv_whole(struct locust_csv *c, const char *bytes, size_t len) {
    if (!locust_csv_feed(c, bytes, len, NULL) || !locust_csv_finish(c, NULL))
        return false;
    /* 1.0 and 1.1 end their files without a line end. */
    bool ended = len && (c->quoted || bytes[len - 1] == '\n');
    return ended && c->columns && !c->broken && !c->half && !c->empty;
}

static const struct csv_field *field_of(const struct locust_csv *c, int wanted) {
    int at = c->column[wanted];
    return at < 0 ? NULL : &c->field[at];
}

bool locust_csv_number(const struct locust_csv *c, int wanted, double *out) {
    const struct csv_field *f = field_of(c, wanted);
    return f && number_real(f->text, f->len, out) && *out >= 0;
}

bool locust_csv_count(const struct locust_csv *c, int wanted, double *out) {
    const struct csv_field *f = field_of(c, wanted);
    uint64_t n;
    if (!f || !number_whole(f->text, f->len, &n))
        return false;
    *out = (double)n;
    return true;
}

char *locust_csv_text(const struct locust_csv *c, int wanted, char *out, size_t size) {
    const struct csv_field none = {.text = ""}, *f = field_of(c, wanted);
    return csv_copy(f ? f : &none, out, size);
}

char *locust_csv_quote(const struct locust_csv *c, int wanted, char *out, size_t size) {
    const struct csv_field *f = field_of(c, wanted);
    snprintf(out, size, "%s=%.*s", c->wanted[wanted], f ? (int)(f->len < 60 ? f->len : 60) : 0,
             f ? f->text : "");
    return out;
}
