#include "results/lines.h"

#include <string.h>

#include "results/scan.h"

void lines_init(struct lines *l, line_fn *take, void *self, bool quotes, size_t max_bytes) {
    *l = (struct lines){.take = take, .self = self, .quotes = quotes, .max_bytes = max_bytes};
    l->line = 1;
    buf_init(&l->rest, max_bytes);
}

void lines_fini(struct lines *l) { buf_fini(&l->rest); }

static bool too_long(const struct lines *l, struct err *e) {
    err_set(e, ERR_LIMIT, "a line is longer than %zu kB%s", l->max_bytes >> 10,
            l->inside ? ", or a double quote is not closed" : "");
    err_fix(e, "take the file as the load tool wrote it");
    return err_at(e, "", l->line);
}

static bool give(struct lines *l, const char *record, size_t len, struct err *e) {
    if (len > l->max_bytes)
        return too_long(l, e);
    if (len && record[len - 1] == '\r')
        len--;
    if (!l->take(l->self, record, len, l->line, l->quoted, e))
        return false;
    l->line += l->breaks + 1;
    l->breaks = 0;
    l->quoted = false;
    return true;
}

static bool keep(struct lines *l, const char *bytes, size_t len, struct err *e) {
    return buf_add(&l->rest, bytes, len) || too_long(l, e);
}

static bool end_rest(struct lines *l, struct err *e) {
    bool ok = give(l, l->rest.data, l->rest.len, e);
    buf_clear(&l->rest);
    return ok;
}

/* The end of a record; its begin may be in the rest. */
static bool end_record(struct lines *l, const char *bytes, size_t len, struct err *e) {
    if (l->rest.len == 0)
        return give(l, bytes, len, e);
    return keep(l, bytes, len, e) && end_rest(l, e);
}

/* --- where there are quotes: 64 bytes at a time --- */

struct block {
    uint64_t ends, breaks, quotes; /* breaks: line ends inside double quotes */
};

/* A bit is set when an odd number of quotes stands at it or below. */
static uint64_t inside(uint64_t quotes) {
    for (int i = 1; i < SCAN_BYTES; i *= 2)
        quotes ^= quotes << i;
    return quotes;
}

static struct block look(struct lines *l, const char *s) {
    struct block b = {.ends = scan(s, '\n'), .quotes = scan(s, '"')};
    uint64_t in = inside(b.quotes) ^ (l->inside ? UINT64_MAX : 0);
    b.breaks = b.ends & in;
    b.ends &= ~in;
    l->inside = in >> (SCAN_BYTES - 1);
    return b;
}

/* Moves what a block has up to some of its bits to the record. */
static void note(struct lines *l, struct block *b, uint64_t bits) {
    l->quoted = l->quoted || (b->quotes & bits);
    for (uint64_t some = b->breaks & bits; some; some &= some - 1)
        l->breaks++;
    b->quotes &= ~bits;
    b->breaks &= ~bits;
}

/* A piece that is being cut: the record that goes on began at begin, or in an
 * earlier piece. */
struct piece {
    const char *begin, *stop;
};

static bool end_at(struct lines *l, struct piece *p, const char *end, struct err *e) {
    if (!end_record(l, p->begin, (size_t)(end - p->begin), e))
        return false;
    p->begin = end + 1;
    return true;
}

/* From s on, where there are no quotes before to. */
static bool feed_plain(struct lines *l, struct piece *p, const char *s, const char *to,
                       struct err *e) {
    const char *end;
    for (; s < to && (end = memchr(s, '\n', (size_t)(to - s))); s = end + 1)
        if (!end_at(l, p, end, e))
            return false;
    return true;
}

/* One block at s. */
static bool feed_block(struct lines *l, struct piece *p, const char *s, struct err *e) {
    char few[SCAN_BYTES];
    size_t len = (size_t)(p->stop - s);
    struct block b = look(l, len < SCAN_BYTES ? scan_few(few, s, len) : s);
    for (; b.ends; b.ends &= b.ends - 1) {
        note(l, &b, b.ends ^ (b.ends - 1));
        if (!end_at(l, p, s + __builtin_ctzll(b.ends), e))
            return false;
    }
    note(l, &b, UINT64_MAX);
    return true;
}

/* Blocks from s on until no quote is open at the end of one; where that is;
 * NULL: an error. */
static const char *feed_quoted(struct lines *l, struct piece *p, const char *s, struct err *e) {
    do {
        if (!feed_block(l, p, s, e))
            return NULL;
        s = p->stop - s > SCAN_BYTES ? s + SCAN_BYTES : p->stop;
    } while (l->inside && s < p->stop);
    return s;
}

static const char *next_quote(const struct lines *l, const char *s, const char *stop) {
    const char *quote = l->quotes ? memchr(s, '"', (size_t)(stop - s)) : NULL;
    return quote ? quote : stop;
}

bool lines_feed(struct lines *l, const char *bytes, size_t len, struct err *e) {
    struct piece p = {bytes, bytes + len};
    for (const char *s = bytes; s < p.stop;) {
        const char *quote = l->inside ? s : next_quote(l, s, p.stop);
        if (!feed_plain(l, &p, s, quote, e))
            return false;
        s = quote < p.stop ? feed_quoted(l, &p, quote, e) : quote;
        if (!s)
            return false;
    }
    return p.begin == p.stop || keep(l, p.begin, (size_t)(p.stop - p.begin), e);
}

bool lines_finish(struct lines *l, bool *ok, struct err *e) {
    bool any = l->rest.len > 0;
    *ok = !any || end_rest(l, e);
    return any;
}
