#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65534 }; /* user and group, as program.c has them */

bool two_people(void) { return getuid() == 0; }

const struct said *as_author(const char *dir, const char *const *words) {
    return call(&(struct call){.dir = dir, .as_nobody = true}, words);
}

const struct said *as_me(const char *dir, const char *const *words) {
    return call(&(struct call){.dir = dir}, words);
}

static void judge(const char *dir, const char *result, const char *rps, const char *saved) {
    put_copy(dir, "result.txt", result);
    const struct said *s =
        as_author(dir, WORDS("check", "result.txt", "--dir", ".", "--rps", rps, "--save"));
    if (!strstr(s->out, saved))
        fail_msg("status %d, not \"%s\":\n%s%s", s->status, saved, s->out, s->err);
}

void make_store(char dir[PATH_BYTES]) {
    make_workspace(dir);
    if (two_people())
        assert_int_equal(chown(dir, NOBODY, NOBODY), 0);
    if (two_people()) {
        const struct said *s = as_author(dir, WORDS("share", "--group", "65534"));
        if (!strstr(s->out, "is shared with group"))
            fail_msg("status %d:\n%s%s", s->status, s->out, s->err);
    }
    judge(dir, TEST_ROOT "/demo/recorded_pass.txt", "170", "Saved as run 1.");
    judge(dir, TEST_ROOT "/demo/recorded_fail.txt", "170", "Saved as run 2.");
    judge(dir, TEST_ROOT "/demo/recorded_pass.txt", "100", "Saved as run 3.");
}
