#include "tools/k6/k6_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tools/k6/k6_results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Larger ones are no count and no time that a run can have. */
static const double figure_most = 1e18;

static const cJSON *get(const cJSON *o, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static struct figure figure(double value, const char *metric, const char *key) {
    struct figure f = {.value = value, .low = value, .high = value};
    snprintf(f.quote, sizeof f.quote, "%.80s.%.30s", metric, key);
    return f;
}

/* k6 writes zeros for a sub-metric that had no sample. */
static bool no_sample(const cJSON *values) {
    const cJSON *it;
    cJSON_ArrayForEach(it, values) if (cJSON_IsNumber(it) && it->valuedouble > 0) return false;
    return true;
}

static bool say_values(const char *full, const cJSON *values, const struct sink *out,
                       struct err *e) {
    struct k6_name n;
    const cJSON *it;
    if (!k6_split_name(full, &n) ||
        (n.tags[0] && strcmp(n.metric, "http_req_duration") == 0 && no_sample(values)))
        return true;
    cJSON_ArrayForEach(it, values) {
        enum k6_stat stat = it->string ? k6_stat_of(it->string, strlen(it->string)) : K6_OTHER;
        /* null: a metric without a sample. */
        if (stat == K6_OTHER || !k6_needs(n.metric, stat) || cJSON_IsNull(it))
            continue;
        double v = cJSON_IsNumber(it) ? it->valuedouble : NAN;
        if (!(v >= 0 && v <= figure_most)) {
            err_set(e, ERR_FORMAT, "%.80s.%.30s is not a number from 0 on", n.metric, it->string);
            return err_fix(e, "take the file as k6 wrote it");
        }
        struct figure f = figure(v, full, it->string);
        k6_say(out, n.metric, n.tags, stat, &f);
    }
    return true;
}

/* inverted: true means that the threshold was crossed. */
static void say_thresholds(const char *full, const cJSON *metric, bool inverted,
                           const struct sink *out) {
    struct k6_name n;
    const cJSON *it;
    if (!k6_split_name(full, &n))
        return;
    cJSON_ArrayForEach(it, get(metric, "thresholds")) {
        const cJSON *value = cJSON_IsObject(it) ? get(it, "ok") : it;
        if (it->string && cJSON_IsBool(value))
            k6_say_threshold(out, n.metric, n.tags, it->string,
                             (bool)cJSON_IsTrue(value) != inverted);
    }
}

/* --- handleSummary() ------------------------------------------------------------------------- */

/* Users reshape this one freely: it is taken only with its request count in the place where k6 puts
 * it. */
static bool is_handle(const cJSON *root) {
    const cJSON *reqs = get(get(root, "metrics"), "http_reqs");
    return cJSON_IsNumber(get(get(reqs, "values"), "count"));
}

static bool read_handle(const cJSON *root, const struct sink *out, struct err *e) {
    const cJSON *it;
    cJSON_ArrayForEach(it, get(root, "metrics")) {
        say_thresholds(it->string, it, false, out);
        if (!say_values(it->string, get(it, "values"), out, e))
            return false;
    }
    const cJSON *ms = get(get(root, "state"), "testRunDurationMs");
    if (cJSON_IsNumber(ms) && ms->valuedouble > 0 && ms->valuedouble <= figure_most) {
        struct word w = {.door = DOOR_VALUE,
                         .metric = METRIC_DURATION_S,
                         .figure = figure(ms->valuedouble / 1000, "state", "testRunDurationMs")};
        out->summary(out->self, &w);
    }
    return true;
}

/* --- --summary-export ------------------------------------------------------------------------ */

static bool is_export(const cJSON *root) {
    const cJSON *metrics = get(root, "metrics"), *it;
    if (!cJSON_IsObject(metrics) || !cJSON_IsObject(get(root, "root_group")))
        return false;
    cJSON_ArrayForEach(it, metrics) if (get(it, "values")) return false;
    return true;
}

static bool read_export(const cJSON *root, const struct sink *out, struct err *e) {
    const cJSON *it;
    cJSON_ArrayForEach(it, get(root, "metrics")) {
        say_thresholds(it->string, it, true, out);
        if (!say_values(it->string, it, out, e))
            return false;
    }
    return true;
}

/* --- --new-machine-readable-summary ---------------------------------------------------------- */

static bool is_machine(const cJSON *root) {
    return cJSON_IsArray(get(get(root, "results"), "metrics")) &&
           cJSON_IsString(get(get(root, "metadata"), "k6_version"));
}

static bool read_list(const cJSON *list, const struct sink *out, struct err *e) {
    const cJSON *it;
    cJSON_ArrayForEach(it, list) {
        const cJSON *name = get(it, "name");
        if (cJSON_IsString(name) && !say_values(name->valuestring, get(it, "values"), out, e))
            return false;
    }
    return true;
}

static bool read_machine(const cJSON *root, const struct sink *out, struct err *e) {
    const cJSON *results = get(root, "results");
    const cJSON *duration = get(get(root, "config"), "duration");
    struct word w = {.door = DOOR_TOOL_VERSION,
                     .text = get(get(root, "metadata"), "k6_version")->valuestring};
    out->summary(out->self, &w);
    if (cJSON_IsNumber(duration) && duration->valuedouble > 0 &&
        duration->valuedouble <= figure_most) {
        w = (struct word){.door = DOOR_VALUE,
                          .metric = METRIC_DURATION_S,
                          .figure = figure(duration->valuedouble, "config", "duration")};
        out->summary(out->self, &w);
    }
    return read_list(get(results, "metrics"), out, e) &&
           read_list(get(get(results, "checks"), "metrics"), out, e);
}

static const struct k6_json_form forms[] = {
    {"k6-summary-machine-readable", is_machine, read_machine, true},
    {"k6-handle-summary", is_handle, read_handle, true},
    /* Written since before k6 counted drops. */
    {"k6-summary-export", is_export, read_export, false},
};

const struct k6_json_form *k6_json_form_of(const cJSON *root) {
    for (size_t i = 0; i < COUNT(forms); i++)
        if (forms[i].is(root))
            return &forms[i];
    return NULL;
}
