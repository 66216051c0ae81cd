#include "results/lines.h"

#include <string.h>

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

static bool give(struct lines *l, const char *record, size_t len, long breaks, bool quoted,
                 struct err *e) {
    if (len > l->max_bytes)
        return too_long(l, e);
    if (len && record[len - 1] == '\r')
        len--;
    if (!l->take(l->self, record, len, l->line, quoted, e))
        return false;
    l->line += breaks + 1;
    return true;
}

/* --- the record that began in an earlier piece --- */

/* Bytes up to and with the line end that closes the record; 0: it goes on behind this piece. */
static size_t end_of_rest(struct lines *l, const char *bytes, size_t len) {
    if (!l->quotes) {
        const char *end = memchr(bytes, '\n', len);
        return end ? (size_t)(end - bytes) + 1 : 0;
    }
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '"') {
            l->inside = !l->inside;
            l->quoted = true;
        } else if (bytes[i] == '\n') {
            if (!l->inside)
                return i + 1;
            l->breaks++;
        }
    }
    return 0;
}

static bool keep(struct lines *l, const char *bytes, size_t len, struct err *e) {
    return buf_add(&l->rest, bytes, len) || too_long(l, e);
}

static bool end_rest(struct lines *l, struct err *e) {
    bool ok = give(l, l->rest.data, l->rest.len, l->breaks, l->quoted, e);
    buf_clear(&l->rest);
    l->quoted = false;
    l->breaks = 0;
    return ok;
}

/* --- records that lie whole in this piece --- */

/* The line end of a record that holds a quote at or behind from; NULL: not in this piece. */
static const char *quoted_end(const char *from, const char *stop, long *breaks) {
    bool inside = false;
    for (const char *s = from; s < stop; s++) {
        if (*s == '"')
            inside = !inside;
        else if (*s == '\n' && !inside)
            return s;
        else if (*s == '\n')
            ++*breaks;
    }
    return NULL;
}

/* The next quote is looked for once, and again only when a record has passed it. */
static const char *next_quote(const struct lines *l, const char *at, const char *stop) {
    const char *quote = l->quotes ? memchr(at, '"', (size_t)(stop - at)) : NULL;
    return quote ? quote : stop;
}

static bool whole_records(struct lines *l, const char *at, const char *stop, struct err *e) {
    const char *quote = next_quote(l, at, stop);
    while (at < stop) {
        const char *end = memchr(at, '\n', (size_t)(stop - at));
        long breaks = 0;
        bool quoted = quote < (end ? end : stop);
        if (quoted)
            end = quoted_end(at, stop, &breaks);
        if (!end)
            break;
        if (!give(l, at, (size_t)(end - at), breaks, quoted, e))
            return false;
        at = end + 1;
        if (quote < at)
            quote = next_quote(l, at, stop);
    }
    if (at == stop)
        return true;
    end_of_rest(l, at, (size_t)(stop - at)); /* only to know what is open at its end */
    return keep(l, at, (size_t)(stop - at), e);
}

bool lines_feed(struct lines *l, const char *bytes, size_t len, struct err *e) {
    const char *stop = bytes + len;
    if (l->rest.len) {
        size_t n = end_of_rest(l, bytes, len);
        if (!keep(l, bytes, n ? n - 1 : len, e))
            return false;
        if (n == 0)
            return true;
        if (!end_rest(l, e))
            return false;
        bytes += n;
    }
    return whole_records(l, bytes, stop, e);
}

bool lines_finish(struct lines *l, bool *ok, struct err *e) {
    bool any = l->rest.len > 0;
    *ok = !any || end_rest(l, e);
    return any;
}
