/* results/terminal.h
 * Text as people copy it out of a terminal or a CI log, to lines: terminal sequences gone, carriage
 * returns undone, what a CI system puts before a line known. */
#ifndef PERFSCALE_RESULTS_TERMINAL_H
#define PERFSCALE_RESULTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { TERMINAL_LINE_MAX_BYTES = 8192 }; /* a longer line is no figure of a summary */

struct terminal_line {
    const char *text; /* no control bytes but tabs; valid during the call; NUL at the end */
    size_t len;
    size_t columns; /* characters, of a line with nothing taken off */
    long number;    /* from 1 */
    bool ended;     /* by a line end; false: the source stops in it */
    bool too_long;  /* text is empty */
};

enum terminal_state {
    TERMINAL_TEXT,
    TERMINAL_ESC,
    TERMINAL_CSI,
    TERMINAL_OSC,
    TERMINAL_OSC_ESC,
};

struct terminal_lines {
    void *self;
    void (*line)(void *self, const struct terminal_line *l);
    struct buf text; /* owned */
    enum terminal_state state;
    bool after_return;
    size_t sequence; /* bytes of the terminal sequence so far */
    int columns;     /* its number: how far the cursor moves */
    long number;
    bool begun;
};

void terminal_lines_init(struct terminal_lines *l, void *self,
                         void (*line)(void *, const struct terminal_line *));
void terminal_lines_feed(struct terminal_lines *l, const char *bytes, size_t len);
void terminal_lines_finish(struct terminal_lines *l); /* the last line, if it lacks its end */
void terminal_lines_fini(struct terminal_lines *l);

/* The highest that sure() says of a line among the first 64 KB; 0 when there is none. */
int terminal_surest(const char *head, size_t len, int (*sure)(const struct terminal_line *l));

/* The part of a line behind what a CI system puts before it: time stamps, "name | ", "[name] ". */
const char *terminal_without_prefix(const char *s, size_t *len);

#endif
