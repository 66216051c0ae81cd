#include "command.h"

#include "ui/screen/actions.h"

#define BIT(x) (1u << (x))
enum {
    ALL = (1u << STEPS) - 1,
    OVERVIEW = BIT(STEP_OVERVIEW),
    PREREQUISITES = BIT(STEP_PREREQUISITES),
    LOAD = BIT(STEP_LOAD),
    HOST = BIT(STEP_HOST),
    SCRIPT = BIT(STEP_SCRIPT),
    RUN = BIT(STEP_RUN),
    RESULTS = BIT(STEP_RESULTS),
};

/* In the order of the key bar: most used first. */
const struct screen_command commands[COMMANDS] = {
    [CMD_OPEN] = {"open", "0-6", "screens", "0 to 6", "go to a screen", ALL,
                  OVERVIEW | PREREQUISITES | HOST | RESULTS, 0, NULL, act_open},
    [CMD_PART] = {"part", "Tab", "next", "Tab  Shift-Tab", "next, previous part of the screen", ALL,
                  RESULTS, 0, NULL, act_part},
    [CMD_MOVE] = {"move", "↑↓", "move", "↑ ↓ ← →  k j h l", "move", ALL,
                  LOAD | HOST | SCRIPT | RESULTS, 0, NULL, act_move},
    [CMD_MOVE_ASIDE] = {"move.aside", NULL, NULL, NULL, NULL, ALL, 0, 0, NULL, act_move},
    [CMD_CHOICE] = {"load.choice", "←→", "choice", "← →  h l", "another choice", LOAD, LOAD,
                    BIT(ITEM_FIELD), on_choice, act_choice},
    [CMD_TYPE] = {"load.type", "0-9", "edit", "0-9  Backspace", "edit the field in focus", LOAD,
                  LOAD, BIT(ITEM_FIELD), on_value, act_type},
    [CMD_ACCEPT] = {"load.accept", "Enter", "accept", NULL, NULL, LOAD, LOAD, 0, NULL, act_accept},
    [CMD_RESTORE] = {"load.restore", "Esc", "old value", NULL, NULL, LOAD, LOAD, 0, NULL,
                     act_restore},
    [CMD_OPEN_ITEM] = {"overview.open", "Enter", "open", "Enter", "open the step in focus",
                       OVERVIEW, OVERVIEW, BIT(ITEM_STEP), NULL, act_open_item},
    [CMD_CHOOSE_BASELINE] = {"baseline.choose", "Enter", "choose", "Enter",
                             "on a script: take it as the baseline", PREREQUISITES, PREREQUISITES,
                             BIT(ITEM_BASELINE), NULL, act_choose_baseline},
    [CMD_TAKE_BASELINE] = {"baseline.take", "Enter", "use", "Enter",
                           "on a file: take it as the baseline's result", PREREQUISITES,
                           PREREQUISITES, BIT(ITEM_BASELINE_FILE), NULL, act_take_baseline},
    [CMD_STATE_BASELINE] = {"baseline.state", "Enter", "state it", "Enter",
                            "on the statement: the baseline runs without errors", PREREQUISITES,
                            PREREQUISITES, BIT(ITEM_BASELINE_STATE), NULL, act_state_baseline},
    [CMD_NAME_FILE] = {"file.name", "Enter", "open a file", "Enter",
                       "on a file to open: type its name", PREREQUISITES | RUN, PREREQUISITES | RUN,
                       BIT(ITEM_BASELINE_OPEN) | BIT(ITEM_OPEN), NULL, act_name_file},
    [CMD_AWAIT_PASTE] = {"paste.here", "Enter", "paste", NULL, NULL, PREREQUISITES | RUN,
                         PREREQUISITES | RUN, BIT(ITEM_BASELINE_PASTE) | BIT(ITEM_PASTE), NULL,
                         act_await_paste},
    [CMD_CONFIRM] = {"load.confirm", "Enter", "confirm", "Enter", "confirm the size", LOAD, LOAD,
                     BIT(ITEM_FIELD) | BIT(ITEM_CONFIRM), can_confirm, act_confirm},
    [CMD_GO_ON] = {"go-on", "Enter", "go on", "Enter", "go on to the next screen",
                   PREREQUISITES | HOST | SCRIPT, PREREQUISITES | HOST | SCRIPT, 0, can_go_on,
                   act_go_on},
    [CMD_READ_RESULT] = {"run.read", "Enter", "read it", "Enter", "on a result file: read it", RUN,
                         RUN, BIT(ITEM_RESULT_FILE), NULL, act_read_result},
    [CMD_PLAY] = {"run.play", "P", "play it", "P", "on a result file: play it as if it went on now",
                  RUN, RUN, BIT(ITEM_RESULT_FILE), NULL, act_play},
    [CMD_PLAY_HERE] = {"run.play-here", "Enter", "play it", NULL, NULL, RUN, RUN, BIT(ITEM_PLAY),
                       NULL, act_play},
    [CMD_USE_HERE] = {"intake.use-here", "Enter", "use it", NULL, NULL, PREREQUISITES | RUN,
                      PREREQUISITES | RUN, BIT(ITEM_USE), has_intake, act_use},
    [CMD_DISCARD_HERE] = {"intake.discard-here", NULL, NULL, NULL, NULL, PREREQUISITES | RUN, 0,
                          BIT(ITEM_DISCARD), has_intake, act_discard},
    [CMD_USE] = {"intake.use", NULL, NULL, "y", "use what was read", PREREQUISITES | RUN, 0, 0,
                 has_intake, act_use},
    [CMD_DISCARD] = {"intake.discard", "d", "discard", "d", "discard what was read",
                     PREREQUISITES | RUN, PREREQUISITES | RUN, 0, has_intake, act_discard},
    [CMD_DETAILS] = {"results.details", "Enter", "details", "Enter", "details of the row", RESULTS,
                     RESULTS,
                     BIT(ITEM_CHECK) | BIT(ITEM_ENDPOINT) | BIT(ITEM_CAUSE) | BIT(ITEM_LOAD_STEP) |
                         BIT(ITEM_TREND),
                     NULL, act_details},
    [CMD_JUDGE] = {"run.judge", "Enter", "run is over", "Enter",
                   "on a source: the run is over, read its results", RUN, RUN, BIT(ITEM_SOURCE),
                   can_judge, act_judge},
    [CMD_NAME_SOURCE_HERE] = {"run.source-here", "Enter", "watch", NULL, NULL, RUN, RUN,
                              BIT(ITEM_WATCH), NULL, act_name_source},
    [CMD_HOLD] = {"run.hold", "space", "hold", "space", "hold the view; data goes on", RUN, RUN, 0,
                  can_hold, act_hold},
    [CMD_PAUSE] = {"run.pause", "space", "pause", "space", "pause a replay, and go on", RUN, RUN, 0,
                   is_replay, act_pause},
    [CMD_SPEED] = {"run.speed", "< >", "speed", "<  >", "speed of a replay", RUN, RUN, 0, is_replay,
                   act_speed},
    [CMD_TIME] = {"run.time", "←→", "cursor", "← →  h l", "figures of one moment; Esc leaves it",
                  RUN, RUN, 0, is_live, act_time},
    [CMD_TIME_ZOOM] = {"run.zoom", "+ -", "closer", "+  -", "time closer, farther", RUN, RUN, 0,
                       is_live, act_time_zoom},
    [CMD_WRITE] = {"script.write", "w", "write", "w", "write the new script", SCRIPT, SCRIPT, 0,
                   can_write, act_write},
    [CMD_CHANGE] = {"script.change", "] [", "change", "] [", "next, previous change", SCRIPT,
                    SCRIPT, 0, can_change, act_change},
    [CMD_SIDE_BY_SIDE] = {"script.side", "s", "side by side", "s",
                          "side by side, from 140 columns on", SCRIPT, SCRIPT, 0, can_side_by_side,
                          act_side_by_side},
    [CMD_ASIDE] = {"script.aside", "←→", "long lines", "← →  h l", "the rest of long lines", SCRIPT,
                   SCRIPT, BIT(ITEM_DIFF), can_aside, act_aside},
    [CMD_SPLIT] = {"host.split", "s", "split", "s", "split the load over the machines it needs",
                   HOST, HOST, 0, can_split, act_split},
    [CMD_UNDO] = {"load.undo", "u", "undo", "u", "undo the last change of a field", LOAD, LOAD, 0,
                  can_undo, act_undo},
    [CMD_COPY] = {"copy", "y", "copy", "y", "copy what is in focus", ALL,
                  PREREQUISITES | HOST | SCRIPT | RUN | RESULTS, 0, can_copy, act_copy},
    [CMD_PRINT] = {"print", "o", "print it", "o", "print it plainly, outside the dashboard", ALL,
                   SCRIPT | RUN, 0, can_copy, act_print},
    [CMD_PASTE] = {"paste", "p", "paste", "p", "paste a summary, or just paste", ALL,
                   PREREQUISITES | RUN, 0, NULL, act_paste},
    [CMD_AGAIN] = {"again", "r", "read again", "r  F5", "read again, check again", ALL,
                   PREREQUISITES | HOST, 0, NULL, act_again},
    [CMD_ZOOM] = {"zoom", "z", "zoom", "z", "chart over the whole screen, and back",
                  LOAD | RUN | RESULTS, LOAD | RUN | RESULTS, 0, can_zoom, act_zoom},
    [CMD_NAME_SOURCE] = {"run.source", "w", "source", "w", "watch other files or addresses", RUN,
                         RUN, 0, NULL, act_name_source},
    [CMD_PAGE] = {"page", NULL, NULL, "PgUp PgDn  Ctrl-B Ctrl-F", "page", ALL, 0, 0, NULL,
                  act_page},
    [CMD_ENDS] = {"ends", NULL, NULL, "g G  Home End", "first, last", ALL, 0, 0, NULL, act_ends},
    [CMD_FIND] = {"find", "/", "find", "/", "find in this screen", ALL,
                  OVERVIEW | PREREQUISITES | RESULTS, 0, NULL, act_find},
    [CMD_FIND_NEXT] = {"find.next", NULL, NULL, "n  N", "next, previous hit", ALL, 0, 0,
                       can_find_next, act_find_next},
    [CMD_FIND_DO] = {"find.do", "Enter", "find", NULL, NULL, ALL, ALL, 0, NULL, act_find_do},
    [CMD_FILE_DO] = {"file.do", "Enter", "open", NULL, NULL, ALL, ALL, 0, NULL, act_file_do},
    [CMD_SOURCE_DO] = {"run.source-do", "Enter", "watch", NULL, NULL, ALL, ALL, 0, NULL,
                       act_source_do},
    [CMD_CURSOR] = {"text.cursor", "←→", "cursor", NULL, NULL, ALL, 0, 0, NULL, act_cursor},
    [CMD_ERASE] = {"text.erase", NULL, NULL, NULL, NULL, ALL, 0, 0, NULL, act_erase},
    [CMD_EMPTY] = {"text.empty", "Ctrl-U", "empty", "Ctrl-U", "empty the text being edited", ALL,
                   ALL, 0, NULL, act_empty},
    [CMD_WORD] = {"text.word", NULL, NULL, "Ctrl-W", "erase a word of it", ALL, 0, 0, NULL,
                  act_word},
    [CMD_YES] = {"ask.yes", "y", "yes", NULL, NULL, ALL, ALL, 0, NULL, act_yes},
    [CMD_NO] = {"ask.no", "n", "no", NULL, NULL, ALL, ALL, 0, NULL, act_no},
    [CMD_TURN] = {"ask.turn", "←→", "choose", NULL, NULL, ALL, ALL, 0, NULL, act_turn},
    [CMD_ANSWER] = {"ask.answer", "Enter", "answer", NULL, NULL, ALL, ALL, 0, NULL, act_answer},
    [CMD_HELP_SCROLL] = {"help.scroll", "↑↓", "scroll", NULL, NULL, ALL, ALL, 0, NULL,
                         act_help_scroll},
    [CMD_CLOSE] = {"close", "Esc", "close", NULL, NULL, ALL, ALL, 0, NULL, act_close},
    [CMD_BACK] = {"back", "Esc", "leave", "Esc", "back, close; never quits, never loses text", ALL,
                  LOAD, 0, NULL, act_back},
    [CMD_MOUSE] = {"mouse", NULL, NULL, "M", "mouse on, off", ALL, 0, 0, NULL, act_mouse},
    [CMD_THEME] = {"theme", NULL, NULL, "t", "next theme", ALL, 0, 0, NULL, act_theme},
    [CMD_REDRAW] = {"redraw", NULL, NULL, "Ctrl-L", "redraw", ALL, 0, 0, NULL, act_redraw},
    [CMD_SUSPEND] = {"suspend", NULL, NULL, "Ctrl-Z", "to the shell; fg comes back", ALL, 0, 0,
                     NULL, act_suspend},
    [CMD_HELP] = {"help", "?", "help", "?  F1", "this help", ALL, ALL, 0, NULL, act_help},
    [CMD_QUIT] = {"quit", "q", "quit", "q  F10  Ctrl-C", "quit; asks if something was not used yet",
                  ALL, ALL, 0, NULL, act_quit},
};

enum {
    BROWSE = BIT(VIEW_BROWSE),
    EDIT = BIT(VIEW_EDIT),
    ASK = BIT(VIEW_ASK),
    HELP = BIT(VIEW_HELP),
    FIND = BIT(VIEW_FIND),
    FILE_NAME = BIT(VIEW_FILE),
    SOURCE = BIT(VIEW_SOURCE),
    PASTE = BIT(VIEW_PASTE),
    DETAILS = BIT(VIEW_DETAILS),
    TEXT = EDIT | FIND | FILE_NAME | SOURCE,
    LOOK = BROWSE | DETAILS, /* where nothing is typed or asked */
    ANY = TEXT | LOOK | ASK | HELP | PASTE,
};
#define CTRL(c) ((c)&0x1f)

const struct key_binding bindings[] = {
    /* a field in focus takes digits, so it comes before the screens' numbers */
    {BROWSE, '0', CMD_TYPE, '0'},
    {BROWSE, '1', CMD_TYPE, '1'},
    {BROWSE, '2', CMD_TYPE, '2'},
    {BROWSE, '3', CMD_TYPE, '3'},
    {BROWSE, '4', CMD_TYPE, '4'},
    {BROWSE, '5', CMD_TYPE, '5'},
    {BROWSE, '6', CMD_TYPE, '6'},
    {BROWSE, '7', CMD_TYPE, '7'},
    {BROWSE, '8', CMD_TYPE, '8'},
    {BROWSE, '9', CMD_TYPE, '9'},
    {BROWSE, '.', CMD_TYPE, '.'},
    {BROWSE, KEYC_BACKSPACE, CMD_TYPE, KEYC_BACKSPACE},
    {BROWSE, KEYC_DELETE, CMD_TYPE, KEYC_DELETE},
    {BROWSE, CTRL('u'), CMD_TYPE, CTRL('u')},
    {BROWSE, CTRL('w'), CMD_TYPE, CTRL('w')},
    {LOOK, '0', CMD_OPEN, STEP_OVERVIEW},
    {LOOK, '1', CMD_OPEN, STEP_PREREQUISITES},
    {LOOK, '2', CMD_OPEN, STEP_LOAD},
    {LOOK, '3', CMD_OPEN, STEP_HOST},
    {LOOK, '4', CMD_OPEN, STEP_SCRIPT},
    {LOOK, '5', CMD_OPEN, STEP_RUN},
    {LOOK, '6', CMD_OPEN, STEP_RESULTS},
    {LOOK, KEYC_TAB, CMD_PART, 1},
    {LOOK, KEYC_BACK_TAB, CMD_PART, -1},
    {LOOK, KEYC_UP, CMD_MOVE, -1},
    {LOOK, 'k', CMD_MOVE, -1},
    {LOOK, KEYC_DOWN, CMD_MOVE, 1},
    {LOOK, 'j', CMD_MOVE, 1},
    {BROWSE, KEYC_LEFT, CMD_CHOICE, -1},
    {BROWSE, 'h', CMD_CHOICE, -1},
    {BROWSE, KEYC_RIGHT, CMD_CHOICE, 1},
    {BROWSE, 'l', CMD_CHOICE, 1},
    {BROWSE, KEYC_LEFT, CMD_ASIDE, -1},
    {BROWSE, 'h', CMD_ASIDE, -1},
    {BROWSE, KEYC_RIGHT, CMD_ASIDE, 1},
    {BROWSE, 'l', CMD_ASIDE, 1},
    {BROWSE, KEYC_LEFT, CMD_TIME, -1},
    {BROWSE, 'h', CMD_TIME, -1},
    {BROWSE, KEYC_RIGHT, CMD_TIME, 1},
    {BROWSE, 'l', CMD_TIME, 1},
    {BROWSE, KEYC_LEFT, CMD_MOVE_ASIDE, -1},
    {BROWSE, 'h', CMD_MOVE_ASIDE, -1},
    {BROWSE, KEYC_RIGHT, CMD_MOVE_ASIDE, 1},
    {BROWSE, 'l', CMD_MOVE_ASIDE, 1},
    {LOOK, KEYC_PAGE_UP, CMD_PAGE, -1},
    {LOOK, CTRL('b'), CMD_PAGE, -1},
    {LOOK, KEYC_PAGE_DOWN, CMD_PAGE, 1},
    {LOOK, CTRL('f'), CMD_PAGE, 1},
    {LOOK, 'g', CMD_ENDS, FIRST},
    {LOOK, KEYC_HOME, CMD_ENDS, FIRST},
    {LOOK, 'G', CMD_ENDS, LAST},
    {LOOK, KEYC_END, CMD_ENDS, LAST},

    {BROWSE, KEYC_ENTER, CMD_OPEN_ITEM, 0},
    {BROWSE, KEYC_ENTER, CMD_CHOOSE_BASELINE, 0},
    {BROWSE, KEYC_ENTER, CMD_TAKE_BASELINE, 0},
    {BROWSE, KEYC_ENTER, CMD_STATE_BASELINE, 0},
    {BROWSE, KEYC_ENTER, CMD_NAME_FILE, 0},
    {BROWSE, KEYC_ENTER, CMD_AWAIT_PASTE, 0},
    {BROWSE, KEYC_ENTER, CMD_CONFIRM, 0},
    {BROWSE, KEYC_ENTER, CMD_READ_RESULT, 0},
    {BROWSE, KEYC_ENTER, CMD_PLAY_HERE, 0},
    {BROWSE, 'P', CMD_PLAY, 0},
    {BROWSE, KEYC_ENTER, CMD_USE_HERE, 0},
    {BROWSE, KEYC_ENTER, CMD_DISCARD_HERE, 0},
    {BROWSE, KEYC_ENTER, CMD_DETAILS, 0},
    {BROWSE, KEYC_ENTER, CMD_JUDGE, 0},
    {BROWSE, KEYC_ENTER, CMD_NAME_SOURCE_HERE, 0},
    {BROWSE, KEYC_ENTER, CMD_GO_ON, 0},
    {BROWSE, 'y', CMD_USE, 0},
    {BROWSE, 'd', CMD_DISCARD, 0},
    {BROWSE, ' ', CMD_PAUSE, 0},
    {BROWSE, ' ', CMD_HOLD, 0},
    {BROWSE, '<', CMD_SPEED, -1},
    {BROWSE, '>', CMD_SPEED, 1},
    {BROWSE, '+', CMD_TIME_ZOOM, 1},
    {BROWSE, '=', CMD_TIME_ZOOM, 1}, /* the same key without Shift */
    {BROWSE, '-', CMD_TIME_ZOOM, -1},
    {BROWSE, 'w', CMD_WRITE, 0},
    {BROWSE, 'w', CMD_NAME_SOURCE, 0},
    {BROWSE, ']', CMD_CHANGE, 1},
    {BROWSE, '[', CMD_CHANGE, -1},
    {BROWSE, 's', CMD_SIDE_BY_SIDE, 0},
    {BROWSE, 's', CMD_SPLIT, 0},
    {BROWSE, 'u', CMD_UNDO, 0},
    {LOOK, 'y', CMD_COPY, 0},
    {LOOK, 'o', CMD_PRINT, 0},
    {LOOK, 'p', CMD_PASTE, 0},
    {LOOK, 'r', CMD_AGAIN, 0},
    {LOOK, KEYC_F1 + 4, CMD_AGAIN, 0},
    {BROWSE, 'z', CMD_ZOOM, 0},
    {BROWSE, '/', CMD_FIND, 0},
    {BROWSE, 'n', CMD_FIND_NEXT, 1},
    {BROWSE, 'N', CMD_FIND_NEXT, -1},

    {EDIT, KEYC_ENTER, CMD_ACCEPT, ACCEPT_STAY},
    {EDIT, KEYC_UP, CMD_ACCEPT, -1},
    {EDIT, KEYC_DOWN, CMD_ACCEPT, 1},
    {EDIT, KEYC_TAB, CMD_ACCEPT, ACCEPT_PART},
    {EDIT, KEYC_BACK_TAB, CMD_ACCEPT, -1},
    {EDIT, KEYC_ESC, CMD_RESTORE, 0},
    {FIND, KEYC_ENTER, CMD_FIND_DO, 0},
    {FILE_NAME, KEYC_ENTER, CMD_FILE_DO, 0},
    {SOURCE, KEYC_ENTER, CMD_SOURCE_DO, 0},
    {TEXT, KEYC_LEFT, CMD_CURSOR, CURSOR_LEFT},
    {TEXT, CTRL('b'), CMD_CURSOR, CURSOR_LEFT},
    {TEXT, KEYC_RIGHT, CMD_CURSOR, CURSOR_RIGHT},
    {TEXT, CTRL('f'), CMD_CURSOR, CURSOR_RIGHT},
    {TEXT, KEYC_HOME, CMD_CURSOR, CURSOR_HOME},
    {TEXT, CTRL('a'), CMD_CURSOR, CURSOR_HOME},
    {TEXT, KEYC_END, CMD_CURSOR, CURSOR_END},
    {TEXT, CTRL('e'), CMD_CURSOR, CURSOR_END},
    {TEXT, KEYC_BACKSPACE, CMD_ERASE, ERASE_BEFORE},
    {TEXT, KEYC_DELETE, CMD_ERASE, ERASE_UNDER},
    {TEXT, CTRL('u'), CMD_EMPTY, 0},
    {TEXT, CTRL('w'), CMD_WORD, 0},

    {ASK, 'y', CMD_YES, 0},
    {ASK, 'Y', CMD_YES, 0},
    {ASK, 'n', CMD_NO, 0},
    {ASK, 'N', CMD_NO, 0},
    {ASK, KEYC_LEFT, CMD_TURN, 0},
    {ASK, KEYC_RIGHT, CMD_TURN, 0},
    {ASK, KEYC_UP, CMD_TURN, 0},
    {ASK, KEYC_DOWN, CMD_TURN, 0},
    {ASK, KEYC_TAB, CMD_TURN, 0},
    {ASK, KEYC_BACK_TAB, CMD_TURN, 0},
    {ASK, 'h', CMD_TURN, 0},
    {ASK, 'l', CMD_TURN, 0},
    {ASK, KEYC_ENTER, CMD_ANSWER, 0},

    {HELP, KEYC_UP, CMD_HELP_SCROLL, -1},
    {HELP, 'k', CMD_HELP_SCROLL, -1},
    {HELP, KEYC_DOWN, CMD_HELP_SCROLL, 1},
    {HELP, 'j', CMD_HELP_SCROLL, 1},
    {HELP, KEYC_PAGE_UP, CMD_HELP_SCROLL, -10},
    {HELP, CTRL('b'), CMD_HELP_SCROLL, -10},
    {HELP, KEYC_PAGE_DOWN, CMD_HELP_SCROLL, 10},
    {HELP, CTRL('f'), CMD_HELP_SCROLL, 10},
    {HELP, ' ', CMD_HELP_SCROLL, 10},
    {HELP, 'g', CMD_HELP_SCROLL, -1000},
    {HELP, KEYC_HOME, CMD_HELP_SCROLL, -1000},
    {HELP, 'G', CMD_HELP_SCROLL, 1000},
    {HELP, KEYC_END, CMD_HELP_SCROLL, 1000},
    {HELP, '?', CMD_CLOSE, 0},
    {HELP, KEYC_F1, CMD_CLOSE, 0},
    {HELP | DETAILS, 'q', CMD_CLOSE, 0}, /* leaving the program would be a surprise here */
    {DETAILS, KEYC_ENTER, CMD_CLOSE, 0},
    {HELP | DETAILS | FIND | FILE_NAME | SOURCE | PASTE | ASK, KEYC_ESC, CMD_CLOSE, 0},
    {BROWSE, KEYC_ESC, CMD_BACK, 0},

    {LOOK, 'M', CMD_MOUSE, 0},
    {LOOK, 't', CMD_THEME, 0},
    {ANY, CTRL('l'), CMD_REDRAW, 0},
    {ANY, CTRL('z'), CMD_SUSPEND, 0},
    {LOOK, '?', CMD_HELP, 0},
    {LOOK, KEYC_F1, CMD_HELP, 0},
    {BROWSE, 'q', CMD_QUIT, 0},
    {ANY, KEYC_F1 + 9, CMD_QUIT, 0},
    {ANY, CTRL('c'), CMD_QUIT, 0},
};
const int bindings_count = sizeof bindings / sizeof *bindings;

/* ---- what fits now ---- */

static bool focus_fits(const struct app *a, unsigned items) {
    struct item it;
    return items == 0 || (app_item(a, &it) && items & BIT(it.kind));
}

static bool works(const struct app *a, const struct screen_command *c) {
    return c->screens & BIT(a->v.open) && focus_fits(a, c->items) && (!c->ready || c->ready(a));
}

static bool binding_works(const struct app *a, const struct key_binding *b) {
    return b->modes & BIT(a->v.mode) && works(a, &commands[b->command]);
}

const struct key_binding *command_find(const struct app *a, uint32_t key) {
    for (int i = 0; i < bindings_count; i++)
        if (bindings[i].key == key && binding_works(a, &bindings[i]))
            return &bindings[i];
    return NULL;
}

bool command_key(struct app *a, uint32_t key) {
    const struct key_binding *b = command_find(a, key);
    if (!b)
        return false;
    commands[b->command].run(a, b->arg);
    return true;
}

/* ---- key bar and help ---- */

/* Shown when one of its keys would run it now. Keys of every mode are ways out of trouble: the bar
 * names the plain one, which must work then. */
static bool in_bar(const struct app *a, enum command_id id) {
    const struct screen_command *c = &commands[id];
    if (!c->key || !(c->bar & BIT(a->v.open)))
        return false;
    for (int i = 0; i < bindings_count; i++)
        if (bindings[i].command == id && bindings[i].modes != ANY &&
            command_find(a, bindings[i].key) == &bindings[i])
            return true;
    return false;
}

static bool on_screen(const struct app *a, const struct screen_command *c) {
    return c->help && c->screens & BIT(a->v.open);
}

static void add_help(const struct app *a, struct command_chrome *out, bool everywhere) {
    for (int id = 0; id < COMMANDS; id++) {
        const struct screen_command *c = &commands[id];
        if (on_screen(a, c) && (c->screens == ALL) == everywhere)
            out->help[out->chrome.helps++] =
                (struct help_line){everywhere ? "Everywhere" : "This screen", c->help_key, c->help};
    }
}

void command_chrome(const struct app *a, struct command_chrome *out) {
    out->chrome = (struct chrome){.bar = out->bar, .help = out->help};
    for (int id = 0; id < COMMANDS; id++)
        if (in_bar(a, (enum command_id)id))
            out->bar[out->chrome.bars++] = (struct bar_item){commands[id].key, commands[id].word};
    if (a->v.mouse)
        out->bar[out->chrome.bars++] = (struct bar_item){"Shift", "selects text"};
    add_help(a, out, true);
    add_help(a, out, false);
}
