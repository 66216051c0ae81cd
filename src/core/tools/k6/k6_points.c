#include "tools/k6/k6_points.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "results/number.h"

enum {
    GATHER_MS = 100, /* points this near are told as one */
    SECOND_MS = 1000,
    BROKEN_TOLD = 3, /* more are only counted */
    MILLIONTHS = 1000000,
};
#define SUM_MOST (UINT64_MAX / 4)
#define CLOCK_MOST_NS 7258118400000000000 /* the year 2200 */

const struct sample_rules k6_point_rules = {.unit_ms = 1e-6,
                                            .rule = PERCENTILE_LINEAR,
                                            .words = "as k6: linear between neighbours",
                                            .loose_clock = true};

/* --- names ----------------------------------------------------------------------------------- */

static bool is(const char *s, size_t len, const char *word) {
    return strlen(word) == len && memcmp(s, word, len) == 0;
}

enum k6_point k6_point_of(const char *metric, size_t len) {
    enum { LONGEST = 25, ALIKE = 2 }; /* no more than two have the same length */
    static const struct {
        const char *name;
        enum k6_point kind;
    } rows[LONGEST + 1][ALIKE] = {
        [3] = {{"vus", K6_POINT_VUS}},
        [6] = {{"checks", K6_POINT_CHECKS}},
        [7] = {{"vus_max", K6_POINT_VUS_ALLOCATED}},
        [9] = {{"http_reqs", K6_POINT_REQUESTS}, {"data_sent", K6_POINT_SENT}},
        [10] = {{"iterations", K6_POINT_ITERATIONS}},
        [11] = {{"ws_sessions", K6_POINT_WEBSOCKET}},
        [13] = {{"data_received", K6_POINT_RECEIVED}},
        [15] = {{"http_req_failed", K6_POINT_FAILED}},
        [16] = {{"http_req_blocked", K6_POINT_CONNECT}},
        [17] = {{"http_req_duration", K6_POINT_DURATION}, {"grpc_req_duration", K6_POINT_GRPC}},
        [18] = {{"iteration_duration", K6_POINT_ITERATION_TIME},
                {"dropped_iterations", K6_POINT_DROPPED}},
        [25] = {{"browser_http_req_duration", K6_POINT_BROWSER}},
    };
    for (int i = 0; len <= LONGEST && i < ALIKE && rows[len][i].name; i++)
        if (memcmp(metric, rows[len][i].name, len) == 0)
            return rows[len][i].kind;
    return K6_POINT_NONE;
}

enum k6_tag k6_tag_of(const char *key, size_t len) {
#define TAG(word)                                                                                  \
    { word, sizeof word - 1 }
    static const struct {
        const char *name;
        size_t len; /* of another length it is most often */
    } tags[K6_TAGS] = {TAG("name"),   TAG("method"), TAG("url"),       TAG("expected_response"),
                       TAG("status"), TAG("error"),  TAG("error_code")};
#undef TAG
    for (int t = 0; t < K6_TAGS; t++)
        if (tags[t].len == len && memcmp(key, tags[t].name, len) == 0)
            return (enum k6_tag)t;
    return K6_TAGS;
}

/* --- time ------------------------------------------------------------------------------------ */

/* Unix time: 10 digits are seconds until the year 2286, 13 are ms, 16 us, 19 ns. */
static bool unix_time(const char *s, size_t len, int64_t *ns) {
    static const struct {
        size_t least, drop;
        int64_t ns;
    } shapes[] = {{18, 6, 1000000}, {15, 3, 1000000}, {12, 0, 1000000}, {1, 0, 1000000000}};
    const size_t most = 19;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        uint64_t whole, rest = 0;
        if (len < shapes[i].least || len > most)
            continue;
        size_t drop = shapes[i].drop, n = len - drop;
        if (!number_whole(s, n, &whole) || (drop && !number_whole(s + n, drop, &rest)) ||
            whole > (uint64_t)(CLOCK_MOST_NS / shapes[i].ns))
            return false;
        *ns = (int64_t)whole * shapes[i].ns + (int64_t)(drop == 6 ? rest : rest * 1000);
        return true;
    }
    return false;
}

bool k6_clock_read(struct k6_clock *c, const char *s, size_t len) {
    if (len == c->len && memcmp(s, c->text, len) == 0)
        return true;
    bool date = len > 10 && s[4] == '-';
    if (len == 0 || len > sizeof c->text ||
        !(date ? number_rfc3339(s, len, &c->ns) : unix_time(s, len, &c->ns))) {
        c->len = 0;
        return false;
    }
    memcpy(c->text, s, len);
    c->len = len;
    c->fine = date ? s[19] == '.' : len > 11;
    return true;
}

/* --- sums ------------------------------------------------------------------------------------ */

static void tell(struct k6_points *p, enum metric m, const struct k6_sum *s, double sum) {
    struct tally t = {.metric = m,
                      .at_ms = s->at_ms,
                      .sum = sum,
                      .least = (double)s->least / MILLIONTHS,
                      .most = (double)s->most / MILLIONTHS,
                      .count = s->count};
    p->out.tally(p->out.self, &t);
}

static void flush(struct k6_points *p, enum k6_point kind) {
    static const enum metric metrics[K6_POINT_SUMS] = {
        [K6_POINT_REQUESTS] = METRIC_REQUESTS,
        [K6_POINT_FAILED] = METRIC_FAILED,
        [K6_POINT_CONNECT] = METRIC_CONNECT_MS,
        [K6_POINT_ITERATIONS] = METRIC_ITERATIONS,
        [K6_POINT_ITERATION_TIME] = METRIC_ITERATION_MS,
        [K6_POINT_DROPPED] = METRIC_DROPPED,
        [K6_POINT_CHECKS] = METRIC_CHECKS_PASSED,
        [K6_POINT_VUS] = METRIC_VUS_MAX,
        [K6_POINT_VUS_ALLOCATED] = METRIC_VUS_ALLOCATED,
        [K6_POINT_RECEIVED] = METRIC_RECEIVED_BYTES,
        [K6_POINT_SENT] = METRIC_SENT_BYTES,
    };
    struct k6_sum *s = &p->sum[kind];
    if (s->count && p->out.tally) {
        /* A rate of k6 counts what is not 0. */
        bool rate = kind == K6_POINT_FAILED || kind == K6_POINT_CHECKS;
        tell(p, metrics[kind], s, rate ? (double)s->not_nought : (double)s->sum / MILLIONTHS);
        if (kind == K6_POINT_CHECKS)
            tell(p, METRIC_CHECKS_FAILED, s, (double)(s->count - s->not_nought));
    }
    *s = (struct k6_sum){0};
}

static void add(struct k6_points *p, enum k6_point kind, uint64_t value, int64_t at_ms) {
    struct k6_sum *s = &p->sum[kind];
    bool apart = (uint64_t)(at_ms - s->from_ms) >= GATHER_MS ||
                 at_ms / SECOND_MS != s->from_ms / SECOND_MS; /* figures of a second stay in it */
    if (s->count && (apart || s->sum > SUM_MOST))
        flush(p, kind);
    if (s->count == 0)
        *s = (struct k6_sum){.from_ms = at_ms, .least = value, .most = value};
    s->at_ms = at_ms;
    s->sum += value;
    s->least = value < s->least ? value : s->least;
    s->most = value > s->most ? value : s->most;
    s->not_nought += value != 0;
    s->count++;
}

/* --- requests -------------------------------------------------------------------------------- */

static bool is_url(const struct k6_span *s) {
    return s->len > 8 && memcmp(s->s, "http", 4) == 0 &&
           (memcmp(s->s + 4, "://", 3) == 0 || memcmp(s->s + 4, "s://", 4) == 0);
}

/* Cut between characters. */
static size_t name_length(const char *s, size_t len) {
    if (len < SCOPE_MAX_BYTES)
        return len;
    size_t n = SCOPE_MAX_BYTES - 1;
    while (n > 0 && (s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static struct k6_span endpoint_of(struct k6_points *p, const struct k6_span tag[K6_TAGS]) {
    const struct k6_span *name = &tag[tag[K6_TAG_NAME].s ? K6_TAG_NAME : K6_TAG_URL];
    const struct k6_span *method = &tag[K6_TAG_METHOD];
    if (!is_url(name) || method->len == 0)
        return (struct k6_span){name->len ? name->s : "", name_length(name->s, name->len)};
    size_t room = sizeof p->name, n = method->len < room / 2 ? method->len : room / 2;
    memcpy(p->name, method->s, n);
    p->name[n++] = ' ';
    size_t len = n + name->len <= room ? name->len : room - n;
    memcpy(p->name + n, name->s, len);
    return (struct k6_span){p->name, name_length(p->name, n + len)};
}

static enum outcome outcome_of(const struct k6_span *expected) {
    return is(expected->s, expected->len, "true")    ? OUTCOME_OK
           : is(expected->s, expected->len, "false") ? OUTCOME_FAILED
                                                     : OUTCOME_UNKNOWN;
}

static int64_t to_ms(int64_t ns) { return ns / MILLIONTHS - (ns % MILLIONTHS < 0); }

static void request(struct k6_points *p, uint64_t time_ns, const struct k6_span tag[K6_TAGS]) {
    struct k6_span name = endpoint_of(p, tag);
    bool again = p->any_endpoint && name.len == p->endpoint_len &&
                 memcmp(name.s, p->endpoint, name.len) == 0;
    if (!again) {
        memcpy(p->endpoint, name.s, name.len);
        p->endpoint_len = name.len;
        p->any_endpoint = true;
    }
    int64_t end_ns = p->clock.ns, start_ns = p->clock.fine ? end_ns - (int64_t)time_ns : end_ns;
    struct sample x = {.endpoint = again ? NULL : p->endpoint,
                       .endpoint_len = again ? 0 : name.len,
                       .start_ms = to_ms(start_ns),
                       .end_ms = to_ms(end_ns),
                       .time = time_ns,
                       .outcome = outcome_of(&tag[K6_TAG_EXPECTED])};
    p->counts_drops |= x.outcome != OUTCOME_UNKNOWN;
    if (p->out.sample)
        p->out.sample(p->out.self, &x);
}

/* --- errors ---------------------------------------------------------------------------------- */

static void put(struct text_out *o, const struct k6_span *s) {
    for (size_t i = 0; i < s->len; i++)
        if ((unsigned char)s->s[i] >= 0x20 && s->s[i] != 0x7f)
            text_put(o, &s->s[i], 1);
}

static void error_text(struct k6_points *p, const struct k6_span tag[K6_TAGS], char *out,
                       size_t size) {
    struct text_out o = {.to = out, .size = size};
    struct k6_span name = endpoint_of(p, tag);
    const struct k6_span *status = &tag[K6_TAG_STATUS], *code = &tag[K6_TAG_ERROR_CODE];
    put(&o, &name);
    text_put(&o, ": ", name.len ? 2 : 0);
    if (status->len && !is(status->s, status->len, "0")) {
        text_put(&o, "HTTP ", 5);
        put(&o, status);
    } else if (tag[K6_TAG_ERROR].len) {
        put(&o, &tag[K6_TAG_ERROR]);
    } else if (code->len) {
        text_put(&o, "error code ", 11);
        put(&o, code);
    } else {
        const char *word = status->len ? "no response" : "failed";
        text_put(&o, word, strlen(word));
    }
}

static void failure(struct k6_points *p, const struct k6_span tag[K6_TAGS]) {
    char text[SCOPE_MAX_BYTES];
    error_text(p, tag, text, sizeof text);
    size_t i = p->last_error;
    if (i >= p->errors || strcmp(p->error[i].text, text) != 0)
        for (i = 0; i < p->errors && strcmp(p->error[i].text, text) != 0; i++)
            ;
    if (i == ERRORS_MAX) {
        i = ERRORS_MAX - 1; /* the last place is for all that have none */
        text_copy(p->error[i].text, sizeof text, "other failures");
    } else if (i == p->errors) {
        text_copy(p->error[p->errors++].text, sizeof text, text);
    }
    p->error[i].count++;
    p->last_error = i;
}

/* --- all ------------------------------------------------------------------------------------- */

void k6_points_init(struct k6_points *p, const struct sink *out) {
    *p = (struct k6_points){.out = *out, .error = mem_new(ERRORS_MAX, sizeof *p->error)};
}

void k6_points_fini(struct k6_points *p) { free(p->error); }

void k6_points_add(struct k6_points *p, enum k6_point kind, uint64_t value,
                   const struct k6_span tag[K6_TAGS]) {
    p->seen[kind] = true;
    if (kind < K6_POINT_SUMS)
        add(p, kind, value, to_ms(p->clock.ns));
    if (kind == K6_POINT_DURATION)
        request(p, value, tag);
    else if (k6_needs_tags(kind, value))
        failure(p, tag);
}

void k6_points_remark(const struct k6_points *p, enum finding_level level, const char *kind,
                      long line, const char *text) {
    if (p->out.remark)
        p->out.remark(p->out.self, level, kind, line, text);
}

void k6_points_broken(struct k6_points *p, long line, const char *what, bool half) {
    char text[200];
    p->half |= half;
    p->broken += !half;
    if (half)
        snprintf(text, sizeof text,
                 "the last %s is half-written and was left out: the run still goes on, or was "
                 "killed",
                 what);
    else
        snprintf(text, sizeof text, "this %s is damaged and was left out", what);
    if (half || p->broken <= BROKEN_TOLD)
        k6_points_remark(p, FINDING_WARNING, half ? "half-line" : "broken-line", line, text);
}

static void say_missing(const struct k6_points *p) {
    static const struct {
        enum k6_point kind;
        const char *text;
    } rows[] = {
        {K6_POINT_GRPC, "holds gRPC calls (grpc_req_duration) and no HTTP request: their times and "
                        "errors are not read"},
        {K6_POINT_WEBSOCKET, "holds WebSocket sessions (ws_sessions) and no HTTP request: their "
                             "times and errors are not read"},
        {K6_POINT_BROWSER, "holds page loads of a browser (browser_http_req_duration) and no HTTP "
                           "request of k6 itself: their times and errors are not read"},
    };
    if (p->seen[K6_POINT_REQUESTS] || p->seen[K6_POINT_DURATION])
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (p->seen[rows[i].kind])
            k6_points_remark(p, FINDING_WARNING, "no-http-requests", 0, rows[i].text);
}

/* dropped_iterations is written only when something was dropped. */
static void say_drops(struct k6_points *p) {
    struct tally none = {.metric = METRIC_DROPPED, .at_ms = TALLY_NO_TIME, .count = 1};
    bool counts = p->counts_drops || p->seen[K6_POINT_FAILED];
    if (counts && !p->seen[K6_POINT_DROPPED] && p->out.tally)
        p->out.tally(p->out.self, &none);
}

void k6_points_tell(struct k6_points *p) {
    for (int k = 1; k < K6_POINT_SUMS; k++)
        flush(p, (enum k6_point)k);
}

static void say_errors(const struct k6_points *p) {
    for (size_t i = 0; i < p->errors && p->out.summary; i++) {
        double n = p->error[i].count;
        struct word w = {.door = DOOR_ERROR,
                         .text = p->error[i].text,
                         .figure = {.value = n, .low = n, .high = n}};
        p->out.summary(p->out.self, &w);
    }
}

bool k6_points_finish(struct k6_points *p, struct err *e) {
    if (p->rows == 0 && !p->half) {
        err_set(e, ERR_FORMAT,
                p->broken ? "holds no line that can be read" : "holds no point of a run yet");
        return err_fix(e, "take the file as k6 wrote it, when the run has sent requests");
    }
    k6_points_tell(p);
    say_drops(p);
    say_errors(p);
    say_missing(p);
    if (p->broken > BROKEN_TOLD) {
        char text[120];
        snprintf(text, sizeof text, "%llu damaged lines in all were left out",
                 (unsigned long long)p->broken);
        k6_points_remark(p, FINDING_WARNING, "broken-line", 0, text);
    }
    return true;
}
