#include "script/diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "script/diff_parts.h"

enum { CONTEXT_LINES = 3 };

/* Where the line ends that begins at `at`: behind its line feed, or at the end of the text. */
static size_t line_end(const struct diff_side *s, size_t at) {
    const char *feed = at < s->len ? memchr(s->text + at, '\n', s->len - at) : NULL;
    return feed ? (size_t)(feed - s->text) + 1 : s->len;
}

static size_t line_start(const struct diff_side *s, size_t at) {
    while (at > 0 && s->text[at - 1] != '\n')
        at--;
    return at;
}

static size_t without_end(const struct diff_side *s, size_t from, size_t to) {
    if (to == from || s->text[to - 1] != '\n')
        return to - from;
    to--;
    return to > from && s->text[to - 1] == '\r' ? to - 1 - from : to - from;
}

void diff_add_line(struct diff *d, enum diff_kind kind, const struct diff_side *shown,
                   long old_line, long new_line) {
    bool changed = kind != DIFF_KEEP;
    if (changed && (!d->len || d->line[d->len - 1].kind == DIFF_KEEP)) {
        d->change = mem_grow(d->change, d->changes, &d->changes_cap, sizeof *d->change);
        d->change[d->changes++] = d->len;
    }
    size_t end = line_end(shown, shown->at);
    d->line = mem_grow(d->line, d->len, &d->cap, sizeof *d->line);
    d->line[d->len++] = (struct diff_line){.kind = kind,
                                           .old_line = old_line,
                                           .new_line = new_line,
                                           .start = shown->at,
                                           .len = without_end(shown, shown->at, end)};
}

void diff_next_line(struct diff_side *s) {
    s->at = line_end(s, s->at);
    s->line++;
}

static void keep(struct diff *d, struct diff_side *old, struct diff_side *new, size_t old_end) {
    while (old->at < old_end) {
        diff_add_line(d, DIFF_KEEP, old, old->line, new->line);
        diff_next_line(old);
        diff_next_line(new);
        d->kept++;
    }
}

static bool same_line(const struct diff_side *old, size_t a, const struct diff_side *new,
                      size_t b) {
    size_t n = line_end(old, a) - a;
    return line_end(new, b) - b == n && memcmp(old->text + a, new->text + b, n) == 0;
}

/* Takes equal lines off the end of both: *old_end and *new_end move up. */
static void trim_end(const struct diff_side *old, const struct diff_side *new, size_t *old_end,
                     size_t *new_end) {
    while (*old_end > old->at && *new_end > new->at) {
        size_t a = line_start(old, *old_end - 1), b = line_start(new, *new_end - 1);
        if (a < old->at || b < new->at || !same_line(old, a, new, b))
            return;
        *old_end = a;
        *new_end = b;
    }
}

/* Lines up to old_end became the lines up to new_end. */
static void change(struct diff *d, struct diff_side *old, struct diff_side *new, size_t old_end,
                   size_t new_end) {
    while (old->at < old_end && new->at < new_end && same_line(old, old->at, new, new->at))
        keep(d, old, new, line_end(old, old->at));
    size_t old_stop = old_end, new_stop = new_end;
    trim_end(old, new, &old_stop, &new_stop);
    for (; old->at < old_stop; diff_next_line(old), d->deleted++)
        diff_add_line(d, DIFF_DEL, old, old->line, 0);
    for (; new->at < new_stop; diff_next_line(new), d->added++)
        diff_add_line(d, DIFF_ADD, new, 0, new->line);
    keep(d, old, new, old_end);
}

/* Bytes of the old text, from one line start to another. */
struct lines {
    size_t start, end;
};

/* New lines put behind a line: "a" becomes "a\n b". The line itself stays. */
static bool puts_lines_behind(const struct diff_side *old, const struct edits *e, size_t i) {
    const struct edit *it = &e->item[i];
    size_t end = line_end(old, it->start);
    bool at_end =
        it->start < old->len && old->text[end - 1] == '\n' && without_end(old, it->start, end) == 0;
    return it->start == it->end && at_end &&
           strncmp(it->with, old->text + it->start, end - it->start) == 0 &&
           (i + 1 == e->len || e->item[i + 1].start >= end);
}

/* The lines that edit i touches. One that takes or puts whole lines leaves the others alone. */
static struct lines touched(const struct diff_side *old, const struct edits *e, size_t i) {
    const struct edit *it = &e->item[i];
    size_t n = strlen(it->with), start = line_start(old, it->start);
    if (puts_lines_behind(old, e, i))
        return (struct lines){line_end(old, it->start), line_end(old, it->start)};
    bool own_start = start == it->start && (i == 0 || e->item[i - 1].end < it->start);
    bool whole = it->end > 0 && line_start(old, it->end) == it->end &&
                 (n ? it->with[n - 1] == '\n' : own_start);
    return (struct lines){start, whole ? it->end : line_end(old, it->end)};
}

void diff_make(struct diff *d, const char *old_text, size_t old_len, const char *new_text,
               size_t new_len, const struct edits *e) {
    *d = (struct diff){0};
    struct diff_side old = {.text = old_text, .len = old_len, .line = 1};
    struct diff_side new = {.text = new_text, .len = new_len, .line = 1};
    size_t shift = 0; /* new offset - old offset, modulo the word: it may be negative */
    for (size_t i = 0; i < e->len;) {
        struct lines group = touched(&old, e, i), next = group;
        keep(d, &old, &new, group.start);
        /* edits on the same or on touching lines are one change */
        while (i < e->len && next.start <= group.end) {
            group.end = next.end > group.end ? next.end : group.end;
            shift += strlen(e->item[i].with) - (e->item[i].end - e->item[i].start);
            if (++i < e->len)
                next = touched(&old, e, i);
        }
        change(d, &old, &new, group.end, group.end + shift);
    }
    keep(d, &old, &new, old_len);
}

void diff_fini(struct diff *d) {
    free(d->line);
    free(d->change);
    *d = (struct diff){0};
}

/* The hunk that begins at line `from` (inclusive): up to CONTEXT_LINES kept lines behind its last
 * change, joined with the next change when fewer than two contexts lie between. */
static size_t hunk_end(const struct diff *d, size_t first_change) {
    size_t end = first_change, kept = 0;
    for (size_t i = first_change; i < d->len && kept <= 2 * CONTEXT_LINES; i++) {
        kept = d->line[i].kind == DIFF_KEEP ? kept + 1 : 0;
        if (!kept)
            end = i + 1;
    }
    return end + CONTEXT_LINES < d->len ? end + CONTEXT_LINES : d->len;
}

static void hunk_head(struct buf *out, const struct diff *d, size_t from, size_t to,
                      long old_before, long new_before) {
    long old_count = 0, new_count = 0;
    for (size_t i = from; i < to; i++) {
        old_count += d->line[i].kind != DIFF_ADD;
        new_count += d->line[i].kind != DIFF_DEL;
    }
    buf_printf(out, "@@ -%ld,%ld +%ld,%ld @@\n", old_before + (old_count > 0), old_count,
               new_before + (new_count > 0), new_count);
}

static void hunk_line(struct buf *out, const struct diff_line *l, const char *old,
                      const char *new) {
    const char *text = (l->kind == DIFF_ADD ? new : old) + l->start;
    size_t n = l->len;
    bool crlf = text[n] == '\r' && text[n + 1] == '\n';
    buf_char(out, (char)l->kind);
    buf_add(out, text, n + crlf);
    buf_char(out, '\n');
    if (text[n + crlf] != '\n')
        buf_str(out, "\\ No newline at end of file\n");
}

char *diff_unified(const struct diff *d, const char *old, const char *new, const char *old_name,
                   const char *new_name) {
    struct buf out;
    buf_init(&out, SIZE_MAX / 4);
    buf_printf(&out, "--- %s\n+++ %s\n", old_name, new_name);
    long old_before = 0, new_before = 0; /* lines of each text before line `at` */
    size_t at = 0;
    for (size_t c = 0; c < d->changes; c++) {
        if (d->change[c] < at)
            continue;
        size_t from = d->change[c] > at + CONTEXT_LINES ? d->change[c] - CONTEXT_LINES : at;
        size_t to = hunk_end(d, d->change[c]);
        for (; at < from; at++, old_before++, new_before++)
            ;
        hunk_head(&out, d, from, to, old_before, new_before);
        for (; at < to; at++) {
            hunk_line(&out, &d->line[at], old, new);
            old_before += d->line[at].kind != DIFF_ADD;
            new_before += d->line[at].kind != DIFF_DEL;
        }
    }
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}
