/* Locust keeps its answer for 2 s, and makes it in the only thread of the load generator. */
#include "tools/locust/web.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/reply.h"

static const struct reply_rules rules = {
    .wanted = "Locust's figures",
    .fix = "give the address of Locust's web interface (--web-host and --web-port)",
    .most_bytes = 8 << 20, /* 500 entries and 500 errors, whose texts may be long */
    .most_values = 100000,
};

/* --- the state ------------------------------------------------------------------------------- */

static enum live_state state_of(const char *word) {
    static const struct {
        const char *word;
        enum live_state state;
    } states[] = {
        {"ready", LIVE_READY},      {"hatching", LIVE_RUNNING}, /* 1.0 to 1.3: spawning */
        {"spawning", LIVE_RUNNING}, {"running", LIVE_RUNNING},
        {"cleanup", LIVE_RUNNING},  {"stopping", LIVE_RUNNING},
        {"stopped", LIVE_ENDED},    {"missing", LIVE_READY}, /* there is no runner yet */
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].word, word) == 0)
            return states[i].state;
    return LIVE_UNKNOWN;
}

/* Their requests since they went are not counted. */
static void note_workers(const cJSON *workers, struct live_figures *out) {
    const cJSON *w;
    int all = 0, missing = 0;
    cJSON_ArrayForEach(w, workers) {
        all++;
        missing += strcmp(reply_text(w, "state"), "missing") == 0;
    }
    if (missing)
        snprintf(out->note, sizeof out->note, "%d of %d workers %s missing", missing, all,
                 missing == 1 ? "is" : "are");
}

/* --- figures --------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct live_figures, member)

/* Of the whole run. total_rps is of 2.31 on, percentiles with their share in the name of 2.21 on.
 */
static const struct reply_field entry_fields[] = {
    {"num_requests", AT(requests)},
    {"num_failures", AT(failed)},
    {"avg_response_time", AT(avg_ms)},
    {"min_response_time", AT(min_ms)},
    {"median_response_time", AT(med_ms)},
    {"response_time_percentile_0.9", AT(p90_ms)},
    {"ninetieth_response_time", AT(p90_ms)},
    {"response_time_percentile_0.95", AT(p95_ms)},
    {"response_time_percentile_0.99", AT(p99_ms)},
    {"ninety_ninth_response_time", AT(p99_ms)},
    {"max_response_time", AT(max_ms)},
    {"total_rps", AT(rps)},
    {"current_rps", AT(now_rps)},
    {"current_fail_per_sec", AT(now_failed_rps)},
    {NULL, 0},
};

/* Of the last 10 s, to 2.19; _2 is 0.95 unless the user's script changed it. */
static const struct reply_field top_fields[] = {
    {"user_count", AT(vus)},
    {"current_response_time_percentile_95", AT(now_p95_ms)},
    {"current_response_time_percentile_2", AT(now_p95_ms)},
    {NULL, 0},
};
static const struct reply_field window_fields[] = {
    {"response_time_percentile_0.95", AT(now_p95_ms)},
    {NULL, 0},
};

/* The last one: the entry of a request may have the same name. */
static const cJSON *aggregated(const cJSON *stats) {
    const cJSON *entry, *last = NULL;
    cJSON_ArrayForEach(entry, stats) if (strcmp(reply_text(entry, "name"), "Aggregated") == 0)
        last = entry;
    return last;
}

/* Times of no request are 0 in Locust. */
static void forget_times(struct live_figures *f) {
    f->avg_ms = f->min_ms = f->med_ms = f->p90_ms = f->p95_ms = f->p99_ms = f->max_ms = NAN;
}

/* What Locust calls current stands still with the last request: after the run it is of the past. In
 * the first seconds it is 0, because no whole second is counted, and a percentile of 0 is one of no
 * request. */
static void check_window(struct live_figures *f) {
    f->now_s = 10;
    if (f->now_p95_ms == 0)
        f->now_p95_ms = NAN;
    bool none_yet = f->now_rps == 0 && f->requests > 0 && isnan(f->now_p95_ms);
    if (f->state != LIVE_ENDED && !none_yet)
        return;
    f->now_s = f->now_rps = f->now_failed_rps = f->now_p95_ms = NAN;
}

static bool take_figures(const cJSON *root, const cJSON *stats, struct live_figures *out,
                         struct err *e) {
    const cJSON *window =
        cJSON_GetObjectItemCaseSensitive(root, "current_response_time_percentiles");
    const cJSON *entry = aggregated(stats);
    if (!entry && cJSON_GetArraySize(stats) > 0)
        return reply_other_json(&rules, e);
    if (!reply_numbers(entry, entry_fields, out, e) || !reply_numbers(root, top_fields, out, e) ||
        (window && !reply_numbers(window, window_fields, out, e)))
        return false;
    if (entry && isnan(out->requests))
        return reply_other_json(&rules, e);
    if (out->failed > out->requests)
        return err_set(e, ERR_FORMAT, "says that more requests failed than were sent");
    out->elapsed_s = out->rps > 0 ? out->requests / out->rps : NAN;
    if (!(out->requests > 0)) {
        forget_times(out);
        out->rps = NAN;
    }
    check_window(out);
    return true;
}

/* --- the answer ------------------------------------------------------------------------------ */

static bool has(const char *s, size_t len, const char *word) {
    return len > 0 && memmem(s, len, word, strlen(word)) != NULL;
}

/* With --web-login every path leads to the page of the login, or to a text about it. */
static bool is_login(long status, const char *body, size_t len) {
    if (status >= 300 && status <= 399)
        return has(body, len, "/login");
    bool page = reply_is_html(body, len) && (has(body, len, "Locust") || has(body, len, "/login"));
    return status == 200 && (page || has(body, len < 200 ? len : 200, "Locust auth"));
}

static bool needs_login(struct err *e) {
    err_set(e, ERR_FORMAT, "needs a login: Locust shows a page in place of its figures");
    return err_fix(e, "start Locust without --web-login, or watch the files of its --csv");
}

static bool read_answer(int i, long status, const char *body, size_t len, struct live_figures *out,
                        struct err *e) {
    (void)i;
    if (is_login(status, body, len))
        return needs_login(e);
    cJSON *root = reply_json(status, body, len, &rules, e);
    if (!root)
        return false;
    const cJSON *stats = cJSON_GetObjectItemCaseSensitive(root, "stats");
    bool ok = cJSON_IsArray(stats) && *reply_text(root, "state");
    if (!ok)
        reply_other_json(&rules, e);
    out->state = ok ? state_of(reply_text(root, "state")) : LIVE_UNKNOWN;
    out->note[0] = '\0';
    if (ok)
        note_workers(cJSON_GetObjectItemCaseSensitive(root, "workers"), out);
    ok = ok && take_figures(root, stats, out, e);
    cJSON_Delete(root);
    return ok;
}

const struct live locust_web_live = {
    .name = "locust-web",
    .title = "Locust web interface",
    .tool = "locust",
    .off = "start Locust without --headless, with --autostart and --web-host 127.0.0.1",
    .every_s = 2,
    .path = (const char *const[]){"/stats/requests", NULL},
    .last_path = "/stats/requests/csv",
    .read = read_answer,
};
