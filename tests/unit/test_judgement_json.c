/* A judgement goes into the store and comes back as it was, to the last bit; and whatever somebody
 * else wrote there is read without harm. */
#include <float.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "judged_fixture.h"

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "report/report.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct judgement j, again;
static struct summary run;

static void finish(void) {
    judgement_fini(&j);
    judgement_fini(&again);
    summary_fini(&run);
}

/* --- there and back --------------------------------------------------------------------------- */

#define NUMBER(m) same_number(what, #m, a->m, b->m)
#define TEXT(m) same_text(what, #m, a->m, b->m)
#define WHOLE(m) same_whole(what, #m, (long long)a->m, (long long)b->m)

/* To the last bit; all NANs are one. */
static void same_number(const char *what, const char *name, double a, double b) {
    if (memcmp(&a, &b, sizeof a) != 0 && !(isnan(a) && isnan(b)))
        fail_msg("%s: %s is %.17g, was %.17g", what, name, b, a);
}

static void same_text(const char *what, const char *name, const char *a, const char *b) {
    if (strcmp(a, b) != 0)
        fail_msg("%s: %s is \"%s\", was \"%s\"", what, name, b, a);
}

static void same_whole(const char *what, const char *name, long long a, long long b) {
    if (a != b)
        fail_msg("%s: %s is %lld, was %lld", what, name, b, a);
}

static void same_check(const char *what, const struct check *a, const struct check *b) {
    TEXT(metric), NUMBER(value), NUMBER(limit), TEXT(unit), WHOLE(op), TEXT(limit_from);
    WHOLE(status), WHOLE(near_limit), WHOLE(required), NUMBER(low), NUMBER(high), TEXT(why);
    TEXT(waived_by), TEXT(waived_why);
}

static void same_cause(const char *what, const struct cause *a, const struct cause *b) {
    TEXT(id), TEXT(name), TEXT(evidence), TEXT(points_at), TEXT(excludes), TEXT(look_next);
}

static void same_step(const char *what, const struct stress_judged *a,
                      const struct stress_judged *b) {
    WHOLE(is.number), NUMBER(is.from_s), NUMBER(is.to_s), NUMBER(is.load), NUMBER(is.window_s);
    NUMBER(is.requests), NUMBER(is.ok), NUMBER(is.mean_ms), NUMBER(is.p95_ms), NUMBER(is.p99_ms);
    NUMBER(is.dropped), NUMBER(is.vus), NUMBER(is.generator_cpu), NUMBER(law);
    WHOLE(generator), WHOLE(judged), WHOLE(thin), WHOLE(p95_judged);
    for (int r = 0; r < STRESS_REASONS; r++)
        WHOLE(failed[r]);
}

static void same_stress(const char *what, const struct stress_found *a,
                        const struct stress_found *b) {
    WHOLE(verdict), WHOLE(open), WHOLE(think_assumed), NUMBER(think_ms), WHOLE(steps);
    WHOLE(last_pass), WHOLE(first_fail), WHOLE(generator_step), WHOLE(confirmed);
    NUMBER(fraction), NUMBER(break_load), NUMBER(low), NUMBER(high), NUMBER(break_rps);
    NUMBER(at_least), NUMBER(at_most), WHOLE(reason), NUMBER(saturation_rps), WHOLE(saturation);
    WHOLE(usl.fitted), WHOLE(usl.accepted), NUMBER(usl.gamma), NUMBER(usl.alpha);
    NUMBER(usl.beta), NUMBER(usl.error), NUMBER(usl.n_max), NUMBER(usl.x_max);
    NUMBER(usl.x_low), NUMBER(usl.x_high);
    for (size_t i = 0; i < a->steps; i++) {
        WHOLE(transient[i]);
        same_step(what, &a->step[i], &b->step[i]);
    }
}

static void same_trend(const char *what, const struct trend *a, const struct trend *b) {
    WHOLE(answer), WHOLE(verdict), WHOLE(samples), WHOLE(resets), WHOLE(blocks), NUMBER(hours);
    NUMBER(s), NUMBER(variance), NUMBER(z), NUMBER(p), NUMBER(slope), NUMBER(low), NUMBER(high);
    NUMBER(level), NUMBER(rise), NUMBER(none_above), WHOLE(shape), WHOLE(step_block);
    NUMBER(tail_ratio), NUMBER(tail_slope), NUMBER(level_end), NUMBER(hours_to_limit);
    NUMBER(hours_low), NUMBER(hours_high), WHOLE(beyond_projection), NUMBER(first), NUMBER(last);
    TEXT(why);
    for (size_t i = 0; i < a->blocks; i++)
        NUMBER(block_s[i]), NUMBER(block[i]);
    for (int s = 0; s < SHAPES; s++)
        NUMBER(bic[s]);
}

static void same_soak(const char *what, const struct soak_found *a, const struct soak_found *b) {
    TEXT(memory_of), NUMBER(memory_limit_mb), WHOLE(restarts), WHOLE(load_drifted);
    for (size_t i = 0; i < a->restarts && i < SOAK_RESTARTS_MAX; i++)
        NUMBER(restart_s[i]);
    same_trend(what, &a->memory, &b->memory);
    same_trend(what, &a->latency, &b->latency);
    same_trend(what, &a->errors, &b->errors);
    same_trend(what, &a->throughput, &b->throughput);
}

static void same_finding(const char *what, const struct finding *a, const struct finding *b) {
    WHOLE(level), TEXT(kind), TEXT(file), WHOLE(line), TEXT(text);
}

static void expect_same(const struct judgement *a, const struct judgement *b, const char *what) {
    WHOLE(verdict), WHOLE(model), TEXT(sentence), WHOLE(checks), WHOLE(causes), WHOLE(steps);
    WHOLE(window.steady), NUMBER(window.from_s), NUMBER(window.to_s), NUMBER(window.requests);
    WHOLE(window.estimated), WHOLE(stalls), NUMBER(stall_window_s), NUMBER(stall_median);
    WHOLE(has_stress), WHOLE(has_soak), WHOLE(findings.len);
    for (size_t i = 0; i < a->checks; i++)
        same_check(what, &a->check[i], &b->check[i]);
    for (size_t i = 0; i < a->causes; i++)
        same_cause(what, &a->cause[i], &b->cause[i]);
    for (size_t i = 0; i < a->steps; i++)
        TEXT(step[i]);
    for (size_t i = 0; i < a->stalls && i < STALLS_MAX; i++)
        NUMBER(stall[i].from_s), NUMBER(stall[i].length_s);
    for (size_t i = 0; i < a->findings.len; i++)
        same_finding(what, &a->findings.item[i], &b->findings.item[i]);
    same_stress(what, &a->stress, &b->stress);
    same_soak(what, &a->soak, &b->soak);
}

static void there_and_back(const char *what) {
    struct err e = {0};
    char *json = report_judgement_json(&j);
    if (!report_judgement_read(json, &again, &e))
        fail_msg("%s: %s", what, e.text);
    free(json);
    expect_same(&j, &again, what);
}

static void real_results(void **state) {
    (void)state;
    size_t stress = 0, soak = 0, checks = 0, causes = 0;
    for (size_t i = 0; i < JUDGED_FILES; i++) {
        judge_number(i, &run, &j);
        there_and_back(judged_files[i].file);
        stress += j.has_stress;
        soak += j.has_soak;
        checks += j.checks;
        causes += j.causes;
        finish();
    }
    assert_true(stress >= 4 && soak >= 4 && checks >= 30 && causes >= 4);
}

/* Also what the files do not have: each member with a value of its own. */
static void every_member(void **state) {
    (void)state;
    judge_file("series/soak/linear-leak-8h.csv", MODEL_SOAK, ARRIVALS_OPEN, &run, &j);
    struct check *c = &j.check[0];
    c->value = 1.0 / 3;
    c->limit = 0.1 + 0.2;
    c->low = -INFINITY;
    c->high = INFINITY;
    strcpy(c->waived_by, "bo (sudo)");
    strcpy(c->waived_why, "known pause of the GC, \"24 °C\"");
    c->near_limit = true;
    j.check[1].value = 1e-300;
    j.check[1].limit = DBL_MAX;
    j.check[1].low = DBL_TRUE_MIN;
    j.check[1].high = -0.0;
    j.stalls = STALLS_MAX + 7; /* more than are kept */
    for (size_t i = 0; i < STALLS_MAX; i++)
        j.stall[i] = (struct stall){(double)i / 7, 1 + (double)i / 3};
    j.stall_window_s = 0.5;
    j.stall_median = 12.25;
    j.soak.restarts = SOAK_RESTARTS_MAX + 1;
    for (size_t i = 0; i < SOAK_RESTARTS_MAX; i++)
        j.soak.restart_s[i] = 60.1 * (double)i;
    j.soak.load_drifted = true;
    j.has_stress = true;
    j.stress.steps = STRESS_STEPS_MAX;
    j.stress.last_pass = STRESS_STEPS_MAX - 1;
    j.stress.first_fail = -1;
    j.stress.usl = (struct stress_usl){true, true, 1.1, 2.2, 3.3, 4.4, 5.5, INFINITY, 7.7, 8.8};
    for (int i = 0; i < STRESS_STEPS_MAX; i++) {
        j.stress.transient[i] = i % 3 == 0;
        j.stress.step[i].is.number = i + 1;
        j.stress.step[i].law = i / 3.0;
        for (int r = 1; r < STRESS_REASONS; r++)
            j.stress.step[i].failed[r] = (i + r) % 2;
    }
    findings_add(&j.findings, FINDING_STOP, "kind", "text with\nlines")->line = 77;
    there_and_back("every member");
    assert_true(signbit(again.check[1].high));
    finish();
}

/* What a file name or an error text held is stored as what may be shown. */
static void texts_are_cleaned(void **state) {
    (void)state;
    judge_file("k6/load-v2.2-full/summary-export.json", MODEL_LOAD, ARRIVALS_OPEN, &run, &j);
    strcpy(j.check[0].why, "a\033]0;title\007b\xe2\x80\xae"
                           "c\xff");
    char *json = report_judgement_json(&j);
    assert_null(strchr(json, '\033'));
    assert_true(report_judgement_read(json, &again, NULL));
    assert_string_equal(again.check[0].why, "a?]0;title?b?c?");
    judgement_fini(&again);
    free(json);
    /* and what somebody put there himself, cleaned when it is read */
    json = report_judgement_json(&j);
    cJSON *o = cJSON_Parse(json);
    cJSON *check = cJSON_GetArrayItem(cJSON_GetObjectItem(o, "checks"), 0);
    cJSON_SetValuestring(cJSON_GetObjectItem(check, "metric"), "p\033[2J5\xc2\x9b");
    free(json);
    json = cJSON_PrintUnformatted(o);
    assert_true(report_judgement_read(json, &again, NULL));
    assert_string_equal(again.check[0].metric, "p?[2J5?");
    free(json);
    cJSON_Delete(o);
    finish();
}

/* --- what somebody else wrote ----------------------------------------------------------------- */

static cJSON *parsed; /* of a stress and soak judgement */

static cJSON *at(const char *path) {
    cJSON *o = parsed;
    char step[64];
    while (*path && o) {
        size_t n = strcspn(path, ".");
        memcpy(step, path, n);
        step[n] = '\0';
        o = cJSON_IsArray(o) ? cJSON_GetArrayItem(o, atoi(step))
                             : cJSON_GetObjectItemCaseSensitive(o, step);
        path += n + (path[n] == '.');
    }
    assert_non_null(o);
    return o;
}

/* Puts `json` in the place of a member; NULL removes it. */
static void put(const char *path, const char *json) {
    char parent[64];
    const char *dot = strrchr(path, '.'), *name = dot ? dot + 1 : path;
    snprintf(parent, sizeof parent, "%.*s", dot ? (int)(dot - path) : 0, path);
    cJSON *o = at(parent), *item = json ? cJSON_CreateRaw(json) : NULL;
    if (cJSON_IsArray(o))
        cJSON_ReplaceItemInArray(o, atoi(name), item);
    else if (item)
        cJSON_ReplaceItemInObjectCaseSensitive(o, name, item);
    else
        cJSON_DeleteItemFromObjectCaseSensitive(o, name);
}

static void parse_stress(void) {
    judge_file("series/stress/collapse-open.steps.csv", MODEL_STRESS, ARRIVALS_OPEN, &run, &j);
    j.has_soak = true;
    j.soak.memory.step_block = -1;
    char *json = report_judgement_json(&j);
    parsed = cJSON_Parse(json);
    free(json);
}

static void what_cannot_be(void **state) {
    (void)state;
    static const struct {
        const char *path, *value, *names;
    } cases[] = {
        {"verdict", NULL, "\"verdict\""},
        {"verdict", "\"perfect\"", "\"verdict\""},
        {"verdict", "2", "\"verdict\""},
        {"model", "\"walk\"", "\"model\""},
        {"sentence", "7", "\"sentence\""},
        {"stalls", "-1", "\"stalls\""},
        {"stalls", "1", "\"stall_times\""},
        {"stalls", "1e300", "\"stalls\""},
        {"stall_window_s", "1e999", "\"stall_window_s\""},
        {"stall_window_s", "\"nan\"", "\"stall_window_s\""},
        {"window", "null", "\"window\""},
        {"window.steady", "1", "\"steady\""},
        {"checks", "{}", "\"checks\""},
        {"checks.0", "null", "\"metric\""},
        {"checks.0.op", "\">\"", "\"op\""},
        {"checks.0.status", "\"ok\"", "\"status\""},
        {"checks.0.low", "[]", "\"low\""},
        {"causes", NULL, "\"causes\""},
        {"steps", "[[]]", "\"steps\""},
        {"findings", "[{}]", "\"level\""},
        {"stress", NULL, "\"stress\""},
        {"stress.last_pass", "64", "\"last_pass\""},
        {"stress.last_pass", "63", "\"last_pass\""},
        {"stress.last_pass", "-2", "\"last_pass\""},
        {"stress.last_pass", "0.5", "\"last_pass\""},
        {"stress.first_fail", "50", "\"first_fail\""},
        {"stress.generator_step", "60", "\"generator_step\""},
        {"stress.reason", "\"\"", "\"reason\""},
        {"stress.steps.0.failed", "[\"p96\"]", "\"failed\""},
        {"stress.steps.0.number", "1e10", "\"number\""},
        {"stress.usl", "[]", "\"usl\""},
        {"soak", "[]", "\"soak\""},
        {"soak.memory.step_block", "1", "\"step_block\""},
        {"soak.memory.block_s", "[1]", "\"block\""},
        {"soak.memory.bic", "[1, 2, 3]", "\"bic\""},
        {"soak.latency", "null", "\"latency\""},
        {"soak.restarts", "1", "\"restart_s\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        parse_stress();
        put(cases[i].path, cases[i].value);
        char *json = cJSON_PrintUnformatted(parsed);
        struct err e = {0};
        if (report_judgement_read(json, &again, &e))
            fail_msg("%s %s is taken", cases[i].path, cases[i].value ? cases[i].value : "missing");
        assert_int_equal(e.kind, ERR_FORMAT);
        if (!strstr(e.text, cases[i].names))
            fail_msg("%s: %s", cases[i].path, e.text);
        free(json);
        cJSON_Delete(parsed);
        finish();
    }
}

/* A list with one item more than there is room for. */
static void lists_that_are_too_long(void **state) {
    (void)state;
    static const struct {
        const char *list, *item;
        int most;
    } cases[] = {
        {"checks", NULL, CHECKS_MAX},
        {"causes", NULL, CAUSES_MAX},
        {"steps", "\"a\"", STEPS_MAX},
        {"findings", NULL, FINDINGS_MAX},
        {"stress.steps", NULL, STRESS_STEPS_MAX},
        {"soak.memory.block_s", "1", SOAK_BLOCKS_MAX},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        parse_stress();
        cJSON *list = at(cases[i].list);
        cJSON *item = cases[i].item ? cJSON_Parse(cases[i].item)
                                    : cJSON_Duplicate(cJSON_GetArrayItem(list, 0), true);
        while (cJSON_GetArraySize(list) <= cases[i].most)
            cJSON_AddItemToArray(list, cJSON_Duplicate(item, true));
        char *json = cJSON_PrintUnformatted(parsed);
        struct err e = {0};
        assert_false(report_judgement_read(json, &again, &e));
        assert_int_equal(e.kind, ERR_LIMIT);
        free(json);
        cJSON_Delete(item);
        cJSON_Delete(parsed);
        finish();
    }
}

/* Bytes changed, cut and doubled at random: read or refused, and what is read can be written. */
static void mutated(void **state) {
    (void)state;
    static const char odd[] = "0-9e.\"{}[],:ntf\\u\xff\x00";
    unsigned seed = 8;
    size_t read = 0;
    for (int round = 0; round < 100; round++) {
        judge_number((size_t)round % JUDGED_FILES, &run, &j);
        char *json = report_judgement_json(&j);
        size_t len = strlen(json);
        for (int k = 0; k < 1 + round % 4; k++) {
            seed = seed * 1103515245 + 12345;
            json[seed % len] = odd[(seed >> 16) % (sizeof odd - 1)];
        }
        if (report_judgement_read(json, &again, NULL)) {
            read++;
            free(report_judgement_json(&again));
        }
        free(json);
        finish();
    }
    assert_true(read > 0);
}

/* --- in the text of the store ----------------------------------------------------------------- */

static void in_check_json(void **state) {
    (void)state;
    judge_file("series/soak/linear-leak-8h.csv", MODEL_SOAK, ARRIVALS_OPEN, &run, &j);
    strcpy(j.check[0].waived_by, "bo");
    strcpy(j.check[0].waived_why, "because");
    static const char *const sources[] = {"a.csv", NULL};
    for (int with = 0; with < 2; with++) {
        char *json = report_check_json(&run, &j, sources, with);
        parsed = cJSON_Parse(json);
        assert_int_equal(cJSON_HasObjectItem(parsed, "judgement"), with);
        assert_int_equal(cJSON_HasObjectItem(parsed, "summary"), with);
        assert_string_equal(at("checks.0.waived.by")->valuestring, "bo");
        assert_string_equal(at("checks.0.waived.reason")->valuestring, "because");
        assert_true(cJSON_IsNull(at("checks.1.waived")));
        cJSON_Delete(parsed);
        free(json);
    }
    finish();
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_results),
        cmocka_unit_test(every_member),
        cmocka_unit_test(texts_are_cleaned),
        cmocka_unit_test(what_cannot_be),
        cmocka_unit_test(lists_that_are_too_long),
        cmocka_unit_test(mutated),
        cmocka_unit_test(in_check_json),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}
