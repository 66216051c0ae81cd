#include "ui/screen/panel/panel.h"

#include "ui/screen/panel/parts.h"

const struct panel *const panels[STEPS] = {
    [STEP_OVERVIEW] = &panel_overview, [STEP_PREREQUISITES] = &panel_prerequisites,
    [STEP_LOAD] = &panel_load,         [STEP_HOST] = &panel_host,
    [STEP_SCRIPT] = &panel_script,     [STEP_RUN] = &panel_run,
    [STEP_RESULTS] = &panel_results,
};

static sheet_build *const builders[STEPS] = {
    [STEP_OVERVIEW] = overview_build, [STEP_PREREQUISITES] = prerequisites_build,
    [STEP_LOAD] = load_build,         [STEP_HOST] = host_build,
    [STEP_SCRIPT] = script_build,     [STEP_RUN] = run_build,
    [STEP_RESULTS] = results_build,
};

bool panel_focused(const struct session *s, const struct view *v, struct item *out) {
    struct item item[ITEMS_MAX];
    int n = panels[v->open]->items(s, v, item), focus = v->focus[v->open];
    if (n == 0)
        return false;
    *out = item[focus < 0 ? 0 : focus < n ? focus : n - 1];
    return true;
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
    return panel_search(builders[v->open], s, v, a, text, dir, focus);
}
