#include "script/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void edits_fini(struct edits *e) {
    for (size_t i = 0; i < e->len; i++)
        free(e->item[i].with);
    free(e->item);
    *e = (struct edits){0};
}

void edits_add(struct edits *e, size_t start, size_t end, const char *with) {
    e->item = mem_grow(e->item, e->len, &e->cap, sizeof *e->item);
    e->item[e->len++] = (struct edit){.start = start, .end = end, .with = mem_strdup(with)};
}

/* An insertion goes before a replacement that begins at the same byte. */
static bool goes_before(const struct edit *a, const struct edit *b) {
    if (a->start != b->start)
        return a->start < b->start;
    return a->start == a->end && b->start < b->end;
}

/* Few edits, and their order of adding must stay: insertion sort. */
static void sort(struct edits *e) {
    for (size_t i = 1; i < e->len; i++) {
        struct edit moved = e->item[i];
        size_t at = i;
        for (; at > 0 && goes_before(&moved, &e->item[at - 1]); at--)
            e->item[at] = e->item[at - 1];
        e->item[at] = moved;
    }
}

static bool check(const struct edits *e, size_t len, struct err *err) {
    size_t done = 0;
    for (size_t i = 0; i < e->len; i++) {
        const struct edit *it = &e->item[i];
        if (it->end < it->start || it->end > len)
            return err_set(err, ERR_INTERNAL, "an edit of bytes %zu to %zu is outside the text",
                           it->start, it->end);
        if (it->start < done)
            return err_set(err, ERR_INTERNAL, "two edits overlap at byte %zu", it->start);
        done = it->end;
    }
    return true;
}

char *edits_apply(struct edits *e, const char *old, size_t len, size_t *new_len, struct err *err) {
    sort(e);
    if (!check(e, len, err))
        return NULL;
    size_t size = len;
    for (size_t i = 0; i < e->len; i++)
        size = size - (e->item[i].end - e->item[i].start) + strlen(e->item[i].with);
    char *new = mem_new(size + 1, 1), *to = new;
    size_t from = 0;
    for (size_t i = 0; i <= e->len; i++) {
        size_t until = i < e->len ? e->item[i].start : len;
        if (until > from)
            memcpy(to, old + from, until - from);
        to += until - from;
        if (i == e->len)
            break;
        size_t n = strlen(e->item[i].with);
        memcpy(to, e->item[i].with, n);
        to += n;
        from = e->item[i].end;
    }
    *new_len = size;
    return new;
}
