/* panel/panel.h
 * One file per screen and one table of them. A panel draws the session on a grid and says what can
 * have the focus; it changes nothing. Everything is drawn from struct session and struct view at
 * each frame. The rooms around the pane (title, rail or step strip, message line, key bar, help,
 * questions, the too-small screen) are chrome.c. */
#ifndef PERFSCALE_SCREEN_PANEL_H
#define PERFSCALE_SCREEN_PANEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "session/session.h"
#include "ui/screen/grid/grid.h"
#include "ui/screen/panel/view.h"

/* What an item of a panel is, so that the event loop knows what Enter does to it. index: see each.
 */
enum item_kind {
    ITEM_STEP,          /* overview: the step to open */
    ITEM_PREREQUISITE,  /* row of screen 1, nothing to do but to read */
    ITEM_BASELINE,      /* baseline script in workspace.baseline: Enter chooses it */
    ITEM_BASELINE_FILE, /* result file in workspace.result: Enter takes it as the baseline's */
    ITEM_BASELINE_OPEN, /* "open a file": Enter asks for a name */
    ITEM_BASELINE_PASTE,
    ITEM_BASELINE_STATE,    /* "say that it runs without errors" */
    ITEM_FIELD,             /* enum field */
    ITEM_CONFIRM,           /* the size: Enter asks "Proceed?" */
    ITEM_HOST_CHECK,        /* row of session.host_check */
    ITEM_DIFF,              /* the diff: up and down scroll it */
    ITEM_FINDING,           /* a warning of the script */
    ITEM_COMMAND,           /* a command; of several the machine's number from 0 */
    ITEM_RESULT_FILE,       /* result file in workspace.result: Enter reads it */
    ITEM_PLAY,              /* a recorded run in workspace.result: Enter plays it (demo) */
    ITEM_OPEN,              /* "point at a file": Enter asks for a name */
    ITEM_PASTE,             /* "paste": Enter waits for it */
    ITEM_USE,               /* the intake: use it */
    ITEM_DISCARD,           /* the intake: drop it */
    ITEM_CHECK,             /* row of judgement.check: Enter explains it */
    ITEM_ENDPOINT,          /* row of summary.endpoint */
    ITEM_CAUSE,             /* row of judgement.cause */
    ITEM_LOAD_STEP,         /* step of judgement.stress */
    ITEM_TREND,             /* row of the trends of a soak test */
    ITEM_METRIC,            /* enum watch_metric: a row of a run that goes on */
    ITEM_SOURCE,            /* source of the run that is watched: Enter says that it is over */
    ITEM_WATCH,             /* "watch": Enter asks for a file or an address */
    ITEM_RUN,               /* run in session_runs(): Enter opens it */
    ITEM_NOTE,              /* note of session_review() */
    ITEM_VOTE,              /* vote of session_review() */
    ITEM_WAIVER,            /* waiver of session_review() */
    ITEM_LEDGER,            /* row of session_ledger() */
    ITEM_NEW_NOTE,          /* "your note": Enter types it */
    ITEM_DIFFERS,           /* row of comparison.differs */
    ITEM_COMPARED,          /* row of comparison.figure */
    ITEM_COMPARED_ENDPOINT, /* row of comparison.endpoint */
};

struct item {
    enum item_kind kind;
    int index;
    int part; /* Tab goes to the next item of another part */
};

enum { ITEMS_MAX = HISTORY_RUNS_MAX + 512 };

/* A rectangle of the grid. */
struct area {
    int row, col, rows, cols;
};

struct sheet; /* the lines of a pane: sheet.h */

struct panel {
    const char *name; /* "Load generator": in help and strip */
    /* All that the pane holds: drawing, focus, scrolling and find come from these lines. */
    void (*build)(struct sheet *sh);
    /* The item on which the focus starts; NULL: the first of the worst mark. */
    int (*start)(const struct session *s, const struct view *v);
    /* What "y" copies for the focused item, in one piece; false: nothing. */
    bool (*copy)(const struct session *s, const struct view *v, struct buf *out);
};

/* By enum step. */
extern const struct panel *const panels[STEPS];

/* --- the open panel --- */

/* What can have the focus, in the order of Tab and the arrows; returns how many. */
int panel_items(const struct session *s, const struct view *v, struct item out[ITEMS_MAX]);

/* The focused item; false when the panel has none. */
bool panel_focused(const struct session *s, const struct view *v, struct item *out);

/* The item on which the focus starts. */
int panel_start(const struct session *s, const struct view *v);

void panel_draw(const struct session *s, const struct view *v, struct grid *g, struct area a);

/* Where the list of the open panel is scrolled to in a pane of this size, so that the focus is
 * seen: to be kept in view.scroll. -1: it has no list. */
int panel_list_from(const struct session *s, const struct view *v, struct area a);

/* The item of a list that is drawn in this row of the grid; -1: none. */
int panel_list_item(const struct session *s, const struct view *v, struct area a, int row);

/* How far the scrolled part can be scrolled in a pane of this size; 0: it fits or there is none. */
int panel_scroll_most(const struct session *s, const struct view *v, struct area a);

/* The scroll position, so many lines on, inside a focused item that is higher than the pane shows;
 * -1: there is none, or it ends there. */
int panel_scroll_in(const struct session *s, const struct view *v, struct area a, int lines);

/* For "]" "[": the scroll position of the next or previous change of the diff (dir 1 or -1); -1:
 * none. */
int panel_script_change(const struct session *s, const struct view *v, struct area a, int dir);

/* Seconds that one column of the charts of Run or Results is of, in a pane of this size; NAN: there
 * are none. */
double panel_time_step(const struct session *s, const struct view *v, struct area a);
/* Seconds that the time cursor can go to; NAN: there are no charts. */
double panel_time_end(const struct session *s, const struct view *v);

/* The first line of the open screen (drawn at this size) that holds what is looked for, from the
 * focus on in this direction; the item to focus in *focus or the scroll position in *scroll (-1:
 * unchanged). */
bool panel_find(const struct session *s, const struct view *v, struct area a, const char *text,
                int dir, int *focus, int *scroll);

/* --- what an item is, by meaning and not by row: item_key.c --- */

/* "p95", "endpoint:POST /orders", "note:3", "run:14" */
void panel_item_key(const struct session *s, const struct item *it, char out[PLACE_KEY_BYTES]);
/* The item of the open panel with this key; -1: it has none. */
int panel_find_key(const struct session *s, const struct view *v, const char *key);
/* What a note is on that is written with the focus on this item of the open panel (NULL: none), as
 * place_parse() takes it: "" the run. */
void panel_note_on(const struct session *s, const struct view *v, const struct item *it,
                   char out[SAID_ON_BYTES]);

/* --- chrome ---------------------------------------------------------------------------------- */

/* An entry of the key bar: "Enter", "open". */
struct bar_item {
    const char *key, *word;
};

/* A line of the help. section: "Everywhere", "This screen". */
struct help_line {
    const char *section, *key, *text;
};

/* Everything that lies around the pane comes from the event loop's command table. */
struct chrome {
    const struct bar_item *bar; /* most used first */
    int bars;
    const struct help_line *help;
    int helps;
};

enum { SCREEN_ROWS_LEAST = 20, SCREEN_COLS_LEAST = 72, RAIL_FROM_COLS = 100, WIDE_FROM_COLS = 160 };

/* Where the pane lies on a grid of this size. */
struct area chrome_pane(int rows, int cols);

/* The whole screen: chrome, the open panel, then help or question over it. */
void chrome_draw(const struct session *s, const struct view *v, const struct chrome *c,
                 struct grid *g);

/* How far the help can be scrolled. */
int chrome_help_scroll_most(const struct session *s, const struct view *v, const struct chrome *c,
                            int rows, int cols);

#endif
