#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/gauge.h"
#include "ui/screen/widget/table.h"

enum { COL_CHECK, COL_NEEDS, COL_HAS, COL_GAUGE, COL_USE, COL_VERDICT, COLUMNS };
enum { AT_SIGN = 2 };

/* By the width of the pane. */
static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Check", 4, 22, false},
     {"Needs", 27, 11, true},
     {"Has", 39, 13, true},
     {"Use", 55, 13, false},
     {"", 69, 6, true},
     {"Verdict", 76, 14, false}},
    {{"Check", 4, 20, false},
     {"Needs", 24, 11, true},
     {"Has", 36, 11, true},
     {"Use", 49, 6, false},
     {"", 56, 6, true},
     {"Verdict", 64, 14, false}},
    {{"Check", 4, 19, false},
     {"Needs", 23, 10, true},
     {"Has", 33, 11, true},
     {"Use", 46, 4, false},
     {"", 51, 6, true},
     {"Verdict", 58, 13, false}},
};

static const struct column *columns_for(int cols) { return columns[pane_size(cols)]; }

static void draw_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, columns_for(p->a.cols), COLUMNS);
}

static void draw_check(const struct pen *p, int index) {
    const struct host_check *c = &p->s->host_check[index];
    const struct column *col = columns_for(p->a.cols);
    const struct sign sign = sign_of(mark_of_use(c->status));
    enum look gauge = c->status == USE_OK ? LOOK_MUTED : sign.look;
    char text[64];
    int row = p->a.row, left = p->a.col;
    pen_sign(p, AT_SIGN, mark_of_use(c->status));
    table_cell(p->g, row, left, &col[COL_CHECK], LOOK_TEXT, c->title);
    if (!isnan(c->needed))
        table_cell(p->g, row, left, &col[COL_NEEDS], LOOK_TEXT,
                   sizing_show(c->needed, c->unit, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_HAS], isnan(c->available) ? LOOK_NODATA : LOOK_TEXT,
               sizing_show(c->available, c->unit, text, sizeof text));
    if (!isnan(c->use)) {
        gauge_draw(p->g, row, left + col[COL_GAUGE].at, col[COL_GAUGE].width, c->use, gauge);
        snprintf(text, sizeof text, c->use < 10 ? "%.0f %%" : ">999 %%", 100 * c->use);
        table_cell(p->g, row, left, &col[COL_USE], LOOK_TEXT, text);
    }
    snprintf(text, sizeof text, "%s %s", sign.sign, sign.word);
    table_cell(p->g, row, left, &col[COL_VERDICT], sign.look, text);
}

/* --- the check in focus ---------------------------------------------------------------------- */

static bool has_fix(const struct host_check *c) {
    return c->fix[0] && (c->status == USE_NEAR || c->status == USE_OVER);
}

/* "references/infrastructure-requirements.md:62, as installed" when the file is ours. */
static const char *rule_words(const char *place, char *out, size_t size) {
    static const char ours[] = "built-in ";
    if (strncmp(place, ours, sizeof ours - 1) != 0)
        return place;
    snprintf(out, size, "%s, as installed", place + sizeof ours - 1);
    return out;
}

static void add_details(struct sheet *sh, const struct host_check *c) {
    int text_col = sh->narrow ? 18 : 24;
    char rule[256], words[288];
    struct line *l = sheet_say(sh, LINE_KEEP, text_col, LOOK_TEXT, c->how);
    sheet_piece(sh, l, 2, text_col - 3, LOOK_TITLE, c->title);
    if (!c->required)
        sheet_say(sh, LINE_SOURCE, text_col, LOOK_MUTED,
                  "A warning only: it does not stop the run.");
    if (has_fix(c)) {
        sheet_blank(sh);
        sheet_label(sh, LINE_KEEP, 4, "To fix", text_col, c->fix);
        sheet_say(sh, LINE_SOURCE, text_col, LOOK_MUTED,
                  strcmp(c->fact, "files") == 0
                      ? "in the shell that will run the test; then press r"
                      : "then press r");
    }
    sheet_blank(sh);
    rules_place(&sh->s->rules, DOC_INFRASTRUCTURE, c->line, rule, sizeof rule);
    sheet_label(sh, LINE_SOURCE, 2, "Rule", text_col, rule_words(rule, words, sizeof words));
}

/* --- the panel ------------------------------------------------------------------------------- */

static void add_title(struct sheet *sh) {
    const struct session *s = sh->s;
    static const struct {
        enum use_status status;
        enum mark mark;
    } order[] = {{USE_OVER, MARK_BROKEN}, {USE_NEAR, MARK_NEAR}, {USE_NO_DATA, MARK_NODATA}};
    char text[200], words[96] = "", vus[32];
    enum mark mark = MARK_OK;
    int machines = s->profile.generators > 1 ? s->profile.generators : 1;
    double most = ceil((double)profile_most_users(&s->profile) / machines);
    snprintf(text, sizeof text, sh->narrow ? "%s, up to %s VUs" : "this host: %s, for up to %s VUs",
             s->host.name, unit_show(most, 0, vus, sizeof vus));
    if (machines > 1)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", 1 of %d", machines);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int n = 0;
        for (int k = 0; k < s->host_checks; k++)
            n += s->host_check[k].status == order[i].status;
        if (n == 0)
            continue;
        size_t len = strlen(words);
        snprintf(words + len, sizeof words - len, "%s%d %s", len ? ", " : "", n,
                 sign_of(order[i].mark).word);
        mark = mark == MARK_OK ? order[i].mark : mark;
    }
    struct line *l = sheet_title(sh, LINE_KEEP, "Load generator", text);
    sheet_state(sh, l, mark, words[0] ? words : "ok");
}

static void add_table(struct sheet *sh) {
    const struct session *s = sh->s;
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    if (!sh->narrow)
        sheet_blank(sh);
    for (int i = 0; i < s->host_checks; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_check, i), ITEM_HOST_CHECK, i,
                   mark_of_use(s->host_check[i].status));
}

/* More machines than are planned for, and why. */
static void add_split(struct sheet *sh, int col) {
    const struct session *s = sh->s;
    char text[120];
    int planned = s->profile.generators > 1 ? s->profile.generators : 1;
    if (s->generators_needed <= planned && planned == 1)
        return;
    sheet_blank(sh);
    if (s->generators_needed > planned)
        snprintf(text, sizeof text, "%d machines like this one carry the load; planned for %d.%s",
                 s->generators_needed, planned, session_can_split(s) ? " s splits it." : "");
    else
        snprintf(text, sizeof text, "%d share the load; %d like this one would do.", planned,
                 s->generators_needed);
    struct line *l = sheet_label(sh, LINE_KEEP, 2, "Machines", col, text);
    if (s->generators_needed > planned)
        l->text[0].look = LOOK_WARN;
    for (size_t i = 0; i < s->generators_why.len; i++)
        sheet_say(sh, LINE_SOURCE, col, LOOK_MUTED, s->generators_why.item[i].text);
}

static void build(struct sheet *sh) {
    const struct session *s = sh->s;
    if (!session_step_open(s, STEP_HOST)) {
        sheet_locked(sh);
        return;
    }
    sheet_columns(sh, 94, 60);
    sheet_blank(sh);
    add_title(sh);
    sheet_blank(sh);
    if (s->host_checks == 0) {
        const char *why = s->host_error.text[0] ? s->host_error.text : s->profile_error.text;
        sheet_say(sh, LINE_KEEP, 2, LOOK_NODATA, why[0] ? why : "Set the load first (2).")->here =
            true;
        return;
    }
    add_table(sh);
    sheet_right(sh);
    int focus = s->host_checks > 0 ? sh->v->focus[STEP_HOST] : 0;
    focus = focus < 0 ? 0 : focus < s->host_checks ? focus : s->host_checks - 1;
    add_details(sh, &s->host_check[focus]);
    add_split(sh, sh->narrow ? 18 : 24);
    sheet_blank(sh);
    sheet_next(sh, sh->narrow ? 18 : 24);
}

static int start(const struct session *s, const struct view *v) {
    (void)v;
    int worst = 0;
    for (int i = 1; i < s->host_checks; i++)
        if (use_rank(s->host_check[i].status) < use_rank(s->host_check[worst].status))
            worst = i;
    return worst;
}

/* The fix where there is something to fix, else the row. */
static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    char needs[48], has[48];
    if (!panel_focused(s, v, &it) || it.index >= s->host_checks)
        return false;
    const struct host_check *c = &s->host_check[it.index];
    if (has_fix(c))
        return buf_str(out, c->fix);
    return buf_printf(out, "%s: needs %s, has %s", c->title,
                      sizing_show(c->needed, c->unit, needs, sizeof needs),
                      sizing_show(c->available, c->unit, has, sizeof has));
}

const struct panel panel_host = {
    .name = "Load generator", .build = build, .start = start, .copy = copy};
