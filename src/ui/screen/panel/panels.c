#include "ui/screen/panel/panel.h"

#include <string.h>

#include "ui/screen/panel/parts.h"

const struct panel *const panels[STEPS] = {
    [STEP_OVERVIEW] = &panel_overview, [STEP_PREREQUISITES] = &panel_prerequisites,
    [STEP_LOAD] = &panel_load,         [STEP_HOST] = &panel_host,
    [STEP_SCRIPT] = &panel_script,     [STEP_RUN] = &panel_run,
    [STEP_RESULTS] = &panel_results,   [STEP_REVIEW] = &panel_review,
    [STEP_HISTORY] = &panel_history,
};

/* What can have the focus does not depend on the size. */
static const struct area small_pane = {.rows = 19, .cols = 80};

/* The lines of the open panel; sheet_fini() is the caller's. */
static void open_sheet(struct sheet *sh, const struct session *s, const struct view *v,
                       struct area a, enum glyphs glyphs) {
    sheet_init(sh, s, v, a, glyphs);
    panels[v->open]->build(sh);
}

int panel_items(const struct session *s, const struct view *v, struct item out[ITEMS_MAX]) {
    struct sheet sh;
    open_sheet(&sh, s, v, small_pane, GLYPHS_BRAILLE);
    int n = sh.items;
    if (n > 0)
        memcpy(out, sh.item, (size_t)n * sizeof *out);
    sheet_fini(&sh);
    return n;
}

bool panel_focused(const struct session *s, const struct view *v, struct item *out) {
    struct sheet sh;
    open_sheet(&sh, s, v, small_pane, GLYPHS_BRAILLE);
    bool any = sh.items > 0;
    if (any)
        *out = sh.item[sheet_focused(&sh)];
    sheet_fini(&sh);
    return any;
}

int panel_worst(const struct session *s, const struct view *v) {
    struct sheet sh;
    open_sheet(&sh, s, v, small_pane, GLYPHS_BRAILLE);
    int worst = 0;
    for (int i = 1; i < sh.items; i++)
        if (mark_rank(sh.mark[i]) < mark_rank(sh.mark[worst]))
            worst = i;
    sheet_fini(&sh);
    return worst;
}

int panel_start(const struct session *s, const struct view *v) {
    const struct panel *p = panels[v->open];
    return p->start ? p->start(s, v) : panel_worst(s, v);
}

void panel_draw(const struct session *s, const struct view *v, struct grid *g, struct area a) {
    struct sheet sh;
    open_sheet(&sh, s, v, a, g->glyphs);
    sheet_draw(&sh, g);
    sheet_fini(&sh);
}

int panel_list_from(const struct session *s, const struct view *v, struct area a) {
    struct sheet sh;
    open_sheet(&sh, s, v, a, GLYPHS_BRAILLE);
    int from = sheet_list_from(&sh);
    sheet_fini(&sh);
    return from;
}

int panel_list_item(const struct session *s, const struct view *v, struct area a, int row) {
    struct sheet sh;
    open_sheet(&sh, s, v, a, GLYPHS_BRAILLE);
    int item = sheet_list_item(&sh, row);
    sheet_fini(&sh);
    return item;
}

int panel_scroll_in(const struct session *s, const struct view *v, struct area a, int lines) {
    struct sheet sh;
    open_sheet(&sh, s, v, a, GLYPHS_BRAILLE);
    int to = sheet_scroll_in(&sh, lines);
    sheet_fini(&sh);
    return to;
}

int panel_scroll_most(const struct session *s, const struct view *v, struct area a) {
    struct sheet sh;
    open_sheet(&sh, s, v, a, GLYPHS_BRAILLE);
    int most = sheet_scroll_most(&sh);
    sheet_fini(&sh);
    return most;
}

bool panel_find(const struct session *s, const struct view *v, struct area a, const char *text,
                int dir, int *focus, int *scroll) {
    *focus = *scroll = -1;
    if (text[0] == '\0')
        return false;
    if (v->open == STEP_SCRIPT && script_find(s, v, a, text, dir, scroll)) {
        *focus = 0;
        return true;
    }
    struct sheet sh;
    open_sheet(&sh, s, v, a, GLYPHS_BRAILLE);
    bool found = sheet_find(&sh, text, dir, focus);
    sheet_fini(&sh);
    return found;
}
