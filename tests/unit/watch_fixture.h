/* A watch on files that a test writes piece by piece, with clocks that the test moves. */
#ifndef PERFSCALE_TESTS_WATCH_FIXTURE_H
#define PERFSCALE_TESTS_WATCH_FIXTURE_H

#include <fcntl.h>
#include <math.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "gather/gather.h"
#include "temp_folder.h"
#include "watch/watch.h"

/* Bytes of a real result, handed out from its start. */
struct tape {
    char *bytes;
    size_t len, at;
};

static inline struct tape tape_load(const char *name) {
    char path[512];
    struct tape t = {0};
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    t.bytes = file_read(path, 16 << 20, &t.len, NULL);
    assert_non_null(t.bytes);
    return t;
}

/* The writer keeps its file open, as a load tool does. */
static inline int writer_open(const char *name) {
    int fd = open(temp_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(fd >= 0);
    return fd;
}

static inline void writer_add(int fd, struct tape *t, size_t n) {
    n = n < t->len - t->at ? n : t->len - t->at;
    assert_int_equal(write(fd, t->bytes + t->at, n), n);
    t->at += n;
}

/* Whole lines up to share of the bytes. */
static inline void writer_add_share(int fd, struct tape *t, double share) {
    size_t to = (size_t)((double)t->len * share);
    while (to < t->len && t->bytes[to - 1] != '\n')
        to++;
    writer_add(fd, t, to - t->at);
}

/* The two clocks. */
static int64_t day_ms, steady_ms;

static inline void clocks_set(int64_t day) {
    day_ms = day;
    steady_ms = 5000000;
}

static inline bool turn_after(struct watch *w, int64_t ms) {
    day_ms += ms;
    steady_ms += ms;
    return watch_turn(w, day_ms, steady_ms);
}

static inline bool turns(struct watch *w, int seconds) {
    bool changed = false;
    for (int i = 0; i < seconds; i++)
        changed = turn_after(w, 1000) || changed;
    return changed;
}

static inline enum watch_state state_now(const struct watch *w) { return watch_look(w)->state; }

static inline bool was_said(const struct watch *w, const char *text) {
    const struct watch_view *v = watch_look(w);
    for (size_t i = 0; i < v->events; i++)
        if (strstr(v->event[i].text, text))
            return true;
    return false;
}

static inline struct watch *watch_start(const struct watch_options *o) {
    struct watch *w = watch_new(o, NULL);
    assert_non_null(w);
    clocks_set(clock_day_ms());
    return w;
}

static inline void expect_near(double a, double b, double within) {
    if (isnan(a) && isnan(b))
        return;
    if (!(fabs(a - b) <= within))
        fail_msg("%g is not %g", a, b);
}

/* The live figures at the end are those of the reading that gives the verdict. */
static inline void expect_as_gather(const struct watch *w, double p95_within) {
    const char *names[WATCH_SOURCES_MAX];
    const struct gather_options plain = {0};
    struct summary s;
    struct err e = {0};
    size_t n = watch_files(w, names);
    if (!gather(names, n, &plain, &s, &e))
        fail_msg("%s", e.text);
    const struct window *total = &watch_look(w)->run.total;
    expect_near(total->requests, summary_value(&s, METRIC_REQUESTS), 0);
    expect_near(total->failed, summary_value(&s, METRIC_FAILED), 0);
    expect_near(total->p95_ms, summary_value(&s, METRIC_P95_MS),
                p95_within * summary_value(&s, METRIC_P95_MS));
    summary_fini(&s);
}

#endif
