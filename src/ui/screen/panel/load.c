#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/load_parts.h"

/* A field: label, box, unit, where from. In the short form several share a line. */
enum { AT_LABEL = 4, AT_MARK = 2, AT_BOX = 24, BOX_COLS = 10, AT_UNIT = 35, AT_CHOICE = 24 };
enum { SLOT = 25, SLOT_COLS = 9, AT_JOINED_UNIT = 53, LINE_FIELDS = 3 };

static int origin_col(int cols) {
    static const int at[PANE_SIZES] = {59, 56, 52};
    return at[pane_size(cols)];
}

/* --- a box with a value ---------------------------------------------------------------------- */

struct box {
    int col, cols; /* brackets inside */
};

static void draw_edited(const struct pen *p, struct box b) {
    const struct edit_line *e = &p->v->edit;
    int end = p->a.col + b.col + b.cols - 2;
    grid_right(p->g, p->a.row, end, b.cols - 3, LOOK_FIELD, e->text);
    int behind = grid_width(p->g, e->text + e->cursor);
    p->g->cursor_row = p->a.row;
    p->g->cursor_col = behind < b.cols - 3 ? end - behind : end - (b.cols - 3);
}

static void draw_box(const struct pen *p, enum field f, struct box b, bool focused) {
    const struct field_state *st = &p->s->form.field[f];
    int left = p->a.col + b.col, end = left + b.cols - 2;
    if (focused) {
        grid_put(p->g, p->a.row, left, 1, LOOK_TEXT, "[");
        grid_put(p->g, p->a.row, left + b.cols - 1, 1, LOOK_TEXT, "]");
    }
    if (focused && p->v->mode == VIEW_EDIT) {
        draw_edited(p, b);
        return;
    }
    const char *text = st->error[0] ? st->typed : st->shown;
    enum look look = st->error[0] ? LOOK_FAIL : LOOK_TEXT;
    if (text[0])
        grid_right(p->g, p->a.row, end, b.cols - 2, look, text);
    else
        grid_right(p->g, p->a.row, end, b.cols - 2, LOOK_NODATA, "not set");
}

/* Several scenarios: a text from the left, in the room of box and unit. */
static bool is_list(const struct session *s, enum field f) {
    return field_def(f)->each && session_has_field(s, FIELD_SHARES);
}

static void draw_list(const struct pen *p, enum field f, struct box b) {
    const struct field_state *st = &p->s->form.field[f];
    int left = p->a.col + b.col, room = b.cols - 3;
    if (p->focus >= 0) {
        grid_put(p->g, p->a.row, left, 1, LOOK_TEXT, "[");
        grid_put(p->g, p->a.row, left + b.cols - 1, 1, LOOK_TEXT, "]");
    }
    if (p->focus >= 0 && p->v->mode == VIEW_EDIT) {
        const struct edit_line *e = &p->v->edit;
        int width = grid_width(p->g, e->text), behind = grid_width(p->g, e->text + e->cursor);
        int end = left + 1 + (width < room ? width : room);
        grid_right(p->g, p->a.row, end, room, LOOK_FIELD, e->text);
        p->g->cursor_row = p->a.row;
        p->g->cursor_col = behind < end - left - 1 ? end - behind : left + 1;
        return;
    }
    const char *text = st->error[0] ? st->typed : st->shown;
    enum look look = st->error[0] ? LOOK_FAIL : text[0] ? LOOK_TEXT : LOOK_NODATA;
    grid_put(p->g, p->a.row, left + 1, room + 1, look, text[0] ? text : "not set");
}

static void draw_choice(const struct pen *p, enum field f) {
    const char *const *word = field_choices(f);
    double value = p->s->form.field[f].value;
    int col = p->a.col + AT_CHOICE;
    for (int i = 0; word[i]; i++) {
        bool chosen = value == i;
        if (!session_choice(p->s, f, i))
            continue;
        if (chosen)
            col = grid_put(p->g, p->a.row, col, 2, LOOK_MUTED, "‹ ");
        col = grid_put(p->g, p->a.row, col, 24, chosen ? LOOK_TITLE : LOOK_TEXT, word[i]);
        if (chosen)
            col = grid_put(p->g, p->a.row, col, 2, LOOK_MUTED, " ›");
        col += 3;
    }
}

/* --- a field on a line of its own ------------------------------------------------------------ */

static void draw_field(const struct pen *p, int index) {
    enum field f = (enum field)index;
    const char *label = field_label(f, session_model(p->s));
    pen_mark(p, AT_MARK);
    grid_put(p->g, p->a.row, p->a.col + AT_LABEL, AT_BOX - AT_LABEL - 1,
             p->focus >= 0 ? LOOK_TITLE : LOOK_MUTED, label);
    if (field_def(f)->kind == KIND_CHOICE)
        draw_choice(p, f);
    else if (is_list(p->s, f))
        draw_list(p, f, (struct box){AT_BOX, origin_col(p->a.cols) - AT_BOX - 2});
    else
        draw_box(p, f, (struct box){AT_BOX, BOX_COLS}, p->focus >= 0);
}

static const char *choice_words(const struct session *s, enum field f) {
    static const char *const models[] = {[MODEL_LOAD] = "hold the target, check the limits",
                                         [MODEL_STRESS] = "raise the load until a limit breaks",
                                         [MODEL_SOAK] = "hold the target for hours"};
    static const char *const methods[] = {[ARRIVALS_OPEN] = "a slow server cannot lower it",
                                          [ARRIVALS_CLOSED] = "a slow server lowers the load",
                                          [ARRIVALS_PACED] = "a slow server can lower the load"};
    return f == FIELD_MODEL ? models[session_model(s)] : methods[session_method(s)];
}

/* Where little room is, the script goes by its kind: its name stands on every other screen. */
static void add_origin(struct sheet *sh, struct line *l, int col, const char *origin) {
    const struct session *s = sh->s;
    const char *name = s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].name : "";
    char text[sizeof s->form.field[0].origin];
    size_t n = strlen(name);
    if (!sh->narrow || !n || strncmp(origin, name, n) != 0) {
        sheet_piece(sh, l, col, 0, LOOK_MUTED, origin);
        return;
    }
    snprintf(text, sizeof text, "script%s", origin + n);
    sheet_piece(sh, l, col, 0, LOOK_MUTED, text);
}

/* What is wrong stands beside the field, where else unit and origin are. */
static struct line *field_line(struct sheet *sh, enum field f) {
    const struct field_state *st = &sh->s->form.field[f];
    const struct field_def *def = field_def(f);
    int origin = origin_col(sh->cols);
    if (st->error[0] && def->kind != KIND_CHOICE && !is_list(sh->s, f))
        return sheet_say(sh, LINE_ROW, AT_UNIT, LOOK_FAIL, st->error);
    struct line *l = sheet_line(sh, LINE_ROW, NULL, 0);
    if (st->error[0]) /* there is no room beside it */
        return l;
    if (def->kind == KIND_CHOICE) {
        bool warn = f == FIELD_METHOD && st->value != ARRIVALS_OPEN;
        if (!sh->narrow)
            sheet_piece(sh, l, origin, 0, warn ? LOOK_WARN : LOOK_MUTED, choice_words(sh->s, f));
        return l;
    }
    if (is_list(sh->s, f)) {
        add_origin(sh, l, origin, st->origin);
        return l;
    }
    bool hours = def->kind == KIND_DURATION_S && st->value >= 3600;
    sheet_piece(sh, l, AT_UNIT, origin - AT_UNIT - 1, LOOK_TEXT, hours ? "h" : def->unit);
    add_origin(sh, l, origin, st->origin);
    return l;
}

static void add_field(struct sheet *sh, enum field f) {
    const struct field_state *st = &sh->s->form.field[f];
    struct line *l = field_line(sh, f);
    l->draw = draw_field;
    l->index = (int)f;
    l->draws_mark = true;
    sheet_item(sh, l, ITEM_FIELD, (int)f,
               st->error[0]       ? MARK_BROKEN
               : isnan(st->value) ? MARK_NODATA
                                  : MARK_OK);
    if (st->error[0] && (field_def(f)->kind == KIND_CHOICE || is_list(sh->s, f)))
        sheet_say(sh, LINE_ROW, AT_BOX, LOOK_FAIL, st->error);
}

/* --- the long form --------------------------------------------------------------------------- */

/* The limit of the rate is a rule, not a field. */
static void add_rate_limit(struct sheet *sh) {
    const struct session *s = sh->s;
    bool closed = session_method(s) != ARRIVALS_OPEN;
    const struct limit_rule *rule =
        rules_limit(&s->rules, session_model(s) == MODEL_STRESS ? "stress_rps"
                               : closed                         ? "rps_closed"
                                                                : "rps");
    char number[32];
    if (!rule || isnan(rule->limit))
        return;
    unit_show_short(rule->limit * 100, 2, number, sizeof number);
    struct line *l = sheet_line(sh, LINE_SOURCE, NULL, 0);
    sheet_piece(sh, l, AT_LABEL, 0, LOOK_MUTED, "Rate limit");
    sheet_piece(sh, l, AT_BOX + BOX_COLS - 2 - grid_width(&sh->ruler, number), 0, LOOK_TEXT,
                number);
    sheet_piece(sh, l, AT_UNIT, 0, LOOK_TEXT, "% of target");
    sheet_piece(sh, l, origin_col(sh->cols), 0, LOOK_MUTED, s->rules.doc[DOC_VALIDATION].name);
}

static void build_long(struct sheet *sh) {
    for (int f = 0; f < FIELDS; f++) {
        if (!session_has_field(sh->s, (enum field)f))
            continue;
        if (f == FIELD_TARGET || f == FIELD_STEPS || f == FIELD_P95 ||
            (f == FIELD_RAMP_UP && session_model(sh->s) != MODEL_STRESS))
            sheet_blank(sh);
        if (f == FIELD_GENERATORS)
            add_rate_limit(sh);
        add_field(sh, (enum field)f);
    }
}

/* --- the short form -------------------------------------------------------------------------- */

/* Fields that share a line, in the order of enum field. */
struct joined {
    const char *label, *unit;
    enum field field[LINE_FIELDS];
    int fields;
    int first; /* the one whose origin matters most */
    bool model[MODELS];
};

static const struct joined joined[] = {
    {"Steps, first, last",
     "RPS",
     {FIELD_STEPS, FIELD_START, FIELD_MAX},
     3,
     1,
     {false, true, false}},
    {"Ramp, hold of a step", "", {FIELD_RAMP_UP, FIELD_HOLD}, 2, 0, {false, true, false}},
    {"Up, hold, down", "", {FIELD_RAMP_UP, FIELD_HOLD, FIELD_RAMP_DOWN}, 3, 1, {true, false, true}},
    {"p95, errors %, hosts",
     "",
     {FIELD_P95, FIELD_ERRORS, FIELD_GENERATORS},
     3,
     0,
     {true, true, true}},
};

static void draw_joined(const struct pen *p, int index) {
    const struct joined *j = &joined[index];
    pen_mark(p, AT_MARK);
    grid_put(p->g, p->a.row, p->a.col + AT_LABEL, SLOT - AT_LABEL - 1,
             p->focus >= 0 ? LOOK_TITLE : LOOK_MUTED, j->label);
    for (int i = 0; i < j->fields; i++)
        draw_box(p, j->field[i], (struct box){SLOT + i * SLOT_COLS, SLOT_COLS}, p->focus == i);
}

/* The field in focus tells where it is from, else the one that matters most. */
static enum field speaks(const struct sheet *sh, const struct joined *j) {
    int focus = sh->v->focus[sh->v->open] - sh->items;
    return focus >= 0 && focus < j->fields ? j->field[focus] : j->field[j->first];
}

static void add_joined(struct sheet *sh, int index) {
    const struct joined *j = &joined[index];
    const struct field_state *st = sh->s->form.field;
    struct line *l = sheet_line(sh, LINE_ROW, draw_joined, index);
    l->draws_mark = true;
    sheet_piece(sh, l, AT_JOINED_UNIT, 0, LOOK_TEXT, j->unit);
    sheet_piece(sh, l, AT_JOINED_UNIT + (j->unit[0] ? 4 : 3), 0, LOOK_MUTED,
                st[speaks(sh, j)].origin);
    for (int i = 0; i < j->fields; i++) {
        const struct field_state *f = &st[j->field[i]];
        sheet_item(sh, l, ITEM_FIELD, (int)j->field[i],
                   f->error[0]       ? MARK_BROKEN
                   : isnan(f->value) ? MARK_NODATA
                                     : MARK_OK);
    }
    for (int i = 0; i < j->fields; i++)
        if (st[j->field[i]].error[0])
            sheet_say(sh, LINE_ROW, AT_BOX, LOOK_FAIL, st[j->field[i]].error);
}

static void build_short(struct sheet *sh) {
    enum model m = session_model(sh->s);
    for (int f = 0; f < FIELD_STEPS; f++)
        if (session_has_field(sh->s, (enum field)f))
            add_field(sh, (enum field)f);
    for (int i = 0; i < (int)(sizeof joined / sizeof *joined); i++)
        if (joined[i].model[m])
            add_joined(sh, i);
}

/* --- the panel ------------------------------------------------------------------------------- */

static void add_title(struct sheet *sh) {
    const struct session *s = sh->s;
    struct line *l = sheet_title(sh, LINE_KEEP, "Load",
                                 s->base.source == BASELINE_MEASURED
                                     ? "values from test-plan.md and the baseline"
                                     : "values from test-plan.md");
    if (form_first_error(&s->form, session_model(s)) != FIELDS)
        sheet_state(sh, l, MARK_BROKEN, "a field is wrong");
}

/* The chart alone, with the items behind it so that the focus stays. */
static void build_zoom(struct sheet *sh) {
    struct line *l = sheet_title(sh, LINE_KEEP, "Shape", "RPS over time   z closes");
    for (int f = 0; f < FIELDS; f++)
        if (session_has_field(sh->s, (enum field)f))
            sheet_item(sh, l, ITEM_FIELD, f, MARK_OK);
    sheet_item(sh, l, ITEM_CONFIRM, 0, MARK_OK);
    load_chart_build(sh, true);
}

static void build(struct sheet *sh) {
    if (!session_step_open(sh->s, STEP_LOAD)) {
        sheet_locked(sh);
        return;
    }
    if (sh->v->zoom) {
        build_zoom(sh);
        return;
    }
    sheet_columns(sh, 94, 36);
    sheet_blank(sh);
    if (!sh->strip) {
        add_title(sh);
        sheet_blank(sh);
    }
    if (sh->narrow)
        build_short(sh);
    else
        build_long(sh);
    sheet_blank(sh);
    load_size_build(sh);
    sheet_right(sh);
    load_chart_build(sh, false);
}

/* The first field that is wrong or missing, else the target. Shares are made of the others. */
static int start(const struct session *s, const struct view *v) {
    struct item item[ITEMS_MAX];
    int n = panel_items(s, v, item), target = 0, shares = -1;
    for (int i = 0; i < n; i++) {
        const struct field_state *st = &s->form.field[item[i].index];
        bool open = item[i].kind == ITEM_FIELD && (st->error[0] || isnan(st->value));
        if (open && (item[i].index != FIELD_SHARES || st->error[0]))
            return i;
        if (open)
            shares = i;
        if (item[i].kind == ITEM_FIELD && item[i].index == FIELD_TARGET)
            target = i;
    }
    return shares >= 0 ? shares : target;
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    if (!panel_focused(s, v, &it))
        return false;
    if (it.kind == ITEM_CONFIRM) {
        char line[256], more[256];
        session_question(s, line, sizeof line, more, sizeof more);
        return buf_printf(out, "%s %s", line, more);
    }
    const struct field_state *st = &s->form.field[it.index];
    return buf_printf(out, "%s: %s %s (%s)", field_label((enum field)it.index, session_model(s)),
                      st->shown, field_def((enum field)it.index)->unit, st->origin);
}

const struct panel panel_load = {.name = "Load", .build = build, .start = start, .copy = copy};
