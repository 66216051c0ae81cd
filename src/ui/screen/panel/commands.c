/* The commands of the new script, as Script and Run show them. */
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum { LONG_COMMAND_BYTES = 480 }; /* more than a small screen has room for: it scrolls */

/* A block for each machine: its place, then the command, which y copies. */
static void add_block(struct sheet *sh, int col, size_t index) {
    const struct command *c = session_command(sh->s, index);
    int first = sh->lines, mark = c->where[0] ? col - 4 : col - 2;
    if (c->where[0])
        sheet_piece(sh, sheet_line(sh, LINE_ROW, NULL, 0), col - 2, 0, LOOK_TITLE, c->where);
    sheet_command(sh, LINE_ROW, col, c);
    struct line *l = &sh->line[first < sh->lines ? first : sh->lines - 1];
    l->mark_col = mark > 0 ? mark : 0;
    sheet_item(sh, l, ITEM_COMMAND, (int)index, MARK_NONE);
}

/* One line of it, where something else needs the room. */
static void add_cut(struct sheet *sh, int col, size_t index) {
    enum { PLACE_COLS = 20 };
    const struct command *c = session_command(sh->s, index);
    struct line *l = sheet_line(sh, LINE_ROW, NULL, 0);
    if (c->where[0])
        sheet_piece(sh, l, col, PLACE_COLS, LOOK_MUTED, c->where);
    sheet_piece(sh, l, c->where[0] ? col + PLACE_COLS + 2 : col, 0, LOOK_TEXT, c->line);
    l->mark_col = col - 2;
    sheet_item(sh, l, ITEM_COMMAND, (int)index, MARK_NONE);
}

bool commands_scroll(const struct session *s) {
    size_t n = session_commands(s);
    return n > 1 || (n == 1 && strlen(session_command(s, 0)->line) > LONG_COMMAND_BYTES);
}

static void add_length(struct sheet *sh, int col) {
    const struct session *s = sh->s;
    char text[200], length[32], ends[32], bytes[32];
    snprintf(text, sizeof text, "Runs %s, until %s if started now. Results: about %s.",
             unit_show_clock(s->profile.duration_s, length, sizeof length),
             session_ends(s, ends, sizeof ends),
             unit_show_bytes(session_result_bytes(s), bytes, sizeof bytes));
    sheet_say(sh, LINE_SOURCE, col, LOOK_MUTED, text);
}

static void add_manifest(struct sheet *sh, int col) {
    char text[NAME_MAX_BYTES + 80];
    if (!sh->s->script.manifest[0])
        return;
    snprintf(text, sizeof text, "%s, for an engine that runs all of them, %s.",
             sh->s->script.manifest,
             sh->s->script.written ? "stands beside the script" : "is written with the script");
    sheet_say(sh, LINE_ROW, col, LOOK_TEXT, text);
}

void commands_build(struct sheet *sh, int col, bool whole) {
    const struct script *sc = &sh->s->script;
    char text[sizeof sc->error.text + sizeof sc->error.file + sizeof sc->error.fix];
    if (sc->command_error.kind != ERR_NONE) {
        sheet_say(sh, LINE_KEEP, col, LOOK_FAIL,
                  err_sentence(&sc->command_error, text, sizeof text));
        return;
    }
    size_t n = session_commands(sh->s);
    bool scroll = commands_scroll(sh->s);
    for (size_t i = 0; i < n && scroll; i++)
        (whole ? add_block : add_cut)(sh, col, i);
    if (n == 1 && !scroll)
        sheet_command(sh, LINE_KEEP, col, session_command(sh->s, 0));
    add_manifest(sh, col);
    add_length(sh, col);
}

bool commands_copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    size_t n = session_commands(s), index = 0;
    if (n == 0)
        return false;
    if (panel_focused(s, v, &it) && it.kind == ITEM_COMMAND && (size_t)it.index < n)
        index = (size_t)it.index;
    return buf_str(out, session_command(s, index)->line);
}
