/* A directory often holds one summary twice: a console and the log of the same run, a screen with
 * and without its colours. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "gather/parts.h"

enum { COPY_MAX_BYTES = 16 << 20 };

static bool can_be_copy(const struct input *s) {
    return s->listed && s->feed.size_bytes <= COPY_MAX_BYTES &&
           (s->reader->gives == GIVES_TEXT || s->reader->gives == GIVES_SUMMARY);
}

static bool in_one_folder(const char *a, const char *b) {
    size_t n = (size_t)(file_base(a) - a);
    return n == (size_t)(file_base(b) - b) && memcmp(a, b, n) == 0;
}

static bool read_words(const struct input *s, struct summary *said) {
    struct feed f;
    const char *bytes;
    size_t len = 1;
    summary_init(said);
    struct sink out = summary_sink(said, s->reader);
    void *reader = s->reader->open(&out);
    bool ok = feed_open(&f, s->path, NULL);
    while (ok && len > 0)
        ok = feed_next(&f, &bytes, &len, NULL) && s->reader->feed(reader, bytes, len, NULL);
    ok = ok && s->reader->finish(reader, NULL);
    s->reader->close(reader);
    feed_close(&f);
    return ok;
}

/* A screen that was too narrow lacks some. */
static int known_figures(const struct summary *s) {
    int n = 0;
    for (int m = 0; m < METRICS; m++)
        n += summary_has(s, (enum metric)m);
    return n;
}

/* Only what the tool measured: how long it took can be told from the text around. */
static bool say_the_same(const struct summary *a, const struct summary *b) {
    if (!summary_has(a, METRIC_REQUESTS) || !summary_has(b, METRIC_REQUESTS))
        return false;
    for (int m = 0; m <= METRIC_MAX_MS; m++) {
        const struct figure *x = &a->figure[m], *y = &b->figure[m];
        if (!isnan(x->value) && !isnan(y->value) && (x->low > y->high || y->low > x->high))
            return false;
    }
    return true;
}

/* What an input says, read when it is first asked for. */
struct words {
    struct summary said;
    bool read, ok;
};

static const struct summary *words_of(const struct input *s, struct words *w) {
    if (!w->read)
        w->ok = read_words(s, &w->said);
    w->read = true;
    return w->ok ? &w->said : NULL;
}

static bool is_copy(const struct input *a, struct words *x, const struct input *b,
                    struct words *y) {
    return a->reader == b->reader && can_be_copy(a) && can_be_copy(b) &&
           in_one_folder(a->path, b->path) && words_of(a, x) && words_of(b, y) &&
           say_the_same(&x->said, &y->said);
}

static void leave_out(const struct input *gone, struct input *kept) {
    findings_add(&kept->said.findings, FINDING_INFO, "same-twice",
                 "%.100s says the same and was left out", file_base(gone->path));
}

/* The first input that others are copies of stands for them, unless one of them knows more. */
static void find_copies(struct inputs *all, struct words *w, bool *gone) {
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = i + 1; k < all->len && !gone[i]; k++) {
            if (gone[k] || !is_copy(&all->item[i], &w[i], &all->item[k], &w[k]))
                continue;
            bool first = known_figures(&w[i].said) >= known_figures(&w[k].said);
            gone[first ? k : i] = true;
            leave_out(&all->item[first ? k : i], &all->item[first ? i : k]);
        }
}

void copies_drop(struct inputs *all) {
    struct words *w = mem_new(all->len, sizeof *w);
    bool *gone = mem_new(all->len, sizeof *gone);
    size_t n = all->len;
    find_copies(all, w, gone);
    all->len = 0;
    for (size_t i = 0; i < n; i++) {
        if (w[i].read)
            summary_fini(&w[i].said);
        if (gone[i])
            summary_fini(&all->item[i].said);
        else
            all->item[all->len++] = all->item[i];
    }
    free(gone);
    free(w);
}
