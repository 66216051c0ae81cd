/* term/term_parts.h
 * Shared by the files of this room: bytes from the keyboard to events (term_keys.c), looks to
 * colours (term_colour.c), a grid to bytes (term_draw.c), terminal modes, signals and every way out
 * (term_modes.c), the clipboard (term_clip.c); term.c joins them. */
#ifndef PERFSCALE_SCREEN_TERM_PARTS_H
#define PERFSCALE_SCREEN_TERM_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/screen/term/term.h"

/* What a user without a full screen can do. */
extern const char term_way_out[];

/* ---- keys: a state machine without a clock and without a descriptor ---- */

enum {
    /* More different keys than this in one go, outside paste marks, are no typing: a fast typist
     * makes 15 in a second, and one go is what arrived within some milliseconds. */
    BURST_KEYS = 32,
    /* Bytes behind a paste or a burst belong to it until nothing arrived for so long. */
    DRAIN_QUIET_MS = 100,
    /* A paste whose end mark does not come ends after so much silence. */
    PASTE_SILENCE_MS = 2000,
    DOUBLE_CLICK_MS = 400,
    ESC_DELAY_MS = 50,
    /* What can be read in one go, and the start of a sequence that was left from the one before. */
    READ_BYTES = 4096,
    SEQUENCE_BYTES = 64,
};

struct keys {
    char pending[READ_BYTES + SEQUENCE_BYTES]; /* arrived, not yet given out */
    size_t len;
    bool last; /* nothing follows: what is pending is all there is of it */

    enum { KEYS_TYPING, KEYS_PASTING, KEYS_DRAINING } mode;
    struct buf paste;   /* grows to PASTE_MAX_BYTES */
    size_t paste_bytes; /* of the text, also beyond that limit */
    size_t mark_bytes;  /* so much of the end mark was just seen */
    bool after_cr;
    bool unwanted;       /* what is on its way was dropped by keys_drop() */
    bool expected;       /* the user is about to paste: a burst is one */
    bool unmarked;       /* the paste on its way is such a burst: silence is its end */
    struct event coming; /* given out when draining ends */
    struct event ready;  /* EVENT_NONE: nothing */

    struct event click; /* the last one */
    int64_t click_ms, now_ms;
    int esc_delay_ms;
    unsigned char erase; /* the byte that the Backspace key sends, besides 127 and 8 */
};

void keys_init(struct keys *k, int esc_delay_ms);
void keys_fini(struct keys *k);

/* What arrived in one go, at most READ_BYTES, after keys_next() gave out what there was. */
void keys_feed(struct keys *k, const char *bytes, size_t len, int64_t now_ms);

/* The next event; false when there is none. A paste's text is valid until keys_feed(). */
bool keys_next(struct keys *k, struct event *ev);

/* After how much silence keys_silent() is due; -1: never. */
int keys_silence_ms(const struct keys *k);
/* Nothing arrived for that long: a lone ESC is a key, a paste or a burst is over. */
void keys_silent(struct keys *k);

/* Forget what was typed; a paste on its way will not be given out. */
void keys_drop(struct keys *k);

/* ---- colours ---- */

/* How one look is drawn: curses attributes and the number of a colour pair, 0 for none. */
struct style {
    uint32_t attr;
    short pair;
};

struct colours {
    int count; /* that the terminal has: 0, 8, 16 or 256 */
    bool started;
    enum theme theme;
    struct style style[LOOKS];
};

/* For the current curses screen. Colour is initialised only for a theme that has some. */
void colours_init(struct colours *c, const struct term_options *o);
void colours_set(struct colours *c, enum theme theme);

/* ---- drawing ---- */

/* Curses on a file in memory: it decides which bytes make the terminal show a grid, and we send
 * them. */
struct canvas;

/* ERR_USAGE when the terminal's type is unknown or cannot do what a full screen needs. */
struct canvas *canvas_open(const char *type, int rows, int cols, const struct term_options *o,
                           struct err *e);
void canvas_close(struct canvas *c); /* may be NULL */
struct colours *canvas_colours(struct canvas *c);
int canvas_rows(const struct canvas *c);
int canvas_cols(const struct canvas *c);

/* The bytes from what was shown before to g; *len 0 when it is the same. Valid until the next call.
 */
const char *canvas_frame(struct canvas *c, const struct grid *g, size_t *len);
void canvas_restyle(struct canvas *c); /* the looks changed */
void canvas_repaint(struct canvas *c); /* the next frame sends everything */
void canvas_reenter(
    struct canvas *c); /* the terminal's modes were set anew: cursor hidden, blank */
void canvas_resize(struct canvas *c, int rows, int cols);

/* ---- modes ---- */

/* What is sent on the way in and out; short enough for the signal handler's own copy. */
enum { MODE_BYTES = 256 };
struct modes {
    char enter[MODE_BYTES], leave[MODE_BYTES];
    size_t enter_len, leave_len;
};

/* From the description of the current curses terminal. */
void modes_build(struct modes *m, int rows);

/* Sends all of len bytes. Returns 0, or why that is no longer possible: SIGHUP when the terminal is
 * gone, or the signal that ends us and came while the terminal took nothing. */
int tty_write(int fd, const char *bytes, size_t len);

/* The one terminal that this process owns: its modes, and the signals of this process. */
bool tty_take(int in, int out, const struct modes *m, struct err *e);
int tty_enter(const struct modes *m); /* as tty_write() */
void tty_leave(bool drop_input);      /* every mode back; nothing when it is so already */
void tty_release(void);               /* leaves; signals back */
void tty_stop(void); /* as Ctrl-Z does: returns after SIGCONT, at once without job control */
unsigned char tty_erase_byte(void);

struct tty_news {
    int gone; /* the signal that ends us, or 0 */
    bool resized, resumed, stop;
};
int tty_news_fd(void); /* readable when there is news */
struct tty_news tty_news(void);

/* ---- clipboard ---- */

/* linux, vt52 to vt525, dumb: neither drawings in UTF-8 nor a clipboard. */
bool term_is_basic(const char *type);

/* The sequence OSC 52 for text, in a new b. False when it is longer than terminals take. */
bool clip_osc52(struct buf *b, const char *text);

/* Hands text to `tmux load-buffer -w -`; false when that did not work within a second. */
bool clip_tmux(const char *text);

#endif
