/* Files: read with a limit, written whole or not at all, never over another. */
#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "temp_folder.h"

static int entries(void) {
    DIR *d = opendir(temp_dir);
    int n = -2; /* "." and ".." */
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void expect_text(const char *name, const char *text) {
    size_t len;
    struct err e = {0};
    char *got = file_read(temp_path(name), 1000, &len, &e);
    assert_non_null(got);
    assert_int_equal(len, strlen(text));
    assert_string_equal(got, text); /* a NUL stands behind it */
    free(got);
}

static void reads_a_file(void **state) {
    (void)state;
    temp_write("a", "hello\n");
    expect_text("a", "hello\n");
    temp_write("empty", "");
    expect_text("empty", "");
}

static void expect_refused(const char *name, size_t max, enum err_kind kind) {
    size_t len;
    struct err e = {0};
    assert_null(file_read(temp_path(name), max, &len, &e));
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.file, temp_path(name));
    assert_true(e.text[0] != '\0');
}

static void refuses_what_is_no_file(void **state) {
    (void)state;
    expect_refused("missing", 10, ERR_IO);
    mkdir(temp_path("folder"), 0700);
    expect_refused("folder", 10, ERR_FORMAT);
    mkfifo(temp_path("pipe"), 0600);
    expect_refused("pipe", 10, ERR_FORMAT); /* without waiting for a writer */
    assert_int_equal(symlink("/dev/zero", temp_path("zero")), 0);
    expect_refused("zero", 10, ERR_FORMAT);
    temp_write("large", "12345678901");
    expect_refused("large", 10, ERR_LIMIT);
    temp_write("fits", "1234567890");
    size_t len;
    char *text = file_read(temp_path("fits"), 10, &len, NULL);
    assert_non_null(text);
    free(text);
}

/* Files in /proc say that they are empty. */
static void reads_what_has_no_size(void **state) {
    (void)state;
    size_t len = 0;
    char *text = file_read("/proc/self/status", 1 << 20, &len, NULL);
    assert_non_null(text);
    assert_true(len > 100);
    free(text);
    struct err e = {0};
    assert_null(file_read("/proc/self/status", 20, &len, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
}

static void writes_a_new_file(void **state) {
    (void)state;
    struct err e = {0};
    assert_true(file_write_new(temp_path("new"), "text", 4, &e));
    expect_text("new", "text");
    assert_int_equal(entries(), 1); /* no temporary file beside it */
    struct stat st;
    stat(temp_path("new"), &st);
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(st.st_mode & 0777, 0666 & ~mask);
}

static void never_overwrites(void **state) {
    (void)state;
    struct err e = {0};
    temp_write("taken", "mine");
    assert_false(file_write_new(temp_path("taken"), "other", 5, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    expect_text("taken", "mine");
    /* a symbolic link is a name that is taken, also when it leads nowhere */
    assert_int_equal(symlink("elsewhere", temp_path("broken")), 0);
    assert_true(file_exists(temp_path("broken")));
    assert_false(file_write_new(temp_path("broken"), "x", 1, &e));
    assert_false(file_exists(temp_path("elsewhere")));
    assert_int_equal(symlink("taken", temp_path("link")), 0);
    assert_false(file_write_new(temp_path("link"), "x", 1, &e));
    expect_text("taken", "mine");
    mkdir(temp_path("folder"), 0700);
    assert_false(file_write_new(temp_path("folder"), "x", 1, &e));
    assert_int_equal(entries(), 4);
}

static void leaves_nothing_after_an_error(void **state) {
    (void)state;
    struct err e = {0};
    assert_false(file_write_new(temp_path("no/folder"), "x", 1, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_int_equal(entries(), 0);
    /* no room: a limit on file size plays the full disk */
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit was, small;
    getrlimit(RLIMIT_FSIZE, &was);
    small = was;
    small.rlim_cur = 1000;
    setrlimit(RLIMIT_FSIZE, &small);
    static char many[5000];
    bool ok = file_write_new(temp_path("large"), many, sizeof many, &e);
    setrlimit(RLIMIT_FSIZE, &was);
    assert_false(ok);
    assert_int_equal(e.kind, ERR_IO);
    assert_int_equal(entries(), 0);
}

static void too_long_a_name(void **state) {
    (void)state;
    static char name[5000];
    memset(name, 'a', sizeof name - 1);
    struct err e = {0};
    assert_false(file_write_new(name, "x", 1, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
}

static void names(void **state) {
    (void)state;
    char out[16];
    assert_true(file_join(out, sizeof out, "dir", "name"));
    assert_string_equal(out, "dir/name");
    assert_true(file_join(out, sizeof out, "dir/", "name"));
    assert_string_equal(out, "dir/name");
    assert_true(file_join(out, sizeof out, ".", "name"));
    assert_string_equal(out, "name");
    assert_true(file_join(out, sizeof out, "dir", "/abs"));
    assert_string_equal(out, "/abs");
    assert_false(file_join(out, sizeof out, "directory", "much-too-long"));
    assert_string_equal(file_base("/a/b.js"), "b.js");
    assert_string_equal(file_base("b.js"), "b.js");
    assert_int_equal(file_mtime(temp_path("missing")), -1);
}

static void tells_binary_from_text(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        bool binary;
    } cases[] = {
        {"", 0, false},
        {"plain text\r\n\tand more\n", 22, false},
        {"\033[32mcoloured\033[0m", 17, false},
        {"a\0b", 3, true},
        {"\001\002\003text", 7, true},
        {"\001 seven and more letters", 24, false},
        {"\u00e9\u6f22", 5, false},
        {"\177\177ab", 4, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(file_is_binary(cases[i].bytes, cases[i].len), cases[i].binary);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(reads_a_file),
        IN_FOLDER(refuses_what_is_no_file),
        cmocka_unit_test(reads_what_has_no_size),
        IN_FOLDER(writes_a_new_file),
        IN_FOLDER(never_overwrites),
        IN_FOLDER(leaves_nothing_after_an_error),
        cmocka_unit_test(too_long_a_name),
        IN_FOLDER(names),
        cmocka_unit_test(tells_binary_from_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
