#include "tools/k6/k6_text.h"

#include <string.h>

#include "base/text.h"

void k6_pending_init(struct k6_pending *p) {
    *p = (struct k6_pending){.kind = K6_BLANK};
    buf_init(&p->text, K6_ITEM_MAX_BYTES);
}

void k6_pending_fini(struct k6_pending *p) { buf_fini(&p->text); }

bool k6_pending_add(struct k6_pending *p, const char *s, size_t len,
                    const struct terminal_line *l) {
    if (p->pieces == K6_PIECES_MAX || p->text.len + len > K6_ITEM_MAX_BYTES)
        return false;
    buf_add(&p->text, s, len);
    p->end[p->pieces] = p->text.len;
    p->columns[p->pieces++] = l->columns;
    p->ended = l->ended;
    return true;
}

/* Joins the first n pieces. A line as wide as the terminal was cut where it ended; a narrower one
 * lost blanks at its end when it was copied. */
static void join(const struct k6_pending *p, int n, size_t width, struct buf *out) {
    buf_clear(out);
    size_t from = 0;
    for (int i = 0; i < n; i++) {
        buf_add(out, p->text.data + from, p->end[i] - from);
        if (i + 1 < n && p->columns[i] < width)
            buf_char(out, ' ');
        from = p->end[i];
    }
}

/* The line may have been cut in the dots behind its name. */
static bool read(const struct k6_pending *p, const struct buf *joined, bool open,
                 struct k6_values *out) {
    const char *s = joined->data;
    size_t skip = strspn(s, ".");
    if (skip)
        skip += s[skip] == ':';
    return k6_values_read(p->values, s + skip, joined->len - skip, open, out);
}

static size_t widest_of(const struct k6_pending *p, int n, size_t width) {
    for (int i = 0; i < n; i++)
        if (p->columns[i] > width)
            width = p->columns[i];
    return width;
}

bool k6_pending_values(const struct k6_pending *p, bool last, size_t *widest, struct k6_values *out,
                       struct buf *joined) {
    for (int n = p->pieces; n > 0; n--) {
        size_t width = widest_of(p, n, *widest);
        /* Something follows that is no new item, or nothing at all: digits may be missing. */
        bool cut = n < p->pieces ? p->columns[n - 1] >= width
                                 : last && (!p->ended || p->columns[n - 1] >= width);
        for (int blanks = 0; blanks < (n > 1 ? 2 : 1); blanks++) {
            join(p, n, blanks ? SIZE_MAX : width, joined);
            if (!read(p, joined, cut, out))
                continue;
            *widest = width;
            return true;
        }
    }
    *widest = widest_of(p, 1, *widest);
    join(p, 1, 0, joined);
    return read(p, joined, true, out);
}

bool k6_pending_threshold(const struct k6_pending *p, struct k6_threshold *out) {
    size_t len = p->text.len;
    const char *s = text_trim(p->text.data, &len), *end = s + len;
    const char *quote = len > 1 ? memchr(s + 1, '\'', len - 1) : NULL;
    const char *equals = quote ? memchr(quote, '=', (size_t)(end - quote)) : NULL;
    *out = (struct k6_threshold){0};
    if (!equals || equals + 1 == end || (size_t)(quote - s) > sizeof out->expr)
        return false;
    memcpy(out->expr, s + 1, (size_t)(quote - s) - 1);
    if (p->values != K6_TREND)
        return true;
    size_t stat_len = (size_t)(equals - quote) - 1;
    const char *stat = text_trim(quote + 1, &stat_len);
    struct k6_pair *pair = &out->values.pair[0];
    struct k6_values hints = {0};
    if (!k6_time_read(equals + 1, (size_t)(end - equals) - 1, pair, &hints))
        return false;
    pair->stat = k6_stat_of(stat, stat_len);
    pair->at = stat;
    pair->len = (size_t)(end - stat);
    out->values.n = pair->stat <= K6_P99;
    out->values.truncated = hints.truncated;
    out->values.rounded = hints.rounded;
    return true;
}
