/* Where the figures of a file go. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "watch/file_parts.h"

enum { TABLE_MAX_BYTES = 16 << 20, REMARKS_MAX = 5 };
#define LONGEST_RUN_MS (UINT64_C(31) * 24 * 3600 * 1000)

/* A stray moment far away would hold up a replay. */
static void note_time(struct file_source *f, int64_t ms) {
    if (f->first_ms == INT64_MIN)
        f->first_ms = ms;
    if (ms > f->latest_ms && (uint64_t)ms - (uint64_t)f->first_ms < LONGEST_RUN_MS)
        f->latest_ms = ms;
}

static void take_sample(void *self, const struct sample *s) {
    struct file_source *f = self;
    note_time(f, s->end_ms);
    if (f->to.sample)
        f->to.sample(f->to.self, s);
}

static void take_tally(void *self, const struct tally *t) {
    struct file_source *f = self;
    if (t->at_ms != TALLY_NO_TIME)
        note_time(f, t->at_ms);
    f->to.tally(f->to.self, t);
}

static void take_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                      enum outcome outcome) {
    struct file_source *f = self;
    if (f->to.bulk)
        f->to.bulk(f->to.self, endpoint, len, value, count, outcome);
}

static void take_point(void *self, const struct point *p) {
    struct file_source *f = self;
    double end_s = point_end_s(p);
    if (fabs(end_s) < 1e12)
        note_time(f, (int64_t)(end_s * 1000));
    if (f->to.point)
        f->to.point(f->to.self, p);
}

static void take_word(void *self, const struct word *w) {
    struct file_source *f = self;
    if (f->to.summary)
        f->to.summary(f->to.self, w);
}

static void take_stretch(void *self, const struct stretch *x) {
    struct file_source *f = self;
    f->to.stretch(f->to.self, x);
}

static void take_moment(void *self, const char *name, double t_s, double value) {
    struct file_source *f = self;
    f->to.moment(f->to.self, name, t_s, value);
}

static void take_so_far(void *self, enum metric m, double value) {
    struct file_source *f = self;
    f->to.so_far(f->to.self, m, value);
}

void file_say(const struct file_source *f, enum finding_level level, long line, const char *text) {
    char clean[160];
    text_clean(text, strlen(text), TEXT_ONE_LINE, clean, sizeof clean);
    if (line > 0)
        alarms_say(f->alarms, f->now.day_ms, level, "%.60s:%ld: %.120s", f->name, line, clean);
    else
        alarms_say(f->alarms, f->now.day_ms, level, "%.60s: %.120s", f->name, clean);
}

/* The first ones are enough: the verdict's reading tells all. */
static void take_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    struct file_source *f = self;
    (void)kind;
    if (level == FINDING_INFO || f->remarks >= REMARKS_MAX)
        return;
    f->remarks++;
    file_say(f, level, line, text);
}

struct sink file_sink(struct file_source *f) {
    f->to = stream_sink(f->stream, f->port, f->reader->samples);
    return (struct sink){
        .self = f,
        .summary = take_word, /* readers take it that somebody wants these four */
        .sample = take_sample,
        .tally = f->to.tally ? take_tally : NULL,
        .bulk = take_bulk,
        .point = take_point,
        .stretch = f->to.stretch ? take_stretch : NULL,
        .moment = f->to.moment ? take_moment : NULL,
        .so_far = f->to.so_far ? take_so_far : NULL,
        .remark = take_remark,
    };
}

/* --- a table that is written anew --- */

static void totals_of(const struct summary *s, struct live_figures *out) {
    live_figures_init(out);
    out->state = LIVE_RUNNING;
    out->requests = summary_value(s, METRIC_REQUESTS);
    out->failed = summary_value(s, METRIC_FAILED);
    out->avg_ms = summary_value(s, METRIC_AVG_MS);
    out->min_ms = summary_value(s, METRIC_MIN_MS);
    out->med_ms = summary_value(s, METRIC_MED_MS);
    out->p90_ms = summary_value(s, METRIC_P90_MS);
    out->p95_ms = summary_value(s, METRIC_P95_MS);
    out->p99_ms = summary_value(s, METRIC_P99_MS);
    out->max_ms = summary_value(s, METRIC_MAX_MS);
    out->rps = summary_value(s, METRIC_RPS);
    out->iterations = summary_value(s, METRIC_ITERATIONS);
    out->dropped = summary_value(s, METRIC_DROPPED);
    out->vus = summary_value(s, METRIC_VUS_MAX);
}

static bool read_table(struct file_source *f, const char *bytes, size_t len) {
    struct summary said;
    struct live_figures figures;
    if (!f->reader->rewritten_whole(bytes, len))
        return false;
    bool ok = reader_read(f->reader, bytes, len, &said, NULL);
    if (ok) {
        totals_of(&said, &figures);
        stream_totals(f->stream, f->port, &figures, f->grow.changed_ms);
    }
    summary_fini(&said);
    return ok;
}

bool file_table_read(struct file_source *f) {
    if (f->grow.size_bytes > TABLE_MAX_BYTES)
        return true;
    size_t len, size = (size_t)f->grow.size_bytes + 1;
    char *bytes = mem_new(size, 1);
    bool ok = grow_head(&f->grow, bytes, size, &len) && len > 0 && len < size &&
              read_table(f, bytes, len);
    free(bytes);
    return ok;
}
