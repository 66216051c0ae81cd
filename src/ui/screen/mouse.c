#include <string.h>

#include "ui/screen/actions.h"

/* Panels say nothing of where they draw their items. But the focused one has the mark ▌ in front,
 * so drawing the screen with each item in focus tells which lies in the row that was clicked. */
enum { FOCUS_MARK_ASCII = '>', HELP_LINES = 3 };

static bool is_mark(const struct cell *c) {
    return c->look == LOOK_ACCENT && c->cp[0] == FOCUS_MARK_ASCII;
}

/* Where the mark stands in a row of the pane; -1: not in this row. */
static int mark_col(const struct grid *g, struct area pane, int row) {
    for (int col = pane.col; col < pane.col + pane.cols; col++)
        if (is_mark(&g->cell[row * g->cols + col]))
            return col;
    return -1;
}

/* An item outside of what is seen would scroll the pane: then other words stand in the row. A mark
 * and brackets come and go with the focus. */
static bool same_row(const struct grid *a, const struct grid *b, int row) {
    enum { MARKS_MOST = 6 };
    int differ = 0;
    for (int i = row * a->cols; i < (row + 1) * a->cols; i++)
        differ += a->cell[i].cp[0] != b->cell[i].cp[0];
    return differ <= MARKS_MOST;
}

static void draw_pane(const struct app *a, const struct view *v, struct grid *g) {
    grid_clear(g);
    panel_draw(&a->s, v, g, app_pane(a));
}

/* The item of this row; of several the last one whose mark is left of the click. */
static int item_at(const struct app *a, int row, int col) {
    struct item items[ITEMS_MAX];
    struct view v = a->v;
    struct grid seen, g;
    int n = panel_items(&a->s, &v, items), found = -1;
    if (panel_list_from(&a->s, &v, app_pane(a)) >= 0) /* too long to be tried */
        return panel_list_item(&a->s, &v, app_pane(a), row);
    grid_init(&seen, a->rows, a->cols, GLYPHS_ASCII);
    grid_init(&g, a->rows, a->cols, GLYPHS_ASCII);
    draw_pane(a, &v, &seen);
    for (int i = 0; i < n; i++) {
        v.focus[v.open] = i;
        draw_pane(a, &v, &g);
        int mark = mark_col(&g, app_pane(a), row);
        if (mark >= 0 && (found < 0 || mark <= col) && same_row(&seen, &g, row))
            found = i;
    }
    grid_fini(&seen);
    grid_fini(&g);
    return found;
}

/* ---- rail and step strip ---- */

/* The number of a screen that stands in these cells of a row, the last one before `col`. */
static int step_in(const struct grid *g, int row, int from, int to) {
    int step = -1;
    for (int col = from; col < to && col < g->cols; col++) {
        uint32_t cp = g->cell[row * g->cols + col].cp[0];
        uint32_t before = col > 0 ? g->cell[row * g->cols + col - 1].cp[0] : ' ';
        uint32_t after = col + 1 < g->cols ? g->cell[row * g->cols + col + 1].cp[0] : ' ';
        bool digit_before = before >= '0' && before <= '9',
             digit_after = after >= '0' && after <= '9';
        if (cp >= '0' && cp < '0' + STEPS && !digit_before && !digit_after)
            step = (int)(cp - '0');
    }
    return step;
}

/* Where the rail is: the names stand at "n Name", behind the sign. */
static int clicked_step(const struct app *a, int row, int col) {
    enum { RAIL_NUMBER_COL = 5 };
    struct area pane = app_pane(a);
    struct grid g;
    int step = -1;
    grid_init(&g, a->rows, a->cols, GLYPHS_ASCII);
    app_draw(a, &g);
    if (a->cols < RAIL_FROM_COLS && row == 1)
        step = step_in(&g, row, 0, col + 2);
    else if (a->cols >= RAIL_FROM_COLS && col < pane.col && row >= pane.row &&
             row < pane.row + pane.rows)
        step = step_in(&g, row, RAIL_NUMBER_COL, RAIL_NUMBER_COL + 1);
    grid_fini(&g);
    return step;
}

/* ---- the question ---- */

/* Does the word stand in this row, over this column? */
static bool word_at(const struct grid *g, int row, int col, const char *word) {
    int len = (int)strlen(word); /* our own words are ASCII */
    for (int from = col - len + 1; from <= col; from++) {
        int i = 0;
        while (from >= 0 && i < len && from + i < g->cols &&
               g->cell[row * g->cols + from + i].cp[0] == (unsigned char)word[i])
            i++;
        if (i == len)
            return true;
    }
    return false;
}

static void click_answer(struct app *a, const struct event *ev) {
    struct grid g;
    grid_init(&g, a->rows, a->cols, GLYPHS_ASCII);
    app_draw(a, &g);
    bool inside = ev->row >= 0 && ev->row < a->rows && ev->col >= 0 && ev->col < a->cols;
    bool yes = inside && word_at(&g, ev->row, ev->col, a->v.question.yes);
    bool no = inside && word_at(&g, ev->row, ev->col, a->v.question.no);
    grid_fini(&g);
    if (yes)
        act_yes(a, 0);
    else if (no)
        act_no(a, 0);
}

/* ---- the pane ---- */

static void click(struct app *a, const struct event *ev) {
    int step = clicked_step(a, ev->row, ev->col);
    struct area pane = app_pane(a);
    if (step >= 0) {
        app_go(a, (enum step)step);
        return;
    }
    if (ev->row < pane.row || ev->row >= pane.row + pane.rows || ev->col < pane.col)
        return;
    int item = item_at(a, ev->row, ev->col);
    if (item >= 0)
        a->v.focus[a->v.open] = item;
    if (item >= 0 && ev->twice) {
        struct event enter = {.kind = EVENT_KEY, .key = KEYC_ENTER};
        app_event(a, &enter, a->s.now_ms);
    }
}

void mouse_event(struct app *a, const struct event *ev) {
    bool left = ev->button == MOUSE_LEFT;
    int dir = ev->button == MOUSE_WHEEL_UP ? -1 : 1;
    if (a->v.mode == VIEW_EDIT)
        load_leave_field(a);
    if (a->v.mode == VIEW_HELP && !left)
        act_help_scroll(a, dir * HELP_LINES);
    else if (a->v.mode == VIEW_ASK && left)
        click_answer(a, ev);
    else if (a->v.mode == VIEW_BROWSE && left)
        click(a, ev);
    else if (a->v.mode == VIEW_BROWSE)
        wheel(a, dir);
}
