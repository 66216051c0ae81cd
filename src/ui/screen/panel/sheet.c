#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/screen/panel/sign.h"
#include "ui/screen/widget/wrap.h"

enum { TEXT_MAX_BYTES = 1 << 20 };

/* --- pen --- */

void pen_mark(const struct pen *p, int col) {
    if (p->focus >= 0)
        grid_fill(p->g, p->a.row, p->a.col + col, 1, LOOK_ACCENT, 0x258c);
}

void pen_sign(const struct pen *p, int col, enum mark mark) {
    const struct sign sign = sign_of(mark);
    grid_put(p->g, p->a.row, p->a.col + col, 1, sign.look, sign.sign);
}

int pen_room(const struct pen *p, int col) {
    int room = p->a.cols - PANE_MARGIN - col;
    return room > 0 ? room : 0;
}

void pen_state(const struct pen *p, int from, enum mark mark, const char *words) {
    const struct sign sign = sign_of(mark);
    char text[400];
    snprintf(text, sizeof text, "%s %s", sign.sign, words);
    int most = pen_room(p, from), width = grid_width(p->g, text);
    int col = p->a.cols - PANE_MARGIN - (width < most ? width : most);
    grid_put(p->g, p->a.row, p->a.col + col, most, sign.look, text);
}

/* --- the list --- */

enum pane_size pane_size(int cols) {
    enum { LONG_COLS = 94, NORMAL_COLS = 78 };
    return cols >= LONG_COLS ? PANE_LONG : cols >= NORMAL_COLS ? PANE_NORMAL : PANE_SMALL;
}

void sheet_init(struct sheet *sh, const struct session *s, const struct view *v, struct area a,
                enum glyphs glyphs) {
    *sh = (struct sheet){
        .s = s,
        .v = v,
        .a = a,
        .narrow = pane_size(a.cols) != PANE_LONG,
        .strip = a.col == 0,
        .cols = a.cols,
        .ruler = {.glyphs = glyphs},
        .line = mem_new(LINES_MAX, sizeof *sh->line),
    };
    buf_init(&sh->text, TEXT_MAX_BYTES);
}

void sheet_fini(struct sheet *sh) {
    free(sh->line);
    free(sh->item);
    free(sh->mark);
    sh->line = NULL;
    sh->item = NULL;
    sh->mark = NULL;
    buf_fini(&sh->text);
}

void sheet_columns(struct sheet *sh, int left, int right) {
    if (sh->a.cols < left + COLUMN_GAP + right)
        return;
    sh->wide = true;
    sh->right_cols = sh->a.cols - COLUMN_GAP - left;
    sh->cols = left;
    sh->narrow = pane_size(sh->cols) != PANE_LONG;
}

void sheet_right(struct sheet *sh) {
    sheet_blank(sh);
    if (!sh->wide)
        return;
    sh->column = 1;
    sh->cols = sh->right_cols;
    sh->narrow = pane_size(sh->cols) != PANE_LONG;
    sheet_blank(sh);
}

void sheet_restart(struct sheet *sh) {
    sh->lines = sh->column = 0;
    sh->wide = false;
    sh->cols = sh->a.cols;
}

void sheet_part(struct sheet *sh) { sh->part++; }

struct line *sheet_block(struct sheet *sh, enum line_kind kind, line_draw *draw, int index,
                         int rows, int least) {
    if (sh->lines == LINES_MAX)
        sh->lines--;
    struct line *l = &sh->line[sh->lines++];
    *l = (struct line){.kind = kind,
                       .draw = draw,
                       .index = index,
                       .column = sh->column,
                       .rows = rows,
                       .least = least};
    return l;
}

struct line *sheet_line(struct sheet *sh, enum line_kind kind, line_draw *draw, int index) {
    return sheet_block(sh, kind, draw, index, 1, 1);
}

/* Never two of them in a row, whoever adds them. */
void sheet_blank(struct sheet *sh) {
    const struct line *last = sh->lines > 0 ? &sh->line[sh->lines - 1] : NULL;
    if (!last || last->column != sh->column || last->kind != LINE_BLANK)
        sheet_line(sh, LINE_BLANK, NULL, 0);
}

void sheet_loose(struct sheet *sh) { sheet_line(sh, LINE_LOOSE, NULL, 0); }

void sheet_room(struct sheet *sh, size_t items) {
    if (items <= sh->items_cap)
        return;
    sh->item = mem_resize(sh->item, items, sizeof *sh->item);
    sh->mark = mem_resize(sh->mark, items, sizeof *sh->mark);
    sh->items_cap = sh->marks_cap = items;
}

void sheet_item(struct sheet *sh, struct line *l, enum item_kind kind, int index, enum mark mark) {
    if (sh->items == ITEMS_MAX)
        return;
    if (l->items == 0)
        l->first_item = sh->items;
    l->items++;
    sh->item = mem_grow(sh->item, (size_t)sh->items, &sh->items_cap, sizeof *sh->item);
    sh->mark = mem_grow(sh->mark, (size_t)sh->items, &sh->marks_cap, sizeof *sh->mark);
    sh->item[sh->items] = (struct item){kind, index, sh->part};
    sh->mark[sh->items++] = mark;
}

static void put_piece(struct sheet *sh, struct line *l, int col, int cols, enum look look,
                      const char *text, size_t len) {
    size_t at = sh->text.len;
    if (l->texts == PIECES_MAX || !buf_add(&sh->text, text, len) || !buf_char(&sh->text, '\0'))
        return; /* more text than any pane shows */
    int room = sh->cols - PANE_MARGIN - col;
    l->text[l->texts++] = (struct line_text){
        .col = col, .cols = cols > 0 && cols < room ? cols : room, .look = look, .at = at};
}

void sheet_piece(struct sheet *sh, struct line *l, int col, int cols, enum look look,
                 const char *text) {
    put_piece(sh, l, col, cols, look, text, strlen(text));
}

struct line *sheet_say(struct sheet *sh, enum line_kind kind, int col, enum look look,
                       const char *text) {
    enum { ROOM_LEAST = 8 };
    int room = sh->cols - PANE_MARGIN - col, first = sh->lines;
    do {
        size_t next = 0,
               n = wrap_line(&sh->ruler, text, room > ROOM_LEAST ? room : ROOM_LEAST, &next);
        struct line *l = sheet_line(sh, kind, NULL, 0);
        l->continues = sh->lines - 1 > first;
        put_piece(sh, l, col, 0, look, text, n);
        text += next;
    } while (*text);
    return &sh->line[first < LINES_MAX ? first : LINES_MAX - 1];
}

void sheet_sign(struct sheet *sh, struct line *l, int col, enum mark mark) {
    sheet_piece(sh, l, col, 1, sign_of(mark).look, sign_of(mark).sign);
}

void sheet_end(struct sheet *sh, struct line *l, enum look look, const char *text) {
    int end = 2;
    for (int i = 0; i < l->texts; i++)
        end = l->text[i].col + grid_width(&sh->ruler, sh->text.data + l->text[i].at) + 2;
    int col = sh->cols - PANE_MARGIN - grid_width(&sh->ruler, text);
    sheet_piece(sh, l, col > end ? col : end, 0, look, text);
}

void sheet_state(struct sheet *sh, struct line *l, enum mark mark, const char *words) {
    const struct sign sign = sign_of(mark);
    char text[400];
    snprintf(text, sizeof text, "%s %s", sign.sign, words);
    sheet_end(sh, l, sign.look, text);
}

struct line *sheet_label(struct sheet *sh, enum line_kind kind, int label_col, const char *label,
                         int col, const char *text) {
    struct line *l = sheet_say(sh, kind, col, LOOK_TEXT, text);
    sheet_piece(sh, l, label_col, col - label_col - 1, LOOK_MUTED, label);
    return l;
}

struct line *sheet_pair(struct sheet *sh, enum line_kind kind, int label_col, const char *label,
                        int col, const char *text) {
    struct line *l = sheet_line(sh, kind, NULL, 0);
    sheet_piece(sh, l, label_col, col - label_col - 1, LOOK_MUTED, label);
    sheet_piece(sh, l, col, 0, LOOK_TEXT, text);
    return l;
}

struct line *sheet_title(struct sheet *sh, enum line_kind kind, const char *title,
                         const char *rest) {
    struct line *l = sheet_line(sh, kind, NULL, 0);
    sheet_piece(sh, l, 2, 0, LOOK_TITLE, title);
    if (rest[0])
        sheet_piece(sh, l, 2 + grid_width(&sh->ruler, title) + 2, 0, LOOK_MUTED, rest);
    return l;
}

static void command_part(struct sheet *sh, enum line_kind kind, int col, const char *part,
                         bool last) {
    int room = sh->cols - PANE_MARGIN - col - 2;
    while (*part) {
        char text[sizeof((struct command *)0)->line + 4];
        size_t next = 0, n = wrap_command(&sh->ruler, part, room, &next);
        bool end = last && part[next] == '\0';
        snprintf(text, sizeof text, "%.*s%s", (int)n, part, end ? "" : " \\");
        sheet_piece(sh, sheet_line(sh, kind, NULL, 0), col, 0, LOOK_TEXT, text);
        part += next;
    }
}

/* In the parts a person would break it in, where these fit; else line by line. */
void sheet_command(struct sheet *sh, enum line_kind kind, int col, const struct command *command) {
    enum { CONTINUED = 2 };
    bool fits = command->parts > 0;
    for (int i = 0; i < command->parts; i++)
        fits &=
            grid_width(&sh->ruler, command->part[i]) <= sh->cols - PANE_MARGIN - col - CONTINUED;
    for (int i = 0; fits && i < command->parts; i++)
        command_part(sh, kind, col, command->part[i], i + 1 == command->parts);
    if (!fits)
        command_part(sh, kind, col, command->line, true);
}

void sheet_next(struct sheet *sh, int col) {
    char text[512];
    session_next(sh->s, sh->v->open, text, sizeof text);
    if (text[0])
        sheet_label(sh, LINE_NEXT, 2, "Next", col, text);
}

void sheet_locked(struct sheet *sh) {
    enum step step = sh->v->open;
    char text[512];
    sheet_blank(sh);
    sheet_state(sh, sheet_title(sh, LINE_KEEP, panels[step]->name, ""), MARK_NONE,
                session_step(sh->s, step).what);
    sheet_blank(sh);
    session_next(sh->s, step, text, sizeof text);
    sheet_say(sh, LINE_KEEP, 2, LOOK_TEXT, text)->here = true;
}

void sheet_findings(struct sheet *sh, const struct findings *f, int sign_col, bool items) {
    for (size_t i = 0; i < f->len; i++) {
        const struct finding *x = &f->item[i];
        enum mark mark = mark_of_finding(x->level);
        char text[sizeof x->text + sizeof x->file + 40];
        if (x->file[0] && x->line > 0)
            snprintf(text, sizeof text, "%s line %ld: %s", x->file, x->line, x->text);
        else if (x->line > 0)
            snprintf(text, sizeof text, "line %ld: %s", x->line, x->text);
        else if (x->file[0])
            snprintf(text, sizeof text, "%s: %s", x->file, x->text);
        else
            snprintf(text, sizeof text, "%s", x->text);
        struct line *l = sheet_say(sh, LINE_ROW, sign_col + 2, LOOK_TEXT, text);
        sheet_sign(sh, l, sign_col, mark);
        if (items)
            sheet_item(sh, l, ITEM_FINDING, (int)i, mark);
    }
}
