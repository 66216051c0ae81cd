/* What keys do on Review, and how notes are written on every screen: without a terminal, on a real
 * store. A second person is a child process of another user, when the test runs as root. */
#include <grp.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "golden/scene_results.h"
#include "session/together_parts.h"
#include "ui/screen/actions.h"
#include "ui/screen/command.h"

enum { ROWS = 40, COLS = 120, BO = 54322, GROUP = 54300 };

struct fixture {
    struct scene scene;
    struct app app;
};

/* A run that was judged and stored as run 1; the session is the app's until the end. */
static struct app *open_judged(struct fixture *f, const char *file) {
    struct err e = {0};
    memset(f, 0, sizeof *f);
    scene_written(&f->scene);
    scene_pasted(&f->scene, file);
    scene_must(session_use_intake(&f->scene.s, &e), &e);
    assert_true(session_record(&f->scene.s) != NULL);
    f->app.s = f->scene.s;
    app_start(&f->app, ROWS, COLS);
    f->app.v.mode = VIEW_BROWSE;
    f->app.asked = ASK_NONE;
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

static void go(struct app *a, uint32_t screen) {
    press(a, screen);
    assert_int_equal(a->v.open, screen - '0');
}

static const struct review *review(const struct app *a) {
    assert_non_null(session_review(&a->s));
    return session_review(&a->s);
}

static void assert_says(const struct app *a, const char *words) {
    if (!strstr(a->v.message, words))
        fail_msg("\"%s\" says nothing of \"%s\"", a->v.message, words);
}

static void note(struct app *a, const char *text) {
    press(a, 'c');
    assert_int_equal(a->v.mode, VIEW_NOTE);
    type(a, text);
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_BROWSE);
}

static int check_of(const struct app *a, const char *metric) {
    const struct judgement *j = &session_result(&a->s)->judgement;
    for (size_t i = 0; i < j->checks; i++)
        if (strcmp(j->check[i].metric, metric) == 0)
            return (int)i;
    fail_msg("no check of %s", metric);
    return -1;
}

/* ---- notes ---- */

static void c_writes_on_what_is_in_focus(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_fail.txt");
    go(a, '6');
    assert_true(app_focus(a, ITEM_CHECK, check_of(a, "p95")));
    note(a, "too slow");
    assert_says(a, "Noted on p95.");
    go(a, '2');
    note(a, "on the run");
    assert_int_equal(review(a)->notes, 2);
    assert_string_equal(review(a)->note[1].said->on, "p95");
    assert_string_equal(review(a)->note[1].said->text, "too slow");
    assert_string_equal(review(a)->note[0].said->on, "");
    close_it(&f);
}

static void a_note_may_hang_on_a_moment(void **state) {
    (void)state;
    struct fixture f = {0};
    struct app *a = open_judged(&f, "run_fail.txt");
    scene_series(&a->s.together->open.shown.run, 750, 5, scene_kept);
    go(a, '6');
    press(a, KEYC_RIGHT);
    assert_true(a->v.time.cursor);
    double step = panel_time_step(&a->s, &a->v, app_pane(a));
    assert_true(fabs(a->v.time.cursor_s - step) < 1e-6);
    press(a, KEYC_LEFT);
    press(a, KEYC_LEFT);
    assert_true(a->v.time.cursor_s == 0);
    for (int i = 0; i < 200; i++)
        press(a, KEYC_RIGHT);
    assert_true(fabs(a->v.time.cursor_s - 750) < 1e-6);
    press(a, 'c');
    assert_string_equal(a->v.noting.on, "750.0s");
    press(a, KEYC_ESC);
    press(a, KEYC_ESC);
    assert_false(a->v.time.cursor);
    assert_int_equal(a->v.open, STEP_RESULTS);
    close_it(&f);
}

static void what_is_not_sent_is_a_draft(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_fail.txt");
    struct app *later = calloc(1, sizeof *later);
    struct err e = {0};
    go(a, '6');
    assert_true(app_focus(a, ITEM_CHECK, check_of(a, "p95")));
    press(a, 'c');
    type(a, "half");
    press(a, KEYC_ESC);
    assert_says(a, "Kept as a draft. c goes on with it.");
    go(a, '7');
    press(a, 'c');
    assert_string_equal(a->v.edit.text, "half");
    assert_string_equal(a->v.noting.on, "p95");
    type(a, " said");
    app_save_place(a); /* the line drops */
    assert_true(app_open(later, f.scene.dir, SCENE_NOW_MS, &e));
    app_start(later, ROWS, COLS);
    later->v.mode = VIEW_BROWSE;
    assert_true(session_run_open(&later->s, 1, &e));
    press(later, 'c');
    assert_string_equal(later->v.edit.text, "half said");
    press(later, KEYC_ENTER);
    assert_int_equal(review(later)->notes, 1);
    press(later, 'c');
    assert_string_equal(later->v.edit.text, "");
    app_close(later);
    free(later);
    close_it(&f);
}

static void lines_and_pastes_stay_in_a_note(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_pass.txt");
    char paste[] = "one\ntwo\x1b[31m";
    struct event ev = {.kind = EVENT_PASTE, .paste = paste, .paste_len = sizeof paste - 1};
    press(a, 'c');
    type(a, "zero");
    press(a, 10);
    app_event(a, &ev, SCENE_NOW_MS);
    assert_string_equal(a->v.edit.text, "zero\none\ntwo[31m");
    for (int i = 0; i < 3000; i++)
        press(a, 'x');
    assert_int_equal(a->v.edit.len, SAID_TEXT_BYTES - 1);
    press(a, KEYC_ENTER);
    assert_int_equal(review(a)->notes, 1);
    close_it(&f);
}

static void without_a_run_c_says_so(void **state) {
    (void)state;
    struct fixture f = {0};
    scene_ready(&f.scene);
    f.app.s = f.scene.s;
    app_start(&f.app, ROWS, COLS);
    f.app.v.mode = VIEW_BROWSE;
    press(&f.app, 'c');
    assert_int_equal(f.app.v.mode, VIEW_BROWSE);
    assert_true(f.app.v.message[0] != '\0');
    close_it(&f);
}

/* ---- threads ---- */

static void r_replies_and_s_settles(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_pass.txt");
    note(a, "warm?");
    go(a, '7');
    assert_true(app_focus(a, ITEM_NOTE, 0));
    press(a, 'r');
    type(a, "yes");
    press(a, KEYC_ENTER);
    assert_int_equal(review(a)->notes, 2);
    assert_int_equal(review(a)->note[1].depth, 1);
    assert_int_equal(review(a)->open_notes, 1);
    assert_true(app_focus(a, ITEM_NOTE, 0));
    press(a, 's');
    assert_int_equal(a->v.mode, VIEW_SETTLE);
    assert_true(a->wish.drop_input);
    press(a, 'a');
    assert_int_equal(review(a)->note[0].state, NOTE_AGREED);
    assert_int_equal(review(a)->open_notes, 0);
    press(a, 's');
    press(a, 'w');
    assert_int_equal(a->v.mode, VIEW_NOTE);
    press(a, KEYC_ENTER);
    assert_says(a, "Say why");
    type(a, "known");
    press(a, KEYC_ENTER);
    assert_int_equal(review(a)->note[0].state, NOTE_WAIVED);
    press(a, 's');
    press(a, KEYC_ESC);
    assert_int_equal(review(a)->note[0].state, NOTE_WAIVED);
    close_it(&f);
}

static void enter_goes_to_the_place_of_a_note(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_fail.txt");
    go(a, '6');
    assert_true(app_focus(a, ITEM_CHECK, check_of(a, "error_rate")));
    note(a, "why");
    assert_true(app_focus(a, ITEM_CHECK, 0));
    go(a, '7');
    assert_true(app_focus(a, ITEM_NOTE, 0));
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.open, STEP_RESULTS);
    struct item it;
    assert_true(app_item(a, &it));
    assert_int_equal(it.kind, ITEM_CHECK);
    assert_int_equal(it.index, check_of(a, "error_rate"));
    close_it(&f);
}

/* ---- votes ---- */

static void an_approval_asks_and_starts_on_cancel(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_pass.txt");
    go(a, '7');
    press(a, 'A');
    assert_int_equal(a->v.mode, VIEW_ASK);
    assert_false(a->v.question.on_yes);
    assert_non_null(strstr(a->v.question.line, "Approve run 1?  Verdict: "));
    assert_non_null(strstr(a->v.question.more[0], "You sign results "));
    press(a, KEYC_ENTER);
    assert_int_equal(review(a)->votes, 0);
    press(a, 'A');
    press(a, 'y');
    assert_int_equal(review(a)->votes, 1);
    assert_int_equal(review(a)->approvals, 0); /* who ran it does not sign it */
    assert_says(a, "does not count");
    press(a, 'u');
    assert_says(a, "taken back");
    press(a, 'X');
    assert_true(a->v.message_look == LOOK_FAIL);
    close_it(&f);
}

static void a_request_for_changes_needs_a_sentence(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_pass.txt");
    go(a, '7');
    press(a, 'R');
    assert_int_equal(a->v.mode, VIEW_NOTE);
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_NOTE);
    type(a, "explain the spike");
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_ASK);
    press(a, 'n');
    assert_int_equal(a->v.mode, VIEW_NOTE);
    assert_string_equal(a->v.edit.text, "explain the spike");
    press(a, KEYC_ENTER);
    press(a, KEYC_ESC); /* nothing is lost by it */
    assert_int_equal(a->v.mode, VIEW_NOTE);
    press(a, KEYC_ENTER);
    press(a, 'y');
    assert_int_equal(review(a)->state, REVIEW_CHANGES);
    assert_string_equal(review(a)->vote[0].said->text, "explain the spike");
    close_it(&f);
}

static void a_failed_check_is_waived_with_a_reason(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_fail.txt");
    const struct judgement *j = &session_result(&a->s)->judgement;
    go(a, '6');
    for (size_t i = 0; i < j->checks; i++) {
        assert_true(app_focus(a, ITEM_CHECK, (int)i));
        assert_int_equal(can_waive(a), j->check[i].status != VERDICT_PASS);
    }
    assert_true(app_focus(a, ITEM_CHECK, check_of(a, "p95")));
    press(a, 'W');
    type(a, "a known slow query");
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.mode, VIEW_ASK);
    assert_non_null(strstr(a->v.question.line, "Waive p95 of run 1? It keeps its status"));
    press(a, 'y');
    assert_int_equal(review(a)->waivers, 1);
    const struct check *c = judgement_find(&session_result(&a->s)->judgement, "p95");
    assert_int_equal(c->status, VERDICT_FAIL);
    assert_string_equal(c->waived_why, "a known slow query");
    struct grid g;
    grid_init(&g, ROWS, COLS, GLYPHS_BRAILLE);
    app_draw(a, &g);
    char *seen = grid_dump(&g, false);
    assert_non_null(strstr(seen, "! waived"));
    free(seen);
    grid_fini(&g);
    close_it(&f);
}

/* ---- the rest ---- */

static void e_writes_the_report(void **state) {
    (void)state;
    struct fixture f;
    char path[512];
    struct app *a = open_judged(&f, "run_pass.txt");
    go(a, '7');
    press(a, 'e');
    assert_says(a, "Report written: report-1.md, report-1.html.");
    snprintf(path, sizeof path, "%s/report-1.html", f.scene.dir);
    assert_int_equal(access(path, R_OK), 0);
    close_it(&f);
}

static void r_on_results_judges_again(void **state) {
    (void)state;
    struct fixture f;
    struct app *a = open_judged(&f, "run_pass.txt");
    go(a, '6');
    press(a, 'r');
    assert_says(a, "Judged again: ");
    assert_int_equal(session_record(&a->s)->is.id, 1);
    close_it(&f);
}

/* ---- two people ---- */

/* Somebody else in the same workspace. */
typedef void other_does(struct app *b);

static struct app *other_app(const char *dir) {
    struct app *b = calloc(1, sizeof *b);
    struct err e = {0};
    if (!b || !app_open(b, dir, SCENE_NOW_MS, &e)) {
        fprintf(stderr, "the other: %s\n", e.text);
        _exit(3);
    }
    app_start(b, ROWS, COLS);
    b->v.mode = VIEW_BROWSE;
    b->asked = ASK_NONE;
    return b;
}

static void wait_turns(struct app *a, int64_t ms) {
    for (int64_t left = ms; left > 0; left -= 50) {
        struct pollfd fd = {.fd = session_people_fd(&a->s), .events = POLLIN};
        if (poll(&fd, 1, 50) > 0)
            app_people_turn(a, SCENE_NOW_MS);
    }
}

/* The other one does something, waits for a byte, and leaves. */
static pid_t start_other(const char *dir, other_does *does, int *go_on) {
    int pipe_fd[2];
    char byte;
    assert_int_equal(pipe(pipe_fd), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        gid_t group = GROUP;
        close(pipe_fd[1]);
        if (setgroups(1, &group) || setresgid(group, group, group) || setresuid(BO, BO, BO))
            _exit(2);
        struct app *b = other_app(dir);
        does(b);
        while (poll(&(struct pollfd){.fd = pipe_fd[0], .events = POLLIN}, 1, 0) == 0)
            wait_turns(b, 100);
        if (read(pipe_fd[0], &byte, 1) < 0)
            _exit(4);
        app_close(b);
        _exit(0);
    }
    close(pipe_fd[0]);
    *go_on = pipe_fd[1];
    return pid;
}

static void end_other(pid_t pid, int go_on) {
    int status;
    close(go_on);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Until somebody is there, at most three seconds. */
static const struct person *wait_for_person(struct app *a) {
    const struct person *p = NULL;
    for (int i = 0; i < 60 && session_people(&a->s, &p) == 0; i++)
        wait_turns(a, 50);
    assert_true(session_people(&a->s, &p) > 0);
    return p;
}

static struct app *open_shared(struct fixture *f) {
    struct err e = {0};
    char group[16];
    struct app *a = open_judged(f, "run_pass.txt");
    app_close(a);
    snprintf(group, sizeof group, "%d", GROUP);
    assert_int_equal(chmod(f->scene.dir, 0755), 0);
    if (!history_share(f->scene.dir, group, &e))
        fail_msg("%s", e.text);
    memset(a, 0, sizeof *a);
    assert_true(app_open(a, f->scene.dir, SCENE_NOW_MS, &e));
    assert_true(session_run_open(&a->s, 1, &e));
    app_start(a, ROWS, COLS);
    a->v.mode = VIEW_BROWSE;
    a->asked = ASK_NONE;
    a->v.message[0] = '\0';
    return a;
}

static void notes_and_approves(struct app *b) {
    struct err e = {0};
    if (!session_run_open(&b->s, 1, &e))
        fprintf(stderr, "the other: %s\n", e.text);
    press(b, '6');
    app_focus(b, ITEM_CHECK, check_of(b, "p95"));
    press(b, 'c');
    type(b, "near?");
    press(b, KEYC_ENTER);
    press(b, '7');
    press(b, 'A');
    press(b, 'y');
    app_focus(b, ITEM_NOTE, 0);
}

static void what_one_does_the_other_sees(void **state) {
    (void)state;
    struct fixture f;
    int go_on;
    if (geteuid() != 0)
        skip();
    struct app *a = open_shared(&f);
    go(a, '2');
    pid_t pid = start_other(f.scene.dir, notes_and_approves, &go_on);
    wait_for_person(a);
    for (int i = 0; i < 60 && review(a)->approvals == 0; i++)
        wait_turns(a, 50);
    assert_int_equal(review(a)->approvals, 1);
    assert_int_equal(review(a)->state, REVIEW_APPROVED);
    assert_int_equal(review(a)->notes, 1);
    assert_int_equal(a->v.open, STEP_LOAD); /* nobody is torn away */
    press(a, 'f');
    assert_int_equal(a->v.follow_pid, pid);
    for (int i = 0; i < 60 && a->v.open != STEP_REVIEW; i++)
        wait_turns(a, 50);
    assert_int_equal(a->v.open, STEP_REVIEW);
    struct item it;
    assert_true(app_item(a, &it));
    assert_int_equal(it.kind, ITEM_NOTE);
    press(a, 'j'); /* any movement stops */
    assert_int_equal(a->v.follow_pid, 0);
    end_other(pid, go_on);
    const struct person *p;
    for (int i = 0; i < 60 && session_people(&a->s, &p) > 0; i++)
        wait_turns(a, 50);
    assert_says(a, "left.");
    close_it(&f);
}

static void notes_only(struct app *b) {
    struct err e = {0};
    session_run_open(&b->s, 1, &e);
    wait_turns(b, 200);
    press(b, 'c');
    type(b, "hello");
    press(b, KEYC_ENTER);
}

static void enter_goes_to_what_is_new(void **state) {
    (void)state;
    struct fixture f;
    int go_on;
    if (geteuid() != 0)
        skip();
    struct app *a = open_shared(&f);
    pid_t pid = start_other(f.scene.dir, notes_only, &go_on);
    for (int i = 0; i < 60 && !has_news(a); i++)
        wait_turns(a, 50);
    assert_says(a, "Enter goes there.");
    press(a, KEYC_ENTER);
    assert_int_equal(a->v.open, STEP_REVIEW);
    assert_true(on_note(a));
    assert_false(has_news(a));
    end_other(pid, go_on);
    close_it(&f);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_writes_on_what_is_in_focus),
        cmocka_unit_test(a_note_may_hang_on_a_moment),
        cmocka_unit_test(what_is_not_sent_is_a_draft),
        cmocka_unit_test(lines_and_pastes_stay_in_a_note),
        cmocka_unit_test(without_a_run_c_says_so),
        cmocka_unit_test(r_replies_and_s_settles),
        cmocka_unit_test(enter_goes_to_the_place_of_a_note),
        cmocka_unit_test(an_approval_asks_and_starts_on_cancel),
        cmocka_unit_test(a_request_for_changes_needs_a_sentence),
        cmocka_unit_test(a_failed_check_is_waived_with_a_reason),
        cmocka_unit_test(e_writes_the_report),
        cmocka_unit_test(r_on_results_judges_again),
        cmocka_unit_test(what_one_does_the_other_sees),
        cmocka_unit_test(enter_goes_to_what_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
