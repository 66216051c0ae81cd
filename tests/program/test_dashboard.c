/* The dashboard as a user has it: the real program on a pseudo-terminal, its bytes in libvterm. It
 * waits for what it expects to read, or until nothing more comes; never for a time. */
#include "../screen/vt.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "program.h"
#include "pty_run.h"
#include "session/session.h"

enum { QUIET_MS = 120, LONGEST_MS = 20000 };

/* ---- a workspace ---- */

static const char plan_text[] = "# Test plan\n\n| Figure | Value |\n|---|---|\n"
                                "| Target RPS | 20 RPS |\n| Duration | 5 min |\n\n"
                                "- p95 < 500 ms\n- Error rate < 1 %\n";
static const char pasted_sample[] = "k6/load-v2.2-full/terminal.txt";

/* Requests and seconds that the load of this workspace plans. */
static void read_profile(const char *dir, double *requests, double *duration_s) {
    struct session *s = calloc(1, sizeof *s);
    struct err e = {0};
    assert_non_null(s);
    assert_true(session_open(s, dir, 0, &e));
    *requests = s->profile.planned_requests;
    *duration_s = s->profile.duration_s;
    assert_true(*requests > 0);
    session_close(s);
    free(s);
}

/* A summary as k6 exports it, of a run that offered what was planned. */
static void put_result(const char *dir, const char *name, double p95_ms, double error_share) {
    double requests, length_s;
    char json[2048];
    read_profile(dir, &requests, &length_s);
    double failed = requests * error_share;
    snprintf(json, sizeof json,
             "{\"root_group\":{\"name\":\"\",\"path\":\"\",\"id\":\"x\",\"groups\":{},"
             "\"checks\":{}},\"metrics\":{"
             "\"http_reqs\":{\"count\":%.0f,\"rate\":%.6f},"
             "\"iterations\":{\"count\":%.0f,\"rate\":%.6f},"
             "\"http_req_failed\":{\"passes\":%.0f,\"fails\":%.0f,\"value\":%.6f},"
             "\"http_req_duration\":{\"avg\":30,\"min\":9,\"med\":28,\"max\":%.1f,\"p(90)\":%.1f,"
             "\"p(95)\":%.1f,\"p(99)\":%.1f},"
             "\"iteration_duration\":{\"avg\":760,\"min\":720,\"med\":758,\"max\":%.1f,"
             "\"p(90)\":770,\"p(95)\":780},"
             "\"vus\":{\"value\":1,\"min\":1,\"max\":9},"
             "\"vus_max\":{\"value\":60,\"min\":60,\"max\":60}}}",
             requests, requests / length_s, requests / 2, requests / 2 / length_s, failed,
             requests - failed, error_share, p95_ms + 200, p95_ms - 1, p95_ms, p95_ms + 100,
             p95_ms + 1000);
    put_text(dir, name, json);
}

static void make_sample(char dir[PATH_BYTES]) {
    make_tree(dir);
    put_copy(dir, "baseline_orders.js", TEST_DATA "/k6/baseline-v2.2/baseline_orders.js");
    put_copy(dir, "baseline_orders.json", TEST_DATA "/k6/baseline-v2.2/summary-export.json");
    put_text(dir, "test-plan.md", plan_text);
    put_result(dir, "good.json", 243, 0);
    put_result(dir, "bad.json", 2940, 0.05);
}

/* ---- a dashboard ---- */

struct dash {
    char dir[PATH_BYTES];
    struct pty pty;
    struct vt vt;
    struct pty_sink sink;
};

static void take(void *self, const char *bytes, size_t len) { vt_feed(self, bytes, len); }

static void start_with(struct dash *d, const char *const *argv, int rows, int cols,
                       const char *const *env) {
    vt_open(&d->vt, rows, cols);
    d->sink = (struct pty_sink){take, &d->vt};
    pty_start(&d->pty, argv, "/", rows, cols, env);
}

static void start(struct dash *d, int rows, int cols, const char *const *env) {
    start_with(d, WORDS(TEST_PROGRAM, d->dir), rows, cols, env);
}

static void stop(struct dash *d) {
    pty_close(&d->pty);
    vt_close(&d->vt);
}

static void open_sample(struct dash *d, int rows, int cols) {
    make_sample(d->dir);
    start(d, rows, cols, NULL);
}

static void close_sample(struct dash *d) {
    stop(d);
    remove_tree(d->dir);
}

static int row_with(const struct dash *d, const char *text) {
    for (int row = 0; row < d->vt.rows; row++)
        if (strstr(vt_row(&d->vt, row), text))
            return row;
    return -1;
}

static bool shows(const struct dash *d, const char *text) { return row_with(d, text) >= 0; }

static void expect(struct dash *d, const char *text) {
    double until = pty_now_ms() + LONGEST_MS;
    while (!shows(d, text) && !d->pty.gone && pty_now_ms() < until)
        pty_read(&d->pty, 100, &d->sink);
    if (!shows(d, text)) {
        char *dump = vt_dump(&d->vt);
        fail_msg("\"%s\" is not on the screen:\n%s", text, dump);
    }
}

static void expect_gone(struct dash *d, const char *text) {
    double until = pty_now_ms() + LONGEST_MS;
    while (shows(d, text) && pty_now_ms() < until)
        pty_read(&d->pty, 100, &d->sink);
    assert_false(shows(d, text));
}

static void settle(struct dash *d) { pty_quiet(&d->pty, QUIET_MS, &d->sink); }

static void press(struct dash *d, const char *keys) { pty_send(&d->pty, keys, strlen(keys)); }

static void press_and_expect(struct dash *d, const char *keys, const char *text) {
    press(d, keys);
    expect(d, text);
}

static int end(struct dash *d, const char *keys) {
    press(d, keys);
    return pty_wait(&d->pty, &d->sink);
}

/* ---- the walk ---- */

static const char *focused_row(const struct dash *d) {
    int row = row_with(d, "▌");
    return row < 0 ? "" : vt_row(&d->vt, row);
}

static bool focus_moves(struct dash *d) {
    char before[1024];
    double until = pty_now_ms() + 2000;
    snprintf(before, sizeof before, "%d %s", row_with(d, "▌"), focused_row(d));
    press(d, "j");
    while (pty_now_ms() < until) {
        char now[1024];
        pty_read(&d->pty, 100, &d->sink);
        snprintf(now, sizeof now, "%d %s", row_with(d, "▌"), focused_row(d));
        if (strcmp(before, now) != 0)
            return true;
    }
    return false;
}

/* Down until the focus is on this. */
static void focus(struct dash *d, const char *text) {
    press(d, "g");
    settle(d);
    while (!strstr(focused_row(d), text))
        if (!focus_moves(d)) {
            char *dump = vt_dump(&d->vt);
            fail_msg("the focus does not come to \"%s\":\n%s", text, dump);
        }
}

/* The machine of the test may be too small for the load. */
static void open_script(struct dash *d) {
    press(d, "4");
    settle(d);
    if (shows(d, "Go on anyway?"))
        press(d, "y");
    expect(d, "ramping-arrival-rate");
}

static void to_the_run_of(struct dash *d, const char *question) {
    expect(d, "Overview");
    press_and_expect(d, "1", "baseline_orders.js");
    press_and_expect(d, "2", "Target");
    focus(d, "Think time");
    press_and_expect(d, "7", "you, was");
    press(d, "\033");
    expect_gone(d, "you, was");
    press_and_expect(d, "\r", question);
    press_and_expect(d, "\r", "Load confirmed");
    open_script(d);
    press_and_expect(d, "w", "Written: load_orders.js");
    press_and_expect(d, "5", "k6 run");
}

static void to_the_run(struct dash *d) { to_the_run_of(d, "VUs for 20 RPS. Proceed?"); }

static void use_file(struct dash *d, const char *name, const char *verdict) {
    focus(d, name);
    press_and_expect(d, "\r", "Enter uses it");
    press_and_expect(d, "\r", verdict);
}

static void walk(int rows, int cols) {
    struct dash d;
    open_sample(&d, rows, cols);
    to_the_run(&d);
    use_file(&d, "good.json", "Test successful. Ready for deployment/higher load.");
    press_and_expect(&d, "\r", "p95");
    press(&d, "\033");
    settle(&d);
    press_and_expect(&d, "5", "k6 run");
    use_file(&d, "bad.json", "Bottleneck detected. Check logs/metrics.");
    assert_int_equal(end(&d, "q"), 0);
    assert_false(d.vt.alternate);
    expect(&d, "Bottleneck detected");
    size_t len;
    char *script = get_file(d.dir, "load_orders.js", &len);
    assert_non_null(script);
    free(script);
    close_sample(&d);
}

static void from_phase_0_to_a_verdict_at_80x24(void **state) {
    (void)state;
    walk(24, 80);
}

static void from_phase_0_to_a_verdict_at_120x40(void **state) {
    (void)state;
    walk(40, 120);
}

/* perfscale demo: what a new user sees, without a load tool and without anything of his own. */
static void the_demo_leads_to_both_verdicts(void **state) {
    struct dash d;
    char tmp[PATH_BYTES + 8];
    (void)state;
    make_tree(d.dir);
    snprintf(tmp, sizeof tmp, "TMPDIR=%s", d.dir);
    const char *const env[] = {tmp, NULL};
    start_with(&d, WORDS(TEST_PROGRAM, "demo"), 24, 80, env);
    to_the_run_of(&d, "VUs for 200 RPS. Proceed?");
    use_file(&d, "recorded_pass.txt", "Test successful. Ready for deployment/higher load.");
    press_and_expect(&d, "5", "k6 run");
    use_file(&d, "recorded_fail.txt", "Bottleneck detected. Check logs/metrics.");
    assert_int_equal(end(&d, "q"), 0);
    expect(&d, "The demo workspace stays in");
    close_sample(&d);
}

static void the_next_start_goes_on(void **state) {
    struct dash d;
    (void)state;
    open_sample(&d, 40, 120);
    to_the_run(&d);
    assert_int_equal(end(&d, "q"), 0);
    stop(&d);
    start(&d, 40, 120, NULL);
    expect(&d, "Go on where you stopped?");
    press_and_expect(&d, "\r", "Back where you were: Run");
    expect(&d, "k6 run");
    assert_int_equal(end(&d, "q"), 0);
    close_sample(&d);
}

/* ---- ways out ---- */

static void is_restored(struct dash *d) {
    struct termios t;
    assert_false(d->vt.alternate);
    assert_true(d->vt.cursor);
    assert_int_equal(d->vt.mouse, 0);
    assert_int_equal(tcgetattr(d->pty.fd, &t), 0);
    assert_true(t.c_lflag & ICANON);
    assert_true(t.c_lflag & ECHO);
}

static void signals_restore_the_terminal(void **state) {
    (void)state;
    static const struct {
        int number, status;
    } signals[] = {{SIGHUP, 129}, {SIGTERM, 143}, {SIGINT, 130}, {SIGABRT, 134}, {SIGSEGV, -1}};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct dash d;
        open_sample(&d, 24, 80);
        expect(&d, "Overview");
        settle(&d);
        assert_true(d.vt.alternate);
        kill(d.pty.pid, signals[i].number);
        int status = pty_wait(&d.pty, &d.sink);
        if (signals[i].status >= 0) /* a sanitizer has its own end for the last one */
            assert_int_equal(status, signals[i].status);
        assert_true(status > 0);
        is_restored(&d);
        close_sample(&d);
    }
}

static void a_lost_line_ends_it_and_keeps_the_state(void **state) {
    struct dash d;
    (void)state;
    open_sample(&d, 40, 120);
    to_the_run(&d);
    close(d.pty.fd);
    d.pty.fd = -1;
    d.pty.gone = true;
    assert_int_equal(pty_wait(&d.pty, &d.sink), 129);
    stop(&d);
    start(&d, 40, 120, NULL);
    expect(&d, "Go on where you stopped?");
    close_sample(&d);
}

static void suspended_and_back(void **state) {
    struct dash d;
    char line[2 * PATH_BYTES];
    (void)state;
    make_sample(d.dir);
    snprintf(line, sizeof line, "'%s' '%s'; echo shell has it; read x; fg; echo ended $?",
             TEST_PROGRAM, d.dir);
    start_with(&d, WORDS("/bin/sh", "-m", "-c", line), 24, 80, NULL);
    expect(&d, "Overview");
    press(&d, "1");
    expect(&d, "Prerequisites");
    settle(&d);
    press_and_expect(&d, "\032", "shell has it");
    is_restored(&d);
    press_and_expect(&d, "\r", "baseline_orders.js"); /* on the same screen */
    assert_true(d.vt.alternate);
    press_and_expect(&d, "q", "ended 0");
    is_restored(&d);
    close_sample(&d);
}

static void the_command_can_be_copied_and_printed(void **state) {
    struct dash d;
    (void)state;
    open_sample(&d, 24, 80);
    to_the_run(&d);
    press_and_expect(&d, "y", "Copied, if your terminal allows it. o prints it instead.");
    press_and_expect(&d, "o", "Enter goes back to the screen.");
    assert_false(d.vt.alternate);
    assert_true(shows(&d, "k6 run"));
    press_and_expect(&d, "\r", "waiting for the first data");
    assert_true(d.vt.alternate);
    assert_int_equal(end(&d, "q"), 0);
    close_sample(&d);
}

/* ---- pastes ---- */

static char *summary(size_t *len) {
    char *text = get_file(TEST_DATA, pasted_sample, len);
    assert_non_null(text);
    return text;
}

static void paste(struct dash *d, const char *text, size_t len) {
    press(d, "\033[200~");
    pty_send(&d->pty, text, len);
    press(d, "\033[201~");
}

static void a_paste_on_any_screen_goes_to_the_run(void **state) {
    struct dash d;
    size_t len;
    char *text = summary(&len);
    (void)state;
    open_sample(&d, 40, 120);
    to_the_run(&d);
    press_and_expect(&d, "0", "Overview");
    paste(&d, text, len);
    expect(&d, "Enter uses it");
    press_and_expect(&d, "q", "Quit without it?");
    press(&d, "\033");
    expect_gone(&d, "Quit without it?");
    assert_true(shows(&d, "Use it"));
    press_and_expect(&d, "\003", "Quit without it?");
    assert_int_equal(end(&d, "y"), 0);
    free(text);
    close_sample(&d);
}

static void a_paste_without_marks_is_not_typed(void **state) {
    struct dash d;
    size_t len;
    char *text = summary(&len);
    (void)state;
    open_sample(&d, 40, 120);
    expect(&d, "Overview");
    settle(&d);
    pty_send(&d.pty, text, len);
    expect(&d, "That looked like a paste");
    assert_true(shows(&d, "Nothing was done."));
    assert_int_equal(end(&d, "q"), 0);
    free(text);
    close_sample(&d);
}

/* Terminals that mark nothing: p says that the burst is one. */
static void a_paste_without_marks_that_was_announced(void **state) {
    struct dash d;
    size_t len;
    char *text = summary(&len);
    (void)state;
    open_sample(&d, 40, 120);
    to_the_run(&d);
    press_and_expect(&d, "p", "Paste the summary now");
    pty_send(&d.pty, text, len);
    expect(&d, "Enter uses it");
    free(text);
    close_sample(&d);
}

static void a_paste_that_is_too_large_leaves_nothing(void **state) {
    enum { BYTES = (1 << 20) + 4096 };
    struct dash d;
    char *text = malloc(BYTES);
    (void)state;
    assert_non_null(text);
    memset(text, 'q', BYTES);
    open_sample(&d, 40, 120);
    expect(&d, "Overview");
    settle(&d);
    paste(&d, text, BYTES);
    expect(&d, "The paste is larger than 1 MB. Nothing was stored.");
    assert_int_equal(end(&d, "q"), 0);
    free(text);
    close_sample(&d);
}

/* ---- sizes ---- */

static void resize(struct dash *d, int rows, int cols) {
    vterm_set_size(d->vt.term, rows, cols);
    d->vt.rows = rows;
    d->vt.cols = cols;
    pty_resize(&d->pty, rows, cols);
}

static void a_storm_of_sizes_loses_nothing(void **state) {
    struct dash d;
    (void)state;
    open_sample(&d, 40, 120);
    expect(&d, "Overview");
    press_and_expect(&d, "2", "Target");
    focus(&d, "Target");
    press_and_expect(&d, "321", "321");
    for (int i = 0; i < 60; i++) {
        resize(&d, 1 + (i * 37) % 70, 1 + (i * 53) % 230);
        pty_read(&d.pty, i % 7 == 0 ? 120 : 2, &d.sink);
    }
    resize(&d, 15, 60);
    expect(&d, "perfscale needs 72x20.");
    expect(&d, "This window is 60x15.");
    resize(&d, 24, 80);
    expect(&d, "Target");
    assert_non_null(strstr(focused_row(&d), "321"));
    resize(&d, 15, 60);
    expect(&d, "Nothing is lost");
    assert_int_equal(end(&d, "q"), 0);
    close_sample(&d);
}

/* ---- terminals ---- */

static bool any_colour(const struct dash *d) {
    for (int row = 0; row < d->vt.rows; row++)
        for (int col = 0; col < d->vt.cols; col++) {
            VTermScreenCell cell = vt_cell(&d->vt, row, col);
            if (vt_colour(&cell) >= 0)
                return true;
        }
    return false;
}

static bool only_ascii(const struct dash *d) {
    for (int row = 0; row < d->vt.rows; row++)
        for (const char *s = vt_row(&d->vt, row); *s; s++)
            if ((unsigned char)*s > 126)
                return false;
    return true;
}

static void terminals(void **state) {
    static const struct {
        const char *env[3];
        bool colour, ascii;
        const char *why;
    } cases[] = {
        {{NULL}, true, false, "as it is"},
        {{"TERM=xterm"}, true, false, "8 colours"},
        {{"TERM=tmux-256color"}, true, false, "in tmux"},
        {{"NO_COLOR=1"}, false, false, "the user wants none"},
        {{"TERM=vt100"}, false, true, "has none"},
        {{"TERM=linux"}, true, true, "no font for drawings"},
        {{"LC_ALL=C"}, true, true, "the user says ASCII"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dash d;
        make_sample(d.dir);
        start(&d, 24, 80, cases[i].env);
        expect(&d, "Overview");
        settle(&d);
        if (any_colour(&d) != cases[i].colour || only_ascii(&d) != cases[i].ascii)
            fail_msg("%s: colour %d, ascii %d", cases[i].why, any_colour(&d), only_ascii(&d));
        press_and_expect(&d, "?", "Help");
        press(&d, "\033");
        settle(&d);
        assert_int_equal(end(&d, "q"), 0);
        close_sample(&d);
    }
}

static void terminals_that_cannot(void **state) {
    static const struct {
        const char *env[2];
        const char *said;
    } cases[] = {{{"TERM=dumb"}, "terminal type \"dumb\" cannot move the cursor"},
                 {{"TERM=no-such"}, "terminal type \"no-such\" is not known on this host"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dash d;
        make_sample(d.dir);
        start(&d, 24, 80, cases[i].env);
        assert_int_equal(pty_wait(&d.pty, &d.sink), 2);
        expect(&d, cases[i].said);
        assert_false(d.vt.alternate);
        close_sample(&d);
    }
}

static void nothing_here(void **state) {
    struct dash d;
    (void)state;
    make_tree(d.dir);
    start(&d, 24, 80, NULL);
    assert_int_equal(pty_wait(&d.pty, &d.sink), 5);
    expect(&d, "No test plan found. Please run `/api-performance` first to set up the");
    assert_false(d.vt.alternate);
    close_sample(&d);
}

/* ---- bytes ---- */

static void few_bytes(void **state) {
    struct dash d;
    (void)state;
    open_sample(&d, 40, 120);
    expect(&d, "Overview");
    settle(&d);
    assert_in_range(d.pty.bytes, 1, 8192);
    press_and_expect(&d, "1", "baseline_orders.js");
    settle(&d);
    for (const char *key = "gjjk"; *key; key++) {
        d.pty.bytes = 0;
        pty_send(&d.pty, key, 1);
        settle(&d);
        assert_in_range(d.pty.bytes, 0, 300);
    }
    d.pty.bytes = 0;
    long before = pty_proc(&d.pty, "status", "voluntary_ctxt_switches:");
    pty_quiet(&d.pty, 1000, &d.sink);
    assert_int_equal(d.pty.bytes, 0);
    assert_int_equal(pty_proc(&d.pty, "status", "voluntary_ctxt_switches:"), before);
    assert_int_equal(end(&d, "q"), 0);
    close_sample(&d);
}

/* ---- every key ---- */

/* In front of the user's eyes: on each screen one after the other, and it is still there. */
static void every_key_leaves_it_alive(void **state) {
    static const char *const keys[] = {
        "\t",       "\033[Z", "\033[A", "\033OB",  "\033[C", "\033[D", "\033[5~", "\033[6~",
        "\002",     "\006",   "g",      "G",       "\033[H", "\033[F", "h",       "j",
        "k",        "l",      "\r",     "\033",    "/x\r",   "n",      "N",       "r",
        "\033[15~", "y",      "p",      "\033",    "w",      "]",      "[",       "s",
        "u",        "z",      "M",      "M",       "t",      "?",      "\033OP",  "\014",
        "\177",     "\025",   "\027",   "\033[3~", "\033",   "\033",   "+",       "\033",
    };
    struct dash d;
    (void)state;
    open_sample(&d, 24, 80);
    expect(&d, "Overview");
    for (char screen = '0'; screen <= '6'; screen++) {
        press(&d, "\033");
        settle(&d);
        pty_send(&d.pty, &screen, 1);
        settle(&d);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            press(&d, keys[i]);
            pty_quiet(&d.pty, keys[i][0] == '\033' ? 70 : 20, &d.sink); /* Esc alone waits 50 */
        }
    }
    press(&d, "\033");
    settle(&d);
    press(&d, "\033");
    settle(&d);
    int status = end(&d, "\003");
    assert_int_equal(status, 0);
    close_sample(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_phase_0_to_a_verdict_at_80x24),
        cmocka_unit_test(from_phase_0_to_a_verdict_at_120x40),
        cmocka_unit_test(the_demo_leads_to_both_verdicts),
        cmocka_unit_test(the_next_start_goes_on),
        cmocka_unit_test(signals_restore_the_terminal),
        cmocka_unit_test(a_lost_line_ends_it_and_keeps_the_state),
        cmocka_unit_test(suspended_and_back),
        cmocka_unit_test(the_command_can_be_copied_and_printed),
        cmocka_unit_test(a_paste_on_any_screen_goes_to_the_run),
        cmocka_unit_test(a_paste_without_marks_is_not_typed),
        cmocka_unit_test(a_paste_without_marks_that_was_announced),
        cmocka_unit_test(a_paste_that_is_too_large_leaves_nothing),
        cmocka_unit_test(a_storm_of_sizes_loses_nothing),
        cmocka_unit_test(terminals),
        cmocka_unit_test(terminals_that_cannot),
        cmocka_unit_test(nothing_here),
        cmocka_unit_test(few_bytes),
        cmocka_unit_test(every_key_leaves_it_alive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
