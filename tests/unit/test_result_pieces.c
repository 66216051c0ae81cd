/* Every output of a real tool in tests/data, for the reader that knows it: bytes in pieces of any
 * size say the same; a file that is cut off anywhere is read as far as it goes or refused with a
 * reason. Large files are cut at each byte of a shorter file made of their own first and last
 * lines; RESULT_CUTS_BYTES in the environment says from which size on (a run by hand: it takes
 * hours). */
#include <dirent.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "feed/feed.h"
#include "result_digest.h"
#include "tools/tool.h"

enum {
    FILE_MOST = 64 << 20,
    SHORT_BYTES = 2000, /* of a file whose every byte is a cut */
    SANITIZED_BYTES = 600,
    LONG_CUTS = 12, /* cuts of the whole file */
};

static int files_read, cuts_made;
static size_t short_bytes;

/* The bytes as a reader gets them: gzip undone. */
static char *load(const char *path, size_t *len) {
    struct feed f;
    const char *piece;
    size_t n;
    char *bytes = NULL;
    *len = 0;
    if (!feed_open(&f, path, NULL))
        return NULL;
    while (feed_next(&f, &piece, &n, NULL) && n > 0 && *len + n <= FILE_MOST) {
        bytes = realloc(bytes, *len + n);
        memcpy(bytes + *len, piece, n);
        *len += n;
    }
    feed_close(&f);
    return bytes;
}

static void same(const char *path, const struct reader *r, const char *bytes, size_t len,
                 size_t cut, size_t step, const struct digest *whole, bool ok) {
    struct digest got;
    if (digest_read(r, bytes, len, cut, step, &got, NULL) != ok)
        fail_msg("%s (%s): cut at %zu, step %zu: read or refused", path, r->name, cut, step);
    if (ok && !digest_same(whole, &got))
        fail_msg("%s (%s): cut at %zu, step %zu says something else", path, r->name, cut, step);
    if (got.odd)
        fail_msg("%s (%s): an interval without its value, or an empty remark", path, r->name);
    cuts_made++;
}

static void truncated(const char *path, const struct reader *r, const char *bytes, size_t len) {
    struct digest got;
    struct err e = {0};
    if (!digest_read(r, bytes, len, 0, 0, &got, &e) && (e.kind == ERR_NONE || !e.text[0]))
        fail_msg("%s (%s): the first %zu bytes are refused without a reason", path, r->name, len);
}

static void every_cut(const char *path, const struct reader *r, const char *bytes, size_t len) {
    struct digest whole;
    bool ok = digest_read(r, bytes, len, 0, 0, &whole, NULL);
    same(path, r, bytes, len, 0, 1, &whole, ok);
    for (size_t cut = 1; cut < len; cut++) {
        same(path, r, bytes, len, cut, 0, &whole, ok);
        truncated(path, r, bytes, cut);
    }
}

/* The first lines, and for texts the last ones too: there the summary stands. */
static size_t shorten(const char *bytes, size_t len, char *out) {
    size_t head = short_bytes / 2, tail = short_bytes / 2;
    while (head > 0 && bytes[head - 1] != '\n')
        head--;
    while (tail > 0 && bytes[len - tail - 1] != '\n')
        tail--;
    memcpy(out, bytes, head);
    memcpy(out + head, bytes + len - tail, tail);
    return head + tail;
}

static void some_cuts(const char *path, const struct reader *r, const char *bytes, size_t len) {
    static const size_t steps[] = {1, 3, 4096, 65536};
    struct digest whole;
    bool ok = digest_read(r, bytes, len, 0, 0, &whole, NULL);
    for (size_t i = len > 1000000 ? 1 : 0; i < sizeof steps / sizeof *steps; i++)
        same(path, r, bytes, len, 0, steps[i], &whole, ok);
    for (size_t i = 1; i <= LONG_CUTS; i++) {
        size_t cut = len * i / (LONG_CUTS + 1) + i;
        same(path, r, bytes, len, cut, 0, &whole, ok);
        truncated(path, r, bytes, cut);
    }
}

/* tool_reader() does not ask them when another is surer than that. */
static void check_sureness(const char *path, const char *bytes, size_t len) {
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *r = (*t)->readers; *r; r++)
            if ((*r)->sniffs_lines && (*r)->sniff(bytes, len) > SUREST_OF_LINES)
                fail_msg("%s: %s is too sure", path, (*r)->name);
}

static void check_file(const char *path) {
    size_t len;
    char *bytes = load(path, &len);
    const struct reader *r =
        bytes ? tool_reader(bytes, len < FEED_PIECE_BYTES ? len : FEED_PIECE_BYTES) : NULL;
    if (r && len <= short_bytes) {
        every_cut(path, r, bytes, len);
    } else if (r) {
        char *small = malloc(short_bytes);
        size_t n = shorten(bytes, len, small);
        some_cuts(path, r, bytes, len);
        if (n > 0)
            every_cut(path, r, small, n);
        free(small);
    }
    if (bytes)
        check_sureness(path, bytes, len < FEED_PIECE_BYTES ? len : FEED_PIECE_BYTES);
    files_read += r != NULL;
    free(bytes);
}

static void check_folder(const char *folder, int depth) {
    DIR *list = opendir(folder);
    struct dirent *d;
    char path[1024];
    struct stat st;
    assert_non_null(list);
    while ((d = readdir(list))) {
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (d->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth > 0)
            check_folder(path, depth - 1);
        else if (S_ISREG(st.st_mode))
            check_file(path);
    }
    closedir(list);
}

static void k6_in_pieces(void **state) {
    (void)state;
    files_read = 0;
    check_folder(TEST_DATA "/k6", 1);
    print_message("%d files, %d cuts\n", files_read, cuts_made);
    assert_true(files_read >= 85);
}

static void locust_in_pieces(void **state) {
    (void)state;
    files_read = 0;
    check_folder(TEST_DATA "/locust", 1);
    print_message("%d files, %d cuts\n", files_read, cuts_made);
    assert_true(files_read >= 65);
}

static void jmeter_in_pieces(void **state) {
    (void)state;
    files_read = 0;
    check_folder(TEST_DATA "/jmeter", 1);
    print_message("%d files, %d cuts\n", files_read, cuts_made);
    assert_true(files_read >= 65);
}

static void series_in_pieces(void **state) {
    (void)state;
    files_read = 0;
    check_folder(TEST_DATA "/series", 1);
    print_message("%d files, %d cuts\n", files_read, cuts_made);
    assert_true(files_read >= 40);
}

/* What fuzzing found worth keeping, by the name of its reader: bytes that are no real result. */
static void check_corpus_of(const char *name) {
    char folder[1024], path[2048];
    const struct reader *r = tool_reader_named(name);
    struct dirent *d;
    if (!r)
        fail_msg("no reader %s", name);
    snprintf(folder, sizeof folder, TEST_ROOT "/tests/fuzz/corpus/%s", name);
    DIR *list = opendir(folder);
    assert_non_null(list);
    while ((d = readdir(list))) {
        size_t len;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        char *bytes = d->d_name[0] == '.' ? NULL : file_read(path, FILE_MOST, &len, NULL);
        if (bytes)
            every_cut(path, r, bytes, len);
        files_read += bytes != NULL;
        free(bytes);
    }
    closedir(list);
}

static void the_corpus_of_fuzzing(void **state) {
    (void)state;
    DIR *list = opendir(TEST_ROOT "/tests/fuzz/corpus");
    struct dirent *d;
    assert_non_null(list);
    files_read = 0;
    while ((d = readdir(list)))
        if (d->d_name[0] != '.')
            check_corpus_of(d->d_name);
    closedir(list);
    print_message("%d files, %d cuts\n", files_read, cuts_made);
    assert_true(files_read >= 500);
}

/* Sanitizers make each byte dearer. */
static size_t choose_bytes(void) {
    const char *asked = getenv("RESULT_CUTS_BYTES");
#ifdef __SANITIZE_ADDRESS__
    size_t usual = SANITIZED_BYTES;
#else
    size_t usual = SHORT_BYTES;
#endif
    return asked ? (size_t)strtoul(asked, NULL, 10) : usual;
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    short_bytes = choose_bytes();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k6_in_pieces),          cmocka_unit_test(locust_in_pieces),
        cmocka_unit_test(jmeter_in_pieces),      cmocka_unit_test(series_in_pieces),
        cmocka_unit_test(the_corpus_of_fuzzing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
