/* panel/view.h
 * Where the user is on the screen and what he types: everything that is of no business to the
 * session. The event loop changes it, panels only read it. */
#ifndef PERFSCALE_SCREEN_VIEW_H
#define PERFSCALE_SCREEN_VIEW_H

#include <stdbool.h>

#include "session/session.h"
#include "session/together.h"
#include "ui/screen/grid/grid.h"
#include "ui/screen/widget/edit.h"

/* What keys mean at this moment. Exactly one holds. */
enum view_mode {
    VIEW_BROWSE,  /* keys are commands */
    VIEW_EDIT,    /* edit holds the text of the focused field of the Load screen */
    VIEW_ASK,     /* question waits for an answer */
    VIEW_HELP,    /* the help lies over the pane */
    VIEW_FIND,    /* edit holds what is looked for, on the message line */
    VIEW_FILE,    /* edit holds a file name, on the message line */
    VIEW_SOURCE,  /* edit holds what is to be watched, on the message line */
    VIEW_PASTE,   /* "p" was pressed: the paste is awaited */
    VIEW_NOTE,    /* edit holds what is said of a run (v.noting) */
    VIEW_SETTLE,  /* what becomes of the focused note is chosen by a letter */
    VIEW_FILTER,  /* edit holds the filter of the list of runs, on the message line */
    VIEW_DETAILS, /* the focused row of Results is explained over the whole pane */
};

enum { QUESTION_LINES = 4, TIME_ZOOM_MAX = 6 };

/* How the charts of a run that goes on are looked at. */
struct time_view {
    bool cursor;     /* one moment is looked at */
    double cursor_s; /* from the start of the run */
    int zoom;        /* halvings of the time that the axis shows; at most TIME_ZOOM_MAX */
};

/* The list of runs, and the comparison that lies in its place. */
struct history_view {
    char filter[128];
    enum runs_sort sort;
    bool reverse;
    int64_t mark[2]; /* marked runs, the older mark first; 0: none */
    int64_t at;   /* run that has the focus, so that it keeps it when the list changes; 0: none */
    int at_focus; /* where it stood */
    bool compare; /* session_comparison() is shown instead of the list */
    bool values;  /* differences in the unit of each figure, not in percent */
    bool scripts; /* the lines of the scripts that differ, over the pane */
};

/* What the text of VIEW_NOTE is for. */
struct noting {
    enum said_kind kind;
    char on[SAID_ON_BYTES];
    int reply_to;
    enum note_state state;
};

/* A question: a box over the pane, one line on the message row where it does not fit. */
struct question {
    char line[200];
    char more[QUESTION_LINES][160]; /* "" behind the last */
    char yes[24], no[24];           /* "Proceed", "Change values" */
    bool on_yes;                    /* where the choice stands */
};

struct view {
    enum view_mode mode;
    enum step open;
    int focus[STEPS];  /* index into the items of each panel */
    int scroll[STEPS]; /* first line of its scrolled part; panels clamp a copy of it */
    struct edit_line edit;
    struct question question;
    char message[240]; /* "" nothing was said */
    enum look message_look;
    char find[64]; /* "" nothing is looked for */
    int help_scroll;
    bool side_by_side; /* the diff in two columns, from 140 columns on */
    int aside;         /* columns of the diff that are scrolled away to the left */
    bool zoom;         /* the chart over the whole screen */
    struct time_view time;
    struct history_view history;
    struct noting noting;
    int64_t follow_uid; /* whose position is followed; -1: nobody's */
    int follow_pid;
    bool baseline_intake; /* what was pasted or opened is meant for the baseline: screen 1 shows
                             it, else screen 5 */
    bool demo;
    const char *theme; /* its name; static */
    int colors;
    bool mouse;
};

#endif
