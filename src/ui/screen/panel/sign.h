/* panel/sign.h
 * The seven states as a reader sees them: sign, look and word. The sign and the word carry the
 * meaning, the colour only repeats it. */
#ifndef PERFSCALE_SCREEN_SIGN_H
#define PERFSCALE_SCREEN_SIGN_H

#include "session/session.h"
#include "sizing/sizing.h"
#include "ui/screen/grid/grid.h"

struct sign {
    const char *sign; /* "✓"; the grid turns it into ASCII */
    enum look look;
    const char *word; /* "ok" */
};
struct sign sign_of(enum mark mark);

/* The same for checks of the load generator, where a missing fact weighs less than a tight one. */
int use_rank(enum use_status status);

#endif
