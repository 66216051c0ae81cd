/* Bytes from the keyboard to events: the state machine by itself, without a clock, then term_wait()
 * on a pipe. */
#include "ui/screen/term/term.h"

#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui/screen/term/term_parts.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define PASTE_ON "\033[200~"
#define PASTE_OFF "\033[201~"

static struct keys k;

static int start(void **state) {
    (void)state;
    keys_init(&k, 0);
    return 0;
}

static int stop(void **state) {
    (void)state;
    keys_fini(&k);
    return 0;
}

static void feed_bytes(const char *bytes, size_t len) {
    while (len >
           0) { /* as term_wait() does: nothing more is read while something can be given out */
        size_t n = len < READ_BYTES ? len : READ_BYTES;
        keys_feed(&k, bytes, n, 0);
        bytes += n;
        len -= n;
    }
}

static void feed(const char *text) { feed_bytes(text, strlen(text)); }

static void expect_nothing(void) {
    struct event ev;
    assert_false(keys_next(&k, &ev));
}

static void expect_key(uint32_t key) {
    struct event ev;
    assert_true(keys_next(&k, &ev));
    assert_int_equal(ev.kind, EVENT_KEY);
    assert_int_equal(ev.key, key);
}

static void expect_paste(const char *text) {
    struct event ev;
    expect_nothing(); /* not before it is clear that it is over */
    assert_int_equal(keys_silence_ms(&k), DRAIN_QUIET_MS);
    keys_silent(&k);
    assert_true(keys_next(&k, &ev));
    assert_int_equal(ev.kind, EVENT_PASTE);
    assert_int_equal(ev.paste_len, strlen(text));
    assert_string_equal(ev.paste, text);
    expect_nothing();
}

static void expect_thrown_away(enum event_kind kind, size_t len) {
    struct event ev;
    expect_nothing();
    keys_silent(&k);
    assert_true(keys_next(&k, &ev));
    assert_int_equal(ev.kind, kind);
    assert_int_equal(ev.paste_len, len);
    assert_null(ev.paste);
    expect_nothing();
}

/* ---- keys ---- */

enum { F1 = KEYC_F1 };
static const struct {
    const char *bytes;
    uint32_t key;
} sequences[] = {
    {"\033[A", KEYC_UP},
    {"\033OA", KEYC_UP}, /* both forms of each arrow */
    {"\033[B", KEYC_DOWN},
    {"\033OB", KEYC_DOWN},
    {"\033[C", KEYC_RIGHT},
    {"\033OC", KEYC_RIGHT},
    {"\033[D", KEYC_LEFT},
    {"\033OD", KEYC_LEFT},
    {"\033[1;5A", KEYC_UP},
    {"\033O5A", KEYC_UP}, /* with Ctrl */
    {"\033[H", KEYC_HOME},
    {"\033OH", KEYC_HOME},
    {"\033[1~", KEYC_HOME},
    {"\033[7~", KEYC_HOME},
    {"\033[F", KEYC_END},
    {"\033OF", KEYC_END},
    {"\033[4~", KEYC_END},
    {"\033[8~", KEYC_END},
    {"\033[2~", KEYC_INSERT},
    {"\033[3~", KEYC_DELETE},
    {"\033[3;2~", KEYC_DELETE},
    {"\033[5~", KEYC_PAGE_UP},
    {"\033[6~", KEYC_PAGE_DOWN},
    {"\033[Z", KEYC_BACK_TAB},
    {"\033OP", F1},
    {"\033[11~", F1},
    {"\033[[A", F1},
    {"\033[1;2P", F1}, /* xterm, rxvt, linux */
    {"\033OQ", F1 + 1},
    {"\033[12~", F1 + 1},
    {"\033[[B", F1 + 1},
    {"\033OR", F1 + 2},
    {"\033[13~", F1 + 2},
    {"\033[[C", F1 + 2},
    {"\033OS", F1 + 3},
    {"\033[14~", F1 + 3},
    {"\033[[D", F1 + 3},
    {"\033[15~", F1 + 4},
    {"\033[[E", F1 + 4},
    {"\033[17~", F1 + 5},
    {"\033[18~", F1 + 6},
    {"\033[19~", F1 + 7},
    {"\033[20~", F1 + 8},
    {"\033[21~", F1 + 9},
    {"\033[23~", F1 + 10},
    {"\033[24~", KEYC_F12},
    {"\033OM", KEYC_ENTER}, /* number block */
    {"\r", KEYC_ENTER},
    {"\t", KEYC_TAB},
    {"\177", KEYC_BACKSPACE},
    {"\b", KEYC_BACKSPACE},
    {"\001", 1},
    {"\003", 3},
    {"\032", 26},
    {"q", 'q'},
    {"?", '?'},
    {"\xc3\xa4", 0xe4},
    {"\xe2\x82\xac", 0x20ac},
    {"\xf0\x9f\x98\x80", 0x1f600},
};

static void known_sequences(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(sequences); i++) {
        feed(sequences[i].bytes);
        expect_key(sequences[i].key);
        expect_nothing();
        assert_int_equal(keys_silence_ms(&k), -1);
    }
}

/* However the bytes are cut into pieces. */
static void sequences_in_pieces(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(sequences); i++)
        for (size_t cut = 1; cut < strlen(sequences[i].bytes); cut++) {
            feed_bytes(sequences[i].bytes, cut);
            expect_nothing();
            assert_int_equal(keys_silence_ms(&k), ESC_DELAY_MS);
            feed(sequences[i].bytes + cut);
            expect_key(sequences[i].key);
            expect_nothing();
        }
}

static void escape_alone_and_in_company(void **state) {
    (void)state;
    feed("\033");
    expect_nothing();
    keys_silent(&k);
    expect_key(KEYC_ESC);
    feed("\033j"); /* two keys over a slow line, or Alt-J: the same bytes */
    expect_key(KEYC_ESC);
    expect_key('j');
    feed("\033\033[A");
    expect_key(KEYC_ESC);
    expect_key(KEYC_UP);
    feed("\033[1;"); /* and nothing more: no key at all, never its letters */
    expect_nothing();
    keys_silent(&k);
    expect_nothing();
    feed("x");
    expect_key('x');
    keys_fini(&k);
    keys_init(&k, 700);
    feed("\033");
    assert_int_equal(keys_silence_ms(&k), 700);
}

/* What no key sends does nothing, and the key behind it counts. */
static void unknown_bytes(void **state) {
    (void)state;
    static const char *const unknown[] = {
        "\033[?1;2c",   "\033[>0;276;0c",   "\033[24;80R",
        "\033[99~",     "\033[201~",        "\033[I",
        "\033[1$y",     "\033[[Z",          "\033]11;rgb:0000/0000/0000\033\\",
        "\033]52;c;\a", "\033P1$r0m\033\\", "\xc2\x9b",
        "\xff",         "\xc0\x80",         "\xed\xa0\x80",
        "\xe2\x80\xae", "\xe2\x80\x8b",     "\xef\xbf\xbf"};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        feed(unknown[i]);
        expect_nothing();
        feed("x");
        expect_key('x');
        feed(unknown[i]);
        feed("y"); /* in one go */
        expect_key('y');
        expect_nothing();
    }
    feed_bytes("\0z", 2);
    expect_key('z');
    feed("\xe2\x82"); /* half a character */
    expect_nothing();
    keys_silent(&k);
    expect_nothing();
    feed("\xe2\x82q"); /* and one that goes wrong */
    expect_key('q');
}

static void erase_byte_of_the_terminal(void **state) {
    (void)state;
    k.erase = 'X' - '@';
    feed("\x18");
    expect_key(KEYC_BACKSPACE);
}

/* A string that never ends must not take the keys with it for ever. */
static void endless_sequences(void **state) {
    (void)state;
    static const char *const starts[] = {"\033[", "\033]", "\033P", "\033[<"};
    char digits[SEQUENCE_BYTES + 8];
    memset(digits, '1', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct event ev;
        feed(starts[i]);
        feed(digits);
        for (int n = 0; keys_next(&k, &ev); n++)
            assert_in_range(n, 0, sizeof digits);
        keys_silent(&k);
        while (keys_next(&k, &ev))
            continue;
        assert_int_equal(k.len, 0);
        feed("x");
        expect_key('x');
    }
}

/* ---- mouse ---- */

static void mouse_reports(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        int button, row, col;
    } cases[] = {
        {"\033[<0;10;5M", MOUSE_LEFT, 4, 9},
        {"\033[<64;1;1M", MOUSE_WHEEL_UP, 0, 0},
        {"\033[<65;200;60M", MOUSE_WHEEL_DOWN, 59, 199},
        {"\033[<16;10;6M", MOUSE_LEFT, 5, 9}, /* with Ctrl */
        {"\033[M !!", MOUSE_LEFT, 0, 0},      /* the old form */
        {"\033[M`*\"", MOUSE_WHEEL_UP, 1, 9},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct event ev;
        feed(cases[i].bytes);
        assert_true(keys_next(&k, &ev));
        assert_int_equal(ev.kind, EVENT_MOUSE);
        assert_int_equal(ev.button, cases[i].button);
        assert_int_equal(ev.row, cases[i].row);
        assert_int_equal(ev.col, cases[i].col);
        assert_false(ev.twice);
        expect_nothing();
    }
    static const char *const others[] = {"\033[<0;10;5m", "\033[<2;10;5M", "\033[<35;10;5M",
                                         "\033[M#!!", "\033[<M"};
    for (size_t i = 0; i < COUNT(others) - 1; i++) {
        feed(others[i]);
        expect_nothing();
    }
}

static bool click(const char *bytes, int64_t at_ms) {
    struct event ev;
    keys_feed(&k, bytes, strlen(bytes), at_ms);
    assert_true(keys_next(&k, &ev));
    return ev.twice;
}

static void double_clicks(void **state) {
    (void)state;
    assert_false(click("\033[<0;10;5M", 1000));
    assert_true(click("\033[<0;10;5M", 1300));
    assert_false(click("\033[<0;10;5M", 1400)); /* the third one starts anew */
    assert_false(click("\033[<0;10;5M", 1900)); /* too late */
    assert_false(click("\033[<0;11;5M", 2000)); /* elsewhere */
    assert_true(click("\033[<0;11;5M", 2400));
    assert_false(click("\033[<64;11;5M", 2500));
}

/* ---- pastes ---- */

static void pasted_text(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},
        {"one", "one"},
        {"one\rtwo\r", "one\ntwo\n"},   /* as terminals send it */
        {"one\r\ntwo\n", "one\ntwo\n"}, /* as files have it */
        {"\r\r\n\n", "\n\n\n"},
        {"q\003\032y\r", "q\003\032y\n"}, /* no key among it */
        {"\033[A\033[200~", "\033[A\033[200~"},
        {"\033[20\033[201", "\033[20\033[201"}, /* false starts of the end mark */
        {"\033\033\033", "\033\033\033"},
        {"\xc3\xa4\xff", "\xc3\xa4\xff"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char all[64];
        snprintf(all, sizeof all, PASTE_ON "%s" PASTE_OFF, cases[i].bytes);
        for (size_t cut = 1; cut <= strlen(all); cut++) {
            feed_bytes(all, cut);
            expect_nothing();
            feed(all + cut);
            expect_paste(cases[i].text);
        }
    }
}

/* The rest of the go in which the end mark came, and what follows it at once. */
static void behind_a_paste(void **state) {
    (void)state;
    feed(PASTE_ON "text" PASTE_OFF "\ryes\r");
    feed("\033[B" PASTE_ON "more" PASTE_OFF);
    expect_paste("text");
    feed("q"); /* a second later it is a key again */
    expect_key('q');
    feed(PASTE_ON "two" PASTE_OFF);
    expect_paste("two");
}

static void keys_before_a_paste(void **state) {
    (void)state;
    feed("p" PASTE_ON "text" PASTE_OFF);
    expect_key('p');
    expect_paste("text");
}

static char *letters(size_t n) {
    char *s = malloc(n + 1);
    assert_non_null(s);
    memset(s, 'x', n);
    s[n] = '\0';
    return s;
}

static void largest_paste(void **state) {
    (void)state;
    char *text = letters(PASTE_MAX_BYTES);
    feed(PASTE_ON);
    feed(text);
    feed(PASTE_OFF);
    expect_paste(text);
    feed(PASTE_ON);
    feed(text);
    feed("y" PASTE_OFF "z");
    expect_thrown_away(EVENT_PASTE_CUT, PASTE_MAX_BYTES + 1);
    feed(PASTE_ON);
    for (int i = 0; i < 5; i++)
        feed(text);
    feed("\033[201" PASTE_OFF);
    expect_thrown_away(EVENT_PASTE_CUT, 5 * (size_t)PASTE_MAX_BYTES + 5);
    feed(PASTE_ON "small" PASTE_OFF);
    expect_paste("small");
    free(text);
}

static void paste_without_an_end(void **state) {
    (void)state;
    feed(PASTE_ON "half of it");
    assert_int_equal(keys_silence_ms(&k), PASTE_SILENCE_MS);
    expect_thrown_away(EVENT_PASTE_CUT, 10);
    feed("q");
    expect_key('q');
}

/* ---- pastes without marks ---- */

/* n different letters */
static char *typed(size_t n) {
    char *s = letters(n);
    for (size_t i = 0; i < n; i++)
        s[i] = (char)('a' + i % 26);
    return s;
}

static void more_than_anybody_types(void **state) {
    (void)state;
    char *most = typed(BURST_KEYS), *more = typed(BURST_KEYS + 1), *paste = typed(4083);
    feed(most);
    for (size_t i = 0; i < BURST_KEYS; i++)
        expect_key((uint32_t)most[i]);
    expect_nothing();
    feed(more);
    expect_thrown_away(EVENT_BURST, BURST_KEYS + 1);
    memcpy(paste, "qry\r", 4); /* it would quit, read again, copy and confirm */
    feed(paste);
    feed("and\rits\rend"); /* little, and right behind it: still the same paste */
    expect_thrown_away(EVENT_BURST, 4083 + 11);
    feed("q");
    expect_key('q');
    free(most);
    free(more);
    free(paste);
}

/* The terminal marks nothing, but the user has said that a paste comes. */
static void an_expected_paste_needs_no_marks(void **state) {
    struct event ev;
    (void)state;
    char *paste = typed(4083);
    memcpy(paste, "k6\r\n", 4);
    k.expected = true;
    feed(paste);
    feed("and the end");
    expect_nothing();
    assert_int_equal(keys_silence_ms(&k), PASTE_SILENCE_MS);
    keys_silent(&k);
    assert_true(keys_next(&k, &ev));
    assert_int_equal(ev.kind, EVENT_PASTE);
    assert_int_equal(ev.paste_len, 4083 - 1 + 11); /* CR LF is one line end */
    assert_memory_equal(ev.paste, "k6\n", 3);
    feed("q"); /* and little is still a key */
    expect_key('q');
    feed(PASTE_ON "cut");
    keys_silent(&k); /* one with marks and without its end is cut all the same */
    assert_true(keys_next(&k, &ev));
    assert_int_equal(ev.kind, EVENT_PASTE_CUT);
    free(paste);
}

static void a_key_held_down_is_no_paste(void **state) {
    (void)state;
    char *same = letters(500);
    feed(same);
    for (int i = 0; i < 500; i++)
        expect_key('x');
    expect_nothing();
    for (int i = 0; i < 100; i++)
        memcpy(same + 3 * i, "\033[B", 3);
    same[300] = '\0';
    feed(same);
    for (int i = 0; i < 100; i++)
        expect_key(KEYC_DOWN);
    expect_nothing();
    free(same);
}

static void a_wheel_is_no_paste(void **state) {
    (void)state;
    struct event ev;
    char reports[50 * 16];
    size_t len = 0;
    for (int i = 0; i < 50; i++)
        len += (size_t)snprintf(reports + len, sizeof reports - len, "\033[<65;%d;5M", 10 + i);
    feed_bytes(reports, len);
    for (int i = 0; i < 50; i++) {
        assert_true(keys_next(&k, &ev));
        assert_int_equal(ev.kind, EVENT_MOUSE);
    }
    expect_nothing();
}

/* ---- throwing away ---- */

static void dropped_input(void **state) {
    (void)state;
    feed("abc\033");
    keys_drop(&k);
    expect_nothing();
    assert_int_equal(keys_silence_ms(&k), -1);

    feed(PASTE_ON "one");
    keys_drop(&k);
    feed("two" PASTE_OFF "y\r"); /* the rest of it is no key */
    expect_nothing();
    keys_silent(&k);
    expect_nothing();
    feed("q");
    expect_key('q');

    feed(PASTE_ON "text" PASTE_OFF);
    keys_silent(&k);
    keys_drop(&k); /* ready, and not yet given out */
    expect_nothing();
    feed(PASTE_ON "next" PASTE_OFF);
    expect_paste("next");
}

/* Whatever comes, each feed ends, and a key after some silence is that key. */
static void any_bytes(void **state) {
    (void)state;
    static const char alphabet[] = "\033\033\033[[O~;20123456789<MmAZ\rq\xc3\xa4\xe2\xff\a\\]P";
    uint32_t random = 7;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        struct event ev;
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] =
                round % 3 ? alphabet[(random >> 16) % (sizeof alphabet - 1)] : (char)(random >> 24);
        }
        feed_bytes(bytes, 1 + (random >> 8) % sizeof bytes);
        while (keys_next(&k, &ev))
            assert_in_range(ev.kind, EVENT_KEY, EVENT_MOUSE);
        for (int i = 0; i < 2 && keys_silence_ms(&k) >= 0; i++) {
            keys_silent(&k);
            while (keys_next(&k, &ev))
                assert_in_range(ev.kind, EVENT_KEY, EVENT_MOUSE);
        }
        assert_int_equal(keys_silence_ms(&k), -1);
        feed("q");
        expect_key('q');
    }
}

/* ---- term_wait() ---- */

static struct term *term;
static int keyboard[2];

static int open_term(void **state) {
    (void)state;
    struct term_options o = {0};
    struct err e;
    int out = open("/dev/null", O_WRONLY);
    assert_int_equal(pipe(keyboard), 0);
    term = term_open_on(keyboard[0], out, "xterm-256color", 24, 80, &o, &e);
    assert_non_null(term);
    return 0;
}

static int close_term(void **state) {
    (void)state;
    term_close(term);
    close(keyboard[0]);
    if (keyboard[1] >= 0)
        close(keyboard[1]);
    return 0;
}

static void type(const char *bytes) {
    assert_int_equal(write(keyboard[1], bytes, strlen(bytes)), strlen(bytes));
}

static struct event wait_event(int ms) { return term_wait(term, ms, NULL, NULL, 0); }

static void keys_arrive(void **state) {
    (void)state;
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    type("x\033[A");
    assert_int_equal(wait_event(-1).key, 'x');
    assert_int_equal(wait_event(-1).key, KEYC_UP);
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    type("\033"); /* counts after 50 ms of silence, however long each call waits */
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    assert_int_equal(wait_event(-1).key, KEYC_ESC);
    assert_int_equal(wait_event(20).kind, EVENT_NONE);
}

static void pastes_arrive(void **state) {
    (void)state;
    type(PASTE_ON "one\rtwo" PASTE_OFF "y");
    struct event ev = wait_event(-1);
    assert_int_equal(ev.kind, EVENT_PASTE);
    assert_string_equal(ev.paste, "one\ntwo");
    char *burst = typed(4083);
    type(burst);
    ev = wait_event(-1);
    assert_int_equal(ev.kind, EVENT_BURST);
    assert_int_equal(ev.paste_len, 4083);
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    free(burst);
}

static void questions_start_empty(void **state) {
    (void)state;
    type("y\r");
    term_drop_input(term);
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    type("yn"); /* read, and one of them not yet given out */
    assert_int_equal(wait_event(-1).key, 'y');
    term_drop_input(term);
    assert_int_equal(wait_event(0).kind, EVENT_NONE);
    type("n");
    assert_int_equal(wait_event(-1).key, 'n');
}

static void other_descriptors(void **state) {
    (void)state;
    int a[2], b[2];
    bool ready[2] = {true, true};
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    const int watch[2] = {a[0], b[0]};
    assert_int_equal(term_wait(term, 0, watch, ready, 2).kind, EVENT_NONE);
    assert_false(ready[0] || ready[1]);
    assert_int_equal(write(b[1], "x", 1), 1);
    assert_int_equal(term_wait(term, -1, watch, ready, 2).kind, EVENT_NONE);
    assert_false(ready[0]);
    assert_true(ready[1]);
    close(a[1]); /* its end is news, too */
    assert_int_equal(term_wait(term, -1, watch, ready, 2).kind, EVENT_NONE);
    assert_true(ready[0]);
    type("k");
    assert_int_equal(term_wait(term, -1, NULL, NULL, 0).key, 'k');
    close(a[0]);
    close(b[0]);
    close(b[1]);
}

static void end_of_the_terminal(void **state) {
    (void)state;
    type("x");
    close(keyboard[1]);
    keyboard[1] = -1;
    assert_int_equal(wait_event(-1).key, 'x');
    for (int i = 0; i < 3; i++) { /* and for ever */
        struct event ev = wait_event(-1);
        assert_int_equal(ev.kind, EVENT_GONE);
        assert_int_equal(ev.key, SIGHUP);
    }
}

#define KEYS_TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
#define TERM_TEST(f) cmocka_unit_test_setup_teardown(f, open_term, close_term)

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        KEYS_TEST(known_sequences),
        KEYS_TEST(sequences_in_pieces),
        KEYS_TEST(escape_alone_and_in_company),
        KEYS_TEST(unknown_bytes),
        KEYS_TEST(erase_byte_of_the_terminal),
        KEYS_TEST(endless_sequences),
        KEYS_TEST(mouse_reports),
        KEYS_TEST(double_clicks),
        KEYS_TEST(pasted_text),
        KEYS_TEST(behind_a_paste),
        KEYS_TEST(keys_before_a_paste),
        KEYS_TEST(largest_paste),
        KEYS_TEST(paste_without_an_end),
        KEYS_TEST(more_than_anybody_types),
        KEYS_TEST(an_expected_paste_needs_no_marks),
        KEYS_TEST(a_key_held_down_is_no_paste),
        KEYS_TEST(a_wheel_is_no_paste),
        KEYS_TEST(dropped_input),
        KEYS_TEST(any_bytes),
        TERM_TEST(keys_arrive),
        TERM_TEST(pastes_arrive),
        TERM_TEST(questions_start_empty),
        TERM_TEST(other_descriptors),
        TERM_TEST(end_of_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
