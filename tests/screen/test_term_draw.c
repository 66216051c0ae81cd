/* A grid on its way to the terminal, in one process: frames go through a socket that keeps them
 * apart (one message is one write), then into libvterm. */
#include "ui/screen/term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ui/screen/grid/grid.h"
#include "vt.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define COLOURED "xterm-256color"

enum { FRAME_BYTES = 1 << 18 };

static struct {
    struct term *term;
    struct vt vt;
    struct grid grid;
    int keys[2], screen[2];
    char frame[FRAME_BYTES]; /* the last message */
    size_t frame_len;
} t;

static const struct term_options plain_options;

/* One message into libvterm; false when there is none. */
static bool receive(void) {
    ssize_t n = recv(t.screen[1], t.frame, sizeof t.frame, MSG_DONTWAIT);
    if (n <= 0)
        return false;
    t.frame_len = (size_t)n;
    vt_feed(&t.vt, t.frame, t.frame_len);
    return true;
}

static void open_with(const char *type, int rows, int cols, const struct term_options *o) {
    struct err e = {0};
    int size = FRAME_BYTES;
    assert_int_equal(pipe(t.keys), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, t.screen), 0);
    setsockopt(t.screen[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    vt_open(&t.vt, rows, cols);
    grid_init(&t.grid, rows, cols, GLYPHS_BRAILLE);
    t.term = term_open_on(t.keys[0], t.screen[0], type, rows, cols, o, &e);
    if (!t.term)
        fail_msg("%s: %s", type, e.text);
    assert_true(receive()); /* the way in */
    assert_false(receive());
}

static void open_on(const char *type, int rows, int cols) {
    open_with(type, rows, cols, &plain_options);
}

static void close_all(void) {
    term_close(t.term);
    while (receive())
        continue;
    for (int i = 0; i < 2; i++) {
        close(t.keys[i]);
        close(t.screen[i]);
    }
    vt_close(&t.vt);
    grid_fini(&t.grid);
}

/* Shows the grid: at most one write. Returns its bytes. */
static size_t show(void) {
    term_show(t.term, &t.grid);
    size_t len = receive() ? t.frame_len : 0;
    char next;
    assert_int_equal(recv(t.screen[1], &next, 1, MSG_DONTWAIT), -1);
    return len;
}

static void assert_shown(void) {
    if (t.grid.cols < 2)
        grid_clear(&t.grid); /* nothing is drawn there */
    char *want = grid_dump(&t.grid, false), *got = vt_dump(&t.vt);
    assert_string_equal(got, want);
    free(want);
    free(got);
}

static bool frame_has(const char *bytes) {
    return memmem(t.frame, t.frame_len, bytes, strlen(bytes)) != NULL;
}

/* A screen as full as ours get: a rail, a table with verdicts, two charts, a bar of keys. */
static void draw_dense(struct grid *g, int focus) {
    static const char *const names[] = {"p95", "Errors", "Rate", "Dropped", "Generator CPU"};
    static const enum look looks[] = {LOOK_OK, LOOK_WARN, LOOK_FAIL, LOOK_NODATA, LOOK_INVALID};
    static const char *const signs[] = {"✓ ok", "! near limit", "✗ over limit", "? no data",
                                        "⊘ invalid"};
    grid_clear(g);
    grid_put(g, 0, 1, 60, LOOK_TITLE, "perfscale  orders-api    run 14 · Load · 200 RPS");
    grid_right(g, 0, g->cols - 1, 30, LOOK_LIVE, "ana · bo   ● live 06:12");
    grid_fill(g, 1, 0, g->cols, LOOK_MUTED, 0x2500);
    grid_fill_down(g, 2, 25, g->rows - 4, LOOK_MUTED, 0x2502);
    for (int row = 2; row < g->rows - 2; row++) {
        size_t i = (size_t)row % COUNT(names);
        enum look name = row == focus ? LOOK_TITLE : LOOK_MUTED;
        grid_print(g, row, 3, looks[i], "%s", i % 2 ? "✓" : "·");
        grid_print(g, row, 5, LOOK_TEXT, "%d %s", row, names[i]);
        if (row == focus)
            grid_put(g, row, 26, 1, LOOK_ACCENT, "▌");
        grid_print(g, row, 28, name, "%-14s", names[i]);
        grid_print(g, row, 44, name, "%8.1f ms", 31.7 * row);
        grid_print(g, row, 58, name, "%6d ms", 500);
        for (int col = 68; row % 2 && col < g->cols - 18; col++)
            grid_fill(g, row, col, 1, LOOK_CHART, 0x2801 + (uint32_t)((row * 7 + col * 3) % 254));
        grid_put(g, row, g->cols - 16, 16, looks[i], signs[i]);
    }
    grid_put(g, g->rows - 1, 1, 20, LOOK_ACCENT, "0-8");
    grid_put(g, g->rows - 1, 5, 60, LOOK_TEXT, "screens  Tab next  Enter open  c note  ? help");
}

/* ---- what is drawn ---- */

static const char *const types[] = {"xterm-256color", "xterm", "screen", "screen-256color",
                                    "tmux-256color",  "linux", "vt100"};

static void every_terminal_and_size(void **state) {
    (void)state;
    static const int sizes[][2] = {{1, 1},   {1, 2},    {5, 20},  {20, 72},
                                   {24, 80}, {40, 120}, {60, 200}};
    for (size_t i = 0; i < COUNT(types); i++)
        for (size_t s = 0; s < COUNT(sizes); s++) {
            open_on(types[i], sizes[s][0], sizes[s][1]);
            assert_int_equal(term_rows(t.term), sizes[s][0]);
            assert_int_equal(term_cols(t.term), sizes[s][1]);
            for (int focus = 0; focus < 4; focus++) { /* a frame, and small changes to it */
                draw_dense(&t.grid, focus);
                show();
                assert_shown();
            }
            grid_clear(&t.grid);
            grid_fill(&t.grid, t.grid.rows - 1, 0, t.grid.cols, LOOK_OK, '#'); /* the last cell */
            show();
            assert_shown();
            close_all();
        }
}

static void wide_and_marked_characters(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        open_on(types[i], 4, 10);
        grid_put(&t.grid, 0, 0, 10, LOOK_TEXT, "漢字漢字漢"); /* the last one ends at the edge */
        grid_put(&t.grid, 1, 1, 10, LOOK_OK, "字漢字漢字");
        grid_put(&t.grid, 2, 0, 10, LOOK_TEXT, "e\xcc\x81\xcc\x82o\xcc\x88.");
        show();
        assert_shown();
        grid_put(&t.grid, 0, 1, 1, LOOK_TEXT, "a"); /* half of one is overwritten */
        grid_put(&t.grid, 0, 4, 2, LOOK_FAIL, "本");
        grid_put(&t.grid, 2, 0, 1, LOOK_TEXT, "e");
        show();
        assert_shown();
        close_all();
    }
}

static void grid_of_another_size(void **state) {
    (void)state;
    open_on(COLOURED, 4, 8);
    grid_fill_down(&t.grid, 0, 7, 4, LOOK_TEXT, 'x');
    show();
    struct grid other;
    grid_init(&other, 6, 12, GLYPHS_BRAILLE);
    for (int row = 0; row < 6; row++)
        grid_put(&other, row, 1, 12, LOOK_TEXT, "字字字字字");
    other.cursor_row = 5; /* outside: hidden */
    other.cursor_col = 1;
    term_show(t.term, &other);
    assert_true(receive());
    assert_string_equal(vt_row(&t.vt, 3), " 字字字"); /* the fourth one is cut in half: not shown */
    assert_false(t.vt.cursor);
    grid_resize(&other, 2, 3);
    grid_put(&other, 0, 0, 3, LOOK_TEXT, "abc");
    term_show(t.term, &other);
    assert_true(receive());
    char *got = vt_dump(&t.vt);
    assert_string_equal(got, "abc\n\n\n\n");
    free(got);
    grid_fini(&other);
    close_all();
}

static void cursor_shows_where_text_is_edited(void **state) {
    (void)state;
    open_on(COLOURED, 5, 20);
    grid_put(&t.grid, 2, 3, 10, LOOK_FIELD, "200");
    show();
    assert_false(t.vt.cursor);
    t.grid.cursor_row = 2;
    t.grid.cursor_col = 6;
    assert_in_range(show(), 1, 40);
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(t.vt.term), &pos);
    assert_true(t.vt.cursor);
    assert_int_equal(pos.row, 2);
    assert_int_equal(pos.col, 6);
    t.grid.cursor_row = -1;
    show();
    assert_false(t.vt.cursor);
    close_all();
}

static void repaint_sends_everything(void **state) {
    (void)state;
    open_on(COLOURED, 24, 80);
    draw_dense(&t.grid, 5);
    size_t first = show();
    vt_feed(&t.vt, "\033[2J\033[Hsomebody wrote here", 26);
    assert_int_equal(show(), 0); /* we cannot know */
    term_repaint(t.term);
    assert_in_range(show(), first / 2, first * 2);
    assert_shown();
    close_all();
}

/* The size comes from the caller, whatever these say. */
static void environment_does_not_set_the_size(void **state) {
    (void)state;
    setenv("LINES", "7", 1);
    setenv("COLUMNS", "9", 1);
    open_on(COLOURED, 24, 80);
    draw_dense(&t.grid, 5);
    show();
    assert_shown();
    close_all();
}

/* ---- colours ---- */

struct colour {
    int colour; /* -1: the terminal's own */
    bool bold, underline;
};

/* Written down from the table of looks, not from the code. */
static const struct colour auto_colours[LOOKS] = {
    {-1, 0, 0},  {-1, 1, 0},  {243, 0, 0}, {31, 0, 0},  {28, 0, 0},  {130, 0, 0},
    {160, 0, 0}, {98, 0, 0},  {98, 1, 0},  {-1, 1, 0},  {31, 0, 0},  {243, 0, 0},
    {28, 0, 0},  {160, 0, 0}, {63, 0, 0},  {130, 0, 0}, {243, 0, 0}, {-1, 0, 1}};
static const struct colour dark_colours[LOOKS] = {
    {-1, 0, 0},  {-1, 1, 0},  {245, 0, 0}, {74, 0, 0},  {114, 0, 0}, {179, 0, 0},
    {203, 0, 0}, {141, 0, 0}, {141, 1, 0}, {-1, 1, 0},  {74, 0, 0},  {245, 0, 0},
    {114, 0, 0}, {203, 0, 0}, {111, 0, 0}, {179, 0, 0}, {245, 0, 0}, {-1, 0, 1}};
static const struct colour light_colours[LOOKS] = {
    {-1, 0, 0},  {-1, 1, 0},  {241, 0, 0}, {24, 0, 0}, {22, 0, 0},  {94, 0, 0},
    {124, 0, 0}, {55, 0, 0},  {55, 1, 0},  {-1, 1, 0}, {24, 0, 0},  {241, 0, 0},
    {22, 0, 0},  {124, 0, 0}, {25, 0, 0},  {94, 0, 0}, {241, 0, 0}, {-1, 0, 1}};
static const struct colour terminal_colours[LOOKS] = {
    {-1, 0, 0}, {-1, 1, 0}, {-1, 0, 0}, {6, 0, 0},  {2, 0, 0},  {3, 0, 0},
    {1, 1, 0},  {5, 0, 0},  {5, 1, 0},  {-1, 1, 0}, {6, 0, 0},  {-1, 0, 0},
    {2, 0, 0},  {1, 0, 0},  {-1, 1, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 1}};
static const struct colour mono_colours[LOOKS] = {
    {-1, 0, 0}, {-1, 1, 0}, {-1, 0, 0}, {-1, 1, 0}, {-1, 0, 0}, {-1, 1, 0},
    {-1, 1, 0}, {-1, 0, 1}, {-1, 1, 1}, {-1, 1, 0}, {-1, 0, 0}, {-1, 0, 0},
    {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 1}};

static void draw_looks(void) {
    grid_clear(&t.grid);
    for (int look = 0; look < LOOKS; look++)
        grid_put(&t.grid, look, 2, 10, (enum look)look, "word");
}

static void assert_colours(const struct colour *want) {
    assert_shown();
    for (int look = 0; look < LOOKS; look++) {
        VTermScreenCell cell = vt_cell(&t.vt, look, 3);
        if (vt_colour(&cell) != want[look].colour || cell.attrs.bold != want[look].bold ||
            cell.attrs.underline != want[look].underline)
            fail_msg("look %c: colour %d, bold %d, underline %d", look_letter((enum look)look),
                     vt_colour(&cell), cell.attrs.bold, cell.attrs.underline);
        assert_true(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)); /* never painted */
        assert_false(cell.attrs.reverse);
    }
}

static void themes_on_each_terminal(void **state) {
    (void)state;
    static const struct {
        const char *type;
        enum theme theme;
        int colors;
        const struct colour *want;
    } cases[] = {
        {COLOURED, THEME_AUTO, 256, auto_colours},
        {COLOURED, THEME_DARK, 256, dark_colours},
        {COLOURED, THEME_LIGHT, 256, light_colours},
        {COLOURED, THEME_TERMINAL, 256, terminal_colours},
        {COLOURED, THEME_MONO, 256, mono_colours},
        {"tmux-256color", THEME_AUTO, 256, auto_colours},
        {"xterm", THEME_AUTO, 8, terminal_colours}, /* the fixed colours do not exist there */
        {"screen", THEME_DARK, 8, terminal_colours},
        {"linux", THEME_AUTO, 8, terminal_colours},
        {"rxvt-unicode", THEME_AUTO, 0, NULL}, /* 88 colours */
        {"vt100", THEME_AUTO, 0, mono_colours},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (!cases[i].want)
            continue;
        struct term_options o = {.theme = cases[i].theme};
        open_with(cases[i].type, LOOKS, 20, &o);
        assert_int_equal(term_colors(t.term), cases[i].colors);
        assert_int_equal(term_theme(t.term), cases[i].theme);
        draw_looks();
        show();
        assert_colours(cases[i].want);
        close_all();
    }
}

/* Any CSI ... m with a number from 30 to 49 or above: a colour, or back from one. */
static bool frame_has_colour(void) {
    for (size_t i = 0; i + 2 < t.frame_len; i++) {
        if (t.frame[i] != 0x1b || t.frame[i + 1] != '[')
            continue;
        size_t end = i + 2, number = 0, largest = 0;
        for (; end < t.frame_len && strchr("0123456789;", t.frame[end]); end++) {
            number = t.frame[end] == ';' ? 0 : number * 10 + (size_t)(t.frame[end] - '0');
            largest = number > largest ? number : largest;
        }
        if (end < t.frame_len && t.frame[end] == 'm' && largest >= 30)
            return true;
    }
    return false;
}

static void no_color_means_none(void **state) {
    (void)state;
    static const struct {
        const char *value;
        struct term_options o;
        enum theme theme;
        const char *why;
    } cases[] = {
        {"1", {.theme = THEME_AUTO}, THEME_MONO, "set"},
        {"", {.theme = THEME_AUTO}, THEME_AUTO, "empty does not count"},
        {"1", {.theme = THEME_DARK}, THEME_MONO, "goes before a theme from elsewhere"},
        {"1", {.theme = THEME_DARK, .theme_given = true}, THEME_DARK, "asked for"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("NO_COLOR", cases[i].value, 1);
        open_with(COLOURED, LOOKS, 20, &cases[i].o);
        bool colour = frame_has_colour();
        draw_looks();
        show();
        colour |= frame_has_colour();
        if (term_theme(t.term) != cases[i].theme || colour != (cases[i].theme != THEME_MONO))
            fail_msg("NO_COLOR=%s: %s", cases[i].value, cases[i].why);
        if (!colour)
            assert_colours(mono_colours);
        close_all();
    }
    unsetenv("NO_COLOR");
}

static void theme_changes_at_run_time(void **state) {
    (void)state;
    setenv("NO_COLOR", "1", 1); /* starts without any colour initialised */
    open_on(COLOURED, LOOKS, 20);
    unsetenv("NO_COLOR");
    static const struct {
        enum theme theme;
        const struct colour *want;
    } steps[] = {{THEME_MONO, mono_colours},         {THEME_DARK, dark_colours},
                 {THEME_TERMINAL, terminal_colours}, {THEME_AUTO, auto_colours},
                 {THEME_MONO, mono_colours},         {THEME_LIGHT, light_colours}};
    draw_looks();
    show();
    for (size_t i = 0; i < COUNT(steps); i++) {
        term_set_theme(t.term, steps[i].theme);
        assert_int_equal(term_theme(t.term), steps[i].theme);
        show();
        assert_colours(steps[i].want);
    }
    close_all();
}

static void theme_names(void **state) {
    (void)state;
    static const char *const names[THEMES] = {"auto", "dark", "light", "terminal", "mono"};
    enum theme theme;
    for (int i = 0; i < THEMES; i++) {
        assert_string_equal(theme_name((enum theme)i), names[i]);
        assert_true(theme_parse(names[i], &theme));
        assert_int_equal(theme, i);
    }
    assert_false(theme_parse("Auto", &theme));
    assert_false(theme_parse("", &theme));
}

/* ---- budgets ---- */

static void bytes_and_writes_per_frame(void **state) {
    (void)state;
    open_on(COLOURED, 40, 120);
    draw_dense(&t.grid, 10);
    assert_in_range(show(), 3000, 8 * 1024); /* the first frame */
    assert_true(frame_has("\033[?2026h"));   /* large: shown in one piece */
    assert_memory_equal(t.frame + t.frame_len - 8, "\033[?2026l", 8);
    assert_int_equal(show(), 0);
    draw_dense(&t.grid, 11); /* the focus moves: the looks of two rows of names and figures */
    assert_in_range(show(), 100, 300);
    assert_false(frame_has("\033[?2026h"));
    assert_shown();
    grid_put(&t.grid, 0, 100, 20, LOOK_LIVE, "06:13");
    assert_in_range(show(), 5, 40);
    close_all();
}

/* ---- the way in and out ---- */

static void ways_in_and_out(void **state) {
    (void)state;
    static const struct {
        const char *type;
        bool second_screen, hides_cursor;
    } cases[] = {{COLOURED, true, true},        {"xterm", true, true},  {"screen", true, true},
                 {"tmux-256color", true, true}, {"linux", false, true}, {"vt100", false, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        open_on(cases[i].type, 5, 20);
        assert_true(frame_has("\033[?2004h"));
        assert_true(frame_has("\033[1;5r")); /* a scroll region of others would stop the cursor */
        assert_int_equal(t.vt.alternate, cases[i].second_screen);
        assert_int_equal(t.vt.cursor, !cases[i].hides_cursor);
        assert_int_equal(t.vt.mouse, VTERM_PROP_MOUSE_NONE);
        grid_put(&t.grid, 2, 2, 10, LOOK_FAIL, "word");
        show();
        term_set_mouse(t.term, true);
        assert_true(receive());
        assert_int_equal(t.vt.mouse, VTERM_PROP_MOUSE_CLICK);
        term_close(t.term);
        t.term = NULL;
        assert_true(receive());
        assert_true(frame_has("\033[?2004l"));
        assert_false(t.vt.alternate);
        assert_true(t.vt.cursor);
        assert_int_equal(t.vt.mouse, VTERM_PROP_MOUSE_NONE);
        char *left = vt_dump(&t.vt);
        assert_string_equal(left, "\n\n\n\n\n"); /* without a second screen: cleared */
        free(left);
        vt_feed(&t.vt, "x", 1);
        VTermScreenCell cell = vt_cell(&t.vt, 0, 0);
        assert_int_equal(vt_colour(&cell), -1);
        assert_false(cell.attrs.bold);
        close_all();
    }
}

static void mouse_off_again(void **state) {
    (void)state;
    open_on(COLOURED, 5, 20);
    term_set_mouse(t.term, true);
    term_set_mouse(t.term, false);
    while (receive())
        continue;
    assert_int_equal(t.vt.mouse, VTERM_PROP_MOUSE_NONE);
    close_all();
}

static void terminals_that_cannot(void **state) {
    (void)state;
    static const char way_out[] = "use the commands without a screen: perfscale status, perfscale "
                                  "plan, perfscale check";
    static const char another[] = "try TERM=xterm-256color perfscale";
    static const struct {
        const char *type, *text, *fix;
    } cases[] = {
        {"dumb", "terminal type \"dumb\" cannot move the cursor", way_out},
        {"foot-of-1999", "terminal type \"foot-of-1999\" is not known on this host", another},
        {"", "terminal type \"\" is not known on this host", another},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = {0};
        int out[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, out), 0);
        assert_null(term_open_on(0, out[0], cases[i].type, 24, 80, &plain_options, &e));
        assert_int_equal(e.kind, ERR_USAGE);
        assert_string_equal(e.text, cases[i].text);
        assert_string_equal(e.fix, cases[i].fix);
        char byte;
        assert_int_equal(recv(out[1], &byte, 1, MSG_DONTWAIT), -1); /* nothing was drawn */
        close(out[0]);
        close(out[1]);
    }
}

/* A test's own output is no terminal. */
static void no_terminal(void **state) {
    (void)state;
    struct err e = {0};
    int file = open("/dev/null", O_RDWR), before = dup(STDOUT_FILENO);
    dup2(file, STDOUT_FILENO);
    struct term *term = term_open(&plain_options, &e);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(file);
    assert_null(term);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_string_equal(e.text, "standard output is not a terminal");
    assert_string_equal(e.fix,
                        "use the commands without a screen: perfscale status, perfscale plan, "
                        "perfscale check");
}

static void utf8_by_locale_and_type(void **state) {
    (void)state;
    static const struct {
        const char *lc_all, *lang, *type;
        bool utf8;
        const char *why;
    } cases[] = {
        {NULL, NULL, COLOURED, true, "nothing set"},
        {"", "", COLOURED, true, "set to nothing"},
        {NULL, "C.UTF-8", COLOURED, true, "said so"},
        {NULL, "xx_YY.UTF-8", COLOURED, true, "a locale that is not installed"},
        {NULL, "C", COLOURED, false, "explicitly not"},
        {"POSIX", "C.UTF-8", COLOURED, false, "explicitly not, by the stronger one"},
        {"C.UTF-8", "C", COLOURED, true, "the stronger one says yes"},
        {NULL, "C.UTF-8", "linux", false, "its font has 512 characters"},
        {NULL, "C.UTF-8", "vt100", false, "older than UTF-8"},
        {NULL, "C.UTF-8", "vt220", false, "also"},
        {NULL, "C.UTF-8", "vte-256color", true, "not one of these"},
        {NULL, "C.UTF-8", "dumb", false, "nothing is known of it"},
        {NULL, "C.UTF-8", NULL, true, "no type at all"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsetenv("LC_ALL");
        unsetenv("LC_CTYPE");
        unsetenv("LANG");
        unsetenv("TERM");
        if (cases[i].lc_all)
            setenv("LC_ALL", cases[i].lc_all, 1);
        if (cases[i].lang)
            setenv("LANG", cases[i].lang, 1);
        if (cases[i].type)
            setenv("TERM", cases[i].type, 1);
        if (term_utf8() != cases[i].utf8)
            fail_msg("%s", cases[i].why);
        assert_int_equal(text_cp_width(0x6f22), 2); /* widths are known in any case */
    }
    setlocale(LC_ALL, "C.UTF-8");
}

/* ---- text from others ---- */

/* The list of texts that other programs passed on to the terminal, and what must not get through.
 */
static const char *const hostile[] = {
    "\x1b]52;c;ZXZpbA==\x07", /* clipboard */
    "\x1b]0;owned\x07",       /* title */
    "\x1b[31;1mred\x1b[0m",   /* colour */
    "\x1b[2J\x1b[H\x1bPq\x1b\\\x1b"
    "c", /* clear, home, device string, reset */
    "\xc2\x9b"
    "31mred\xc2\x9d"
    "0;t\xc2\x9c", /* C1 as UTF-8 */
    "\x9b"
    "31mred\x9d"
    "0;t\x9c\x90", /* C1 as bytes */
    "pass\xe2\x80\xae"
    "liaf\xe2\x80\xac", /* right to left override */
    "a\xe2\x81\xa7"
    "b\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c",
    "zero\xe2\x80\x8bwidth\xe2\x80\x8d\xef\xbb\xbf\xe2\x81\xa0",
    "tag\xf3\xa0\x81\xa1\xf3\xa0\x80\x81 and \xef\xb8\x8f",
    "tab\there",
    "line\nbreak",
    "return\rover",
    "\r\n\r\n",
    "next\xc2\x85line\xe2\x80\xa8",
    "bell\x07 back\x08\x08 del\x7f so\x0e si\x0f can\x18 sub\x1a nul",
    "e\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85",
    "\xff\xfe\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf\xe2\x28\xa1",
};

/* Anything in frame that curses does not send for drawing on this type of terminal. */
static const char *unexpected(const char *bytes, size_t len) {
    size_t i = 0;
    while (i < len) {
        uint32_t cp;
        size_t used = text_decode(bytes + i, len - i, &cp);
        enum text_class k = text_classify(cp);
        if (cp == 0x1b) { /* CSI with decimal parameters, or the character set of sgr0 */
            if (i + 2 < len && bytes[i + 1] == '(' && bytes[i + 2] == 'B') {
                i += 3;
                continue;
            }
            if (i + 1 >= len || bytes[i + 1] != '[')
                return "an escape sequence that is no CSI";
            for (i += 2; i < len && strchr("0123456789;?", bytes[i]); i++)
                continue;
            if (i >= len || !strchr("mHJKXbABCDGdhlP@", bytes[i]))
                return "a CSI that draws nothing";
            i++;
            continue;
        }
        if (cp != '\r' && cp != '\n' && cp != '\b' && cp != '\t' && cp != 0x0f && k != TEXT_KEEP &&
            k != TEXT_COMBINE)
            return "a character that the filter should have stopped";
        i += used;
    }
    return NULL;
}

static void hostile_text_stays_text(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++)
        for (size_t h = 0; h < COUNT(hostile); h++) {
            open_on(types[i], 6, 40);
            grid_put(&t.grid, 0, 0, 40, LOOK_TEXT, "first row");
            grid_put(&t.grid, 2, 3, 30, LOOK_FAIL, hostile[h]);
            grid_print(&t.grid, 3, 3, LOOK_TEXT, "%s|%s", hostile[h], hostile[h]);
            grid_right(&t.grid, 4, 39, 30, LOOK_OK, hostile[h]);
            grid_put(&t.grid, 5, 0, 40, LOOK_TEXT, "last row");
            show();
            const char *why = unexpected(t.frame, t.frame_len);
            if (why)
                fail_msg("%s, text %zu: %s", types[i], h, why);
            assert_shown(); /* and it moved nothing */
            close_all();
        }
}

/* ---- clipboard and plain print ---- */

static void copy_through_the_terminal(void **state) {
    (void)state;
    static const struct {
        const char *text, *sequence;
    } cases[] = {{"", "\033]52;c;\a"},
                 {"f", "\033]52;c;Zg==\a"},
                 {"fo", "\033]52;c;Zm8=\a"},
                 {"foo", "\033]52;c;Zm9v\a"},
                 {"foobar", "\033]52;c;Zm9vYmFy\a"},
                 {"\xff\x1b\xc3\xa9", "\033]52;c;/xvDqQ==\a"}};
    unsetenv("TMUX");
    unsetenv("STY");
    open_on(COLOURED, 5, 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(term_copy(t.term, cases[i].text), COPY_SENT);
        assert_true(receive());
        assert_int_equal(t.frame_len, strlen(cases[i].sequence));
        assert_memory_equal(t.frame, cases[i].sequence, t.frame_len);
    }
    char *longest = calloc(1, 74996);
    memset(longest, 'x', 74994);
    assert_int_equal(term_copy(t.term, longest), COPY_SENT);
    assert_true(receive());
    assert_int_equal(t.frame_len, 100000);
    longest[74994] = 'x';
    assert_int_equal(term_copy(t.term, longest), COPY_NONE);
    assert_false(receive());
    free(longest);
    setenv("STY", "1.pts-0", 1);
    assert_int_equal(term_copy(t.term, "x"), COPY_NONE);
    assert_false(receive());
    unsetenv("STY");
    close_all();
}

static void terminals_without_a_clipboard(void **state) {
    (void)state;
    static const char *const basic[] = {"linux", "vt100"};
    for (size_t i = 0; i < COUNT(basic); i++) {
        open_on(basic[i], 5, 20);
        assert_int_equal(term_copy(t.term, "x"), COPY_NONE);
        assert_false(receive());
        close_all();
    }
}

/* A tmux of ours in PATH: what it gets, and what becomes of it when it fails or hangs. */
static void copy_through_tmux(void **state) {
    (void)state;
    static const struct {
        const char *script;
        enum copy_result want;
    } cases[] = {
        {"#!/bin/sh\n[ \"$*\" = 'load-buffer -w -' ] && cat > \"$(dirname \"$0\")/got\"\n",
         COPY_TMUX},
        {"#!/bin/sh\nexit 1\n", COPY_NONE},
        {"#!/bin/sh\nexec sleep 60\n", COPY_NONE},
        {NULL, COPY_NONE}, /* no tmux at all */
    };
    char folder[] = "/tmp/perfscale-test-XXXXXX", path[64], got[64], text[200001];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/tmux", folder);
    snprintf(got, sizeof got, "%s/got", folder);
    memset(text, '\'', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    char *old_path = strdup(getenv("PATH")), *new_path;
    assert_true(asprintf(&new_path, "%s:%s", folder, old_path) > 0);
    setenv("TMUX", "/tmp/tmux-0/default,1,0", 1);
    open_on("tmux-256color", 5, 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("PATH", cases[i].script ? new_path : folder, 1);
        unlink(path);
        if (cases[i].script) {
            int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);
            assert_int_equal(write(fd, cases[i].script, strlen(cases[i].script)),
                             strlen(cases[i].script));
            close(fd);
        }
        assert_int_equal(term_copy(t.term, text), cases[i].want);
        assert_false(receive());
    }
    setenv("PATH", old_path, 1);
    unsetenv("TMUX");
    FILE *f = fopen(got, "r");
    char *read = malloc(sizeof text);
    assert_int_equal(fread(read, 1, sizeof text, f), sizeof text - 1);
    assert_memory_equal(read, text, sizeof text - 1);
    fclose(f);
    free(read);
    unlink(got);
    rmdir(folder);
    free(old_path);
    free(new_path);
    close_all();
}

static void print_aside_and_back(void **state) {
    (void)state;
    open_on(COLOURED, 10, 40);
    grid_put(&t.grid, 2, 2, 10, LOOK_FAIL, "word");
    show();
    assert_int_equal(write(t.keys[1], "abc\r", 4), 4); /* only Enter counts */
    term_print_aside(t.term, "k6 run load.js\n  # \x1b[31mred\x07\xe2\x80\xae");
    char all[4096];
    size_t len = 0;
    while (receive()) {
        memcpy(all + len, t.frame, t.frame_len);
        len += t.frame_len;
    }
    assert_non_null(memmem(all, len, "\033[?1049l", 8));
    static const char want[] = "\r\nk6 run load.js\r\n  # ?[31mred??\r\n\r\n"
                               "Enter goes back to the screen.\r\n";
    assert_non_null(memmem(all, len, want, sizeof want - 1));
    assert_true(t.vt.alternate); /* back */
    struct event ev = term_wait(t.term, 0, NULL, NULL, 0);
    assert_int_equal(ev.kind, EVENT_RESUMED);
    show();
    assert_shown();
    close_all();
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    unsetenv("NO_COLOR");
    unsetenv("TMUX");
    unsetenv("STY");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_terminal_and_size),
        cmocka_unit_test(wide_and_marked_characters),
        cmocka_unit_test(grid_of_another_size),
        cmocka_unit_test(cursor_shows_where_text_is_edited),
        cmocka_unit_test(repaint_sends_everything),
        cmocka_unit_test(environment_does_not_set_the_size),
        cmocka_unit_test(themes_on_each_terminal),
        cmocka_unit_test(no_color_means_none),
        cmocka_unit_test(theme_changes_at_run_time),
        cmocka_unit_test(theme_names),
        cmocka_unit_test(bytes_and_writes_per_frame),
        cmocka_unit_test(ways_in_and_out),
        cmocka_unit_test(mouse_off_again),
        cmocka_unit_test(terminals_that_cannot),
        cmocka_unit_test(no_terminal),
        cmocka_unit_test(utf8_by_locale_and_type),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(copy_through_the_terminal),
        cmocka_unit_test(terminals_without_a_clipboard),
        cmocka_unit_test(copy_through_tmux),
        cmocka_unit_test(print_aside_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
