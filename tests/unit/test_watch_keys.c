/* What keys do on Run while a run goes on, without a terminal and without a watch: the view is one
 * that is held. */
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "golden/scene_watch.h"
#include "ui/screen/actions.h"
#include "ui/screen/command.h"

enum { ROWS = 40, COLS = 120 };

struct fixture {
    struct scene scene;
    struct app app;
};

/* The session is the app's until the end. */
static struct app *open_on(struct fixture *f, void (*scene)(struct scene *c)) {
    memset(f, 0, sizeof *f);
    scene(&f->scene);
    f->app.s = f->scene.s;
    f->app.rows = ROWS;
    f->app.cols = COLS;
    f->app.v.open = STEP_RUN;
    app_look(&f->app);
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

static void assert_near(double x, double want) {
    if (!(fabs(x - want) < 1e-6))
        fail_msg("%f, not %f", x, want);
}

static void assert_means(const struct app *a, uint32_t key, enum command_id id) {
    const struct key_binding *b = command_find(a, key);
    assert_non_null(b);
    assert_string_equal(commands[b->command].name, commands[id].name);
}

static void waiting_run_has_no_keys_of_time(void **state) {
    (void)state;
    static const uint32_t keys[] = {' ', '<', '>', '+', '-', 'z'};
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_waiting);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_null(command_find(a, keys[i]));
    assert_means(a, KEYC_LEFT, CMD_MOVE_ASIDE);
    assert_means(a, 'w', CMD_NAME_SOURCE);
    close_it(&f);
}

static void space_holds_a_run_and_pauses_a_replay(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_held);
    assert_means(a, ' ', CMD_HOLD);
    assert_null(command_find(a, '<'));
    press(a, ' '); /* lets it go; there is no watch behind it */
    assert_int_equal(a->s.watching.held_ms, 0);
    assert_null(session_watch(&a->s));
    close_it(&f);
    a = open_on(&f, scene_watch_replay);
    assert_means(a, ' ', CMD_PAUSE);
    assert_means(a, '<', CMD_SPEED);
    assert_means(a, '>', CMD_SPEED);
    close_it(&f);
}

static void the_cursor_begins_now_and_stays_in_the_run(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_load);
    double step = panel_time_step(&a->s, &a->v, chrome_pane(ROWS, COLS));
    assert_in_range((int)(step * 1000), 1000, 20000);
    press(a, KEYC_LEFT);
    assert_true(a->v.time.cursor);
    assert_near(a->v.time.cursor_s, 372 - step);
    press(a, 'h');
    assert_near(a->v.time.cursor_s, 372 - 2 * step);
    for (int i = 0; i < 5; i++)
        press(a, KEYC_RIGHT);
    assert_near(a->v.time.cursor_s, 372);
    for (int i = 0; i < 200; i++)
        press(a, KEYC_LEFT);
    assert_near(a->v.time.cursor_s, 0);
    close_it(&f);
}

static void time_comes_closer_and_esc_leaves_one_after_the_other(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_load);
    double whole = panel_time_step(&a->s, &a->v, chrome_pane(ROWS, COLS));
    for (int i = 0; i < 2; i++)
        press(a, '+');
    assert_near(panel_time_step(&a->s, &a->v, chrome_pane(ROWS, COLS)), whole / 4);
    for (int i = 0; i < 20; i++)
        press(a, '=');
    assert_int_equal(a->v.time.zoom, TIME_ZOOM_MAX);
    press(a, '-');
    assert_int_equal(a->v.time.zoom, TIME_ZOOM_MAX - 1);
    press(a, KEYC_LEFT);
    press(a, 'z');
    assert_true(a->v.zoom);
    press(a, KEYC_ESC);
    assert_false(a->v.time.cursor);
    assert_int_equal(a->v.time.zoom, TIME_ZOOM_MAX - 1);
    press(a, KEYC_ESC);
    assert_int_equal(a->v.time.zoom, 0);
    press(a, KEYC_ESC);
    assert_false(a->v.zoom);
    assert_int_equal(a->v.open, STEP_RUN);
    press(a, KEYC_ESC);
    assert_int_equal(a->v.open, STEP_OVERVIEW);
    close_it(&f);
}

static void enter_on_a_source_asks_whether_it_is_over(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_stalled);
    assert_true(app_focus(a, ITEM_METRIC, WATCH_RATE));
    assert_null(command_find(a, KEYC_ENTER));
    assert_true(app_focus(a, ITEM_SOURCE, 0));
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_ASK);
    assert_false(a->v.question.on_yes);
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_string_equal(a->v.message, "");
    press(a, KEYC_ENTER);
    press(a, 'y'); /* nothing is behind this view */
    assert_non_null(strstr(a->v.message, "othing is watched"));
    close_it(&f);
    a = open_on(&f, scene_watch_ended);
    assert_true(app_focus(a, ITEM_SOURCE, 0));
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_non_null(strstr(a->v.message, "othing is watched"));
    a->s.watching.judging = true;
    assert_null(command_find(a, KEYC_ENTER));
    a->s.watching.judging = false;
    close_it(&f);
}

static void w_asks_for_a_source(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_load);
    press(a, 'w');
    assert_int_equal(a->v.mode, VIEW_SOURCE);
    press(a, 'k');
    press(a, '6');
    assert_string_equal(a->v.edit.text, "k6");
    press(a, KEYC_ESC);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_int_equal(session_watch(&a->s)->sources, 2); /* as it was */
    close_it(&f);
}

static void tab_goes_from_figures_to_sources(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_load);
    assert_true(app_item_is(a, ITEM_METRIC));
    press(a, KEYC_TAB);
    assert_true(app_item_is(a, ITEM_SOURCE));
    press(a, KEYC_TAB);
    assert_true(app_item_is(a, ITEM_METRIC));
    close_it(&f);
}

static void y_copies_a_figure_with_its_windows(void **state) {
    (void)state;
    static const struct {
        enum item_kind kind;
        int index;
        const char *text;
    } cases[] = {
        {ITEM_METRIC, WATCH_P95,
         "p95: 238 ms now, 240 ms in the last minute, 239 ms since the start, 241 ms in the steady "
         "window, limit 500 ms"},
        {ITEM_METRIC, WATCH_RATE,
         "Rate: 199.4/s now, 199.7/s in the last minute, 172.8/s since the start, 199.6/s in the "
         "steady window, of 200/s"},
        {ITEM_SOURCE, 0, "load_orders.csv"},
    };
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_load);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(app_focus(a, cases[i].kind, cases[i].index));
        press(a, 'y');
        assert_non_null(a->wish.copy);
        assert_string_equal(a->wish.copy, cases[i].text);
    }
    close_it(&f);
}

/* A copy of the recording lies in the workspace. */
static void put_recording(const struct scene *c) {
    char path[512];
    size_t len;
    char *bytes =
        file_read(TEST_DATA "/k6/recording-load-v2.2/recording.ndjson", 1 << 20, &len, NULL);
    assert_non_null(bytes);
    snprintf(path, sizeof path, "%s/recorded.ndjson", c->dir);
    assert_true(file_write_new(path, bytes, len, NULL));
    free(bytes);
}

static void a_recorded_run_is_played(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_on(&f, scene_watch_waiting);
    put_recording(&f.scene);
    session_watch_stop(&a->s);
    assert_true(session_rescan(&a->s, NULL));
    assert_false(app_focus(a, ITEM_PLAY, -1)); /* only the demo has a row for it */
    assert_true(app_focus(a, ITEM_RESULT_FILE, -1));
    assert_means(a, 'P', CMD_PLAY);
    a->v.demo = true;
    assert_true(app_focus(a, ITEM_PLAY, -1));
    press(a, KEYC_ENTER);
    assert_non_null(session_watch(&a->s));
    assert_true(session_watch(&a->s)->replay);
    assert_string_equal(a->s.watching.names, "recorded.ndjson");
    session_watch_stop(&a->s);
    close_it(&f);
}

/* The note is about the run that is open: another one takes its place only when it is done. */
static void a_run_that_ends_while_a_note_is_typed_waits(void **state) {
    (void)state;
    struct fixture f;
    struct err e = {0};
    struct app *a = open_on(&f, scene_watch_waiting);
    put_recording(&f.scene);
    session_watch_stop(&a->s);
    if (!session_watch_start(&a->s, "recorded.ndjson", &e))
        fail_msg("%s", e.text);
    a->v.mode = VIEW_NOTE;
    for (int i = 0; i < 200 && !session_watch_is_over(&a->s); i++) {
        struct pollfd fd = {.fd = session_watch_fd(&a->s), .events = POLLIN};
        poll(&fd, 1, 100);
        app_watch_turn(a, SCENE_NOW_MS + i * 1000, i * 1000);
    }
    assert_true(session_watch_is_over(&a->s));
    assert_int_equal(session_read_fd(&a->s), -1);
    assert_int_equal(a->v.mode, VIEW_NOTE);
    press(a, 'x');
    assert_int_equal(session_read_fd(&a->s), -1);
    press(a, KEYC_ESC);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
    assert_true(session_read_fd(&a->s) >= 0); /* its results are being read */
    session_watch_stop(&a->s);
    close_it(&f);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_run_has_no_keys_of_time),
        cmocka_unit_test(space_holds_a_run_and_pauses_a_replay),
        cmocka_unit_test(the_cursor_begins_now_and_stays_in_the_run),
        cmocka_unit_test(time_comes_closer_and_esc_leaves_one_after_the_other),
        cmocka_unit_test(enter_on_a_source_asks_whether_it_is_over),
        cmocka_unit_test(w_asks_for_a_source),
        cmocka_unit_test(a_recorded_run_is_played),
        cmocka_unit_test(a_run_that_ends_while_a_note_is_typed_waits),
        cmocka_unit_test(tab_goes_from_figures_to_sources),
        cmocka_unit_test(y_copies_a_figure_with_its_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
