/* tests/golden/scene.h
 * Sessions for pictures: one story on a machine, by a person and at a time of day that never
 * change, so that a golden file is the same everywhere. Each session lives in a workspace of its
 * own, made of the files in tests/golden/workspace. */
#ifndef PERFSCALE_TESTS_SCENE_H
#define PERFSCALE_TESTS_SCENE_H

#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "session/session.h"

enum { SCENE_SCRIPT_S = 1762091287, SCENE_RESULT_S = SCENE_SCRIPT_S + 795 }; /* 2 Nov, 13:48:07 */
#define SCENE_NOW_MS ((int64_t)(SCENE_SCRIPT_S + 1013) * 1000)               /* 14:05:00 */

struct scene {
    char dir[64];
    struct session s;
};

static inline int scene_remove(const char *path, const struct stat *st, int type, struct FTW *f) {
    (void)st;
    (void)type;
    (void)f;
    return remove(path);
}

/* A file of the workspace as it would be there, under another name if need be. */
static inline void scene_put(const struct scene *c, const char *from, const char *as,
                             int64_t time_s) {
    char path[512];
    size_t len = 0;
    snprintf(path, sizeof path, TEST_ROOT "/tests/golden/workspace/%s", from);
    char *bytes = file_read(path, 1 << 20, &len, NULL);
    if (!bytes)
        abort();
    snprintf(path, sizeof path, "%s/%s", c->dir, as);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
        abort();
    free(bytes);
    struct timespec t[2] = {{.tv_sec = time_s}, {.tv_sec = time_s}};
    utimensat(AT_FDCWD, path, t, 0);
}

/* An empty workspace; fill it before scene_open(). */
static inline void scene_init(struct scene *c) {
    setenv("TZ", "UTC", 1);
    tzset();
    *c = (struct scene){.dir = "/tmp/perfscale-scene-XXXXXX"};
    if (!mkdtemp(c->dir))
        abort();
}

/* What differs between machines is set by hand. */
static inline void scene_same_everywhere(struct scene *c) {
    struct session *s = &c->s;
    s->now_ms = SCENE_NOW_MS;
    text_copy(s->user, sizeof s->user, "ana");
    text_copy(s->ws.path, sizeof s->ws.path, "/srv/perf/orders-api");
    text_copy(s->ws.name, sizeof s->ws.name, "orders-api");
    bool jmeter =
        s->base.chosen >= 0 && strcmp(s->ws.baseline[s->base.chosen].tool->name, "jmeter") == 0;
    text_copy(s->tool_version, sizeof s->tool_version, jmeter ? "5.6.3" : "2.2.0");
    s->tool_missing = false;
    s->host = (struct host){.name = "vm-perf-02",
                            .cores = 4,
                            .memory_bytes = 6.2e9,
                            .files_soft = 512,
                            .files_hard = 512,
                            .ports = 28232,
                            .time_wait = 0,
                            .tw_reuse = 2,
                            .network_bit_s = NAN,
                            .swap_bytes = 0,
                            .conntrack = INFINITY,
                            .conntrack_used = 0,
                            .disk_bytes = 61e9};
    session_update(s);
    if (s->confirmed) {
        text_copy(s->confirmed_by, sizeof s->confirmed_by, "ana");
        s->confirmed_ms = SCENE_NOW_MS;
    }
}

static inline void scene_open(struct scene *c) {
    struct err e = {0};
    if (!session_open(&c->s, c->dir, SCENE_NOW_MS, &e)) {
        fprintf(stderr, "scene: %s\n", e.text);
        abort();
    }
    scene_same_everywhere(c);
}

static inline void scene_fini(struct scene *c) {
    session_close(&c->s);
    nftw(c->dir, scene_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- stages of the story, each on top of the one before --- */

static inline void scene_ready(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.js", "baseline_orders.js", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.txt", "baseline_orders.txt", SCENE_RESULT_S);
    scene_open(c);
}

static inline void scene_must(bool ok, const struct err *e) {
    if (ok)
        return;
    fprintf(stderr, "scene: %s\n", e->text);
    abort();
}

static inline void scene_confirm(struct scene *c) {
    struct err e = {0};
    scene_must(session_confirm_load(&c->s, &e), &e);
    scene_same_everywhere(c);
}

static inline void scene_confirmed(struct scene *c) {
    scene_ready(c);
    scene_confirm(c);
}

static inline void scene_rewritten(struct scene *c) {
    struct err e = {0};
    scene_confirmed(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
}

static inline void scene_written(struct scene *c) {
    struct err e = {0};
    scene_rewritten(c);
    scene_must(session_write_script(&c->s, &e), &e);
}

static inline void scene_pasted(struct scene *c, const char *file) {
    char path[512];
    size_t len = 0;
    struct err e = {0};
    snprintf(path, sizeof path, TEST_ROOT "/tests/golden/workspace/%s", file);
    char *bytes = file_read(path, 1 << 20, &len, &e);
    scene_must(bytes != NULL, &e);
    scene_must(session_take_paste(&c->s, bytes, len, &e), &e);
    free(bytes);
}

static inline void scene_finish(struct scene *c, const char *from) {
    struct result *r = &c->s.result;
    text_copy(r->from, sizeof r->from, from);
    r->at_ms = SCENE_NOW_MS;
    r->run_id = 14;
}

static inline void scene_judged(struct scene *c, const char *file) {
    struct err e = {0};
    scene_written(c);
    scene_pasted(c, file);
    scene_must(session_use_intake(&c->s, &e), &e);
    scene_finish(c, file);
}

#endif
