/* k6's metrics are asked for one by one: /v1/metrics as a whole sorts every trend, under the lock
 * that also takes in samples. All of it counts from the start of the run; p99 is not told. */
#include "tools/k6/k6_rest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/reply.h"

static const struct reply_rules rules = {
    .wanted = "k6's figures",
    .fix = "give the address of k6's --address",
    .most_bytes = 1 << 20,
    .most_values = 1000,
};

/* --- the status ------------------------------------------------------------------------------ */

/* lib/execution.go of k6. A run that was interrupted or marked as failed keeps saying that it is
 * running: the number alone is right. */
enum { K6_PAUSED = 4, K6_RUNNING = 7, K6_ENDED = 9, K6_INTERRUPTED, K6_MARKED_AS_FAILED };

static enum live_state state_of(double status) {
    if (isnan(status))
        return LIVE_UNKNOWN;
    return status < K6_RUNNING ? LIVE_READY : status < K6_ENDED ? LIVE_RUNNING : LIVE_ENDED;
}

static const char *note_of(double status, const cJSON *attributes) {
    if (status == K6_INTERRUPTED)
        return "k6 was interrupted";
    if (status >= K6_MARKED_AS_FAILED)
        return "the script marked the run as failed";
    if (status == K6_PAUSED)
        return "k6 is paused and waits for k6 resume";
    if (status < K6_ENDED && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(attributes, "paused")))
        return "k6 is paused";
    if (status < K6_ENDED && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(attributes, "stopped")))
        return "k6 is being stopped";
    return "";
}

struct status {
    double number, vus, vus_allocated;
};
static const struct reply_field status_fields[] = {
    {"status", offsetof(struct status, number)},
    {"vus", offsetof(struct status, vus)},
    {"vus-max", offsetof(struct status, vus_allocated)},
    {NULL, 0},
};

static bool take_status(const cJSON *data, struct live_figures *out, struct err *e) {
    struct status s;
    const cJSON *attributes = cJSON_GetObjectItemCaseSensitive(data, "attributes");
    if (strcmp(reply_text(data, "type"), "status") != 0 || !cJSON_IsObject(attributes))
        return reply_other_json(&rules, e);
    if (!reply_numbers(attributes, status_fields, &s, e))
        return false;
    out->state = state_of(s.number);
    out->vus = s.vus;
    out->vus_allocated = s.vus_allocated;
    text_copy(out->note, sizeof out->note, note_of(s.number, attributes));
    return true;
}

/* --- metrics --------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct live_figures, member)

/* k6 divides by the time since the start, which it does not tell otherwise. Of a run that was
 * broken off that time goes on (with --linger), so its rate is none. */
static void complete_requests(struct live_figures *f) {
    bool goes_on = f->state == LIVE_ENDED && f->note[0];
    f->elapsed_s = f->rps > 0 && !goes_on ? f->requests / f->rps : NAN;
    f->rps = goes_on ? NAN : f->rps;
}

/* Only the share is told. */
static void complete_failed(struct live_figures *f) {
    f->failed = f->failed <= 1 ? round(f->failed * f->requests) : NAN;
}

static void complete_iterations(struct live_figures *f) {
    if (f->state == LIVE_RUNNING && isnan(f->requests))
        text_copy(f->note, sizeof f->note,
                  "iterations end, but k6 has not counted one HTTP request");
}

/* A metric is there from its first sample on. Without any k6 may just have begun, or it keeps none
 * (/v1/metrics is {"data":[]} then, also while requests flow). */
static void no_requests(struct live_figures *f) {
    if (f->state == LIVE_RUNNING && !f->note[0])
        text_copy(f->note, sizeof f->note,
                  "k6 has counted no request yet; it never does when thresholds and summary are "
                  "both off");
}

static bool keeps_metrics(const struct live_figures *f) {
    return !isnan(f->requests) || !isnan(f->iterations);
}

/* Where other metrics are there, none of this one is a true 0: k6 keeps each from its first sample
 * on, and iterations are counted at their end. */
static void no_iterations(struct live_figures *f) { f->iterations = keeps_metrics(f) ? 0 : NAN; }
static void no_drops(struct live_figures *f) { f->dropped = keeps_metrics(f) ? 0 : NAN; }

static const struct metric {
    const char *id;
    struct reply_field fields[8];
    void (*complete)(struct live_figures *f);
    void (*missing)(struct live_figures *f); /* after its figures became NAN */
} metrics[] = {
    {"http_reqs", {{"count", AT(requests)}, {"rate", AT(rps)}}, complete_requests, no_requests},
    {"http_req_failed", {{"rate", AT(failed)}}, complete_failed, NULL},
    {"http_req_duration",
     {{"avg", AT(avg_ms)},
      {"min", AT(min_ms)},
      {"med", AT(med_ms)},
      {"p(90)", AT(p90_ms)},
      {"p(95)", AT(p95_ms)},
      {"max", AT(max_ms)}},
     NULL,
     NULL},
    {"iterations", {{"count", AT(iterations)}}, complete_iterations, no_iterations},
    {"dropped_iterations", {{"count", AT(dropped)}}, NULL, no_drops},
};
enum { METRICS_N = sizeof metrics / sizeof *metrics };

static const char *const paths[] = {
    "/v1/status",
    "/v1/metrics/http_reqs",
    "/v1/metrics/http_req_failed",
    "/v1/metrics/http_req_duration",
    "/v1/metrics/iterations",
    "/v1/metrics/dropped_iterations",
    NULL,
};

static bool take_metric(const struct metric *m, const cJSON *data, struct live_figures *out,
                        struct err *e) {
    const cJSON *attributes = cJSON_GetObjectItemCaseSensitive(data, "attributes");
    const cJSON *sample = cJSON_GetObjectItemCaseSensitive(attributes, "sample");
    if (strcmp(reply_text(data, "id"), m->id) != 0 || !cJSON_IsObject(sample))
        return reply_other_json(&rules, e);
    if (!reply_numbers(sample, m->fields, out, e))
        return false;
    if (m->complete)
        m->complete(out);
    return true;
}

static void miss_metric(const struct metric *m, struct live_figures *out) {
    reply_numbers(NULL, m->fields, out, NULL);
    if (m->missing)
        m->missing(out);
}

static bool read_answer(int i, long status, const char *body, size_t len, struct live_figures *out,
                        struct err *e) {
    const struct metric *m = i > 0 && i <= METRICS_N ? &metrics[i - 1] : NULL;
    if (m && status == 404) {
        miss_metric(m, out);
        return true;
    }
    cJSON *root = reply_json(status, body, len, &rules, e);
    if (!root)
        return false;
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    bool ok = m ? take_metric(m, data, out, e) : take_status(data, out, e);
    cJSON_Delete(root);
    return ok;
}

const struct live k6_rest_live = {
    .name = "k6-rest",
    .title = "k6 REST API",
    .tool = "k6",
    .off = "start k6 with --address 127.0.0.1:6565; without it k6 2.0 and later does not listen",
    .every_s = 1,
    .path = paths,
    .read = read_answer,
};
