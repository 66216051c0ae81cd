/* script/diff_parts.h
 * Shared by the two ways to make a diff: from edits (diff.c), of two texts (diff_texts.c). */
#ifndef PERFSCALE_SCRIPT_DIFF_PARTS_H
#define PERFSCALE_SCRIPT_DIFF_PARTS_H

#include "script/diff.h"

/* A text that is read line by line. */
struct diff_side {
    const char *text;
    size_t len, at;
    long line; /* number of the line that begins at `at` */
};

/* The line at which shown stands; the caller goes on to the next one. */
void diff_add_line(struct diff *d, enum diff_kind kind, const struct diff_side *shown,
                   long old_line, long new_line);
void diff_next_line(struct diff_side *s);

#endif
