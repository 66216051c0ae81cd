/* The rewritten scripts as the real k6 understands them: `k6 inspect` loads a script, sends nothing
 * and prints the options it would run with. Skipped, aloud, where k6 is not installed. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "base/file.h"
#include "base/text.h"
#include "k6_plans.h"
#include "tools/k6/value.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SCRIPTS TEST_DATA "/k6/scripts"

static char work[] = "/tmp/perfscale-inspect-XXXXXX";

static bool have_k6(void) { return system("k6 version >/dev/null 2>&1") == 0; }

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(work))
        return -1;
    char command[512];
    snprintf(command, sizeof command, "cp -r '%s/lib' '%s/lib'", SCRIPTS, work);
    return system(command);
}

static int tear_down(void **state) {
    (void)state;
    char command[512];
    snprintf(command, sizeof command, "rm -r '%s'", work);
    return system(command);
}

static bool needs_network(const char *text) { return strstr(text, "from 'https://") != NULL; }

/* The new script for a baseline, written into the work folder. */
static void write_new(const char *text, size_t len, const char *name, const struct profile *p,
                      char path[512]) {
    struct edits edits = {0};
    struct findings notes = {0};
    struct err e = {0};
    char said[1024];
    size_t new_len;
    if (!k6_rewrite(&(struct source){.text = text, .len = len, .file = name}, p, &edits, &notes,
                    &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    char *new = edits_apply(&edits, text, len, &new_len, &e);
    assert_non_null(new);
    snprintf(path, 512, "%s/new_%s", work, name);
    unlink(path);
    assert_true(file_write_new(path, new, new_len, &e));
    free(new);
    edits_fini(&edits);
    findings_fini(&notes);
}

static cJSON *inspect(const char *path) {
    char command[600];
    snprintf(command, sizeof command, "k6 inspect --execution-requirements '%s' 2>'%s/stderr'",
             path, work);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    static char text[1 << 20];
    size_t len = fread(text, 1, sizeof text - 1, out);
    text[len] = '\0';
    if (pclose(out) != 0) {
        snprintf(command, sizeof command, "cat '%s/stderr' >&2", work);
        assert_int_equal(system(command), 0);
        fail_msg("k6 inspect refuses %s", path);
    }
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    return json;
}

static double number(const cJSON *object, const char *key) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(it) ? it->valuedouble : NAN;
}

static double milliseconds(const cJSON *object, const char *key, double absent) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(object, key);
    double ms;
    if (!cJSON_IsString(it))
        return absent;
    assert_true(duration_parse(it->valuestring, &ms));
    return ms;
}

/* The rate or VUs that k6 plans at the end of each stage are those of the profile. */
static void check_stages(const struct profile *p, const struct part *part, const cJSON *stages,
                         double unit_s) {
    assert_int_equal(cJSON_GetArraySize(stages), p->stages);
    for (int i = 0; i < p->stages; i++) {
        const cJSON *stage = cJSON_GetArrayItem(stages, i);
        const struct stage *want = &p->stage[i];
        assert_true(fabs(milliseconds(stage, "duration", NAN) - want->duration_s * 1000) < 0.5);
        double target = number(stage, "target");
        if (p->arrivals == ARRIVALS_CLOSED)
            assert_true(target == part->stage_vus[i]);
        else
            assert_true(fabs(target / unit_s * part->requests_per_iteration -
                             want->target_rps * part->share) <= 0.001 * want->target_rps);
    }
}

static void check_scenario(const struct profile *p, const struct part *part, const cJSON *it) {
    const char *executor = cJSON_GetObjectItemCaseSensitive(it, "executor")->valuestring;
    bool open = p->arrivals == ARRIVALS_OPEN;
    assert_string_equal(executor, open ? "ramping-arrival-rate" : "ramping-vus");
    check_stages(p, part, cJSON_GetObjectItemCaseSensitive(it, "stages"),
                 milliseconds(it, "timeUnit", 1000) / 1000);
    assert_true(milliseconds(it, "startTime", 0) == 0);
    if (open) {
        assert_true(number(it, "preAllocatedVUs") == part->preallocated_vus);
        assert_true(number(it, "maxVUs") == part->max_vus);
    }
}

/* Every part is a scenario, and at each stage they plan the rate of the profile together. */
static void check_load(const struct profile *p, const cJSON *options) {
    const cJSON *scenarios = cJSON_GetObjectItemCaseSensitive(options, "scenarios");
    bool open = p->arrivals == ARRIVALS_OPEN;
    for (size_t i = 0; i < p->parts; i++) {
        const cJSON *it = cJSON_GetObjectItemCaseSensitive(scenarios, p->part[i].name);
        assert_non_null(it);
        check_scenario(p, &p->part[i], it);
    }
    for (int i = 0; open && i < p->stages; i++) {
        double rps = 0;
        for (size_t k = 0; k < p->parts; k++) {
            const cJSON *it = cJSON_GetObjectItemCaseSensitive(scenarios, p->part[k].name);
            const cJSON *stage =
                cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(it, "stages"), i);
            rps += number(stage, "target") / milliseconds(it, "timeUnit", 1000) * 1000 *
                   p->part[k].requests_per_iteration;
        }
        assert_true(fabs(rps - p->stage[i].target_rps) <= 0.001 * p->stage[i].target_rps);
    }
    /* k6 makes the scenario out of stages that stand alone, and still shows them */
    static const char *const shortcuts[] = {"vus", "duration", "iterations", "stages"};
    for (size_t i = 0; i < COUNT(shortcuts) - !open; i++) {
        const cJSON *beside = cJSON_GetObjectItemCaseSensitive(options, shortcuts[i]);
        assert_true(!beside || cJSON_IsNull(beside));
    }
}

/* k6's own sums: the VUs it may use, and the longest that the run can take. A scenario that is left
 * alone adds its VUs while it runs. */
static void check_requirements(const struct profile *p, const cJSON *options) {
    const cJSON *scenarios = cJSON_GetObjectItemCaseSensitive(options, "scenarios");
    int most = p->max_vus, others = cJSON_GetArraySize(scenarios) - (int)p->parts;
    for (int i = 0; i < p->stages && p->arrivals == ARRIVALS_CLOSED; i++)
        most = p->stage[i].vus > most ? p->stage[i].vus : most;
    int vus = (int)number(options, "maxVUs");
    assert_in_range(vus, most, most + others);
    double graceful_ms = milliseconds(options, "totalDuration", NAN) - p->duration_s * 1000;
    assert_true(graceful_ms > -0.5);
}

static bool holds(const cJSON *thresholds, const char *metric) {
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(thresholds, metric)) > 0;
}

static void check_limits(const struct profile *p, const cJSON *options) {
    const cJSON *thresholds = cJSON_GetObjectItemCaseSensitive(options, "thresholds");
    assert_true(holds(thresholds, "http_req_failed"));
    assert_true(p->model == MODEL_STRESS || holds(thresholds, "http_req_duration"));
    const cJSON *stats = cJSON_GetObjectItemCaseSensitive(options, "summaryTrendStats"), *stat;
    bool p99 = false;
    cJSON_ArrayForEach(stat, stats) p99 = p99 || strcmp(stat->valuestring, "p(99)") == 0;
    assert_true(p99);
    assert_true(isnan(number(options, "rps")) || number(options, "rps") > profile_top_rps(p));
}

static void inspect_all(void **state) {
    (void)state;
    if (!have_k6()) {
        fprintf(stderr, "SKIPPED: k6 is not in PATH, so no rewritten script was inspected by it\n");
        skip();
    }
    static const struct plan_case plans[] = {
        {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600},
        {MODEL_LOAD, ARRIVALS_OPEN, 100.0 / 3, 200, 0, 1, 0},
        {MODEL_STRESS, ARRIVALS_OPEN, 50, 500, 300, 3, 0},
        {MODEL_SOAK, ARRIVALS_OPEN, 45, 100, 1000, 4, 0},
        {MODEL_LOAD, ARRIVALS_CLOSED, 60, 500, 480, 1, 600},
        {MODEL_STRESS, ARRIVALS_CLOSED, 60, 20, 480, 2, 0},
    };
    int scripts = 0;
    struct dirent *entry;
    DIR *dir = opendir(SCRIPTS);
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        char path[512];
        struct err e = {0};
        size_t len;
        if (!text_starts(entry->d_name, "baseline_") ||
            (!text_ends(entry->d_name, ".js") && !text_ends(entry->d_name, ".ts")))
            continue;
        snprintf(path, sizeof path, "%s/%s", SCRIPTS, entry->d_name);
        char *text = file_read(path, SCRIPT_MAX_BYTES, &len, &e);
        assert_non_null(text);
        for (size_t i = 0; i < COUNT(plans) && !needs_network(text); i++) {
            struct profile p = plan_of_source(
                &(struct source){.text = text, .len = len, .file = entry->d_name}, plans[i]);
            write_new(text, len, entry->d_name, &p, path);
            cJSON *options = inspect(path);
            check_load(&p, options);
            check_limits(&p, options);
            check_requirements(&p, options);
            cJSON_Delete(options);
        }
        scripts += !needs_network(text);
        free(text);
    }
    closedir(dir);
    assert_true(scripts >= 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(inspect_all)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
