/* ui/screen/screen.h
 * The dashboard: the event loop between a session, the panels and the terminal. */
#ifndef PERFSCALE_SCREEN_SCREEN_H
#define PERFSCALE_SCREEN_SCREEN_H

#include <stdbool.h>

#include "base/err.h"
#include "ui/screen/grid/grid.h"
#include "ui/screen/term/term.h"

struct screen_options {
    const char *dir;    /* the workspace */
    bool demo;          /* dir is a copy of the built-in sample workspace */
    const char *replay; /* a recorded run to play; NULL: none */
    double speed;       /* of it */
    enum theme theme;
    bool theme_given;
    enum glyphs glyphs;
    bool glyphs_given; /* else by the terminal and its locale */
};

/* Runs until the user quits. *status is the exit status: 0; 5 when the directory holds neither plan
 * nor baseline nor .perfscale (nothing is drawn, session_no_plan is printed by the caller); 128 +
 * signal when a signal or a lost line ended it. false with e when it could not open (no terminal,
 * no directory): nothing was drawn. farewell gets the line for the normal screen afterwards, "" for
 * none. */
bool screen_run(const struct screen_options *o, int *status, char *farewell, int farewell_size,
                struct err *e);

#endif
