#include "tools/k6/outside.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/file.h"
#include "base/text.h"

enum { CONFIG_MAX_BYTES = 64 << 10 };

static const struct {
    const char *variable;
    const char *member; /* of the config file; NULL: the script wins */
    const char *effect;
} settings[] = {
    {"K6_VUS", "vus", "it throws the scenarios away"},
    {"K6_DURATION", NULL, "it throws the scenarios away"},
    {"K6_ITERATIONS", NULL, "it throws the scenarios away"},
    {"K6_STAGES", NULL, "it throws the scenarios away"},
    {"K6_RPS", "rps", "it caps the rate"},
    {"K6_MIN_ITERATION_DURATION", "minIterationDuration", "it lowers the rate"},
    {"K6_PAUSED", "paused", "the run would never start"},
    {"K6_NO_THRESHOLDS", NULL, "the limits would not count, and nothing would stop the run"},
    {"K6_SYSTEM_TAGS", "systemTags", "scenario and endpoint names may be missing in the results"},
    {"K6_EXECUTION_SEGMENT", "executionSegment", "only a part of the load would run"},
    {"K6_EXECUTION_SEGMENT_SEQUENCE", "executionSegmentSequence",
     "only a part of the load would run"},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

void outside_unset(struct words *w) {
    bool any = false;
    for (int i = 0; i < SETTINGS; i++) {
        if (!getenv(settings[i].variable))
            continue;
        words_unset(w, settings[i].variable, settings[i].effect, !any);
        any = true;
    }
    if (any)
        words_part(w);
}

/* --- the config file --- */

/* Before 1.0 the folder had the name of the company. */
static bool config_path(const char *version, char *out, size_t size) {
    const char *given = getenv("K6_CONFIG"), *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME"), *old = text_starts(version, "0.") ? "loadimpact/" : "";
    int n = -1;
    if (given && *given)
        return text_copy(out, size, given);
    if (base && *base)
        n = snprintf(out, size, "%s/%sk6/config.json", base, old);
    else if (home && *home)
        n = snprintf(out, size, "%s/.config/%sk6/config.json", home, old);
    return n > 0 && (size_t)n < size;
}

/* null and false leave all as it is. */
static bool counts(const cJSON *value) {
    return value && !cJSON_IsNull(value) && !cJSON_IsFalse(value);
}

void outside_config(const char *version, struct findings *out) {
    char path[1024];
    size_t len;
    char *text = config_path(version, path, sizeof path)
                     ? file_read(path, CONFIG_MAX_BYTES, &len, NULL)
                     : NULL;
    cJSON *config = text ? cJSON_ParseWithLength(text, len) : NULL;
    for (int i = 0; i < SETTINGS; i++)
        if (settings[i].member && counts(cJSON_GetObjectItem(config, settings[i].member)))
            findings_add(out, FINDING_WARNING, "config-file",
                         "%.200s sets %s: %s. Take it out of that file before the run.", path,
                         settings[i].member, settings[i].effect);
    cJSON_Delete(config);
    free(text);
}
