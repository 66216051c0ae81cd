/* script/edit.h
 * A text and a list of byte edits to a new text. Every byte outside the edits stays the user's
 * byte. */
#ifndef PERFSCALE_SCRIPT_EDIT_H
#define PERFSCALE_SCRIPT_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Replace bytes [start, end) of the old text by `with`; start == end inserts. */
struct edit {
    size_t start, end;
    char *with; /* owned by the list */
};

struct edits {
    struct edit *item; /* owned */
    size_t len, cap;
};

void edits_fini(struct edits *e);

/* Adds one; `with` is copied. Any order. */
void edits_add(struct edits *e, size_t start, size_t end, const char *with);

/* Sorts the edits and applies them to the old text. Two edits that overlap, or one outside the
 * text, are ERR_INTERNAL. Edits that insert at the same place are applied in the order of adding.
 * The new text ends with a NUL that *new_len does not count; the caller frees it. NULL on error. */
char *edits_apply(struct edits *e, const char *old, size_t len, size_t *new_len, struct err *err);

#endif
