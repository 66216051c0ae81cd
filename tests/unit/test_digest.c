/* SHA-256 against the examples of NIST and against coreutils' sha256sum. */
#include <stdarg.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"

static const struct {
    const char *text;
    size_t times; /* the text is repeated */
    const char *sha256;
    const char *why;
} cases[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "empty"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-4"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "two blocks"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
     "a million, read in pieces"},
};

static char *repeated(const char *text, size_t times, size_t *len) {
    size_t n = strlen(text);
    char *all = mem_new(n * times + 1, 1);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * n, text, n);
    *len = n * times;
    return all;
}

static void bytes_and_files_have_the_known_hash(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[] = "/tmp/test_digest.XXXXXX", got[DIGEST_BYTES], from_file[DIGEST_BYTES];
        struct err e = {0};
        size_t len;
        char *all = repeated(cases[i].text, cases[i].times, &len);
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, all, len), len);
        assert_int_equal(close(fd), 0);
        digest_of(all, len, got);
        bool ok = digest_file(path, from_file, &e);
        unlink(path);
        free(all);
        if (!ok || strcmp(got, cases[i].sha256) != 0 || strcmp(from_file, got) != 0)
            fail_msg("%s: %s, %s %s", cases[i].why, got, from_file, e.text);
    }
}

static void what_is_no_file_is_an_error(void **state) {
    static const struct {
        const char *path;
        enum err_kind kind;
        const char *text;
    } bad[] = {
        {"/nowhere/at all", ERR_IO, "cannot read: No such file or directory"},
        {"/tmp", ERR_FORMAT, "is a directory, not a file"},
        {"/dev/zero", ERR_FORMAT, "is not a file"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char got[DIGEST_BYTES] = "old";
        struct err e = {0};
        assert_false(digest_file(bad[i].path, got, &e));
        assert_string_equal(got, "");
        assert_int_equal(e.kind, bad[i].kind);
        assert_string_equal(e.text, bad[i].text);
        assert_string_equal(e.file, bad[i].path);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_and_files_have_the_known_hash),
        cmocka_unit_test(what_is_no_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
