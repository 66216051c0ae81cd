#include "script/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct both {
    const char *old;
    size_t old_len;
    char *new; /* owned */
    size_t new_len;
    struct diff diff;
};

struct piece {
    size_t start, end;
    const char *with;
};

static struct both diff_of(const char *old, const struct piece *piece) {
    struct both b = {.old = old, .old_len = strlen(old)};
    struct edits edits = {0};
    for (; piece->with; piece++)
        edits_add(&edits, piece->start, piece->end, piece->with);
    b.new = edits_apply(&edits, old, b.old_len, &b.new_len, NULL);
    assert_non_null(b.new);
    diff_make(&b.diff, old, b.old_len, b.new, b.new_len, &edits);
    edits_fini(&edits);
    return b;
}

static void drop(struct both *b) {
    diff_fini(&b->diff);
    free(b->new);
}

/* " 1/1 a|-2/0 b|+0/2 X|" */
static void show(const struct both *b, char *out, size_t size) {
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < b->diff.len; i++) {
        const struct diff_line *l = &b->diff.line[i];
        const char *text = (l->kind == DIFF_ADD ? b->new : b->old) + l->start;
        at += (size_t)snprintf(out + at, size - at, "%c%ld/%ld %.*s|", (char)l->kind, l->old_line,
                               l->new_line, (int)l->len, text);
    }
}

static void lines(void **state) {
    (void)state;
    static const struct {
        const char *why, *old, *want;
        struct piece piece[4];
        size_t changes;
    } cases[] = {
        {"nothing changed", "a\nb\n", " 1/1 a| 2/2 b|", {{0}}, 0},
        {"a byte in a line", "a\nbb\nc\n", " 1/1 a|-2/0 bb|+0/2 bX| 3/3 c|", {{3, 4, "X"}}, 1},
        {"a line taken out: the next is kept",
         "a\nb\nc\n",
         " 1/1 a|-2/0 b| 3/2 c|",
         {{2, 4, ""}},
         1},
        {"a line put in before a kept one", "a\nc\n", " 1/1 a|+0/2 b| 2/3 c|", {{2, 2, "b\n"}}, 1},
        {"the same, put in at the end of a line",
         "a\nc\n",
         " 1/1 a|+0/2 b| 2/3 c|",
         {{1, 1, "\nb"}},
         1},
        {"neighbours are one change, old lines first",
         "a\nb\n",
         "-1/0 a|-2/0 b|+0/1 x|+0/2 y|",
         {{0, 1, "x"}, {2, 3, "y"}},
         1},
        {"two edits in one line", "abc\n", "-1/0 abc|+0/1 xbz|", {{0, 1, "x"}, {2, 3, "z"}}, 1},
        {"two changes",
         "a\nb\nc\n",
         "-1/0 a|+0/1 x| 2/2 b|-3/0 c|+0/3 z|",
         {{0, 1, "x"}, {4, 5, "z"}},
         2},
        {"no last newline", "a\nb", " 1/1 a|-2/0 b|+0/2 X|", {{2, 3, "X"}}, 1},
        {"added behind the last newline", "a\n", " 1/1 a|+0/2 b|", {{2, 2, "b\n"}}, 1},
        {"a change, a kept line, lines put behind it",
         "a\nb\nc\n",
         "-1/0 a|+0/1 x| 2/2 b|+0/3 new| 3/4 c|",
         {{0, 1, "x"}, {3, 3, "\nnew"}},
         2},
        {"the same with CRLF",
         "a\r\nb\r\nc",
         "-1/0 a|+0/1 x| 2/2 b|+0/3 new| 3/4 c|",
         {{0, 1, "x"}, {4, 4, "\r\nnew"}},
         2},
        {"a line end that changes is a change", "a\nb", " 1/1 a|-2/0 b|+0/2 b|", {{3, 3, "\n"}}, 1},
        {"CRLF is no part of the text", "a\r\nb\r\n", " 1/1 a|-2/0 b|+0/2 X|", {{3, 4, "X"}}, 1},
        {"an edit that changes nothing", "a\nb\n", " 1/1 a| 2/2 b|", {{2, 3, "b"}}, 0},
        {"empty text", "", "+0/1 a|", {{0, 0, "a\n"}}, 1},
        {"all taken out", "a\nb\n", "-1/0 a|-2/0 b|", {{0, 4, ""}}, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char got[512];
        struct both b = diff_of(cases[i].old, cases[i].piece);
        show(&b, got, sizeof got);
        assert_string_equal(got, cases[i].want);
        assert_int_equal(b.diff.changes, cases[i].changes);
        assert_int_equal(b.diff.added + b.diff.deleted + b.diff.kept, b.diff.len);
        for (size_t c = 0; c < b.diff.changes; c++)
            assert_int_not_equal(b.diff.line[b.diff.change[c]].kind, DIFF_KEEP);
        drop(&b);
    }
}

static unsigned random_state = 7;

static size_t up_to(size_t most) {
    random_state = random_state * 1103515245u + 12345u;
    return (random_state >> 16) % (most + 1);
}

static void random_text(char *out, size_t most) {
    static const char letters[] = "ab\n\nc\r";
    size_t n = up_to(most);
    for (size_t i = 0; i < n; i++)
        out[i] = letters[up_to(sizeof letters - 2)];
    out[n] = '\0';
}

/* A side of the diff, put together from its lines, is that text. */
static void assert_side(const struct both *b, bool new_side) {
    const char *text = new_side ? b->new : b->old;
    size_t at = 0, len = new_side ? b->new_len : b->old_len;
    long line = 0;
    for (size_t i = 0; i < b->diff.len; i++) {
        const struct diff_line *l = &b->diff.line[i];
        if (l->kind == (new_side ? DIFF_DEL : DIFF_ADD))
            continue;
        assert_int_equal(new_side ? l->new_line : l->old_line, ++line);
        const char *from = (l->kind == DIFF_ADD ? b->new : b->old) + l->start;
        assert_memory_equal(text + at, from, l->len);
        at += l->len;
        at += text[at] == '\r' && text[at + 1] == '\n';
        at += text[at] == '\n';
    }
    assert_int_equal(at, len);
}

static void any_edits(void **state) {
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char old[40], with[4][8];
        struct piece piece[5] = {{0}};
        random_text(old, 30);
        size_t at = 0, len = strlen(old);
        for (int i = 0; i < 3 && at <= len; i++) {
            random_text(with[i], 6);
            piece[i].start = at + up_to(len - at > 8 ? 8 : len - at);
            piece[i].end =
                piece[i].start + up_to(len - piece[i].start > 5 ? 5 : len - piece[i].start);
            piece[i].with = with[i];
            at = piece[i].end;
        }
        struct both b = diff_of(old, piece);
        assert_side(&b, false);
        assert_side(&b, true);
        drop(&b);
    }
}

static void unified(void **state) {
    (void)state;
    static const char old[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";
    struct both b = diff_of(old, (const struct piece[]){{8, 9, "five"}, {33, 35, "fifteen"}, {0}});
    char *text = diff_unified(&b.diff, b.old, b.new, "a.js", "b.js");
    assert_string_equal(text, "--- a.js\n+++ b.js\n"
                              "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
                              "@@ -12,5 +12,5 @@\n 12\n 13\n 14\n-15\n+fifteen\n 16\n");
    free(text);
    drop(&b);
}

static void unified_joins_near_changes(void **state) {
    (void)state;
    struct both b =
        diff_of("1\n2\n3\n4\n5\n6\n7\n8", (const struct piece[]){{0, 1, "x"}, {14, 15, "y"}, {0}});
    char *text = diff_unified(&b.diff, b.old, b.new, "a", "b");
    assert_string_equal(text, "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n"
                              "-8\n\\ No newline at end of file\n"
                              "+y\n\\ No newline at end of file\n");
    free(text);
    drop(&b);
}

/* What `patch` and `git apply` need to make the new file of the old one. */
static void patch_makes_the_new_text(void **state) {
    (void)state;
    static const char old[] = "one\r\ntwo\r\nthree\r\nfour";
    struct both b = diff_of(old, (const struct piece[]){{5, 10, ""}, {21, 21, "\r\nfive"}, {0}});
    char *text = diff_unified(&b.diff, b.old, b.new, "a", "b");
    assert_string_equal(text, "--- a\n+++ b\n@@ -1,4 +1,4 @@\n one\r\n-two\r\n three\r\n-four\n"
                              "\\ No newline at end of file\n+four\r\n+five\n"
                              "\\ No newline at end of file\n");
    free(text);
    drop(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(any_edits),
        cmocka_unit_test(unified),
        cmocka_unit_test(unified_joins_near_changes),
        cmocka_unit_test(patch_makes_the_new_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
