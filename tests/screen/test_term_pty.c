/* The terminal on a pseudo-terminal: modes, signals and every way out. A child shows each event
 * that it gets with its number; we wait for that text, never for a time. */
#include "ui/screen/term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "ui/screen/grid/grid.h"
#include "vt.h"

enum { ROWS = 24, COLS = 80, LONGEST_WAIT_MS = 30000, STATUS_LIMIT = 256 };

/* ---- the child: a program with one screen ---- */

static void describe(const struct event *ev, char *out, size_t size) {
    switch (ev->kind) {
    case EVENT_KEY:
        snprintf(out, size, "key %x", ev->key);
        return;
    case EVENT_PASTE:
        snprintf(out, size, "paste %zu [%.20s]", ev->paste_len, ev->paste);
        return;
    case EVENT_PASTE_CUT:
        snprintf(out, size, "cut %zu", ev->paste_len);
        return;
    case EVENT_BURST:
        snprintf(out, size, "burst %zu", ev->paste_len);
        return;
    case EVENT_RESIZE:
        snprintf(out, size, "resize %dx%d", ev->cols, ev->rows);
        return;
    case EVENT_RESUMED:
        snprintf(out, size, "resumed");
        return;
    default:
        snprintf(out, size, "kind %d", (int)ev->kind);
    }
}

static int fill_stack(int depth) {
    volatile char block[4096];
    block[0] = (char)depth;
    return depth < INT_MAX ? fill_stack(depth + 1) + block[0] : 0;
}

/* What some keys do. */
static void act(struct term *term, uint32_t key) {
    switch (key) {
    case 'q':
        term_close(term);
        _exit(0);
    case 'e':
        exit(7); /* without term_close() */
    case 's':
        fill_stack(0);
        break;
    case 'o':
        term_print_aside(term, "k6 run load.js");
        break;
    case CTRL('z'):
        term_suspend(term);
        break;
    case CTRL('l'):
        term_repaint(term);
        break;
    default:
        break;
    }
}

static void show(struct term *term, struct grid *g, int n, const char *what) {
    if (g->rows != term_rows(term) || g->cols != term_cols(term))
        grid_resize(g, term_rows(term), term_cols(term));
    grid_clear(g);
    grid_print(g, 0, 0, LOOK_TEXT, "%d: %s", n, what);
    grid_print(g, g->rows - 1, 0, LOOK_OK, "last row of %dx%d", g->cols, g->rows);
    term_show(term, g);
}

static _Noreturn void run_child(void) {
    struct rlimit no_core = {0};
    setrlimit(RLIMIT_CORE, &no_core);
    static const int taken[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL}; /* by cmocka and sanitizers */
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        signal(taken[i], SIG_DFL);
    struct term_options o = {0};
    struct err e = {0};
    struct term *term = term_open(&o, &e);
    if (!term) {
        printf("%s", e.text);
        fflush(stdout);
        _exit(2);
    }
    struct grid g;
    struct event ev;
    char what[64] = "start";
    grid_init(&g, 0, 0, GLYPHS_BRAILLE);
    for (int n = 0;; n++) {
        show(term, &g, n, what);
        ev = term_wait(term, -1, NULL, NULL, 0);
        if (ev.kind == EVENT_GONE) {
            term_close(term);
            _exit(128 + (int)ev.key);
        }
        describe(&ev, what, sizeof what);
        if (ev.kind == EVENT_KEY)
            act(term, ev.key);
    }
}

/* A shell as far as job control goes: says when its job stopped, goes on after a line. */
static _Noreturn void run_shell(void) {
    signal(SIGTTOU, SIG_IGN);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        run_child();
    }
    setpgid(job, job);
    tcsetpgrp(0, job);
    for (;;) {
        int status;
        waitpid(job, &status, WUNTRACED);
        tcsetpgrp(0, getpgrp());
        if (!WIFSTOPPED(status))
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
        char line[16];
        if (write(1, "shell: stopped\r\n", 16) != 16 || read(0, line, sizeof line) <= 0)
            _exit(98);
        tcsetpgrp(0, job);
        kill(-job, SIGCONT);
    }
}

/* ---- we: the terminal around it ---- */

static struct {
    pid_t pid;
    int fd; /* the master side */
    struct vt vt;
    struct termios before; /* its modes */
} s;

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum child { CHILD_ALONE, CHILD_IN_SHELL, CHILD_NOHUP };

static void start_as(enum child how) {
    struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
    int diagnostics = dup(STDERR_FILENO), gate[2];
    assert_int_equal(pipe(gate), 0);
    s.pid = forkpty(&s.fd, NULL, NULL, &size);
    assert_true(s.pid >= 0);
    if (s.pid == 0) {
        char go;
        close(gate[1]);
        dup2(diagnostics, STDERR_FILENO);
        if (read(gate[0], &go, 1) != 0) /* until its modes are written down */
            _exit(97);
        if (how == CHILD_NOHUP)
            signal(SIGHUP, SIG_IGN);
        if (how == CHILD_IN_SHELL)
            run_shell();
        run_child();
    }
    close(diagnostics);
    close(gate[0]);
    assert_int_equal(tcgetattr(s.fd, &s.before), 0);
    close(gate[1]);
    vt_open(&s.vt, ROWS, COLS);
}

/* What arrives within ms; false when the line is closed. */
static bool take(int ms) {
    char bytes[1 << 16];
    struct pollfd p = {.fd = s.fd, .events = POLLIN};
    if (poll(&p, 1, ms) == 0)
        return true;
    ssize_t n = read(s.fd, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    vt_feed(&s.vt, bytes, (size_t)n);
    return true;
}

static void expect_row(int row, const char *text) {
    int64_t end = now_ms() + LONGEST_WAIT_MS;
    while (strcmp(vt_row(&s.vt, row), text) != 0) {
        if (now_ms() > end || !take(1000)) {
            char *screen = vt_dump(&s.vt);
            kill(s.pid, SIGKILL);
            fail_msg("row %d is not [%s]:\n%s", row, text, screen);
        }
    }
}

static void expect(const char *text) { expect_row(0, text); }

static void type(const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(s.fd, bytes, len);
        assert_true(n > 0);
        bytes += n;
        len -= (size_t)n;
    }
}

static void type_text(const char *text) { type(text, strlen(text)); }

static void press(char key) { type(&key, 1); }

/* Exit status, or STATUS_LIMIT and the signal that ended it. Deaf: nothing is read meanwhile. */
static int ended_while(bool deaf) {
    int64_t end = now_ms() + LONGEST_WAIT_MS;
    int status;
    pid_t done;
    while ((done = waitpid(s.pid, &status, WNOHANG)) == 0) {
        if (now_ms() > end) {
            kill(s.pid, SIGKILL);
            fail_msg("it does not end");
        }
        if (deaf || s.fd < 0 || !take(20))
            poll(NULL, 0, 20);
    }
    assert_int_equal(done, s.pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_LIMIT + WTERMSIG(status);
}

static int ended(void) { return ended_while(false); }

static struct termios modes(void) {
    struct termios t = {0};
    assert_int_equal(tcgetattr(s.fd, &t), 0);
    return t;
}

static void expect_outer_modes(void) {
    struct termios t = modes();
    assert_int_equal(t.c_lflag, s.before.c_lflag);
    assert_int_equal(t.c_iflag, s.before.c_iflag);
    assert_int_equal(t.c_oflag, s.before.c_oflag);
    assert_int_equal(t.c_cflag, s.before.c_cflag);
    assert_memory_equal(t.c_cc, s.before.c_cc, sizeof t.c_cc);
}

/* Does the terminal send marks around a paste? Only when the program asked for them. */
static bool marks_pastes(void) {
    char bytes[64];
    vterm_output_read(s.vt.term, bytes, sizeof bytes);
    vterm_keyboard_start_paste(s.vt.term);
    vterm_keyboard_end_paste(s.vt.term);
    return vterm_output_read(s.vt.term, bytes, sizeof bytes) > 0;
}

static void expect_inside(void) {
    assert_true(s.vt.alternate);
    assert_false(s.vt.cursor);
    assert_true(marks_pastes());
    assert_int_equal(modes().c_lflag & (ICANON | ECHO | ISIG), 0);
}

static void expect_restored(void) {
    while (take(0)) { /* what was sent before it ended */
        struct pollfd p = {.fd = s.fd, .events = POLLIN};
        if (poll(&p, 1, 0) == 0)
            break;
    }
    assert_false(s.vt.alternate);
    assert_true(s.vt.cursor);
    assert_false(marks_pastes());
    expect_outer_modes();
}

static void finish(void) {
    if (s.fd >= 0)
        close(s.fd);
    vt_close(&s.vt);
}

/* ---- in and out ---- */

static void in_and_out(void **state) {
    (void)state;
    setenv("LINES", "7", 1); /* a wrong size that somebody exported */
    setenv("COLUMNS", "9", 1);
    start_as(CHILD_ALONE);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    expect("0: start");
    expect_row(ROWS - 1, "last row of 80x24");
    expect_inside();
    press('x');
    expect("1: key 78");
    press('q');
    assert_int_equal(ended(), 0);
    expect_restored();
    finish();
}

/* Keys that a terminal would otherwise take for itself. */
static void every_control_key(void **state) {
    (void)state;
    static const char keys[] = {CTRL('c'),  CTRL('s'), CTRL('q'), CTRL('v'), CTRL('o'), CTRL('d'),
                                CTRL('\\'), CTRL('y'), '\r',      '\t',      127};
    start_as(CHILD_ALONE);
    expect("0: start");
    for (size_t i = 0; i < sizeof keys; i++) {
        char want[32];
        press(keys[i]);
        snprintf(want, sizeof want, "%zu: key %x", i + 1, (unsigned)keys[i]);
        expect(want);
    }
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void exit_without_closing(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect("0: start");
    press('e');
    assert_int_equal(ended(), 7);
    expect_restored();
    finish();
}

static void signals_that_end(void **state) {
    (void)state;
    static const int numbers[] = {SIGTERM, SIGHUP, SIGINT};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        start_as(CHILD_ALONE);
        expect("0: start");
        kill(s.pid, numbers[i]);
        assert_int_equal(ended(), 128 + numbers[i]);
        expect_restored();
        finish();
    }
}

static void crashes(void **state) {
    (void)state;
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        start_as(CHILD_ALONE);
        expect("0: start");
        kill(s.pid, numbers[i]);
        assert_int_equal(ended(), STATUS_LIMIT + numbers[i]);
        expect_restored();
        finish();
    }
    start_as(CHILD_ALONE);
    expect("0: start");
    press('s'); /* a real one: the stack is full */
    assert_int_equal(ended(), STATUS_LIMIT + SIGSEGV);
    expect_restored();
    finish();
}

/* The terminal takes nothing any more (a line that hangs): a write that waits for it must end. */
static void terminated_while_the_line_hangs(void **state) {
    (void)state;
    char repaint[4000];
    memset(repaint, CTRL('l'), sizeof repaint);
    start_as(CHILD_ALONE);
    expect("0: start");
    type(repaint, sizeof repaint); /* 0.5 MB of frames, and nobody reads them */
    poll(NULL, 0, 300);
    kill(s.pid, SIGTERM);
    assert_int_equal(ended_while(true), 128 + SIGTERM);
    finish();
}

/* ---- a lost line ---- */

static void lost_line(void **state) {
    (void)state;
    static const enum child how[] = {CHILD_ALONE,
                                     CHILD_NOHUP}; /* with the signal, and without it */
    for (size_t i = 0; i < 2; i++) {
        start_as(how[i]);
        expect("0: start");
        close(s.fd);
        s.fd = -1;
        assert_int_equal(ended(), 128 + SIGHUP);
        finish();
    }
}

static void lost_line_while_aside(void **state) {
    (void)state;
    start_as(CHILD_NOHUP);
    expect("0: start");
    press('o');
    expect_row(1, "k6 run load.js");
    close(s.fd);
    s.fd = -1;
    assert_int_equal(ended(), 128 + SIGHUP);
    finish();
}

/* ---- suspend ---- */

static void suspend_and_back(void **state) {
    (void)state;
    start_as(CHILD_IN_SHELL);
    expect("0: start");
    expect_inside();
    for (int n = 1; n < 5; n += 2) {
        char want[32];
        press(CTRL('z'));
        expect_row(n / 2, "shell: stopped");
        assert_false(s.vt.alternate);
        assert_true(s.vt.cursor);
        assert_false(marks_pastes());
        expect_outer_modes();
        type_text("\n"); /* fg */
        snprintf(want, sizeof want, "%d: resumed", n + 1);
        expect(want);
        expect_row(ROWS - 1, "last row of 80x24");
        expect_inside();
        type_text("x");
        snprintf(want, sizeof want, "%d: key 78", n + 2);
        expect(want);
        n++;
    }
    press('q');
    assert_int_equal(ended(), 0);
    expect_restored();
    finish();
}

static void suspend_without_job_control(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect("0: start");
    press(CTRL('z'));
    expect("2: resumed");
    expect_row(ROWS - 1, "last row of 80x24");
    expect_inside();
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

/* Stopped by somebody else, while a shell gave the terminal other modes. */
static void stopped_from_outside(void **state) {
    (void)state;
    int status;
    start_as(CHILD_ALONE);
    expect("0: start");
    kill(s.pid, SIGSTOP);
    assert_int_equal(waitpid(s.pid, &status, WUNTRACED), s.pid);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(tcsetattr(s.fd, TCSANOW, &s.before), 0);
    vt_feed(&s.vt, "\033[?1049l\033[?25h", 14);
    kill(s.pid, SIGCONT);
    expect("1: resumed");
    expect_inside();
    press('q');
    assert_int_equal(ended(), 0);
    expect_restored();
    finish();
}

static void resized_while_suspended(void **state) {
    (void)state;
    struct winsize size = {.ws_row = 10, .ws_col = 40};
    start_as(CHILD_IN_SHELL);
    expect("0: start");
    press(CTRL('z'));
    expect_row(0, "shell: stopped");
    vterm_set_size(s.vt.term, size.ws_row, size.ws_col);
    s.vt.rows = size.ws_row;
    s.vt.cols = size.ws_col;
    assert_int_equal(ioctl(s.fd, TIOCSWINSZ, &size), 0);
    type_text("\n");
    expect_row(9, "last row of 40x10");
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

/* ---- pastes ---- */

static void marked_paste(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect("0: start");
    type_text("\033[200~qe\ra\003\032\033[201~q");
    expect("1: paste 6 [qe?a??]"); /* LF and controls, as the grid shows them */
    press('x');
    expect("2: key 78");
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void large_pastes(void **state) {
    (void)state;
    enum { LINE = 64 };
    char line[LINE], want[64];
    memset(line, 'q', sizeof line);
    line[LINE - 1] = '\r';
    start_as(CHILD_ALONE);
    expect("0: start");
    type_text("\033[200~");
    for (int i = 0; i < PASTE_MAX_BYTES / LINE; i++)
        type(line, LINE);
    type_text("\033[201~");
    snprintf(want, sizeof want, "1: paste %d [qqqqqqqqqqqqqqqqqqqq]", PASTE_MAX_BYTES);
    expect(want);
    type_text("\033[200~");
    for (int i = 0; i < PASTE_MAX_BYTES / LINE + 1; i++)
        type(line, LINE);
    type_text("\033[201~");
    snprintf(want, sizeof want, "2: cut %d", PASTE_MAX_BYTES + LINE);
    expect(want);
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void paste_without_marks(void **state) {
    (void)state;
    char paste[4083];
    for (size_t i = 0; i < sizeof paste; i++)
        paste[i] = (char)('a' + i % 26);
    memcpy(paste, "qes\r", 4); /* quit, exit, crash */
    start_as(CHILD_ALONE);
    expect("0: start");
    type(paste, sizeof paste);
    expect("1: burst 4083");
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void paste_that_never_ends(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect("0: start");
    type_text("\033[200~half of it");
    expect("1: cut 10");
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

/* ---- size ---- */

static void one_frame_after_many_sizes(void **state) {
    (void)state;
    struct winsize size = {0};
    start_as(CHILD_ALONE);
    expect("0: start");
    for (int i = 0; i < 40; i++) {
        size.ws_row = (unsigned short)(10 + i % 7);
        size.ws_col = (unsigned short)(100 + i % 5);
        assert_int_equal(ioctl(s.fd, TIOCSWINSZ, &size), 0);
        poll(NULL, 0, 5); /* as a window is dragged */
    }
    vterm_set_size(s.vt.term, size.ws_row, size.ws_col);
    s.vt.rows = size.ws_row;
    s.vt.cols = size.ws_col;
    char want[64];
    snprintf(want, sizeof want, "last row of %dx%d", size.ws_col, size.ws_row);
    expect_row(size.ws_row - 1, want);
    int n = atoi(vt_row(&s.vt, 0)); /* events so far: one, unless this machine was very busy */
    assert_in_range(n, 1, 10);
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void smallest_and_largest(void **state) {
    (void)state;
    static const struct winsize sizes[] = {
        {.ws_row = 1, .ws_col = 1}, {.ws_row = 60, .ws_col = 200}, {.ws_row = 1, .ws_col = 40}};
    start_as(CHILD_ALONE);
    expect("0: start");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        vterm_set_size(s.vt.term, sizes[i].ws_row, sizes[i].ws_col);
        s.vt.rows = sizes[i].ws_row;
        s.vt.cols = sizes[i].ws_col;
        assert_int_equal(ioctl(s.fd, TIOCSWINSZ, &sizes[i]), 0);
        char want[64];
        snprintf(want, sizeof want, "last row of %dx%d", sizes[i].ws_col, sizes[i].ws_row);
        if (sizes[i].ws_col > 1)
            expect_row(sizes[i].ws_row - 1, want);
        else
            expect("");
    }
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

/* ---- aside, and nothing to do ---- */

static void aside_and_back(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect("0: start");
    press('o');
    expect_row(1, "k6 run load.js");
    expect_row(3, "Enter goes back to the screen.");
    assert_false(s.vt.alternate);
    assert_true(s.vt.cursor);
    press('\r');
    expect("2: resumed");
    expect_inside();
    press('q');
    assert_int_equal(ended(), 0);
    expect_restored();
    finish();
}

static void silent_when_nothing_happens(void **state) {
    (void)state;
    start_as(CHILD_ALONE);
    expect_row(ROWS - 1, "last row of 80x24");
    struct pollfd p = {.fd = s.fd, .events = POLLIN};
    assert_int_equal(poll(&p, 1, 300), 0);
    kill(s.pid, SIGWINCH); /* even so: the same size is told, and repainted */
    expect("1: resize 80x24");
    press('q');
    assert_int_equal(ended(), 0);
    finish();
}

static void unknown_terminal(void **state) {
    (void)state;
    setenv("TERM", "foot-of-1999", 1);
    start_as(CHILD_ALONE);
    assert_int_equal(ended(), 2);
    while (take(0) && *vt_row(&s.vt, 0) == '\0')
        continue;
    assert_string_equal(vt_row(&s.vt, 0),
                        "terminal type \"foot-of-1999\" is not known on this host");
    expect_outer_modes();
    setenv("TERM", "xterm-256color", 1);
    finish();
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
    signal(SIGHUP, SIG_DFL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_and_out),
        cmocka_unit_test(every_control_key),
        cmocka_unit_test(exit_without_closing),
        cmocka_unit_test(signals_that_end),
        cmocka_unit_test(crashes),
        cmocka_unit_test(terminated_while_the_line_hangs),
        cmocka_unit_test(lost_line),
        cmocka_unit_test(lost_line_while_aside),
        cmocka_unit_test(suspend_and_back),
        cmocka_unit_test(suspend_without_job_control),
        cmocka_unit_test(stopped_from_outside),
        cmocka_unit_test(resized_while_suspended),
        cmocka_unit_test(marked_paste),
        cmocka_unit_test(large_pastes),
        cmocka_unit_test(paste_without_marks),
        cmocka_unit_test(paste_that_never_ends),
        cmocka_unit_test(one_frame_after_many_sizes),
        cmocka_unit_test(smallest_and_largest),
        cmocka_unit_test(aside_and_back),
        cmocka_unit_test(silent_when_nothing_happens),
        cmocka_unit_test(unknown_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
