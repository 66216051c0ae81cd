#include <stdio.h>
#include <string.h>

#include "ui/screen/panel/run_live.h"

enum { AT_NUMBER = 2, AT_TEXT = 5 };

static void add_title(struct sheet *sh) {
    struct row r = session_step(sh->s, STEP_RUN);
    struct line *l = sheet_title(sh, LINE_KEEP, "Run", "");
    if (sh->s->result.there)
        sheet_state(sh, l, r.mark, r.what);
    else
        sheet_state(sh, l, MARK_NONE, "waiting for the first data");
}

static void add_number(struct sheet *sh, const char *number, const char *text) {
    struct line *l = sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, text);
    sheet_piece(sh, l, AT_NUMBER, 2, LOOK_TITLE, number);
}

static void add_command(struct sheet *sh) {
    const struct session *s = sh->s;
    char text[640];
    snprintf(text, sizeof text,
             session_commands(s) > 1 ? "Run these in this order, each at its place, in %s"
                                     : "Run this in another terminal, in %s",
             s->ws.path);
    add_number(sh, "1", text);
    sheet_blank(sh);
    commands_build(sh, AT_TEXT, true);
    sheet_blank(sh);
    sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED,
              "y copies it. o leaves the dashboard for a moment and prints it plainly.");
}

/* What has been judged already. */
static void add_result(struct sheet *sh) {
    const struct session *s = sh->s;
    char text[400], when[32];
    if (!s->result.there)
        return;
    snprintf(text, sizeof text, "%s, %s, judged %s", s->result.from, s->result.run.format,
             show_when(s->result.at_ms, s->now_ms, when, sizeof when));
    sheet_blank(sh);
    sheet_label(sh, LINE_SOURCE, AT_NUMBER, "In use", AT_TEXT + 5, text);
}

static const char *tool_title(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].tool->title : "the tool";
}

static const char *tool_results(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].tool->results : "its results";
}

static const char *awaited_words(const struct watch_source *x, bool narrow) {
    bool absent = x->state == WATCH_WAITING &&
                  (!x->words[0] || strncmp(x->words, "not there", strlen("not there")) == 0);
    if (!absent)
        return x->words[0] ? x->words : "no request in it yet";
    if (x->role == WATCH_END)
        return "appears when the run is over";
    return narrow ? "not there yet" : "not there yet, checked every second";
}

/* What is waited for. */
static void add_awaited(struct sheet *sh, const struct way_cols *cols) {
    const struct watch_view *w = session_watch(sh->s);
    for (size_t i = 0; w && i < w->sources; i++) {
        const struct watch_source *x = &w->source[i];
        bool lost = x->state == WATCH_LOST;
        const char *how = awaited_words(x, sh->narrow);
        enum mark mark = lost ? MARK_BROKEN : MARK_NONE;
        const char *name = strstr(x->name, "://") ? "Watch a URL" : "Watch the file";
        sheet_item(sh, way_line(sh, cols, mark, name, x->name, how), ITEM_SOURCE, (int)i, mark);
    }
}

/* Whoever has no load tool at hand sees a run all the same. */
static void add_recorded(struct sheet *sh, const struct way_cols *cols) {
    const struct session *s = sh->s;
    for (size_t i = 0; sh->v->demo && i < s->ws.results; i++) {
        const struct result_file *f = &s->ws.result[i];
        if (f->reader->gives == GIVES_SERIES)
            sheet_item(sh,
                       way_line(sh, cols, MARK_NONE, "Play a run", f->name,
                                sh->narrow ? "Enter: as if it ran now"
                                           : "press Enter: as if it went on now"),
                       ITEM_PLAY, (int)i, MARK_NONE);
    }
}

static void add_ways(struct sheet *sh) {
    const struct way_cols wide = {7, 27, 55}, narrow = {7, 25, 50};
    const struct way_cols *cols = sh->narrow ? &narrow : &wide;
    char text[96], readable[240];
    add_number(sh, "2", "The results reach this screen in one of these ways");
    sheet_blank(sh);
    add_awaited(sh, cols);
    add_recorded(sh, cols);
    sheet_item(sh,
               way_line(sh, cols, MARK_NONE, session_watch(sh->s) ? "Watch another" : "Watch",
                        "a file or an address", "press w, type its name"),
               ITEM_WATCH, 0, MARK_NONE);
    result_files_build(sh, cols, ITEM_RESULT_FILE);
    snprintf(text, sizeof text, "the summary %s prints", tool_title(sh->s));
    sheet_item(sh,
               way_line(sh, cols, MARK_NONE, "Point at a file", "any finished result file",
                        "press Enter, type its name"),
               ITEM_OPEN, 0, MARK_NONE);
    sheet_item(sh, way_line(sh, cols, MARK_NONE, "Paste", text, "at any time, on any screen"),
               ITEM_PASTE, 0, MARK_NONE);
    snprintf(readable, sizeof readable,
             "Read of %s: %s; also gzipped, several files of one run, or a directory.",
             tool_title(sh->s), tool_results(sh->s));
    sheet_say(sh, LINE_SOURCE, cols->sign, LOOK_MUTED, readable);
}

static void build_waiting(struct sheet *sh) {
    sheet_columns(sh, 94, 74);
    sheet_blank(sh);
    add_title(sh);
    sheet_blank(sh);
    add_command(sh);
    sheet_right(sh);
    add_ways(sh);
    add_result(sh);
    intake_add_unknown(sh);
    sheet_blank(sh);
    sheet_say(
        sh, LINE_SOURCE, AT_NUMBER, LOOK_MUTED,
        session_watch(sh->s)
            ? "Closing perfscale is safe: the file is read from its start when you come back."
            : "Closing perfscale is safe: what was judged is kept, and the rest can be opened "
              "again.");
    sheet_blank(sh);
    sheet_next(sh, AT_TEXT + 5);
}

static void build(struct sheet *sh) {
    if (intake_here(sh->s, sh->v))
        intake_build(sh);
    else if (run_live(sh->s))
        run_live_build(sh);
    else if (session_step_open(sh->s, STEP_RUN))
        build_waiting(sh);
    else
        sheet_locked(sh);
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    if (run_live(s))
        return run_live_copy(s, v, out);
    return session_step_open(s, STEP_RUN) && commands_copy(s, v, out);
}

const struct panel panel_run = {.name = "Run", .build = build, .copy = copy};
