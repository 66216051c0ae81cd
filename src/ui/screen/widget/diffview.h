/* widget/diffview.h
 * A diff to scroll: numbers of both sides, the sign in the gutter, code in its colours. Kept lines
 * are folded except three around each change. One under the other, or side by side. */
#ifndef PERFSCALE_SCREEN_DIFFVIEW_H
#define PERFSCALE_SCREEN_DIFFVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "script/diff.h"
#include "ui/screen/grid/grid.h"

enum { DIFF_CONTEXT = 3 };

/* What is shown. look says the look of the byte `at` of the old or new text, and in *until up to
 * where it holds. */
struct diff_source {
    const struct diff *diff;
    const char *old, *new;
    size_t old_len, new_len; /* no line is drawn beyond these */
    int aside;               /* columns that are scrolled away to the left */
    enum look (*look)(const void *context, bool in_new, size_t at, size_t *until);
    const void *context;
};

/* A row on the screen: diff lines by index, -1 for none. */
struct diff_row {
    long left, right; /* one under the other: left only */
    long folded;      /* above 0: so many kept lines are hidden here */
};

struct diff_rows {
    struct diff_row *row; /* owned */
    size_t len, cap;
    bool side;
};

/* *r is initialised by it. */
void diffview_layout(struct diff_rows *r, const struct diff *d, bool side);
void diffview_fini(struct diff_rows *r);

/* Draws rows from `first` on. Returns the screen row (from `row` on) of the first changed line that
 * is seen, else `row`. */
int diffview_draw(const struct diff_rows *r, const struct diff_source *d, struct grid *g, int row,
                  int col, int rows, int cols, size_t first);

/* The scroll position that shows the next (dir 1) or previous (-1) change seen from this one; -1:
 * there is none. */
long diffview_change(const struct diff_rows *r, const struct diff *d, size_t first, int dir);

/* The next row from `first` on in this direction that holds the text, letters of any case; -1:
 * none. */
long diffview_find(const struct diff_rows *r, const struct diff_source *d, size_t first,
                   const char *text, int dir);

#endif
