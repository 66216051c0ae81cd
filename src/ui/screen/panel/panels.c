#include "ui/screen/panel/panel.h"

#include <string.h>

#include "ui/screen/panel/parts.h"

const struct panel *const panels[STEPS] = {
    [STEP_OVERVIEW] = &panel_overview, [STEP_PREREQUISITES] = &panel_prerequisites,
    [STEP_LOAD] = &panel_load,         [STEP_HOST] = &panel_host,
    [STEP_SCRIPT] = &panel_script,     [STEP_RUN] = &panel_run,
    [STEP_RESULTS] = &panel_results,
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
    memcpy(out, sh.item, (size_t)n * sizeof *out);
    sheet_fini(&sh);
    return n;
}

bool panel_focused(const struct session *s, const struct view *v, struct item *out) {
    struct item item[ITEMS_MAX];
    int n = panel_items(s, v, item), focus = v->focus[v->open];
    if (n == 0)
        return false;
    *out = item[focus < 0 ? 0 : focus < n ? focus : n - 1];
    return true;
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
