#include <string.h>

#include "tools/k6/script.h"

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct executor executors[] = {
    {"constant-vus", KEYS("vus", "duration")},
    {"ramping-vus", KEYS("startVUs", "stages", "gracefulRampDown")},
    {"constant-arrival-rate", KEYS("rate", "timeUnit", "duration", "preAllocatedVUs", "maxVUs")},
    {"ramping-arrival-rate", KEYS("startRate", "timeUnit", "stages", "preAllocatedVUs", "maxVUs")},
    {"shared-iterations", KEYS("vus", "iterations", "maxDuration")},
    {"per-vu-iterations", KEYS("vus", "iterations", "maxDuration")},
    {NULL, NULL},
};

static bool in_list(const char *const *list, const char *word) {
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

const struct executor *executor_find(const char *name) {
    for (const struct executor *x = executors; x->name; x++)
        if (strcmp(x->name, name) == 0)
            return x;
    return NULL;
}

bool executor_has_key(const struct executor *x, const char *key) { return in_list(x->keys, key); }

bool executor_is_arrival_rate(const struct executor *x) {
    return executor_has_key(x, "preAllocatedVUs");
}

bool executor_counts_iterations(const struct executor *x) {
    return executor_has_key(x, "iterations");
}

bool key_is_scenario_common(const char *key) {
    return in_list(KEYS("executor", "startTime", "gracefulStop", "env", "exec", "tags", "options"),
                   key);
}

bool key_is_executor_own(const char *key) {
    for (const struct executor *x = executors; x->name; x++)
        if (executor_has_key(x, key))
            return true;
    return false;
}

bool key_is_shortcut(const char *key) {
    return in_list(KEYS("vus", "duration", "iterations", "stages"), key);
}

bool key_is_load(const char *key) {
    return key_is_shortcut(key) ||
           in_list(KEYS("scenarios", "rps", "minIterationDuration", "executionSegment",
                        "executionSegmentSequence", "paused"),
                   key);
}
