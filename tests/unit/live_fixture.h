/* Answers of live interfaces, as the tools gave them: tests/data/live. */
#ifndef PERFSCALE_TESTS_LIVE_FIXTURE_H
#define PERFSCALE_TESTS_LIVE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"

static inline void near_to(double got, double want, const char *what) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%s is %.12g, not %.12g", what, got, want);
}

static inline char *read_file(const char *name, size_t *len) {
    enum { FILE_MOST = 1 << 20 };
    char path[512];
    struct err e = {0};
    snprintf(path, sizeof path, "%s/live/%s", TEST_DATA, name);
    char *text = file_read(path, FILE_MOST, len, &e);
    if (!text)
        fail_msg("%s: %s", path, e.text);
    return text;
}

#endif
