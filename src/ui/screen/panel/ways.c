/* Rows that offer a way to go on: a file, a paste, a statement. */
#include <stdio.h>
#include <string.h>

#include "ui/screen/panel/parts.h"

struct line *way_line(struct sheet *sh, const struct way_cols *c, enum mark mark, const char *name,
                      const char *what, const char *how) {
    struct line *l = sheet_say(sh, LINE_ROW, c->how, LOOK_MUTED, how);
    sheet_sign(sh, l, c->sign, mark);
    sheet_piece(sh, l, c->sign + 2, c->what - c->sign - 3, LOOK_TEXT, name);
    sheet_piece(sh, l, c->what, c->how - c->what - 1, LOOK_TEXT, what);
    l->mark_col = c->sign - 2;
    return l;
}

/* What the baseline's result has been read from is no news. */
static bool is_used(const struct session *s, const char *name) {
    return s->base.source == BASELINE_MEASURED && strcmp(s->base.file, name) == 0;
}

void result_files_build(struct sheet *sh, const struct way_cols *c, enum item_kind kind) {
    const struct session *s = sh->s;
    for (size_t i = 0; i < s->ws.results; i++) {
        const struct result_file *f = &s->ws.result[i];
        char how[96], when[32];
        if (is_used(s, f->name))
            continue;
        snprintf(how, sizeof how, "%s, %s",
                 show_when(f->changed_s * 1000, s->now_ms, when, sizeof when), f->reader->name);
        struct line *l = way_line(sh, c, MARK_NONE, "Open", f->name, how);
        sheet_item(sh, l, kind, (int)i, MARK_NONE);
    }
}
