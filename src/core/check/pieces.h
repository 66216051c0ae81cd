/* check/pieces.h
 * A run cut into equal pieces of time, each with requests enough: counts and mean response time,
 * which stay exact when neighbours are joined. */
#ifndef PERFSCALE_CHECK_PIECES_H
#define PERFSCALE_CHECK_PIECES_H

#include "check/check.h"

struct piece {
    double at_s;
    double requests, failed; /* failed NAN: not known */
    double mean_ms;          /* NAN: not known */
};

struct pieces {
    struct piece *at; /* owned; in the order of time */
    size_t n;
    double length_s; /* of each */
};
void pieces_fini(struct pieces *p);

/* The steady state, its whole pieces only. Of half of the pieces, the requests are at least so
 * many. n 0: no steady state, no series, or a stress test. */
struct pieces steady_pieces(const struct check_input *in, double requests_least);

/* The whole run, ramps inside; pieces of at least length_least_s. */
struct pieces run_pieces(const struct check_input *in, double requests_least,
                         double length_least_s);

#endif
