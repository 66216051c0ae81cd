/* A workspace made for one test: files in a temporary directory, taken away again at the end. */
#ifndef SESSION_FIXTURE_H
#define SESSION_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "session/session.h"

static const int64_t noon_ms = 1790000000000;

static const char plan_text[] = "# Test plan\n\n- Target RPS: 100\n- p95 < 500 ms\n"
                                "- Error rate < 1 %\n- Duration: 10 min\n"
                                "- Base URL: http://127.0.0.1:27080\n";

/* A session is larger than a stack likes. */
struct bench {
    char dir[256];
    struct session *s;
};

static inline int bench_up(void **state) {
    const char *temp = getenv("TMPDIR");
    struct bench *b = mem_new(1, sizeof *b);
    snprintf(b->dir, sizeof b->dir, "%s/test_session.XXXXXX", temp && temp[0] ? temp : "/tmp");
    if (!mkdtemp(b->dir))
        return -1;
    b->s = mem_new(1, sizeof *b->s);
    b->s->probe.fd = -1;
    *state = b;
    return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static inline int bench_down(void **state) {
    struct bench *b = *state;
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
    session_close(b->s);
    chmod(b->dir, 0700);
    int rc = nftw(b->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(b->s);
    free(b);
    return rc;
}

#define SESSION_TEST(f) cmocka_unit_test_setup_teardown(f, bench_up, bench_down)

/* dir/name, good for the next three calls. */
static inline const char *in(const struct bench *b, const char *name) {
    static char path[4][1024];
    static int turn;
    turn = (turn + 1) % 4;
    assert_true(file_join(path[turn], sizeof path[turn], b->dir, name));
    return path[turn];
}

static inline void put(const struct bench *b, const char *name, const char *text) {
    FILE *f = fopen(in(b, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static inline char *sample(const char *name) {
    char path[512];
    size_t len;
    struct err e = {0};
    snprintf(path, sizeof path, "%s/k6/%s", TEST_DATA, name);
    char *text = file_read(path, 8 << 20, &len, &e);
    if (!text)
        fail_msg("%s: %s", path, e.text);
    return text;
}

static inline void put_sample(const struct bench *b, const char *name, const char *from) {
    char *text = sample(from);
    put(b, name, text);
    free(text);
}

static inline void age(const struct bench *b, const char *name, long seconds) {
    time_t then = time(NULL) - seconds;
    assert_int_equal(utime(in(b, name), &(struct utimbuf){then, then}), 0);
}

static inline struct session *open_session(struct bench *b) {
    struct err e = {0};
    session_close(b->s);
    if (!session_open(b->s, b->dir, noon_ms, &e))
        fail_msg("%s", e.text);
    return b->s;
}

static const char script_text[] = "import http from 'k6/http';\n"
                                  "import { sleep } from 'k6';\n"
                                  "\n"
                                  "export const options = {\n"
                                  "  vus: 3,\n"
                                  "  duration: '12s',\n"
                                  "};\n"
                                  "\n"
                                  "export default function () {\n"
                                  "  http.get('http://127.0.0.1:27080/api/orders');\n"
                                  "}\n";

/* Plan and a baseline of one request without think time; no result. */
static inline struct session *open_simple(struct bench *b) {
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_orders.js", script_text);
    return open_session(b);
}

/* Plan, the recorded baseline of two requests per iteration, and its result. */
static inline struct session *open_measured(struct bench *b) {
    put(b, "test-plan.md", plan_text);
    put_sample(b, "baseline_orders.js", "baseline-v2.2/baseline_orders.js");
    put_sample(b, "baseline_orders.json", "baseline-v2.2/summary-export.json");
    return open_session(b);
}

static inline void set(struct session *s, enum field f, const char *text) {
    session_set_field(s, f, text);
    if (s->form.field[f].error[0])
        fail_msg("%s: %s", field_def(f)->key, s->form.field[f].error);
}

static inline void must_confirm(struct session *s) {
    struct err e = {0};
    if (!session_confirm_load(s, &e))
        fail_msg("%s; %s", e.text, e.fix);
}

static inline void must_write(struct session *s) {
    struct err e = {0};
    if (!session_prepare_script(s, NULL, &e) || !session_write_script(s, &e))
        fail_msg("%s:%ld: %s", e.file, e.line, e.text);
}

static inline void must_paste(struct session *s, const char *name) {
    char *text = sample(name);
    struct err e = {0};
    if (!session_take_paste(s, text, strlen(text), &e))
        fail_msg("%s: %s", name, e.text);
    free(text);
}

static inline void must_use(struct session *s) {
    struct err e = {0};
    if (!session_use_intake(s, &e))
        fail_msg("%s", e.text);
}

/* Fields for which the recorded run of 1,748 requests in 3:30 is what was planned: 8.74 RPS over
 * 10 s up, 3:10 hold and 10 s down are 1,748 requests. */
static inline void set_recorded_load(struct session *s) {
    set(s, FIELD_TARGET, "8.74");
    set(s, FIELD_RAMP_UP, "10s");
    set(s, FIELD_HOLD, "3m10s");
    set(s, FIELD_RAMP_DOWN, "10s");
}

static inline bool has_finding(const struct findings *f, const char *kind) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0)
            return true;
    return false;
}

static inline bool prerequisite_finding(const struct session *s, const char *kind) {
    struct findings all = {0};
    session_prerequisite_findings(s, &all);
    bool found = has_finding(&all, kind);
    findings_fini(&all);
    return found;
}

static inline int count_entries(const char *dir) {
    DIR *d = opendir(dir);
    int n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

#endif
