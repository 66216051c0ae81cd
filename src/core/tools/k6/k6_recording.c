/* K6_WEB_DASHBOARD_RECORD: one event a line. Each period has a row of its own and one since the
 * start; the rows hold numbers only, in an order that follows from what was declared before. */
#include "tools/k6/k6_recording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "results/lines.h"

enum { LINE_MAX_BYTES = 1 << 20, BROKEN_TOLD = 3 };

/* A limit of the script. */
struct limit {
    char metric[SCOPE_MAX_BYTES], expr[SCOPE_MAX_BYTES];
    bool crossed;     /* at the last row that is known to be followed by its threshold line */
    bool crossed_now; /* at the row just read */
};

struct recording {
    struct sink out;
    struct lines lines;
    struct k6_tracks tracks;
    struct limit *limit; /* owned */
    size_t limits, limits_cap;
    double period_ms, start_ms, stop_ms;
    double now_ms, at_ms; /* of the last cumulative row; end of the last point */
    long line;            /* of the last cumulative row */
    struct point sum;     /* of all points: requests, failed, dropped */
    double failed_least, failed_most;
    bool any, has_param, at_end;
    long broken;
};

static const cJSON *get(const cJSON *o, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static void remark(const struct recording *r, enum finding_level level, const char *kind, long line,
                   const char *text) {
    if (r->out.remark)
        r->out.remark(r->out.self, level, kind, line, text);
}

/* --- limits ---------------------------------------------------------------------------------- */

static void add_limit(struct recording *r, const char *metric, const cJSON *expr) {
    const cJSON *text = cJSON_IsObject(expr) ? get(expr, "threshold") : expr;
    if (!cJSON_IsString(text) || r->limits == THRESHOLDS_MAX)
        return;
    r->limit = mem_grow(r->limit, r->limits, &r->limits_cap, sizeof *r->limit);
    struct limit *l = &r->limit[r->limits++];
    *l = (struct limit){0};
    text_copy(l->metric, sizeof l->metric, metric);
    text_copy(l->expr, sizeof l->expr, text->valuestring);
}

static void cross(struct recording *r, const char *metric, const char *expr) {
    for (size_t i = 0; i < r->limits; i++)
        if (strcmp(r->limit[i].metric, metric) == 0 && strcmp(r->limit[i].expr, expr) == 0)
            r->limit[i].crossed_now = true;
}

/* A line of crossed limits stands between the row since the start and the next line; a row that is
 * the last line of all may lack it. */
static void settle_limits(struct recording *r) {
    for (size_t i = 0; i < r->limits; i++)
        r->limit[i].crossed = r->limit[i].crossed_now;
}

/* --- the whole run --------------------------------------------------------------------------- */

static void say(const struct sink *to, enum metric m, struct figure f) {
    struct word w = {.door = DOOR_VALUE, .metric = m, .figure = f};
    to->summary(to->self, &w);
}

static struct figure exactly(double v, long line) {
    return (struct figure){.value = v, .low = v, .high = v, .line = line};
}

/* How many failed: from the share, and nearer from the periods, whose numbers are small, when they
 * hold all but the end of the run. */
static struct figure failed_in_all(const struct recording *r, double share, double n) {
    struct figure f = k6_failed_figure(share, n, r->line);
    double rest = n - r->sum.requests;
    double low = fmax(f.low, r->failed_least), high = fmin(f.high, r->failed_most + rest);
    if (rest >= 0 && low <= high) {
        f.low = low;
        f.high = high;
        f.value = fmin(fmax(f.value, low), high);
    }
    return f;
}

static void say_shares(const struct recording *r, const struct k6_track *m, const struct k6_name *n,
                       const struct sink *to) {
    char reqs[sizeof n->tags + 16] = "http_reqs";
    if (n->tags[0])
        snprintf(reqs, sizeof reqs, "http_reqs{%s}", n->tags);
    const struct k6_track *all = k6_track(&r->tracks, reqs);
    if (strcmp(n->metric, "http_req_failed") != 0 || !all || isnan(all->last[K6_COUNT]) ||
        isnan(m->last[K6_RATE]))
        return;
    double count = all->last[K6_COUNT], share = m->last[K6_RATE];
    struct figure f =
        n->tags[0] ? k6_failed_figure(share, count, r->line) : failed_in_all(r, share, count);
    k6_say(to, n->metric, n->tags, K6_TRUE, &f);
}

static void say_track(const struct recording *r, const struct k6_track *m, const struct sink *to) {
    struct k6_name n;
    if (!k6_split_name(m->name, &n))
        return;
    if (m->type == K6_SHARE)
        say_shares(r, m, &n, to);
    for (int k = 0; k < K6_OTHER && m->type != K6_SHARE; k++) {
        if (isnan(m->last[k]) || !k6_needs(n.metric, (enum k6_stat)k))
            continue;
        bool whole = m->type == K6_GAUGE || k == K6_COUNT;
        struct figure f =
            whole ? exactly(m->last[k], r->line) : k6_track_figure(m->last[k], r->line);
        k6_say(to, n.metric, n.tags, (enum k6_stat)k, &f);
    }
}

static void say_limits(const struct recording *r, const struct sink *to) {
    struct k6_name n;
    for (size_t i = 0; i < r->limits; i++)
        if (k6_track(&r->tracks, r->limit[i].metric) && k6_split_name(r->limit[i].metric, &n))
            k6_say_threshold(to, n.metric, n.tags, r->limit[i].expr, !r->limit[i].crossed);
}

/* parts: also of endpoints and the like. */
static void say_run(const struct recording *r, bool parts, const struct sink *to) {
    for (size_t i = 0; i < r->tracks.len; i++)
        if (parts || !strchr(r->tracks.item[i].name, '{'))
            say_track(r, &r->tracks.item[i], to);
    /* Declared only when something was dropped. */
    if (!k6_track(&r->tracks, "dropped_iterations"))
        say(to, METRIC_DROPPED, exactly(0, r->line));
    double end_ms = r->stop_ms > 0 ? r->stop_ms : r->now_ms;
    if (r->start_ms > 0 && end_ms > r->start_ms)
        say(to, METRIC_DURATION_S, exactly((end_ms - r->start_ms) / 1000, r->line));
    say_limits(r, to);
}

static void tell_so_far(const struct recording *r) {
    struct summary s;
    summary_init(&s);
    struct sink into = summary_sink(&s, &k6_recording_reader);
    say_run(r, false, &into);
    bool ok = k6_sane(&s, NULL);
    for (int m = 0; ok && m < METRICS; m++)
        if (summary_has(&s, (enum metric)m))
            r->out.so_far(r->out.self, (enum metric)m, summary_value(&s, (enum metric)m));
    summary_fini(&s);
}

/* --- events ---------------------------------------------------------------------------------- */

static bool take_param(struct recording *r, const cJSON *data) {
    const cJSON *period = get(data, "period"), *it, *expr;
    r->has_param |= k6_tracks_order(&r->tracks, get(data, "aggregates"));
    if (cJSON_IsNumber(period) && period->valuedouble > 0)
        r->period_ms = period->valuedouble;
    cJSON_ArrayForEach(it, get(data, "thresholds")) if (it->string) cJSON_ArrayForEach(expr, it)
        add_limit(r, it->string, expr);
    return r->has_param;
}

static bool take_metric(struct recording *r, const cJSON *data) {
    k6_tracks_declare(&r->tracks, data);
    return cJSON_IsObject(data);
}

/* [[ms since 1970]] */
static bool take_time(const cJSON *data, double *out) {
    const cJSON *ms = cJSON_GetArrayItem(cJSON_GetArrayItem(data, 0), 0);
    if (!cJSON_IsNumber(ms) || !(ms->valuedouble > 0 && ms->valuedouble < 1e13))
        return false;
    *out = ms->valuedouble;
    return true;
}

static bool take_start(struct recording *r, const cJSON *data) {
    return take_time(data, &r->start_ms);
}

static bool take_stop(struct recording *r, const cJSON *data) {
    settle_limits(r);
    return take_time(data, &r->stop_ms);
}

static bool take_cumulative(struct recording *r, const cJSON *data) {
    double ms = k6_track_value(&r->tracks, data, "time", K6_MAX);
    if (!k6_tracks_fit(&r->tracks, data) || !(ms > 0))
        return false;
    k6_tracks_keep(&r->tracks, data);
    r->now_ms = ms;
    r->line = r->lines.line;
    r->any = true;
    for (size_t i = 0; i < r->limits; i++)
        r->limit[i].crossed_now = false;
    if (r->out.so_far)
        tell_so_far(r);
    return true;
}

static bool take_threshold(struct recording *r, const cJSON *data) {
    const cJSON *it, *expr;
    size_t n = 0;
    cJSON_ArrayForEach(it, data) if (it->string) cJSON_ArrayForEach(expr, it) {
        const cJSON *text = cJSON_IsObject(expr) ? get(expr, "threshold") : expr;
        if (cJSON_IsString(text) && n++ < THRESHOLDS_MAX)
            cross(r, it->string, text->valuestring);
    }
    settle_limits(r);
    return cJSON_IsObject(data);
}

static double or_nought(double v) { return isnan(v) ? 0 : v; }

static void tell_point(struct recording *r, const struct point *p, double end_ms) {
    r->sum.requests += p->requests;
    r->sum.failed += or_nought(p->failed);
    r->sum.dropped += p->dropped;
    r->at_ms = end_ms;
    if (r->out.point)
        r->out.point(r->out.self, p);
}

static bool take_snapshot(struct recording *r, const cJSON *data) {
    const struct k6_tracks *t = &r->tracks;
    settle_limits(r);
    if (!k6_tracks_fit(t, data))
        return false;
    double end_ms = k6_track_value(t, data, "time", K6_MAX);
    double from_ms = r->at_ms > 0      ? r->at_ms
                     : r->start_ms > 0 ? r->start_ms
                                       : end_ms - r->period_ms;
    if (!(end_ms > from_ms))
        return false;
    double n = or_nought(k6_track_value(t, data, "http_reqs", K6_COUNT));
    double share = k6_track_value(t, data, "http_req_failed", K6_RATE);
    struct figure failed = k6_failed_figure(or_nought(share), n, 0);
    const char *time = "http_req_duration";
    struct point p = {.at_s = from_ms / 1000,
                      .length_s = (end_ms - from_ms) / 1000,
                      .requests = n,
                      .failed = n > 0 && isnan(share) ? NAN : failed.value,
                      .avg_ms = k6_track_value(t, data, time, K6_AVG),
                      .med_ms = k6_track_value(t, data, time, K6_MED),
                      .p95_ms = k6_track_value(t, data, time, K6_P95),
                      .max_ms = k6_track_value(t, data, time, K6_MAX),
                      .vus = k6_track_value(t, data, "vus", K6_MAX),
                      .dropped = or_nought(k6_track_value(t, data, "dropped_iterations", K6_COUNT)),
                      .load = NAN};
    r->failed_least += failed.low;
    r->failed_most += failed.high;
    tell_point(r, &p, end_ms);
    return true;
}

/* False for a line that is damaged. Events that are not known are passed over. */
static bool take_event(struct recording *r, const char *event, const cJSON *data) {
    static const struct {
        const char *event;
        bool (*take)(struct recording *, const cJSON *);
    } rows[] = {
        {"param", take_param},         {"metric", take_metric},     {"start", take_start},
        {"stop", take_stop},           {"snapshot", take_snapshot}, {"cumulative", take_cumulative},
        {"threshold", take_threshold},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(event, rows[i].event) == 0)
            return rows[i].take(r, data);
    return true;
}

static void broken(struct recording *r, long line) {
    r->broken += !r->at_end;
    if (r->at_end)
        remark(r, FINDING_WARNING, "half-line", line,
               "the last line is half-written and was left out");
    else if (r->broken <= BROKEN_TOLD)
        remark(r, FINDING_WARNING, "broken-line", line,
               "this line is damaged and was left out: its period is missing");
}

static bool take_line(void *self, const char *s, size_t len, long line, bool quoted,
                      struct err *e) {
    struct recording *r = self;
    (void)quoted;
    (void)e;
    if (line == 1 && len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        len -= 3;
    }
    s = text_trim(s, &len);
    if (len == 0)
        return true;
    const char *end;
    cJSON *root = memchr(s, '\0', len) ? NULL : cJSON_ParseWithLengthOpts(s, len, &end, false);
    const cJSON *event = get(root, "event");
    if (!cJSON_IsString(event) || end != s + len ||
        !take_event(r, event->valuestring, get(root, "data")))
        broken(r, line);
    cJSON_Delete(root);
    return true;
}

/* --- the end --------------------------------------------------------------------------------- */

/* What came after the last period stands only in the last row since the start. */
static void tell_rest(struct recording *r, const struct summary *s) {
    double n = summary_value(s, METRIC_REQUESTS) - r->sum.requests;
    double dropped = summary_value(s, METRIC_DROPPED) - r->sum.dropped;
    double failed = summary_value(s, METRIC_FAILED) - r->sum.failed;
    if (r->broken || !(n > 0 || dropped > 0) || n < 0 || dropped < 0 || !(r->at_ms > 0) ||
        r->now_ms <= r->at_ms)
        return;
    struct point p = {.at_s = r->at_ms / 1000,
                      .length_s = (r->now_ms - r->at_ms) / 1000,
                      .requests = n,
                      .failed = isnan(failed) ? NAN : fmin(fmax(failed, 0), n),
                      .avg_ms = NAN,
                      .med_ms = NAN,
                      .p95_ms = NAN,
                      .max_ms = NAN,
                      .vus = NAN,
                      .dropped = dropped,
                      .load = NAN};
    tell_point(r, &p, r->now_ms);
}

static bool readable(const struct recording *r, struct err *e) {
    const struct k6_track *reqs = k6_track(&r->tracks, "http_reqs");
    if (!r->has_param) {
        err_set(e, ERR_FORMAT, "is a recording of k6's dashboard without its first line (param)");
        return err_fix(e, "take the file of K6_WEB_DASHBOARD_RECORD from its first line on");
    }
    if (!r->any) {
        err_set(e, ERR_FORMAT, "is a recording of k6's dashboard that holds no figures yet");
        return err_fix(e, "read it again when a period of the run has passed");
    }
    if (!reqs || isnan(reqs->last[K6_COUNT])) {
        err_set(e, ERR_FORMAT, "is a recording of k6's dashboard without http_reqs");
        return err_fix(e, "the run sent no HTTP request: check the script, then run it again");
    }
    return true;
}

static void last_remarks(const struct recording *r) {
    char text[120];
    if (r->broken > BROKEN_TOLD) {
        snprintf(text, sizeof text, "%ld damaged lines in all were left out", r->broken);
        remark(r, FINDING_WARNING, "broken-line", 0, text);
    }
    if (!(r->stop_ms > 0))
        remark(r, FINDING_WARNING, "still-running", 0,
               "the recording has no stop line: the run still goes on, or was killed");
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *recording_open(const struct sink *out) {
    struct recording *r = mem_new(1, sizeof *r);
    r->out = *out;
    lines_init(&r->lines, take_line, r, false, LINE_MAX_BYTES);
    return r;
}

static bool recording_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct recording *r = self;
    return lines_feed(&r->lines, bytes, len, e);
}

static bool recording_finish(void *self, struct err *e) {
    struct recording *r = self;
    struct summary s;
    bool ok;
    r->at_end = true;
    lines_finish(&r->lines, &ok, e);
    if (!ok || !readable(r, e))
        return false;
    summary_init(&s);
    struct sink into = summary_sink(&s, &k6_recording_reader);
    say_run(r, true, &into);
    ok = k6_sane(&s, e);
    if (ok) {
        k6_replay(&s, &r->out);
        tell_rest(r, &s);
        last_remarks(r);
    }
    summary_fini(&s);
    return ok;
}

static void recording_close(void *self) {
    struct recording *r = self;
    lines_fini(&r->lines);
    k6_tracks_fini(&r->tracks);
    free(r->limit);
    free(r);
}

static bool has(const char *s, size_t len, const char *word) {
    return memmem(s, len, word, strlen(word)) != NULL;
}

static int recording_sniff(const char *head, size_t len) {
    const char *s = k6_first_line(head, &len);
    if (len == 0 || *s != '{' || !has(s, len, "\"event\"") || !has(s, len, "\"data\""))
        return 0;
    if (has(s, len, "\"param\"") && has(s, len, "\"aggregates\""))
        return 95;
    return has(s, len, "\"snapshot\"") || has(s, len, "\"cumulative\"") ? 60 : 0;
}

const struct reader k6_recording_reader = {
    .name = "k6-dashboard-recording",
    .tool = "k6",
    .gives = GIVES_SERIES,
    .sniff = recording_sniff,
    .open = recording_open,
    .feed = recording_feed,
    .finish = recording_finish,
    .close = recording_close,
};
