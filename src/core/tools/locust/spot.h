/* tools/locust/spot.h
 * Expressions with the place they stand at, followed through names: between the files of value. */
#ifndef PERFSCALE_TOOLS_LOCUST_SPOT_H
#define PERFSCALE_TOOLS_LOCUST_SPOT_H

#include "tools/locust/value.h"

/* One evaluation. A name can be used twice in another's value, and so on: steps bound the work. */
struct walk {
    int steps;
    bool from_env;
};

/* An expression and where it stands. */
struct spot {
    struct scope at;
    TSNode n;
};

bool locust_spot_too_deep(struct walk *w, int depth);

/* Another node at the same place. */
struct spot locust_spot(struct spot s, TSNode n);
TSNode locust_spot_field(struct spot s, const char *name);

/* The expression behind names; a null node when the text does not say it. */
struct spot locust_spot_follow(struct walk *w, struct spot s, int depth);

/* An environment variable: *out is its default, a null node when it has none. */
bool locust_spot_environment(struct spot s, struct spot *out);

/* The number that an expression says, or that argument `i` of a call says. */
bool locust_number(struct walk *w, struct spot s, int depth, struct number *out);
bool locust_number_argument(struct walk *w, struct spot call, const char *name, int i, int depth,
                            struct number *out);

#endif
