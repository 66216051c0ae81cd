/* Several scenarios on the Load screen: how the target divides. */
#include <stdio.h>

#include "base/unit.h"
#include "ui/screen/panel/load_parts.h"
#include "ui/screen/widget/table.h"

enum { COL_NAME, COL_SHARE, COL_RATE, COL_ITERATIONS, COL_REQUESTS, COL_THINK, COL_VUS, COL_USERS };
enum { COLUMNS = COL_USERS + 1 };

/* By the width of the pane. */
static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Scenario", 4, 19, false},
     {"Share", 24, 8, true},
     {"RPS", 33, 9, true},
     {"Iterations/s", 43, 12, true},
     {"Requests", 56, 8, true},
     {"Think ms", 65, 8, true},
     {"VUs", 74, 8, true},
     {"Started", 83, 8, true}},
    {{"Scenario", 4, 16, false},
     {"Share", 21, 8, true},
     {"RPS", 30, 8, true},
     {"It./s", 39, 7, true},
     {"Req.", 47, 5, true},
     {"Think", 53, 6, true},
     {"VUs", 60, 6, true},
     {"Started", 67, 8, true}},
    {{"Scenario", 4, 19, false},
     {"Share", 24, 8, true},
     {"RPS", 33, 8, true},
     {"It./s", 42, 7, true},
     {"", 0, 0, true},
     {"", 0, 0, true},
     {"VUs", 50, 7, true},
     {"Started", 58, 8, true}},
};

static void draw_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, columns[pane_size(p->a.cols)], COLUMNS);
}

static void draw_scenario(const struct pen *p, int index) {
    const struct profile *load = &p->s->profile;
    const struct part *part = &load->part[index];
    char cell[COLUMNS][64];
    snprintf(cell[COL_NAME], sizeof cell[0], "%s", part->name);
    unit_show_share(part->share, cell[COL_SHARE], sizeof cell[0]);
    show_rate(part->share * load->target_rps, cell[COL_RATE], sizeof cell[0]);
    show_rate(part->iteration_rps, cell[COL_ITERATIONS], sizeof cell[0]);
    unit_show_short(part->requests_per_iteration, 2, cell[COL_REQUESTS], sizeof cell[0]);
    unit_show(part->think_ms + part->wait_ms, 0, cell[COL_THINK], sizeof cell[0]);
    unit_show(part->vus, 0, cell[COL_VUS], sizeof cell[0]);
    unit_show(part->users, 0, cell[COL_USERS], sizeof cell[0]);
    for (int i = 0; i < COLUMNS; i++)
        table_cell(p->g, p->a.row, p->a.col, &columns[pane_size(p->a.cols)][i], LOOK_TEXT, cell[i]);
}

void load_scenarios_build(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    if (p->parts < 2)
        return;
    sheet_blank(sh);
    sheet_line(sh, LINE_ROW, draw_head, 0);
    for (size_t i = 0; i < p->parts; i++)
        sheet_line(sh, LINE_ROW, draw_scenario, (int)i);
}
