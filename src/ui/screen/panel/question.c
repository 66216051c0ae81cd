#include <string.h>

#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/wrap.h"

/* Columns of the box; text and choice inside it. */
enum { BOX_COLS = 62, AT_TEXT = 4, AT_MARK = 4, AT_CHOICE = 6, CHOICE_GAP = 5, AROUND = 6 };
enum { LINES_MOST = 3 * (1 + QUESTION_LINES) };

struct lines {
    const char *at[LINES_MOST];
    size_t len[LINES_MOST];
    int n;
};

static void add_lines(struct lines *l, const struct grid *g, const char *text, int cols) {
    while (*text && l->n < LINES_MOST) {
        size_t next = 0, n = wrap_line(g, text, cols, &next);
        l->at[l->n] = text;
        l->len[l->n++] = n;
        text += next;
    }
}

static void split(struct lines *l, const struct grid *g, const struct question *q, int cols) {
    *l = (struct lines){0};
    add_lines(l, g, q->line, cols);
    for (int i = 0; i < QUESTION_LINES && q->more[i][0]; i++)
        add_lines(l, g, q->more[i], cols);
}

static void put_n(struct grid *g, int row, int col, int most, const char *text, size_t len) {
    char line[256];
    len = len < sizeof line ? len : sizeof line - 1;
    memcpy(line, text, len);
    line[len] = '\0';
    grid_put(g, row, col, most, LOOK_TEXT, line);
}

/* Both answers, the mark before the chosen one. */
static void draw_choice(const struct question *q, struct grid *g, int row, int col) {
    int yes = col, no = yes + grid_width(g, q->yes) + CHOICE_GAP;
    grid_put(g, row, yes, g->cols, q->on_yes ? LOOK_TITLE : LOOK_TEXT, q->yes);
    grid_put(g, row, no, g->cols, q->on_yes ? LOOK_TEXT : LOOK_TITLE, q->no);
    grid_fill(g, row, (q->on_yes ? yes : no) - 2, 1, LOOK_ACCENT, 0x258c);
}

static void draw_frame(struct grid *g, struct area b) {
    int right = b.col + b.cols - 1, bottom = b.row + b.rows - 1;
    grid_blank(g, b.row, b.col, b.rows, b.cols);
    grid_fill(g, b.row, b.col, b.cols, LOOK_MUTED, 0x2500);
    grid_fill(g, bottom, b.col, b.cols, LOOK_MUTED, 0x2500);
    grid_fill_down(g, b.row, b.col, b.rows, LOOK_MUTED, 0x2502);
    grid_fill_down(g, b.row, right, b.rows, LOOK_MUTED, 0x2502);
    grid_fill(g, b.row, b.col, 1, LOOK_MUTED, 0x250c);
    grid_fill(g, b.row, right, 1, LOOK_MUTED, 0x2510);
    grid_fill(g, bottom, b.col, 1, LOOK_MUTED, 0x2514);
    grid_fill(g, bottom, right, 1, LOOK_MUTED, 0x2518);
}

static void draw_box(const struct question *q, const struct lines *l, struct grid *g,
                     struct area b) {
    draw_frame(g, b);
    for (int i = 0; i < l->n; i++)
        put_n(g, b.row + 2 + i, b.col + AT_TEXT, b.cols - 2 * AT_TEXT, l->at[i], l->len[i]);
    draw_choice(q, g, b.row + b.rows - 3, b.col + AT_CHOICE);
}

/* Too low or too narrow for a box: the message row has the same keys. */
static void draw_row(const struct question *q, struct grid *g) {
    int row = g->rows - 2;
    int choice = grid_width(g, q->yes) + grid_width(g, q->no) + CHOICE_GAP + 4;
    grid_blank(g, row, 0, 1, g->cols);
    int col = grid_put(g, row, 1, g->cols - PANE_MARGIN - choice, LOOK_TEXT, q->line);
    draw_choice(q, g, row, col + 4);
}

void question_draw(const struct question *q, struct grid *g, struct area pane) {
    struct lines l;
    int cols = pane.cols - 4 < BOX_COLS ? pane.cols - 4 : BOX_COLS;
    split(&l, g, q, cols - 2 * AT_TEXT);
    int rows = l.n + AROUND;
    if (rows > pane.rows) {
        draw_row(q, g);
        return;
    }
    struct area box = {pane.row + (pane.rows - rows) / 3, pane.col + (pane.cols - cols) / 2, rows,
                       cols};
    draw_box(q, &l, g, box);
}
