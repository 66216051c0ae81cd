/* newterm() writes into a file in memory and never sees the terminal: as packaged by Debian it
 * issues a write() per cursor movement, and it would set tty modes and signals that are ours. */
#include "term_parts.h"

#include <curses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>

#include "base/mem.h"

/* Synchronized output (mode 2026) keeps a terminal from showing half a frame. A frame below one TCP
 * segment arrives in one piece anyway and is spared the 16 bytes. */
static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";
enum { SYNC_BYTES = sizeof sync_on - 1, SYNC_FROM_BYTES = 1024 };

/* Blanks between two words, up to so many, keep the style of the word before: cheaper than two more
 * changes of colour. Longer gaps stay plain, so that they can be jumped over or erased. */
enum { GAP_COLUMNS = 6 };

struct canvas {
    SCREEN *screen;
    FILE *sink; /* where curses writes; owned, and its descriptor with it */
    int sink_fd;
    bool synchronized;
    struct colours colours;
    struct grid shown, next; /* of the terminal's size */
    bool all;                /* rows of `shown` do not hold any more */
    bool whole;              /* the next frame sends everything */
    cchar_t *line;           /* owned; one row */
    char *frame;             /* owned; the last frame */
};

struct colours *canvas_colours(struct canvas *c) {
    return &c->colours;
}
int canvas_rows(const struct canvas *c) { return c->shown.rows; }
int canvas_cols(const struct canvas *c) { return c->shown.cols; }

/* ---- one row to curses ---- */

static bool is_gap(const struct canvas *c, const struct cell *cell) {
    return cell->cp[0] == ' ' && cell->cp[1] == 0 &&
           !(c->colours.style[cell->look].attr & A_UNDERLINE);
}

static struct style gap_style(const struct canvas *c, const struct cell *row, int col,
                              struct style before) {
    int end = col + GAP_COLUMNS < c->next.cols ? col + GAP_COLUMNS : c->next.cols - 1;
    for (int i = col + 1; i <= end; i++)
        if (!is_gap(c, &row[i]))
            return before.attr & A_UNDERLINE ? (struct style){0} : before;
    return (struct style){0};
}

static void set_char(cchar_t *to, const struct cell *cell, struct style s) {
    wchar_t text[4] = {(wchar_t)cell->cp[0], (wchar_t)cell->cp[1], (wchar_t)cell->cp[2], 0};
    if (setcchar(to, text, s.attr, s.pair, NULL) == ERR)
        setcchar(to, L"?", s.attr, s.pair, NULL);
}

static const struct cell *row_of(const struct grid *g, int row) {
    return g->cell + (size_t)row * (size_t)g->cols;
}

static void put_row(struct canvas *c, int row) {
    const struct cell *cells = row_of(&c->next, row);
    struct style style = {0};
    int n = 0;
    for (int col = 0; col < c->next.cols; col++) {
        if (cells[col].width == 0)
            continue;
        style = is_gap(c, &cells[col]) ? gap_style(c, cells, col, style)
                                       : c->colours.style[cells[col].look];
        set_char(&c->line[n++], &cells[col], style);
    }
    mvadd_wchnstr(row, 0, c->line, n);
}

static bool same_row(const struct grid *a, const struct grid *b, int row) {
    struct grid x = {.rows = 1, .cols = a->cols, .cell = (struct cell *)row_of(a, row)};
    struct grid y = {.rows = 1, .cols = b->cols, .cell = (struct cell *)row_of(b, row)};
    return grid_same(&x, &y);
}

/* ---- frames ---- */

/* g in the terminal's size: cut, or with blank rows and columns. A single column stays blank: to
 * draw the last cell curses may look at the one before it. */
static void fit(struct grid *to, const struct grid *g) {
    grid_clear(to);
    if (to->cols < 2)
        return;
    int rows = g->rows < to->rows ? g->rows : to->rows;
    int cols = g->cols < to->cols ? g->cols : to->cols;
    for (int row = 0; row < rows && cols > 0; row++) {
        struct cell *cells = to->cell + (size_t)row * (size_t)to->cols;
        memcpy(cells, row_of(g, row), (size_t)cols * sizeof *cells);
        struct cell *last = &cells[cols - 1];
        if (last->width == 2) /* its other half is outside */
            *last = (struct cell){.cp = {' '}, .width = 1, .look = last->look};
    }
    bool inside =
        g->cursor_row >= 0 && g->cursor_row < rows && g->cursor_col >= 0 && g->cursor_col < cols;
    to->cursor_row = inside ? g->cursor_row : -1;
    to->cursor_col = inside ? g->cursor_col : -1;
}

static void put_cursor(const struct grid *g) {
    bool hidden = g->cursor_row < 0;
    leaveok(stdscr, hidden);
    curs_set(hidden ? 0 : 1);
    if (!hidden)
        move(g->cursor_row, g->cursor_col);
}

/* Terminals of the xterm family go back to plain text in three steps (colour, character set,
 * everything) where the last one is enough: nothing here ever leaves the character set. A frame of
 * a live run is a fifth shorter so. Returns the new length. */
static size_t shorten(char *bytes, size_t len) {
    static const char *const idle[] = {"\033(B", "\033[39m\033[m", "\033[39;49m\033[m"};
    static const char *const enough[] = {"", "\033[m", "\033[m"};
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) {
        size_t from = 0, to = 0, n = strlen(idle[i]), m = strlen(enough[i]);
        while (from < len) {
            bool found = len - from >= n && memcmp(bytes + from, idle[i], n) == 0;
            memmove(bytes + to, found ? enough[i] : bytes + from, found ? m : 1);
            to += found ? m : 1;
            from += found ? n : 1;
        }
        len = to;
    }
    return len;
}

/* What curses wrote is taken out of the file; *len is its length. */
static const char *take(struct canvas *c, bool whole, size_t *len) {
    off_t written = lseek(c->sink_fd, 0, SEEK_CUR);
    size_t n = written > 0 ? (size_t)written : 0;
    c->frame = mem_resize(c->frame, n + 2 * SYNC_BYTES, 1);
    char *bytes = c->frame + SYNC_BYTES;
    ssize_t got = n ? pread(c->sink_fd, bytes, n, 0) : 0;
    lseek(c->sink_fd, 0, SEEK_SET);
    *len = got > 0 ? (size_t)got : 0;
    if (!whole) /* that one also puts right what another program has left */
        *len = shorten(bytes, *len);
    if (!c->synchronized || *len < SYNC_FROM_BYTES)
        return bytes;
    memcpy(c->frame, sync_on, SYNC_BYTES);
    memcpy(bytes + *len, sync_off, SYNC_BYTES);
    *len += 2 * SYNC_BYTES;
    return c->frame;
}

static void forget(struct canvas *c) {
    size_t len;
    take(c, true, &len);
}

const char *canvas_frame(struct canvas *c, const struct grid *g, size_t *len) {
    set_term(c->screen);
    fit(&c->next, g);
    for (int row = 0; row < c->next.rows; row++)
        if (c->all || !same_row(&c->next, &c->shown, row))
            put_row(c, row);
    bool whole = c->whole || c->all;
    c->all = c->whole = false;
    put_cursor(&c->next);
    wnoutrefresh(stdscr);
    doupdate();
    struct grid old = c->shown;
    c->shown = c->next;
    c->next = old;
    return take(c, whole, len);
}

void canvas_restyle(struct canvas *c) { c->all = true; }

void canvas_repaint(struct canvas *c) {
    set_term(c->screen);
    clearok(curscr, TRUE);
    c->whole = true;
}

void canvas_reenter(struct canvas *c) {
    set_term(c->screen);
    curs_set(0);
    forget(c);
    canvas_repaint(c);
}

static void resize_grids(struct canvas *c, int rows, int cols) {
    grid_resize(&c->shown, rows, cols);
    grid_resize(&c->next, rows, cols);
    c->line = mem_resize(c->line, (size_t)c->shown.cols + 1, sizeof *c->line);
    c->all = true;
}

void canvas_resize(struct canvas *c, int rows, int cols) {
    set_term(c->screen);
    resize_grids(c, rows, cols);
    resize_term(c->shown.rows, c->shown.cols);
    canvas_repaint(c);
}

/* ---- opening ---- */

/* newterm() takes these over when they have their default action; ours are in term_modes.c. */
static const int taken_signals[] = {SIGTSTP, SIGINT, SIGTERM, SIGWINCH};
enum { TAKEN_SIGNALS = sizeof taken_signals / sizeof *taken_signals };

static void set_number(const char *name, int value) {
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
}

/* LINES and COLUMNS tell newterm() the size, since its terminal is a file and some descriptions
 * have no size. Whatever stood there before is gone with that: it must not beat the real size
 * later. */
static SCREEN *new_screen(const struct canvas *c, const char *type) {
    struct sigaction before[TAKEN_SIGNALS];
    for (int i = 0; i < TAKEN_SIGNALS; i++)
        sigaction(taken_signals[i], NULL, &before[i]);
    set_number("LINES", c->shown.rows);
    set_number("COLUMNS", c->shown.cols);
    SCREEN *screen = newterm(type, c->sink, c->sink);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    for (int i = 0; i < TAKEN_SIGNALS; i++)
        sigaction(taken_signals[i], &before[i], NULL);
    return screen;
}

static bool has(const char *capability) {
    const char *s = tigetstr(capability);
    return s && s != (const char *)-1 && s[0]; /* -1: no such name */
}

/* Before newterm(), which accepts "dumb", and loses memory when it does not know a type. */
static bool check_type(int fd, const char *type, struct err *e) {
    int why;
    if (setupterm(type, fd, &why) != OK) {
        err_set(e, ERR_USAGE, "terminal type \"%s\" is not known on this host", type);
        return err_fix(e, "try TERM=xterm-256color perfscale");
    }
    bool moves = has("cup") && has("clear");
    del_curterm(cur_term);
    if (moves)
        return true;
    err_set(e, ERR_USAGE, "terminal type \"%s\" cannot move the cursor", type);
    return err_fix(e, "%s", term_way_out);
}

static bool open_screen(struct canvas *c, const char *type, struct err *e) {
    c->sink_fd = memfd_create("perfscale-screen", MFD_CLOEXEC);
    c->sink = c->sink_fd < 0 ? NULL : fdopen(c->sink_fd, "w+");
    if (!c->sink) {
        if (c->sink_fd >= 0)
            close(c->sink_fd);
        return err_set(e, ERR_IO, "the system gives no file in memory");
    }
    if (!check_type(c->sink_fd, type, e))
        return false;
    c->screen = new_screen(c, type);
    return c->screen || err_set(e, ERR_IO, "curses cannot start on terminal type \"%s\"", type);
}

struct canvas *canvas_open(const char *type, int rows, int cols, const struct term_options *o,
                           struct err *e) {
    struct canvas *c = mem_new(1, sizeof *c);
    grid_init(&c->shown, 0, 0, GLYPHS_BRAILLE);
    grid_init(&c->next, 0, 0, GLYPHS_BRAILLE);
    resize_grids(c, rows, cols);
    if (!open_screen(c, type, e)) {
        canvas_close(c);
        return NULL;
    }
    typeahead(-1); /* it would look for keys while drawing */
    colours_init(&c->colours, o);
    c->synchronized = has("smcup");
    wnoutrefresh(stdscr);
    doupdate(); /* its own way in: ours is in term_modes.c */
    canvas_reenter(c);
    return c;
}

void canvas_close(struct canvas *c) {
    if (!c)
        return;
    if (c->screen)
        delscreen(c->screen);
    if (c->sink)
        fclose(c->sink);
    grid_fini(&c->shown);
    grid_fini(&c->next);
    free(c->line);
    free(c->frame);
    free(c);
}
