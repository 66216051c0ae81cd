/* panel/sheet.h
 * A pane as a list of lines, each with its worth: what is given up first when rows are short. A
 * panel lists its lines once; from that list come the drawing, the items for the focus, scrolling
 * and finding, so none of them can disagree. Where the pane is wide, lines stand in two columns. */
#ifndef PERFSCALE_SCREEN_SHEET_H
#define PERFSCALE_SCREEN_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ui/screen/panel/panel.h"

/* Given up in this order: LOOSE, BLANK, NEXT, SOURCE, the height of CHART and FILL. Then everything
 * from the first to the last ROW scrolls. KEEP stays. */
enum line_kind {
    LINE_KEEP,
    LINE_ROW,
    LINE_NOTE,  /* good to know, not missed */
    LINE_LOOSE, /* blank between the rows of a list */
    LINE_BLANK,
    LINE_NEXT,
    LINE_SOURCE,
    LINE_CHART, /* a block that may be lower than it wants to be, or not be there */
    LINE_FILL,  /* a block that takes what the others leave */
};

/* What a line draws with. */
struct pen {
    const struct session *s;
    const struct view *v;
    struct grid *g;
    struct area a; /* of this line or block */
    int focus;     /* which of the line's items has the focus; -1: none */
};

typedef void line_draw(const struct pen *p, int index);

/* The focus mark in this column of the line, when the line has the focus. */
void pen_mark(const struct pen *p, int col);

/* Sign in its look. */
void pen_sign(const struct pen *p, int col, enum mark mark);

/* Sign and words, ending before the right margin and not before column `from`. */
void pen_state(const struct pen *p, int from, enum mark mark, const char *words);

enum { PANE_MARGIN = 2, COLUMN_GAP = 2 }; /* columns that stay free: at the right, between two */

/* Widths of a pane, each with its own forms: of a terminal of 120 columns, of 80, of less. */
enum pane_size { PANE_LONG, PANE_NORMAL, PANE_SMALL, PANE_SIZES };
enum pane_size pane_size(int cols);

/* Columns that a text from col on may take. */
int pen_room(const struct pen *p, int col);

enum { LINES_MAX = 2600, PIECES_MAX = 5 };

struct line {
    enum line_kind kind;
    line_draw *draw; /* NULL: its texts */
    int index;
    int column;                /* 0 or 1 */
    int first_item, items;     /* of the sheet; items 0: it has none */
    int rows, least;           /* wanted; least for CHART and FILL */
    long scroll_rows;          /* rows of what a FILL scrolls */
    bool list;                 /* a FILL with an item in each row: see sheet_list() */
    const char *above, *below; /* of a list: what one row is that is not seen: "older run" */
    bool draws_mark;           /* draw sets the focus mark itself */
    int mark_col;              /* else its column */
    bool here;                 /* has the mark when the sheet has no item */
    bool continues;            /* the text of the line before it: given up together */
    int row, shown;            /* where it is drawn, how many rows of it; set by the layout */
    struct line_text {
        int col, cols;
        enum look look;
        size_t at; /* into sheet.text */
    } text[PIECES_MAX];
    int texts;
};

struct sheet {
    const struct session *s;
    const struct view *v;
    struct area a;
    bool wide;      /* two columns */
    bool narrow;    /* short forms of words */
    bool strip;     /* the step strip names the screen already */
    int cols;       /* of the column that lines are added to now */
    int right_cols; /* of the right column, when wide */
    int column, part;
    struct grid ruler; /* no cells: what measures text */
    struct line *line; /* owned; lines of LINES_MAX */
    int lines;
    struct item *item; /* owned, as is mark */
    enum mark *mark;
    size_t items_cap, marks_cap;
    int items; /* at most ITEMS_MAX */
    struct buf text;
};

void sheet_init(struct sheet *sh, const struct session *s, const struct view *v, struct area a,
                enum glyphs glyphs);
void sheet_fini(struct sheet *sh);

/* Two columns from here on, where the pane has room for the left one and at least `right` beside
 * it. */
void sheet_columns(struct sheet *sh, int left, int right);
/* The lines that follow stand in the right column; without one, below, behind a blank line. */
void sheet_right(struct sheet *sh);
/* No lines any more; the items stay, for one that is added as their common line. */
void sheet_restart(struct sheet *sh);
/* The items that follow belong to the next part for Tab. */
void sheet_part(struct sheet *sh);

/* Adds a line. Past LINES_MAX the last one is overwritten. */
struct line *sheet_line(struct sheet *sh, enum line_kind kind, line_draw *draw, int index);
struct line *sheet_block(struct sheet *sh, enum line_kind kind, line_draw *draw, int index,
                         int rows, int least);
void sheet_blank(struct sheet *sh);
void sheet_loose(struct sheet *sh);

/* An item of this line, which is one of the lines added since the last item. */
void sheet_item(struct sheet *sh, struct line *l, enum item_kind kind, int index, enum mark mark);

/* A list of items that may be very long: only the rows that are seen are drawn, by draw with the
 * item's index (index: of each), and the focused one is among them. How many are not seen is told
 * in a row below: "8 older runs below". least: rows that it keeps. */
struct line *sheet_list(struct sheet *sh, line_draw *draw, enum item_kind kind, const size_t *index,
                        size_t n, int least);

/* Text from a column on, wrapped at the margin. Returns the first line. */
struct line *sheet_say(struct sheet *sh, enum line_kind kind, int col, enum look look,
                       const char *text);
/* A piece of text on a line, cut to cols columns; 0: up to the margin. */
void sheet_piece(struct sheet *sh, struct line *l, int col, int cols, enum look look,
                 const char *text);
void sheet_sign(struct sheet *sh, struct line *l, int col, enum mark mark);
/* Sign and words at the right margin of a line, behind what it holds already. */
void sheet_state(struct sheet *sh, struct line *l, enum mark mark, const char *words);
/* The same for a text without a sign. */
void sheet_end(struct sheet *sh, struct line *l, enum look look, const char *text);

/* A muted label, then text from a column on: wrapped, or one line that is cut. */
struct line *sheet_label(struct sheet *sh, enum line_kind kind, int label_col, const char *label,
                         int col, const char *text);
struct line *sheet_pair(struct sheet *sh, enum line_kind kind, int label_col, const char *label,
                        int col, const char *text);
/* A heading: the first words in LOOK_TITLE, the rest muted. */
struct line *sheet_title(struct sheet *sh, enum line_kind kind, const char *title,
                         const char *rest);
/* A shell command, broken only where the shell lets it be, with " \" at the ends. */
void sheet_command(struct sheet *sh, enum line_kind kind, int col, const struct command *command);
/* "Next" and the sentence of this step. */
void sheet_next(struct sheet *sh, int col);
/* A step that cannot be opened yet: its name, and what comes before it. */
void sheet_locked(struct sheet *sh);
/* The remarks, each with its sign, as ITEM_FINDING when items is true. */
void sheet_findings(struct sheet *sh, const struct findings *f, int sign_col, bool items);

void sheet_draw(struct sheet *sh, struct grid *g);
/* What panel_list_from() and panel_list_item() say, at the size of the sheet. */
int sheet_list_from(struct sheet *sh);
int sheet_list_item(struct sheet *sh, int row);
int sheet_scroll_most(struct sheet *sh);
/* The focused item is higher than what is seen of the list: where it is scrolled to, so many lines
 * on; -1: it is not, or ends there. */
int sheet_scroll_in(struct sheet *sh, int lines);

/* The first line from the focus on that holds the text; its item. false: none. */
bool sheet_find(struct sheet *sh, const char *text, int dir, int *focus);

/* --- for the files of the sheet --- */

void sheet_room(struct sheet *sh, size_t items); /* for as many */
void sheet_place(struct sheet *sh);              /* puts each line in its row */
int sheet_focused(const struct sheet *sh);       /* the focused item, inside what there is */
/* Draws the rows of a list; row: of the grid; a: of its column. keys: the mark is shown. */
void sheet_draw_list(const struct sheet *sh, const struct line *l, struct grid *g, struct area a,
                     bool keys);

#endif
