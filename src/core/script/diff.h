/* script/diff.h
 * Lines of an old text and of the new one that edits made of it, side by side for a person. Exact,
 * not searched for: the edits say which lines changed, and equal lines at both ends of a change are
 * kept. */
#ifndef PERFSCALE_SCRIPT_DIFF_H
#define PERFSCALE_SCRIPT_DIFF_H

#include <stddef.h>

#include "script/edit.h"

enum diff_kind { DIFF_KEEP = ' ', DIFF_ADD = '+', DIFF_DEL = '-' };

struct diff_line {
    enum diff_kind kind;
    long old_line, new_line; /* from 1; 0 on the side where the line does not exist */
    size_t start, len;       /* bytes without the line end: of the old text for KEEP and DEL, of the
                                new one for ADD */
};

struct diff {
    struct diff_line *line; /* owned */
    size_t len, cap;
    long added, deleted, kept;
    size_t *change; /* owned: index of the first line of each run of changed lines */
    size_t changes, changes_cap;
};

/* From the sorted edits that edits_apply() used. *d is initialised by it; old and new stay the
 * caller's and must outlive any use of start and len. */
void diff_make(struct diff *d, const char *old, size_t old_len, const char *new, size_t new_len,
               const struct edits *e);
/* Of two texts that nobody made out of each other: the fewest changed lines (Myers, "An O(ND)
 * Difference Algorithm", 1986); past 1,000 of them what lies between the equal ends is one change.
 */
void diff_texts(struct diff *d, const char *old, size_t old_len, const char *new, size_t new_len);
void diff_fini(struct diff *d);

/* Unified form with three lines of context ("--- old_name", "@@ -a,b +c,d @@"), for standard output
 * and patches. The caller frees. */
char *diff_unified(const struct diff *d, const char *old, const char *new, const char *old_name,
                   const char *new_name);

#endif
