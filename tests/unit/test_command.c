/* The tables of commands and keys, and what keys do to the dashboard, without a terminal. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/screen/actions.h"
#include "ui/screen/command.h"

enum { ROWS = 40, COLS = 120, NOW_S = 1760000000 };
#define CTRL(c) ((c)&0x1f)
#define BIT(x) (1u << (x))

/* ---- the tables ---- */

static void every_command_can_be_reached_and_is_whole(void **state) {
    (void)state;
    for (int id = 0; id < COMMANDS; id++) {
        const struct screen_command *c = &commands[id];
        assert_non_null(c->name);
        assert_non_null(c->run);
        assert_true(c->screens != 0);
        assert_int_equal(c->bar & ~c->screens, 0);
        assert_int_equal(c->key == NULL, c->word == NULL);
        assert_int_equal(c->help_key == NULL, c->help == NULL);
        assert_true(c->key || !c->bar);
        int keys = 0;
        for (int i = 0; i < bindings_count; i++)
            keys += bindings[i].command == (enum command_id)id;
        assert_true(keys > 0);
        for (int other = 0; other < id; other++)
            assert_string_not_equal(c->name, commands[other].name);
    }
}

/* An earlier row that always fits hides a later one: such a key would do nothing. */
static void no_key_is_hidden(void **state) {
    (void)state;
    for (int i = 0; i < bindings_count; i++)
        for (int j = 0; j < i; j++) {
            const struct key_binding *b = &bindings[i], *a = &bindings[j];
            const struct screen_command *later = &commands[b->command],
                                        *earlier = &commands[a->command];
            bool always = !earlier->ready && earlier->items == 0;
            bool covers = a->key == b->key && (b->modes & ~a->modes) == 0 &&
                          (later->screens & ~earlier->screens) == 0;
            if (always && covers)
                fail_msg("key %x: %s is hidden by %s", b->key, later->name, earlier->name);
        }
}

/* What stands in bar and help, and the keys it promises. */
static const struct {
    const char *label;
    uint32_t key[10];
} labels[] = {
    {"Enter", {KEYC_ENTER}},
    {"Esc", {KEYC_ESC}},
    {"Tab", {KEYC_TAB}},
    {"Shift-Tab", {KEYC_BACK_TAB}},
    {"Backspace", {KEYC_BACKSPACE}},
    {"PgUp", {KEYC_PAGE_UP}},
    {"PgDn", {KEYC_PAGE_DOWN}},
    {"Home", {KEYC_HOME}},
    {"End", {KEYC_END}},
    {"F1", {KEYC_F1}},
    {"F5", {KEYC_F1 + 4}},
    {"F10", {KEYC_F1 + 9}},
    {"↑", {KEYC_UP}},
    {"↓", {KEYC_DOWN}},
    {"←", {KEYC_LEFT}},
    {"→", {KEYC_RIGHT}},
    {"↑↓", {KEYC_UP, KEYC_DOWN}},
    {"←→", {KEYC_LEFT, KEYC_RIGHT}},
    {"0-8", {'0', '1', '2', '3', '4', '5', '6', '7', '8'}},
    {"0-9", {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}},
    {"space", {' '}},
    {"to", {0}},
};

static bool is_bound(enum command_id id, uint32_t key) {
    for (int i = 0; i < bindings_count; i++)
        if (bindings[i].key == key && bindings[i].command == id)
            return true;
    return false;
}

/* A wheel of commands shares a label: moving aside is the arrows of "move". */
static bool promised(enum command_id id, uint32_t key) {
    return is_bound(id, key) || (id == CMD_MOVE && is_bound(CMD_MOVE_ASIDE, key));
}

static void check_label(enum command_id id, const char *word) {
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (strcmp(labels[i].label, word) != 0)
            continue;
        for (int k = 0; k < 10 && labels[i].key[k]; k++)
            assert_true(promised(id, labels[i].key[k]));
        return;
    }
    uint32_t key = (unsigned char)word[0];
    if (strncmp(word, "Ctrl-", 5) == 0)
        key = CTRL((uint32_t)word[5]);
    else
        assert_int_equal(strlen(word), 1);
    if (!promised(id, key))
        fail_msg("%s: key %s does nothing", commands[id].name, word);
}

static void check_labels(enum command_id id, const char *text) {
    char copy[64];
    assert_true(strlen(text) < sizeof copy);
    strcpy(copy, text);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        check_label(id, word);
}

static void each_label_names_keys_that_work(void **state) {
    (void)state;
    for (int id = 0; id < COMMANDS; id++) {
        if (commands[id].key)
            check_labels((enum command_id)id, commands[id].key);
        if (commands[id].help_key)
            check_labels((enum command_id)id, commands[id].help_key);
    }
}

/* ---- a dashboard on a copy of the sample workspace ---- */

struct fixture {
    char dir[64];
    struct app app;
};

static void shell(const char *fmt, const char *a, const char *b) {
    char command[1024];
    snprintf(command, sizeof command, fmt, a, b);
    assert_int_equal(system(command), 0);
}

static int open_demo(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct err e = {0};
    strcpy(f->dir, "/tmp/perfscale-command-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    shell("cp '%s'/* '%s'", TEST_ROOT "/demo", f->dir);
    if (!app_open(&f->app, f->dir, NOW_S * 1000LL, &e))
        fail_msg("%s", e.text);
    app_start(&f->app, ROWS, COLS);
    *state = f;
    return 0;
}

static int close_demo(void **state) {
    struct fixture *f = *state;
    app_close(&f->app);
    shell("rm -rf '%s'%s", f->dir, "");
    free(f);
    return 0;
}

static void press(struct app *a, uint32_t key) {
    struct event ev = {.kind = EVENT_KEY, .key = key};
    app_event(a, &ev, NOW_S * 1000LL);
}

static void type(struct app *a, const char *text) {
    for (; *text; text++)
        press(a, (unsigned char)*text);
}

static void paste(struct app *a, const char *text) {
    struct event ev = {.kind = EVENT_PASTE, .paste = text, .paste_len = strlen(text)};
    app_event(a, &ev, NOW_S * 1000LL);
}

static void focus_field(struct app *a, enum field f) {
    app_show(a, STEP_LOAD);
    assert_true(app_focus(a, ITEM_FIELD, (int)f));
}

static double field(const struct app *a, enum field f) { return a->s.form.field[f].value; }

static void read_baseline(struct app *a) {
    if (session_ready(&a->s))
        return;
    session_state_baseline(&a->s);
    session_set_field(&a->s, FIELD_AVG, "150");
    assert_true(session_ready(&a->s));
}

/* ---- what keys do ---- */

static void locked_screens_say_why(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    static const struct {
        uint32_t key;
        const char *part;
    } locked[] = {{'4', "load is confirmed (2)"},
                  {'5', "load is confirmed (2)"},
                  {'6', "load is confirmed (2)"}};
    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) {
        press(a, '0');
        press(a, locked[i].key);
        assert_int_equal(a->v.open, STEP_OVERVIEW);
        assert_non_null(strstr(a->v.message, locked[i].part));
    }
    press(a, '2');
    assert_int_equal(a->v.open, STEP_LOAD);
    assert_string_equal(a->v.message, "");
}

static void a_digit_edits_the_field_and_counts_at_once(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_TARGET);
    type(a, "10");
    assert_int_equal(a->v.mode, VIEW_EDIT);
    assert_true(field(a, FIELD_TARGET) == 10);
    type(a, "0");
    assert_true(field(a, FIELD_TARGET) == 100);
    type(a, "x");
    assert_true(a->s.form.field[FIELD_TARGET].error[0] != '\0');
    press(a, KEYC_BACKSPACE);
    assert_string_equal(a->s.form.field[FIELD_TARGET].error, "");
    press(a, KEYC_DOWN);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_true(app_item_is(a, ITEM_FIELD));
    assert_true(field(a, FIELD_TARGET) == 100);
}

static void esc_brings_the_old_value_back(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_TARGET);
    double before = field(a, FIELD_TARGET);
    int undos = a->s.form.undos;
    type(a, "77");
    press(a, KEYC_ESC);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_int_equal(a->v.open, STEP_LOAD);
    assert_true(field(a, FIELD_TARGET) == before);
    assert_int_equal(a->s.form.undos, undos);
}

static void undo_takes_back_a_visit_not_a_key(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_TARGET);
    double before = field(a, FIELD_TARGET);
    type(a, "123");
    press(a, KEYC_ENTER);
    assert_true(field(a, FIELD_TARGET) == 123);
    press(a, 'u');
    assert_true(field(a, FIELD_TARGET) == before);
}

static void keys_that_start_an_edit(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    static const struct {
        uint32_t key;
        const char *text; /* of "120" */
    } starts[] = {{'7', "7"},      {'.', "."},      {KEYC_BACKSPACE, "12"},
                  {CTRL('u'), ""}, {CTRL('w'), ""}, {KEYC_DELETE, ""}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        session_set_field(&a->s, FIELD_TARGET, "120");
        focus_field(a, FIELD_TARGET);
        press(a, starts[i].key);
        assert_int_equal(a->v.mode, VIEW_EDIT);
        assert_string_equal(a->v.edit.text, starts[i].text);
        press(a, KEYC_ESC);
    }
}

static void arrows_turn_a_choice_and_the_focus_stays(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_MODEL);
    static const int right[] = {MODEL_STRESS, MODEL_SOAK, MODEL_LOAD};
    for (size_t i = 0; i < 3; i++) {
        press(a, KEYC_RIGHT);
        assert_int_equal((int)field(a, FIELD_MODEL), right[i]);
        struct item it;
        assert_true(app_item(a, &it));
        assert_int_equal(it.index, FIELD_MODEL);
    }
    press(a, 'h');
    assert_int_equal((int)field(a, FIELD_MODEL), MODEL_SOAK);
    focus_field(a, FIELD_METHOD);
    static const int methods[] = {ARRIVALS_CLOSED, ARRIVALS_OPEN}; /* k6 paces nothing */
    for (size_t i = 0; i < 2; i++) {
        press(a, KEYC_RIGHT);
        assert_int_equal((int)field(a, FIELD_METHOD), methods[i]);
    }
    press(a, '1'); /* no text field: a number is a screen */
    assert_int_equal(a->v.open, STEP_PREREQUISITES);
}

static void a_wrong_field_is_shown_instead_of_the_question(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_HOLD);
    type(a, "5 apples");
    press(a, KEYC_ENTER);
    focus_field(a, FIELD_TARGET);
    press(a, KEYC_ENTER);
    struct item it;
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_true(app_item(a, &it));
    assert_int_equal(it.index, FIELD_HOLD);
    assert_non_null(strstr(a->v.message, "5 apples"));
}

static void ask(struct app *a) {
    focus_field(a, FIELD_TARGET);
    type(a, "20");
    press(a, KEYC_ENTER);
    a->wish.drop_input = false;
    press(a, KEYC_ENTER);
    if (a->v.mode != VIEW_ASK)
        fail_msg("no question: %s", a->v.message);
    assert_true(a->wish.drop_input);
    assert_true(a->v.question.on_yes);
    assert_non_null(strstr(a->v.question.line, "VUs for 20 RPS. Proceed?"));
}

static void the_question_takes_all_its_answers(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    static const struct {
        uint32_t keys[3];
        bool yes;
    } answers[] = {
        {{KEYC_ESC}, false},
        {{'n'}, false},
        {{KEYC_RIGHT, KEYC_ENTER}, false},
        {{KEYC_TAB, 'x', KEYC_ENTER}, false}, /* a key without meaning changes nothing */
        {{KEYC_LEFT, KEYC_LEFT, KEYC_ENTER}, true},
        {{'y'}, true},
        {{KEYC_ENTER}, true},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        ask(a);
        for (int k = 0; k < 3 && answers[i].keys[k]; k++)
            press(a, answers[i].keys[k]);
        assert_int_equal(a->v.mode, VIEW_BROWSE);
        assert_int_equal(a->s.confirmed, answers[i].yes);
        assert_int_equal(a->v.open, answers[i].yes ? STEP_HOST : STEP_LOAD);
        a->s.confirmed = false;
    }
}

static void a_host_over_its_limit_asks_before_the_script(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    ask(a);
    press(a, 'y');
    assert_true(a->s.host_checks > 0);
    a->s.host_check[0].status = USE_OVER;
    a->s.host_check[0].required = true;
    press(a, '4');
    assert_int_equal(a->v.mode, VIEW_ASK);
    assert_false(a->v.question.on_yes); /* the safe answer */
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.open, STEP_HOST);
    assert_false(a->s.over_accepted);
    press(a, KEYC_ENTER); /* going on asks too */
    press(a, 'y');
    assert_int_equal(a->v.open, STEP_SCRIPT);
    assert_true(a->s.over_accepted);
    press(a, '3');
    press(a, '4'); /* and once is enough */
    assert_int_equal(a->v.open, STEP_SCRIPT);
}

/* s plans for the machines that are needed, and the changed load is asked about again. */
static void s_splits_a_load_that_is_too_large(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    ask(a);
    press(a, 'y');
    press(a, 's');
    assert_int_equal(a->v.mode, VIEW_BROWSE); /* one machine is enough: nothing to split */
    a->s.generators_needed = 3;
    press(a, 's');
    assert_int_equal(a->v.mode, VIEW_ASK);
    assert_non_null(strstr(a->v.question.more[0], " from 3 machines"));
    assert_int_equal(a->s.profile.generators, 3);
    assert_false(a->s.confirmed);
    press(a, 'y');
    assert_int_equal(a->v.open, STEP_HOST);
    assert_true(a->s.confirmed);
}

static void long_lines_of_the_diff_are_reached(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    ask(a);
    press(a, 'y');
    press(a, '4');
    assert_int_equal(a->v.open, STEP_SCRIPT);
    press(a, KEYC_RIGHT);
    assert_true(a->v.aside > 0);
    for (int i = 0; i < 100; i++)
        press(a, 'l');
    size_t longest = 0;
    for (size_t i = 0; i < a->s.script.diff.len; i++)
        if (a->s.script.diff.line[i].len > longest)
            longest = a->s.script.diff.line[i].len;
    assert_true(a->v.aside < (int)longest); /* something of it is always seen */
    press(a, '3');
    press(a, '4');
    assert_int_equal(a->v.aside, 0);
    press(a, KEYC_LEFT);
    assert_int_equal(a->v.aside, 0);
}

static void a_paste_that_is_no_summary_changes_nothing(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    paste(a, "quit\nrm -rf /\n");
    assert_int_equal(a->v.open, STEP_OVERVIEW);
    assert_false(a->s.intake.there);
    assert_string_equal(a->v.message,
                        "This is not a summary I know. Nothing was stored. It begins: quit");
    paste(a, "\n \n");
    assert_string_equal(a->v.message, "This is not a summary I know. Nothing was stored.");
    assert_false(a->wish.quit);
}

static void a_paste_into_a_text_is_its_first_line(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    focus_field(a, FIELD_TARGET);
    press(a, CTRL('u'));
    paste(a, " 250\nq\n");
    assert_true(field(a, FIELD_TARGET) == 250);
    assert_int_equal(a->v.mode, VIEW_EDIT);
}

static void lost_pastes_say_what_to_do(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    struct event burst = {.kind = EVENT_BURST, .paste_len = 4083};
    app_event(a, &burst, 0);
    assert_string_equal(a->v.message, "That looked like a paste (4,083 bytes). Press p first, then "
                                      "paste. Nothing was done.");
    struct event cut = {.kind = EVENT_PASTE_CUT, .paste_len = 2 << 20};
    app_event(a, &cut, 0);
    assert_non_null(strstr(a->v.message, "larger than 1 MB"));
    press(a, 'p');
    assert_int_equal(a->v.mode, VIEW_PASTE);
    press(a, 'q'); /* no key while a paste is awaited */
    assert_int_equal(a->v.mode, VIEW_PASTE);
    press(a, KEYC_ESC);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
}

static void esc_never_quits(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    for (int step = 0; step < STEPS; step++) {
        app_show(a, (enum step)step);
        for (int i = 0; i < 5; i++)
            press(a, KEYC_ESC);
        assert_false(a->wish.quit);
        assert_int_equal(a->v.open, STEP_OVERVIEW);
        assert_int_equal(a->v.mode, VIEW_BROWSE);
    }
}

static void every_way_to_quit(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    static const uint32_t keys[] = {'q', KEYC_F1 + 9, CTRL('c')};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        a->wish.quit = false;
        press(a, keys[i]);
        assert_true(a->wish.quit);
    }
    a->wish.quit = false;
    press(a, '?');
    press(a, 'q'); /* closes the help */
    assert_false(a->wish.quit);
    press(a, '/');
    type(a, "qqq"); /* is text */
    assert_false(a->wish.quit);
    assert_string_equal(a->v.edit.text, "qqq");
    press(a, CTRL('c')); /* never is */
    assert_true(a->wish.quit);
}

static void find_says_when_there_is_nothing(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    press(a, '/');
    type(a, "no such words");
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_string_equal(a->v.message, "Not found: no such words");
    press(a, 'n');
    assert_string_equal(a->v.message, "Not found: no such words");
}

/* ---- the mouse ---- */

static void click(struct app *a, int row, int col, bool twice) {
    struct event ev = {
        .kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = row, .col = col, .twice = twice};
    app_event(a, &ev, NOW_S * 1000LL);
}

/* Where a text stands; false: nowhere. Only ASCII. */
static bool find_text(const struct app *a, const char *text, int *row, int *col) {
    struct grid g;
    bool found = false;
    grid_init(&g, a->rows, a->cols, GLYPHS_BLOCK);
    app_draw(a, &g);
    int cells = g.rows * g.cols, len = (int)strlen(text);
    for (int at = 0; at + len <= cells && !found; at++) {
        int i = 0;
        while (i < len && g.cell[at + i].cp[0] == (unsigned char)text[i])
            i++;
        found = i == len;
        *row = at / g.cols;
        *col = at % g.cols;
    }
    grid_fini(&g);
    return found;
}

static void click_on(struct app *a, const char *text, bool twice) {
    int row = 0, col = 0;
    if (!find_text(a, text, &row, &col))
        fail_msg("%s is not on the screen", text);
    click(a, row, col, twice);
}

static void clicks(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}};
    struct item it;
    read_baseline(a);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct event size = {.kind = EVENT_RESIZE, .rows = sizes[i][0], .cols = sizes[i][1]};
        app_event(a, &size, 0);
        app_show(a, STEP_OVERVIEW);
        click_on(a, sizes[i][1] < RAIL_FROM_COLS ? "2" : "2 Load", false);
        assert_int_equal(a->v.open, STEP_LOAD);
        click_on(a, "Average response", false);
        assert_true(app_item(a, &it));
        assert_int_equal(it.index, FIELD_AVG);
        click_on(a, "Requests/iteration", true); /* opens: here the question */
        assert_int_equal(a->v.mode, VIEW_ASK);
        click(a, 0, 0, false); /* beside it */
        assert_int_equal(a->v.mode, VIEW_ASK);
        click_on(a, "Change values", false);
        assert_int_equal(a->v.mode, VIEW_BROWSE);
        assert_false(a->s.confirmed);
        click(a, -1, 9999, true);
    }
}

static void the_wheel_moves_and_scrolls(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    struct event down = {.kind = EVENT_MOUSE, .button = MOUSE_WHEEL_DOWN, .row = 9, .col = 40};
    press(a, '1');
    press(a, 'g');
    int before = a->v.focus[STEP_PREREQUISITES];
    app_event(a, &down, 0);
    assert_true(a->v.focus[STEP_PREREQUISITES] > before || a->v.scroll[STEP_PREREQUISITES] > 0);
    struct event small = {.kind = EVENT_RESIZE, .rows = 20, .cols = 72};
    app_event(a, &small, 0);
    press(a, '?');
    app_event(a, &down, 0);
    assert_int_equal(a->v.help_scroll, 3);
}

static void below_the_least_size_only_the_ways_out_work(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    struct event small = {.kind = EVENT_RESIZE, .rows = 15, .cols = 60};
    app_event(a, &small, 0);
    for (uint32_t key = 1; key < 127; key++)
        if (key != 'q' && key != CTRL('c'))
            press(a, key);
    assert_false(a->wish.quit);
    assert_int_equal(a->v.open, STEP_OVERVIEW);
    press(a, 'q');
    assert_true(a->wish.quit);
}

/* ---- everything, everywhere ---- */

static void draw(const struct app *a) {
    struct grid g;
    grid_init(&g, a->rows, a->cols, GLYPHS_BRAILLE);
    app_draw(a, &g);
    grid_fini(&g);
}

static void forget_wishes(struct app *a) {
    free(a->wish.copy);
    free(a->wish.print);
    a->wish = (struct wishes){0};
}

static void press_all_keys(struct app *a, enum step step) {
    for (int i = 0; i < bindings_count; i++) {
        app_show(a, step);
        a->v.focus[step] = i % 7;
        app_look(a);
        a->v.mode = (enum view_mode)(i % (VIEW_DETAILS + 1));
        if (a->v.mode == VIEW_EDIT || a->v.mode == VIEW_ASK)
            a->v.mode = VIEW_BROWSE;
        press(a, bindings[i].key);
        draw(a);
        press(a, bindings[(i * 31 + 7) % bindings_count].key);
        draw(a);
        forget_wishes(a);
    }
}

static void every_key_on_every_screen_in_every_size(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    static const int sizes[][2] = {{20, 72}, {22, 80}, {24, 80}, {40, 120}, {60, 200}, {1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct event size = {.kind = EVENT_RESIZE, .rows = sizes[i][0], .cols = sizes[i][1]};
        app_event(a, &size, 0);
        for (int step = 0; step < STEPS; step++)
            press_all_keys(a, (enum step)step);
    }
}

/* The same walk each time. */
static uint32_t next_random(uint32_t *seed) { return (*seed = *seed * 1664525 + 1013904223) >> 8; }

static void random_event(struct app *a, uint32_t *seed) {
    static const char *const pastes[] = {"", "250", "a\nb\n\x1b[2J", "http_reqs...: 12 1.2/s\n"};
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}, {20, 72}, {9, 30}};
    uint32_t r = next_random(seed) % 100;
    if (r == 0) {
        const int *size = sizes[next_random(seed) % 5];
        struct event ev = {.kind = EVENT_RESIZE, .rows = size[0], .cols = size[1]};
        app_event(a, &ev, NOW_S * 1000LL);
    } else if (r < 3) {
        paste(a, pastes[next_random(seed) % 4]);
    } else if (r < 8) {
        click(a, (int)(next_random(seed) % 60), (int)(next_random(seed) % 200), r == 4);
    } else if (r < 20) {
        press(a, ' ' + next_random(seed) % 95);
    } else {
        press(a, bindings[next_random(seed) % (uint32_t)bindings_count].key);
    }
}

static void a_long_walk_of_random_keys(void **state) {
    enum { STEPS_OF_WALK = 4000 };
    struct app *a = &((struct fixture *)*state)->app;
    uint32_t seed = 20260104;
    read_baseline(a);
    for (int i = 0; i < STEPS_OF_WALK; i++) {
        random_event(a, &seed);
        if (i % 5 == 0)
            draw(a);
        if (i % 50 == 0)
            app_save(a);
        forget_wishes(a);
    }
    app_save_place(a);
}

static void the_bar_tells_the_truth(void **state) {
    struct app *a = &((struct fixture *)*state)->app;
    read_baseline(a);
    for (int step = 0; step < STEPS; step++) {
        struct command_chrome c;
        app_show(a, (enum step)step);
        command_chrome(a, &c);
        assert_true(c.chrome.bars >= 2); /* help and quit */
        assert_true(c.chrome.helps > 10);
        for (int i = 0; i < c.chrome.bars; i++)
            for (int j = 0; j < i; j++) /* a key stands there once */
                assert_string_not_equal(c.bar[i].key, c.bar[j].key);
    }
}

#define ON_DEMO(test) cmocka_unit_test_setup_teardown(test, open_demo, close_demo)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8"); /* widths of characters */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_can_be_reached_and_is_whole),
        cmocka_unit_test(no_key_is_hidden),
        cmocka_unit_test(each_label_names_keys_that_work),
        ON_DEMO(locked_screens_say_why),
        ON_DEMO(a_digit_edits_the_field_and_counts_at_once),
        ON_DEMO(esc_brings_the_old_value_back),
        ON_DEMO(undo_takes_back_a_visit_not_a_key),
        ON_DEMO(keys_that_start_an_edit),
        ON_DEMO(arrows_turn_a_choice_and_the_focus_stays),
        ON_DEMO(a_wrong_field_is_shown_instead_of_the_question),
        ON_DEMO(the_question_takes_all_its_answers),
        ON_DEMO(a_host_over_its_limit_asks_before_the_script),
        ON_DEMO(s_splits_a_load_that_is_too_large),
        ON_DEMO(long_lines_of_the_diff_are_reached),
        ON_DEMO(a_paste_that_is_no_summary_changes_nothing),
        ON_DEMO(a_paste_into_a_text_is_its_first_line),
        ON_DEMO(lost_pastes_say_what_to_do),
        ON_DEMO(esc_never_quits),
        ON_DEMO(every_way_to_quit),
        ON_DEMO(find_says_when_there_is_nothing),
        ON_DEMO(clicks),
        ON_DEMO(the_wheel_moves_and_scrolls),
        ON_DEMO(below_the_least_size_only_the_ways_out_work),
        ON_DEMO(every_key_on_every_screen_in_every_size),
        ON_DEMO(a_long_walk_of_random_keys),
        ON_DEMO(the_bar_tells_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
