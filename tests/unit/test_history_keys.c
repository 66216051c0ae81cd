/* What keys do on History and while two runs are compared, without a terminal. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "golden/scene_history.h"
#include "ui/screen/actions.h"
#include "ui/screen/command.h"

enum { ROWS = 40, COLS = 120 };

struct fixture {
    struct scene scene;
    struct app app;
};

/* The session is the app's until the end. */
static struct app *open_on(struct fixture *f, void (*scene)(struct scene *c), enum step step) {
    memset(f, 0, sizeof *f);
    scene(&f->scene);
    f->app.s = f->scene.s;
    f->app.rows = ROWS;
    f->app.cols = COLS;
    f->app.v.follow_uid = -1;
    app_show(&f->app, step);
    return &f->app;
}

static void close_it(struct fixture *f) {
    free(f->app.wish.copy);
    f->scene.s = f->app.s;
    scene_fini(&f->scene);
}

static void press(struct app *a, uint32_t key) {
    struct event ev = {.kind = EVENT_KEY, .key = key};
    app_event(a, &ev, SCENE_NOW_MS);
}

static void type(struct app *a, const char *text) {
    for (; *text; text++)
        press(a, (unsigned char)*text);
}

static void assert_means(const struct app *a, uint32_t key, enum command_id id) {
    const struct key_binding *b = command_find(a, key);
    assert_non_null(b);
    assert_string_equal(commands[b->command].name, commands[id].name);
}

static void assert_said(const struct app *a, const char *words) {
    if (!strstr(a->v.message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, a->v.message);
}

static int64_t focused(const struct app *a) {
    struct item it;
    size_t n;
    assert_true(app_item(a, &it));
    assert_int_equal(it.kind, ITEM_RUN);
    return session_runs(&a->s, &n)[it.index].is.id;
}

static void focus_on(struct app *a, int64_t id) {
    size_t n;
    const struct run_row *row = session_runs(&a->s, &n);
    assert_true(app_focus(a, ITEM_RUN, (int)(session_run_row(&a->s, id) - row)));
    assert_int_equal(focused(a), id);
}

/* --- a store on disk ------------------------------------------------------------------------- */

/* Empty lines behind it make another text of it, so another run. */
static void paste_with_lines(struct scene *c, const char *file, size_t lines) {
    char path[512];
    size_t len = 0;
    struct err e = {0};
    snprintf(path, sizeof path, TEST_ROOT "/tests/golden/workspace/%s", file);
    char *bytes = file_read(path, 1 << 20, &len, &e);
    scene_must(bytes != NULL, &e);
    bytes = mem_resize(bytes, len + lines + 1, 1);
    memset(bytes + len, '\n', lines);
    scene_must(session_take_paste(&c->s, bytes, len + lines, &e), &e);
    free(bytes);
}

/* Three judged runs; the last is the workflow's own. */
static void stored(struct scene *c) {
    static const char *const files[] = {"run_pass.txt", "run_fail.txt", "run_pass.txt"};
    struct err e = {0};
    scene_written(c);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        paste_with_lines(c, files[i], i);
        scene_must(session_use_intake(&c->s, &e), &e);
    }
}

static void enter_opens_a_run_and_esc_goes_back_to_the_own(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    assert_int_equal(focused(a), 3); /* the open one */
    press(a, KEYC_DOWN);
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.open, STEP_RESULTS);
    assert_int_equal(session_record(&a->s)->is.id, 2);
    assert_said(a, "Run 2 is open. Results (6), review (7). Esc in History goes back to yours.");
    press(a, '8');
    assert_int_equal(focused(a), 2);
    press(a, KEYC_ESC);
    assert_int_equal(a->v.open, STEP_HISTORY);
    assert_int_equal(session_record(&a->s)->is.id, 3);
    assert_said(a, "Run 2 is closed. Yours is open: run 3.");
    press(a, KEYC_ESC);
    assert_int_equal(a->v.open, STEP_OVERVIEW);
    press(a, '8');
    focus_on(a, 3);
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.open, STEP_RESULTS);
    assert_string_equal(a->v.message, ""); /* nothing to go back to */
    close_it(&f);
}

static void d_compares_with_the_run_before(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    press(a, 'd');
    assert_true(compares_runs(a));
    assert_said(a, "Run 3 with run 2, the last Load run before it.");
    assert_int_equal(session_comparison(&a->s)->a, 2);
    assert_true(app_item_is(a, ITEM_COMPARED));
    press(a, 'd');
    assert_true(lists_runs(a));
    assert_null(session_comparison(&a->s));
    assert_int_equal(focused(a), 3);
    focus_on(a, 1);
    press(a, 'd');
    assert_false(compares_runs(a));
    assert_said(a, "There is no Load run before run 1 to compare it with.");
    close_it(&f);
}

static void d_compares_two_marked_the_older_first(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    press(a, ' ');
    focus_on(a, 1);
    press(a, ' ');
    focus_on(a, 2);
    press(a, 'd');
    assert_int_equal(session_comparison(&a->s)->a, 1);
    assert_int_equal(session_comparison(&a->s)->b, 3);
    press(a, 'x');
    assert_int_equal(session_comparison(&a->s)->a, 3);
    assert_int_equal(session_comparison(&a->s)->b, 1);
    press(a, KEYC_ESC);
    assert_int_equal(focused(a), 3);
    press(a, KEYC_DOWN);
    press(a, KEYC_DOWN);
    press(a, ' '); /* 1 is no mark any more: the one that is left, with the focus */
    focus_on(a, 2);
    press(a, 'd');
    assert_int_equal(session_comparison(&a->s)->a, 2);
    assert_int_equal(session_comparison(&a->s)->b, 3);
    close_it(&f);
}

static void keys_of_a_comparison(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    assert_means(a, '/', CMD_FILTER);
    assert_means(a, 's', CMD_SORT);
    assert_null(command_find(a, 'x'));
    assert_null(command_find(a, 'v'));
    assert_null(command_find(a, 'z'));
    press(a, 'd');
    assert_means(a, '/', CMD_FIND);
    assert_null(command_find(a, 's')); /* the scripts are the same */
    assert_null(command_find(a, ' '));
    assert_null(command_find(a, 'b'));
    press(a, 'v');
    assert_true(a->v.history.values);
    press(a, 'z');
    assert_true(a->v.zoom);
    press(a, KEYC_ESC);
    assert_false(a->v.zoom);
    assert_true(compares_runs(a));
    press(a, 'y');
    assert_non_null(a->wish.copy);
    assert_non_null(strstr(a->wish.copy, "p95: run 2 "));
    close_it(&f);
}

static void results_compares_the_open_run(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_RESULTS);
    assert_means(a, 'd', CMD_COMPARE_OPEN);
    press(a, 'd');
    assert_int_equal(a->v.open, STEP_HISTORY);
    assert_true(compares_runs(a));
    assert_said(a, "Run 3 with run 2");
    close_it(&f);
}

static void only_a_signed_run_is_a_reference(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    focus_on(a, 2);
    press(a, 'b');
    assert_said(a, "Only a signed run can be the reference: run 2 is not approved.");
    /* somebody else's word for it is not enough: the run itself is asked, and stays closed */
    struct run_row *row = a->s.together->row;
    row[session_run_row(&a->s, 2) - row].review = REVIEW_APPROVED;
    press(a, 'b');
    assert_said(a, "not approved");
    assert_int_equal(session_record(&a->s)->is.id, 3);
    close_it(&f);
}

static void e_exports_the_focused_run_and_r_reads_again(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, stored, STEP_HISTORY);
    text_copy(a->s.ws.path, sizeof a->s.ws.path, f.scene.dir);
    focus_on(a, 2);
    press(a, 'e');
    assert_said(a, "report-2.md");
    assert_int_equal(session_record(&a->s)->is.id, 3);
    press(a, 'r');
    assert_said(a, "Read again.");
    assert_int_equal(focused(a), 2);
    close_it(&f);
}

/* --- marks, filter, order -------------------------------------------------------------------- */

static void a_third_mark_drops_the_older(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs, STEP_HISTORY);
    static const int64_t ids[] = {13, 9, 15};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        focus_on(a, ids[i]);
        press(a, ' ');
    }
    assert_int_equal(a->v.history.mark[0], 9);
    assert_int_equal(a->v.history.mark[1], 15);
    focus_on(a, 9);
    press(a, ' ');
    assert_int_equal(a->v.history.mark[0], 15);
    assert_int_equal(a->v.history.mark[1], 0);
    close_it(&f);
}

static size_t count_items(const struct app *a) {
    static struct item item[ITEMS_MAX];
    return (size_t)panel_items(&a->s, &a->v, item);
}

static void the_filter_holds_as_it_is_typed(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs, STEP_HISTORY);
    size_t all = count_items(a);
    press(a, '/');
    assert_int_equal(a->v.mode, VIEW_FILTER);
    type(a, "soak");
    assert_int_equal(count_items(a), 2);
    press(a, KEYC_BACKSPACE);
    assert_string_equal(a->v.history.filter, "soa");
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_string_equal(a->v.history.filter, "soa");
    assert_int_equal(count_items(a), 2);
    press(a, '/');
    assert_string_equal(a->v.edit.text, "soa"); /* to go on with */
    press(a, KEYC_ESC);
    assert_int_equal(count_items(a), all);
    press(a, '/');
    type(a, "qzx");
    press(a, KEYC_ENTER);
    assert_int_equal(count_items(a), 0);
    assert_null(command_find(a, ' '));
    press(a, KEYC_ENTER); /* nothing is there to be opened */
    press(a, KEYC_ESC);
    assert_int_equal(a->v.open, STEP_HISTORY);
    assert_int_equal(count_items(a), all);
    close_it(&f);
}

static void the_focus_stays_on_its_run(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs, STEP_HISTORY);
    focus_on(a, 9);
    for (int i = 0; i < SORTS; i++) {
        press(a, 's');
        assert_int_equal(focused(a), 9);
    }
    assert_int_equal(a->v.history.sort, SORT_RUN);
    press(a, 'S');
    assert_true(a->v.history.reverse);
    assert_int_equal(focused(a), 9);
    press(a, 'g');
    assert_int_equal(focused(a), 3); /* the oldest */
    press(a, 'S');
    press(a, '/');
    type(a, "load");
    press(a, KEYC_ENTER);
    assert_int_equal(focused(a), 3);
    close_it(&f);
}

/* Somebody judged another run: it comes in on top. */
static void a_new_run_moves_no_focus(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs_60, STEP_HISTORY);
    focus_on(a, 40);
    int row = a->v.focus[STEP_HISTORY];
    scene_many_runs(&f.scene, 61); /* the same session behind it */
    app_look(a);
    assert_int_equal(focused(a), 40);
    assert_int_equal(a->v.focus[STEP_HISTORY], row + 1);
    close_it(&f);
}

static void the_list_scrolls_at_its_ends_only(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs_1000, STEP_HISTORY);
    for (int i = 0; i < 100; i++)
        press(a, KEYC_DOWN);
    int from = a->v.scroll[STEP_HISTORY];
    assert_in_range(from, 80, 100);
    for (int i = 0; i < 100 - from; i++) {
        press(a, KEYC_UP);
        assert_int_equal(a->v.scroll[STEP_HISTORY], from);
    }
    press(a, KEYC_UP);
    assert_int_equal(a->v.scroll[STEP_HISTORY], from - 1);
    press(a, 'G');
    assert_int_equal(focused(a), 1);
    press(a, KEYC_PAGE_UP);
    assert_true(focused(a) > 1);
    press(a, 'g');
    assert_int_equal(a->v.scroll[STEP_HISTORY], 0);
    close_it(&f);
}

static void a_click_takes_its_row(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_runs_1000, STEP_HISTORY);
    focus_on(a, 500);
    struct area pane = app_pane(a);
    int row = pane.row, item = -1;
    while (item < 0)
        item = panel_list_item(&a->s, &a->v, pane, row++);
    struct event ev = {.kind = EVENT_MOUSE, .button = MOUSE_LEFT, .row = row + 2, .col = 50};
    int want = panel_list_item(&a->s, &a->v, pane, row + 2);
    app_event(a, &ev, SCENE_NOW_MS);
    assert_int_equal(a->v.focus[STEP_HISTORY], want);
    ev.row = pane.row + pane.rows - 1; /* no row of the list */
    app_event(a, &ev, SCENE_NOW_MS);
    assert_int_equal(a->v.focus[STEP_HISTORY], want);
    close_it(&f);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enter_opens_a_run_and_esc_goes_back_to_the_own),
        cmocka_unit_test(d_compares_with_the_run_before),
        cmocka_unit_test(d_compares_two_marked_the_older_first),
        cmocka_unit_test(keys_of_a_comparison),
        cmocka_unit_test(results_compares_the_open_run),
        cmocka_unit_test(only_a_signed_run_is_a_reference),
        cmocka_unit_test(e_exports_the_focused_run_and_r_reads_again),
        cmocka_unit_test(a_third_mark_drops_the_older),
        cmocka_unit_test(the_filter_holds_as_it_is_typed),
        cmocka_unit_test(the_focus_stays_on_its_run),
        cmocka_unit_test(a_new_run_moves_no_focus),
        cmocka_unit_test(the_list_scrolls_at_its_ends_only),
        cmocka_unit_test(a_click_takes_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
