/* Steps to a break load: simulated servers whose truth is known, and numbers worked by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "stress_fixture.h"

#define SAMPLES TEST_DATA "/series/stress/"

/* --- simulated servers ------------------------------------------------------------------------ */

static size_t read_steps(const char *path, struct stress_step *out) {
    size_t len, n = 0;
    char *text = file_read(path, 1 << 20, &len, NULL);
    assert_non_null(text);
    for (char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        struct stress_step s = {.vus = NAN, .generator_cpu = NAN};
        double hold_s;
        int got = sscanf(line + 1, "%d,%lf,%lf,%lf,%lf,%lf,%lf,%*f,%*f,%*f,%lf,%*f,%lf,%*f,%lf,%lf",
                         &s.number, &s.from_s, &hold_s, &s.window_s, &s.load, &s.requests, &s.ok,
                         &s.dropped, &s.mean_ms, &s.p95_ms, &s.p99_ms);
        assert_int_equal(got, 11);
        assert_true(n < STRESS_STEPS_MAX);
        s.to_s = s.from_s + hold_s;
        out[n++] = s;
    }
    free(text);
    return n;
}

static double number_or_nan(const cJSON *in, const char *key) {
    const cJSON *v = cJSON_GetObjectItem(in, key);
    return cJSON_IsNumber(v) ? v->valuedouble : NAN;
}

static const char *word(const cJSON *in, const char *key) {
    return cJSON_GetStringValue(cJSON_GetObjectItem(in, key));
}

static bool lists_number(const cJSON *list, int number) {
    const cJSON *v;
    cJSON_ArrayForEach(v, list) if (v->valueint == number) return true;
    return false;
}

static bool lists_word(const cJSON *list, const char *name) {
    const cJSON *v;
    cJSON_ArrayForEach(v, list) if (strcmp(cJSON_GetStringValue(v), name) == 0) return true;
    return false;
}

static void same_steps(const char *name, const cJSON *want) {
    const cJSON *failed = cJSON_GetObjectItem(want, "failed");
    const cJSON *generator = cJSON_GetObjectItem(want, "generator");
    assert_int_equal(found.steps, cJSON_GetArraySize(failed));
    for (int i = 0; i < (int)found.steps; i++) {
        const struct stress_judged *j = &found.step[i];
        const char *by = cJSON_GetStringValue(cJSON_GetArrayItem(generator, i));
        const char *got = stress_reason_name(j->generator);
        for (int r = STRESS_NONE + 1; r < STRESS_REASONS; r++)
            if (j->failed[r] != lists_word(cJSON_GetArrayItem(failed, i),
                                           stress_reason_name((enum stress_reason)r)))
                fail_msg("%s: step %d, %s", name, i + 1, stress_reason_name((enum stress_reason)r));
        if (by ? !got || strcmp(by, got) != 0 : got != NULL)
            fail_msg("%s: step %d, generator %s, not %s", name, i + 1, got ? got : "none",
                     by ? by : "none");
        if (found.transient[i] != lists_number(cJSON_GetObjectItem(want, "transient"), i + 1) ||
            j->thin != lists_number(cJSON_GetObjectItem(want, "thin"), i + 1))
            fail_msg("%s: step %d, transient or thin", name, i + 1);
    }
}

static double step_number(int index) { return index < 0 ? NAN : (double)index + 1; }

static void same_answer(const char *name, const cJSON *want) {
    const struct {
        const char *key;
        double got;
    } numbers[] = {
        {"saturation_rps", found.saturation_rps},
        {"fraction", found.fraction},
        {"break_load", found.break_load},
        {"range_lo", found.low},
        {"range_hi", found.high},
        {"break_rps", found.break_rps},
        {"at_least", found.at_least},
        {"at_most", found.at_most},
        {"first_fail", step_number(found.first_fail)},
        {"generator_step", step_number(found.generator_step)},
    };
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_close(name, numbers[i].key, numbers[i].got, number_or_nan(want, numbers[i].key));
    assert_string_equal(stress_verdict_name(found.verdict), word(want, "verdict"));
    assert_string_equal(saturation_name(found.saturation), word(want, "saturation"));
    assert_int_equal(found.confirmed, cJSON_IsTrue(cJSON_GetObjectItem(want, "confirmed")));
    if (cJSON_HasObjectItem(want, "last_pass"))
        assert_int_equal(found.last_pass + 1, (int)number_or_nan(want, "last_pass"));
}

static void same_curve(const char *name, const cJSON *want) {
    const struct stress_usl *u = &found.usl;
    assert_int_equal(u->accepted, cJSON_IsTrue(cJSON_GetObjectItem(want, "accepted")));
    if (!cJSON_IsObject(want))
        return;
    assert_close(name, "gamma", u->gamma, number_or_nan(want, "gamma"));
    assert_close(name, "alpha", u->alpha, number_or_nan(want, "alpha"));
    /* given with 4 digits */
    assert_true(fabs(u->beta - number_or_nan(want, "beta")) < 1e-6);
    assert_close(name, "error", u->error, number_or_nan(want, "relrmse"));
    assert_close(name, "n_max", u->n_max, number_or_nan(want, "n_max"));
    assert_close(name, "x_max", u->x_max, number_or_nan(want, "x_max"));
    assert_close(name, "x_low", u->x_low, number_or_nan(want, "jack_lo"));
    assert_close(name, "x_high", u->x_high, number_or_nan(want, "jack_hi"));
}

static void true_enough(const char *name, const cJSON *truth) {
    double load = number_or_nan(truth, "break_load"), rps = number_or_nan(truth, "saturation_rps");
    assert_string_equal(stress_verdict_name(found.verdict), word(truth, "verdict"));
    if (!isnan(load) && !(load >= found.low && load <= found.high))
        fail_msg("%s: %g is not within %g to %g", name, load, found.low, found.high);
    if (!isnan(rps) && !cJSON_HasObjectItem(truth, "at_least_only") &&
        fabs(found.saturation_rps - rps) > 0.1 * rps)
        fail_msg("%s: saturation %g, truth %g", name, found.saturation_rps, rps);
}

static bool one_sample(const cJSON *sample) {
    char path[512];
    struct stress_step step[STRESS_STEPS_MAX];
    const cJSON *params = cJSON_GetObjectItem(sample, "params");
    snprintf(path, sizeof path, SAMPLES "%s.steps.csv", sample->string);
    if (!file_exists(path))
        return false;
    size_t n = read_steps(path, step);
    struct stress_input in = input_of(step, n, strcmp(word(params, "model"), "open") == 0);
    in.p95_ms = number_or_nan(params, "p95_ms");
    in.error_rate = number_or_nan(params, "error_pct") / 100;
    in.think_ms = 1000 * number_or_nan(params, "think_s");
    in.max_vus = number_or_nan(params, "max_vus");
    stress_find(&in, &found);
    same_steps(sample->string, cJSON_GetObjectItem(sample, "reference"));
    same_answer(sample->string, cJSON_GetObjectItem(sample, "reference"));
    same_curve(sample->string, cJSON_GetObjectItem(sample, "usl"));
    true_enough(sample->string, cJSON_GetObjectItem(sample, "truth"));
    return true;
}

static void samples_give_the_reference(void **state) {
    (void)state;
    size_t len;
    char *text = file_read(SAMPLES "expected.json", 1 << 20, &len, NULL);
    assert_non_null(text);
    cJSON *all = cJSON_Parse(text);
    int seen = 0;
    const cJSON *sample;
    cJSON_ArrayForEach(sample, cJSON_GetObjectItem(all, "fixtures")) seen += one_sample(sample);
    assert_int_equal(seen, 12);
    cJSON_Delete(all);
    free(text);
}

/* --- worked by hand --------------------------------------------------------------------------- */

static void worked_open(void **state) {
    (void)state;
    const struct stress_step step[] = {
        step_of(1, 50, 3000, 3000, NAN, 180),   step_of(2, 75, 4500, 4500, NAN, 190),
        step_of(3, 100, 6000, 5997, NAN, 230),  step_of(4, 125, 7480, 7470, NAN, 410),
        step_of(5, 150, 7900, 7420, NAN, 1900), step_of(6, 175, 7700, 6900, NAN, 4200)};
    find_open(step, COUNT(step));
    assert_verdict("open", STRESS_BROKE);
    assert_int_equal(found.last_pass, 3);
    assert_int_equal(found.first_fail, 4);
    assert_true(found.confirmed);
    assert_int_equal(found.reason, STRESS_P95);
    for (int i = 4; i < 6; i++)
        assert_true(found.step[i].failed[STRESS_P95] && found.step[i].failed[STRESS_ERRORS] &&
                    found.step[i].failed[STRESS_RATE]);
    assert_close("open", "fraction", found.fraction, 0.129415);
    assert_close("open", "break", found.break_load, 128.2354);
    assert_close("open", "rps", found.break_rps, 128.2354);
    assert_close("open", "low", found.low, 100);
    assert_close("open", "high", found.high, 175);
    assert_close("open", "saturation", found.saturation_rps, 119.3333);
    assert_int_equal(found.saturation, SATURATION_PLATEAU);
    assert_true(isnan(found.think_ms) && !found.usl.fitted && isnan(found.usl.x_max));
}

/* The same run, each limit alone: the fraction is that of the limit. */
static void each_limit_has_its_fraction(void **state) {
    (void)state;
    static const struct {
        double p95, p99, errors, rate;
        enum stress_reason reason;
        double fraction;
    } cases[] = {
        {500, NAN, 0.01, 0.95, STRESS_P95, 0.129415}, /* the smallest of three */
        {NAN, NAN, 0.01, 0.95, STRESS_ERRORS, 0.145793},
        {NAN, NAN, NAN, 0.95, STRESS_RATE, 0.268135},
        {NAN, 500, NAN, 0.95, STRESS_P99, 0.129415}, /* p99 as p95 */
    };
    struct stress_step step[] = {healthy(1, 75), healthy(2, 100),
                                 step_of(3, 125, 7480, 7470, NAN, 410),
                                 step_of(4, 150, 7900, 7420, NAN, 1900)};
    step[2].p99_ms = step[2].p95_ms;
    step[3].p99_ms = step[3].p95_ms;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_input in = input_of(step, COUNT(step), true);
        in.p95_ms = cases[i].p95;
        in.p99_ms = cases[i].p99;
        in.error_rate = cases[i].errors;
        in.rate_least = cases[i].rate;
        stress_find(&in, &found);
        assert_verdict("one limit", STRESS_BROKE);
        assert_int_equal(found.reason, cases[i].reason);
        assert_close("one limit", "fraction", found.fraction, cases[i].fraction);
        assert_false(found.confirmed); /* one failing step */
        assert_close("one limit", "high", found.high, 150);
    }
}

static void worked_closed(void **state) {
    (void)state;
    static const double law[] = {0.9991, 0.9999, 1.0000, 1.0001, 0.9997, 1.0001};
    const struct stress_step step[] = {
        step_of(1, 20, 1086, 1086, 104, 300),  step_of(2, 40, 2160, 2160, 111, 310),
        step_of(3, 60, 3186, 3186, 130, 330),  step_of(4, 80, 4110, 4110, 168, 380),
        step_of(5, 100, 4614, 4614, 300, 520), step_of(6, 120, 4734, 4734, 521, 760)};
    struct stress_input in = input_of(step, COUNT(step), false);
    in.think_ms = 1000;
    stress_find(&in, &found);
    assert_verdict("closed", STRESS_BROKE);
    assert_int_equal(found.last_pass, 3);
    assert_int_equal(found.first_fail, 4);
    assert_close("closed", "fraction", found.fraction, 0.874957);
    assert_close("closed", "break", found.break_load, 97.4991);
    assert_close("closed", "rps", found.break_rps, 75.8496);
    assert_close("closed", "low", found.low, 60);
    assert_close("closed", "high", found.high, 120);
    assert_close("closed", "saturation", found.saturation_rps, 78.9);
    for (size_t i = 0; i < COUNT(step); i++)
        assert_close("closed", "law", found.step[i].law, law[i]);
    assert_false(found.think_assumed);
    assert_false(found.usl.accepted); /* think time */
}

static void worked_generator(void **state) {
    (void)state;
    static const double law[] = {0.9991, 0.9945, 0.8019, 0.5364};
    const struct stress_step step[] = {
        step_of(1, 20, 1086, 1086, 104, 300), step_of(2, 40, 2160, 2160, 105, 300),
        step_of(3, 80, 3480, 3480, 106, 302), step_of(4, 120, 3492, 3492, 106, 303)};
    struct stress_input in = input_of(step, COUNT(step), false);
    in.think_ms = 1000;
    stress_find(&in, &found);
    assert_verdict("generator", STRESS_GENERATOR_LIMITED);
    assert_int_equal(found.generator_step, 2);
    assert_int_equal(found.reason, STRESS_GENERATOR_TIME);
    assert_close("generator", "at least", found.at_least, 40);
    assert_true(isnan(found.break_load) && isnan(found.at_most));
    for (size_t i = 0; i < COUNT(step); i++) {
        assert_close("generator", "law", found.step[i].law, law[i]);
        assert_int_equal(found.step[i].judged, i < 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_the_reference),
        cmocka_unit_test(worked_open),
        cmocka_unit_test(each_limit_has_its_fraction),
        cmocka_unit_test(worked_closed),
        cmocka_unit_test(worked_generator),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}
