/* ui/screen/command.h
 * The one table of commands and the one table of keys. The loop, the key bar, the help screen and
 * the tests read these two, so none of them can go stale. */
#ifndef PERFSCALE_SCREEN_COMMAND_H
#define PERFSCALE_SCREEN_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/screen/app.h"

enum command_id {
    CMD_NEWS,
    CMD_OPEN,
    CMD_PART,
    CMD_MOVE,
    CMD_MOVE_ASIDE,
    CMD_CHOICE,
    CMD_TYPE,
    CMD_ACCEPT,
    CMD_RESTORE,
    CMD_OPEN_ITEM,
    CMD_CHOOSE_BASELINE,
    CMD_TAKE_BASELINE,
    CMD_STATE_BASELINE,
    CMD_NAME_FILE,
    CMD_AWAIT_PASTE,
    CMD_CONFIRM,
    CMD_GO_ON,
    CMD_READ_RESULT,
    CMD_PLAY,
    CMD_PLAY_HERE,
    CMD_USE_HERE,
    CMD_DISCARD_HERE,
    CMD_USE,
    CMD_DISCARD,
    CMD_DETAILS,
    CMD_JUDGE,
    CMD_NAME_SOURCE_HERE,
    CMD_HOLD,
    CMD_PAUSE,
    CMD_SPEED,
    CMD_TIME,
    CMD_ZOOM,
    CMD_TIME_ZOOM,
    CMD_OPEN_RUN,
    CMD_MARK,
    CMD_COMPARE,
    CMD_COMPARE_LEAVE,
    CMD_COMPARE_OPEN,
    CMD_SCRIPTS,
    CMD_SWAP,
    CMD_VALUES,
    CMD_REFERENCE,
    CMD_FILTER,
    CMD_FILTER_DO,
    CMD_FILTER_CLEAR,
    CMD_SORT,
    CMD_SORT_REVERSE,
    CMD_EXPORT_RUN,
    CMD_NAME_SOURCE,
    CMD_NOTE,
    CMD_NOTE_NOT,
    CMD_REPLY,
    CMD_SETTLE,
    CMD_SETTLE_AS,
    CMD_APPROVE,
    CMD_REQUEST,
    CMD_WITHDRAW,
    CMD_WAIVE,
    CMD_FOLLOW,
    CMD_FOLLOW_NEXT,
    CMD_GO_PLACE,
    CMD_NOTE_HERE,
    CMD_EXPORT,
    CMD_JUDGE_AGAIN,
    CMD_SEND,
    CMD_KEEP_DRAFT,
    CMD_LINE_BREAK,
    CMD_CHANGE,
    CMD_SIDE_BY_SIDE,
    CMD_ASIDE,
    CMD_WRITE,
    CMD_SPLIT,
    CMD_UNDO,
    CMD_COPY,
    CMD_PRINT,
    CMD_PASTE,
    CMD_AGAIN,
    CMD_PAGE,
    CMD_ENDS,
    CMD_FIND,
    CMD_FIND_NEXT,
    CMD_FIND_DO,
    CMD_FILE_DO,
    CMD_SOURCE_DO,
    CMD_CURSOR,
    CMD_ERASE,
    CMD_EMPTY,
    CMD_WORD,
    CMD_YES,
    CMD_NO,
    CMD_TURN,
    CMD_ANSWER,
    CMD_HELP_SCROLL,
    CMD_CLOSE,
    CMD_BACK,
    CMD_MOUSE,
    CMD_THEME,
    CMD_REDRAW,
    CMD_SUSPEND,
    CMD_HELP,
    CMD_QUIT,
    COMMANDS,
};

/* Sets of screens, modes and item kinds are bits by their enum. */
struct screen_command {
    const char *name;     /* "load.confirm": for tests and messages of ours */
    const char *key;      /* in the key bar: "Enter"; NULL: never there */
    const char *word;     /* in the key bar: "confirm" */
    const char *help_key; /* in the help: "PgUp PgDn  Ctrl-B Ctrl-F"; NULL: not there */
    const char *help;
    unsigned screens; /* where it works */
    unsigned bar;     /* where the bar shows it */
    uint64_t items;   /* only with the focus on one of these; 0: whatever has it */
    bool (*ready)(const struct app *a); /* NULL: always */
    void (*run)(struct app *a, int arg);
};

struct key_binding {
    unsigned modes;
    uint32_t key;
    enum command_id command;
    int arg;
};

extern const struct screen_command commands[COMMANDS];
/* The first that fits and is ready wins. */
extern const struct key_binding bindings[];
extern const int bindings_count;

/* Runs what the key means now; false when it means nothing. */
bool command_key(struct app *a, uint32_t key);

/* The command that the key means now; NULL. */
const struct key_binding *command_find(const struct app *a, uint32_t key);

/* The key bar and the help of the open screen, from the tables. */
struct command_chrome {
    struct bar_item bar[COMMANDS + 1];
    struct help_line help[COMMANDS];
    struct chrome chrome;
};
void command_chrome(const struct app *a, struct command_chrome *out);

#endif
