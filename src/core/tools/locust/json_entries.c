#include "tools/locust/json_entries.h"

#include <math.h>
#include <string.h>

#include "results/number.h"
#include "tools/locust/histogram.h"
#include "tools/locust/results.h"

#define TIME_MAX_S 32503680000.0 /* the year 3000 */
#define COUNT_MAX 1e15

enum { CLASS_MAX_MS = 1000000000 };

/* Sums of an entry, or of all. NAN: not known. */
struct sums {
    double requests, timeless, failed, time_ms, min_ms, max_ms, start_s, end_s;
};

struct entries {
    const struct sink *out;
    struct sums all;
    struct locust_histogram run, one; /* of all entries; of the one that is read */
    bool mixed; /* an entry has good and failed requests: which times are whose is not written */
    long odd;   /* members that make no sense */
};

static const struct sums no_sums = {0, 0, 0, 0, NAN, NAN, NAN, NAN};

/* --- one entry --- */

static bool member(const cJSON *entry, const char *key, double most, double *out) {
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(entry, key);
    if (!cJSON_IsNumber(v) || !(v->valuedouble >= 0) || v->valuedouble > most)
        return false;
    *out = v->valuedouble;
    return true;
}

static bool whole(double v) { return v == floor(v); }

static bool is_count(const cJSON *v, double most) {
    return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= most &&
           whole(v->valuedouble);
}

static bool read_sums(const cJSON *entry, struct sums *s) {
    *s = no_sums;
    if (!member(entry, "num_requests", COUNT_MAX, &s->requests) ||
        !member(entry, "num_failures", COUNT_MAX, &s->failed) || !whole(s->requests) ||
        !whole(s->failed) || s->failed > s->requests)
        return false;
    member(entry, "num_none_requests", s->requests, &s->timeless);
    if (!member(entry, "total_response_time", COUNT_MAX, &s->time_ms))
        s->time_ms = NAN;
    member(entry, "min_response_time", COUNT_MAX, &s->min_ms);
    member(entry, "max_response_time", COUNT_MAX, &s->max_ms);
    member(entry, "start_time", TIME_MAX_S, &s->start_s);
    member(entry, "last_request_timestamp", TIME_MAX_S, &s->end_s);
    return true;
}

static void add_sums(struct sums *to, const struct sums *s) {
    to->requests += s->requests;
    to->timeless += s->timeless;
    to->failed += s->failed;
    to->time_ms += s->time_ms;
    to->min_ms = fmin(to->min_ms, s->min_ms);
    to->max_ms = fmax(to->max_ms, s->max_ms);
    to->start_s = fmin(to->start_s, s->start_s);
    to->end_s = fmax(to->end_s, s->end_s);
}

static const char *string_of(const cJSON *entry, const char *key) {
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(entry, key);
    return cJSON_IsString(v) ? v->valuestring : "";
}

static void take_classes(struct entries *j, const cJSON *entry, const char *name,
                         const struct sums *s) {
    enum outcome outcome = j->mixed ? OUTCOME_UNKNOWN : s->failed > 0 ? OUTCOME_FAILED : OUTCOME_OK;
    const cJSON *c;
    cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(entry, "response_times")) {
        double ms; /* "110", in older versions also "110.0" */
        bool ok = c->string && number_real(c->string, strlen(c->string), &ms) && ms >= 0 &&
                  ms < CLASS_MAX_MS && is_count(c, s->requests);
        if (!ok) {
            j->odd++;
            continue;
        }
        locust_histogram_add(&j->one, ms, c->valuedouble);
        locust_histogram_add(&j->run, ms, c->valuedouble);
        if (j->out->bulk && c->valuedouble > 0)
            j->out->bulk(j->out->self, name, strlen(name), (uint64_t)llround(ms),
                         (uint64_t)c->valuedouble, outcome);
    }
}

static void say_tally(const struct entries *j, enum metric m, double n, int64_t at_ms) {
    struct tally t = {.metric = m, .at_ms = at_ms, .sum = n, .least = n, .most = n, .count = 1};
    if (j->out->tally)
        j->out->tally(j->out->self, &t);
}

static bool read_second(const cJSON *c, double most, int64_t *at_ms) {
    uint64_t at_s;
    bool ok = c->string && number_whole(c->string, strlen(c->string), &at_s) &&
              (double)at_s < TIME_MAX_S && is_count(c, most);
    *at_ms = ok ? (int64_t)at_s * 1000 : TALLY_NO_TIME;
    return ok;
}

/* Each second's part of total; what no second has is said without a time. */
static void take_seconds(struct entries *j, const cJSON *entry, const char *key, enum metric m,
                         double total) {
    const cJSON *c;
    int64_t at_ms;
    double left = total;
    cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(entry, key)) {
        if (!read_second(c, left, &at_ms)) {
            j->odd++;
            continue;
        }
        left -= c->valuedouble;
        say_tally(j, m, c->valuedouble, at_ms);
    }
    say_tally(j, m, left, TALLY_NO_TIME);
}

/* The exact times, beside the classes of the histogram. */
static void say_times(const struct entries *j, const struct sums *s) {
    double timed = s->requests - s->timeless;
    struct tally t = {.metric = METRIC_AVG_MS,
                      .at_ms = TALLY_NO_TIME,
                      .sum = s->time_ms,
                      .least = s->min_ms,
                      .most = s->max_ms,
                      .count = (uint64_t)timed};
    bool known = timed > 0 && !isnan(s->time_ms) && !isnan(s->min_ms) && !isnan(s->max_ms);
    if (known && j->out->tally)
        j->out->tally(j->out->self, &t);
}

/* --- saying --- */

static void say(const struct entries *j, enum metric m, const char *scope, double v,
                const char *quote) {
    struct figure f = locust_figure(v, LOCUST_EXACT, 0, quote);
    locust_say(j->out, m, scope, &f);
}

static void say_sums(const struct entries *j, const char *scope, const struct sums *s) {
    double timed = s->requests - s->timeless, length_s = j->all.end_s - j->all.start_s;
    say(j, METRIC_REQUESTS, scope, s->requests, "num_requests");
    say(j, METRIC_FAILED, scope, s->failed, "num_failures");
    if (timed > 0) {
        say(j, METRIC_AVG_MS, scope, s->time_ms / timed, "total_response_time / num_requests");
        say(j, METRIC_MIN_MS, scope, s->min_ms, "min_response_time");
        say(j, METRIC_MAX_MS, scope, s->max_ms, "max_response_time");
    }
    if (!(length_s > 0))
        return;
    if (!scope)
        say(j, METRIC_DURATION_S, NULL, length_s, "last_request_timestamp - start_time");
    say(j, METRIC_RPS, scope, s->requests / length_s, "num_requests / time");
}

static void say_classes(const struct entries *j, const char *scope, struct locust_histogram *h,
                        const struct sums *s) {
    static const struct {
        enum metric metric;
        double p;
    } wanted[] = {{METRIC_P90_MS, 0.9}, {METRIC_P95_MS, 0.95}, {METRIC_P99_MS, 0.99}};
    locust_histogram_sort(h);
    struct figure f = locust_figure(locust_histogram_median(h, s->min_ms, s->max_ms), LOCUST_MEDIAN,
                                    0, "response_times");
    locust_say(j->out, METRIC_MED_MS, scope, &f);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        f = locust_figure(locust_histogram_percentile(h, wanted[i].p), LOCUST_CLASS, 0,
                          "response_times");
        locust_say(j->out, wanted[i].metric, scope, &f);
    }
}

static void say_all(struct entries *j) {
    say_sums(j, NULL, &j->all);
    say_classes(j, NULL, &j->run, &j->all);
    say_times(j, &j->all);
    if (j->odd)
        sink_remark(j->out, FINDING_WARNING, "broken-members", 0,
                    "%ld members of response_times, num_reqs_per_sec or num_fail_per_sec are no "
                    "numbers and were left out",
                    j->odd);
    if (j->run.total != j->all.requests - j->all.timeless)
        sink_remark(j->out, FINDING_WARNING, "histogram", 0,
                    "response_times hold %.0f requests, num_requests says %.0f: the percentiles "
                    "are of the former",
                    j->run.total, j->all.requests - j->all.timeless);
}

static bool bad_entry(int at, struct err *e) {
    err_set(e, ERR_FORMAT,
            "entry %d of Locust's JSON has no num_requests and num_failures that make sense", at);
    return err_fix(e, "take the file as Locust wrote it");
}

/* false for an entry of the whole run, which Locust does not write. */
static bool is_endpoint(const cJSON *entry, char *name, size_t size) {
    bool total;
    locust_name(string_of(entry, "method"), string_of(entry, "name"), name, size, &total);
    return !total;
}

static bool add_entries(struct entries *j, const cJSON *array, struct err *e) {
    char name[SCOPE_MAX_BYTES];
    const cJSON *entry;
    struct sums s;
    int at = 0;
    j->all = no_sums;
    cJSON_ArrayForEach(entry, array) {
        at++;
        if (!cJSON_IsObject(entry) || !read_sums(entry, &s))
            return bad_entry(at, e);
        if (is_endpoint(entry, name, sizeof name)) {
            add_sums(&j->all, &s);
            j->mixed |= s.failed > 0 && s.failed < s.requests;
        }
    }
    return true;
}

static bool take_entries(struct entries *j, const cJSON *array, struct err *e) {
    char name[SCOPE_MAX_BYTES];
    const cJSON *entry;
    struct sums s;
    if (!add_entries(j, array, e))
        return false;
    cJSON_ArrayForEach(entry, array) {
        if (!is_endpoint(entry, name, sizeof name) || !read_sums(entry, &s))
            continue;
        say_sums(j, name, &s);
        locust_histogram_clear(&j->one);
        take_classes(j, entry, name, &s);
        say_classes(j, name, &j->one, &s);
        take_seconds(j, entry, "num_reqs_per_sec", METRIC_REQUESTS, s.requests);
        take_seconds(j, entry, "num_fail_per_sec", METRIC_FAILED, s.failed);
    }
    say_all(j);
    return true;
}

bool locust_entries_say(const cJSON *array, const struct sink *out, struct err *e) {
    struct entries j = {.out = out};
    bool ok = take_entries(&j, array, e);
    locust_histogram_fini(&j.one);
    locust_histogram_fini(&j.run);
    return ok;
}
