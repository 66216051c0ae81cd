/* ui/screen/term/term.h
 * The terminal: the only room that knows curses, colours and escape sequences. It copies a grid to
 * the screen with one write() per frame and turns bytes from the keyboard into events. The
 * program's terminal state is restored on every way out: term_close(), exit(), SIGHUP, SIGTERM,
 * SIGINT, and the signals of a crash. */
#ifndef PERFSCALE_SCREEN_TERM_H
#define PERFSCALE_SCREEN_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/screen/grid/grid.h"

enum theme { THEME_AUTO, THEME_DARK, THEME_LIGHT, THEME_TERMINAL, THEME_MONO };
enum { THEMES = 5, PASTE_MAX_BYTES = 1 << 20 };
const char *theme_name(enum theme t); /* "auto" */
bool theme_parse(const char *name, enum theme *t);

enum event_kind {
    EVENT_NONE,
    EVENT_KEY,   /* key */
    EVENT_PASTE, /* paste, paste_len: text as pasted, line ends as LF; valid until the next read */
    EVENT_PASTE_CUT, /* a paste above PASTE_MAX_BYTES or without its end: only paste_len is given */
    EVENT_BURST,   /* keys so fast that they must be an unbracketed paste: thrown away; paste_len */
    EVENT_MOUSE,   /* button, row, col, clicks */
    EVENT_RESIZE,  /* rows, cols: the new size, quiet for 100 ms */
    EVENT_RESUMED, /* back from Ctrl-Z: draw again */
    EVENT_GONE,    /* leave with 128 + key: SIGTERM, SIGINT, SIGHUP (also a lost line) */
};

/* Keys above the characters. A plain character is its code point; Ctrl-A is 1 and so on. */
enum key_code {
    KEYC_ENTER = 13,
    KEYC_TAB = 9,
    KEYC_ESC = 27,
    KEYC_BACKSPACE = 127,
    KEYC_UP = 0x110000,
    KEYC_DOWN,
    KEYC_LEFT,
    KEYC_RIGHT,
    KEYC_HOME,
    KEYC_END,
    KEYC_PAGE_UP,
    KEYC_PAGE_DOWN,
    KEYC_DELETE,
    KEYC_INSERT,
    KEYC_BACK_TAB,
    KEYC_F1, /* F2 is KEYC_F1 + 1, up to F12 */
    KEYC_F12 = KEYC_F1 + 11,
};

enum mouse_button { MOUSE_LEFT = 1, MOUSE_WHEEL_UP = 4, MOUSE_WHEEL_DOWN = 5 };

struct event {
    enum event_kind kind;
    uint32_t key;
    const char *paste;
    size_t paste_len;
    enum mouse_button button;
    int row, col;
    bool twice; /* a double click */
    int rows, cols;
};

struct term_options {
    enum theme theme;
    bool theme_given; /* by the user: goes before NO_COLOR */
    int esc_delay_ms; /* 0: 50 */
};

struct term; /* opaque */

/* Takes over standard input and output. ERR_USAGE with the way out when one is no terminal, when
 * its type is unknown or cannot move the cursor; nothing is drawn then. NULL on error. */
struct term *term_open(const struct term_options *o, struct err *e);
void term_close(struct term *t); /* restores the terminal; t may be NULL */

/* As term_open on given descriptors and size, without touching terminal modes or signals: for
 * tests. */
struct term *term_open_on(int in, int out, const char *type, int rows, int cols,
                          const struct term_options *o, struct err *e);

int term_rows(const struct term *t);
int term_cols(const struct term *t);

/* Show g; only what changed is sent, in one write(). */
void term_show(struct term *t, const struct grid *g);
void term_repaint(struct term *t); /* the next term_show() sends everything */

/* What happened on the terminal, waiting at most timeout_ms (-1: for ever) or until another
 * descriptor in watch (n of them; n may be 0) is ready: then EVENT_NONE and ready[i] true. */
struct event term_wait(struct term *t, int timeout_ms, const int *watch, bool *ready, size_t n);

/* The user is about to paste: from now on what would be EVENT_BURST is EVENT_PASTE, given out when
 * nothing more came for 2 s. For terminals that do not mark pastes. */
void term_expect_paste(struct term *t, bool on);

/* Keys typed before this moment and not yet read are thrown away (before a question). */
void term_drop_input(struct term *t);

void term_set_theme(struct term *t, enum theme theme);
enum theme term_theme(const struct term *t);
int term_colors(const struct term *t); /* 0, 8, 16, 256 */
void term_set_mouse(struct term *t, bool on);
void term_suspend(struct term *t); /* Ctrl-Z: leaves the screen, stops, comes back */

/* Leave the full screen, print text plainly, wait for Enter, come back. */
void term_print_aside(struct term *t, const char *text);

enum copy_result { COPY_SENT, COPY_TMUX, COPY_NONE };
/* Put text on the clipboard: through tmux when inside it, else OSC 52. */
enum copy_result term_copy(struct term *t, const char *text);

/* True when UTF-8 drawings can be shown: by the locale of the environment and TERM. Also sets the
 * process's LC_CTYPE to a UTF-8 locale when there is one, so that widths are known. */
bool term_utf8(void);

#endif
