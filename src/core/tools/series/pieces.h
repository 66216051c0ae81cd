/* tools/series/pieces.h
 * The rows of a table over time to pieces of it. A row is of the time until the next one; the last
 * row is as long as the one before. */
#ifndef PERFSCALE_SERIES_PIECES_H
#define PERFSCALE_SERIES_PIECES_H

#include "results/reader.h"

enum { SERIES_ROWS_MAX = 200000 };

/* requests NAN: they are rps x length, and error_share of them failed. */
struct series_row {
    struct point point; /* length_s is not known yet */
    double rps, error_share;
};

struct series_pieces {
    struct series_row *row; /* owned; in order of time */
    size_t rows, cap;
    long left_out; /* rows past SERIES_ROWS_MAX */
};

void series_pieces_add(struct series_pieces *p, const struct series_row *r);
void series_pieces_fini(struct series_pieces *p);

/* Says the pieces and the figures of the whole run. More than POINTS_MAX rows are joined: a p95 is
 * then the median of theirs. */
void series_pieces_say(struct series_pieces *p, const struct sink *out);

#endif
