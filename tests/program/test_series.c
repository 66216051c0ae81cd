/* Every plain series kept in tests/data/series gives its reference's numbers in `perfscale check
 * --json` to 1e-4, and the true answer or an honest "cannot tell". */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

/* --- JSON ------------------------------------------------------------------------------------ */

static cJSON *read_expected(const char *model) {
    char dir[PATH_BYTES];
    size_t len;
    snprintf(dir, sizeof dir, TEST_DATA "/series/%s", model);
    char *text = get_file(dir, "expected.json", &len);
    assert_non_null(text);
    cJSON *all = cJSON_ParseWithLength(text, len);
    free(text);
    assert_non_null(all);
    return all;
}

static const cJSON *at(const cJSON *o, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

static const char *text_at(const cJSON *o, const char *name) {
    const cJSON *it = at(o, name);
    return cJSON_IsString(it) ? it->valuestring : "";
}

static bool is_near(const cJSON *want, const cJSON *got) {
    if (!want || cJSON_IsNull(want))
        return true; /* the reference has no such number */
    if (!cJSON_IsNumber(got))
        return false;
    double a = want->valuedouble, b = got->valuedouble;
    return fabs(a - b) <= 1e-4 * fmax(fabs(a), 1e-2);
}

static void same_number(const char *where, const char *name, const cJSON *want, const cJSON *got) {
    if (!is_near(want, got))
        fail_msg("%s: %s is %s, the reference has %g", where, name,
                 cJSON_IsNumber(got) ? cJSON_PrintUnformatted(got) : "no number",
                 want->valuedouble);
}

static bool holds(const cJSON *list, const char *word) {
    const cJSON *it;
    cJSON_ArrayForEach(it, list) if (cJSON_IsString(it) &&
                                     strcmp(it->valuestring, word) == 0) return true;
    return false;
}

/* Rising exit statuses of `check`. */
static int status_of(const char *verdict) {
    static const char *const names[] = {"pass", "fail", "", "no_data", "invalid"};
    for (int i = 0; i < 5; i++)
        if (strcmp(names[i], verdict) == 0)
            return i;
    return -1;
}

static cJSON *check(const char *file, const char *const *options) {
    const char *words[24] = {"check", file, "--json"};
    size_t n = 3;
    for (size_t i = 0; options[i]; i++)
        words[n++] = options[i];
    const struct said *s = call(&(struct call){.dir = TEST_DATA}, words);
    cJSON *o = said_json(s);
    if (!at(o, "verdict"))
        fail_msg("%s: %s%s", file, s->out, s->err);
    assert_int_equal(s->status, status_of(text_at(o, "verdict")));
    return o;
}

/* --- stress ---------------------------------------------------------------------------------- */

struct stress_options {
    char p95[32], errors[32], think[32], vus[32];
    const char *words[20];
};

static void stress_options(const cJSON *params, const char *model, struct stress_options *o) {
    size_t n = 0;
    const cJSON *think = at(params, "think_s"), *vus = at(params, "max_vus");
    snprintf(o->p95, sizeof o->p95, "%gms", at(params, "p95_ms")->valuedouble);
    snprintf(o->errors, sizeof o->errors, "%g%%", at(params, "error_pct")->valuedouble);
    o->words[n++] = "--model";
    o->words[n++] = model;
    o->words[n++] = "--p95";
    o->words[n++] = o->p95;
    o->words[n++] = "--error-rate";
    o->words[n++] = o->errors;
    o->words[n++] = "--arrivals";
    o->words[n++] = text_at(params, "model");
    if (cJSON_IsNumber(think)) {
        snprintf(o->think, sizeof o->think, "%gs", think->valuedouble);
        o->words[n++] = "--think";
        o->words[n++] = o->think;
    }
    if (cJSON_IsNumber(vus)) {
        snprintf(o->vus, sizeof o->vus, "%g", vus->valuedouble);
        o->words[n++] = "--max-vus";
        o->words[n++] = o->vus;
    }
    o->words[n] = NULL;
}

static void same_steps(const char *name, const cJSON *want, const cJSON *got) {
    const cJSON *failed = at(want, "failed"), *generator = at(want, "generator"), *steps;
    steps = at(got, "steps");
    assert_int_equal(cJSON_GetArraySize(steps), cJSON_GetArraySize(failed));
    for (int i = 0; i < cJSON_GetArraySize(steps); i++) {
        const cJSON *s = cJSON_GetArrayItem(steps, i), *f = cJSON_GetArrayItem(failed, i), *it;
        assert_int_equal(cJSON_GetArraySize(at(s, "failed")), cJSON_GetArraySize(f));
        cJSON_ArrayForEach(it, f) if (!holds(at(s, "failed"), it->valuestring))
            fail_msg("%s: step %d does not fail by %s", name, i + 1, it->valuestring);
        const cJSON *g = cJSON_GetArrayItem(generator, i);
        assert_string_equal(text_at(s, "generator"), cJSON_IsString(g) ? g->valuestring : "");
    }
}

static void same_transients(const cJSON *want, const cJSON *got) {
    const cJSON *a = at(want, "transient"), *b = at(got, "transient");
    assert_int_equal(cJSON_GetArraySize(a), cJSON_GetArraySize(b));
    for (int i = 0; i < cJSON_GetArraySize(a); i++)
        assert_int_equal(cJSON_GetArrayItem(a, i)->valueint, cJSON_GetArrayItem(b, i)->valueint);
}

static const struct {
    const char *want, *group, *got;
} stress_numbers[] = {
    {"break_load", "break_load", "value"},
    {"range_lo", "break_load", "low"},
    {"range_hi", "break_load", "high"},
    {"saturation_rps", "saturation_rps", "value"},
    {"break_rps", NULL, "break_rps"},
    {"fraction", NULL, "fraction"},
    {"first_fail", NULL, "first_fail"},
    {"last_pass", NULL, "last_pass"},
    {"at_least", NULL, "at_least"},
    {"at_most", NULL, "at_most"},
    {"generator_step", NULL, "generator_step"},
};

static const struct {
    const char *want, *got;
} usl_numbers[] = {
    {"gamma", "gamma"}, {"alpha", "alpha"}, {"beta", "beta"},     {"relrmse", "relative_rms_error"},
    {"n_max", "n_max"}, {"x_max", "x_max"}, {"jack_lo", "x_low"}, {"jack_hi", "x_high"},
};

static void same_stress(const char *name, const cJSON *fixture, const cJSON *o) {
    const cJSON *want = at(fixture, "reference"), *got = at(o, "stress"), *usl = at(fixture, "usl");
    assert_string_equal(text_at(got, "verdict"), text_at(want, "verdict"));
    assert_string_equal(text_at(got, "verdict"), text_at(at(fixture, "truth"), "verdict"));
    assert_string_equal(text_at(at(got, "saturation_rps"), "kind"), text_at(want, "saturation"));
    for (size_t i = 0; i < sizeof stress_numbers / sizeof *stress_numbers; i++) {
        const cJSON *from = stress_numbers[i].group ? at(got, stress_numbers[i].group) : got;
        same_number(name, stress_numbers[i].want, at(want, stress_numbers[i].want),
                    at(from, stress_numbers[i].got));
    }
    if (at(want, "confirmed"))
        assert_int_equal(cJSON_IsTrue(at(got, "confirmed")), cJSON_IsTrue(at(want, "confirmed")));
    same_steps(name, want, got);
    same_transients(want, got);
    for (size_t i = 0; cJSON_IsObject(usl) && i < sizeof usl_numbers / sizeof *usl_numbers; i++)
        same_number(name, usl_numbers[i].want, at(usl, usl_numbers[i].want),
                    at(at(got, "usl"), usl_numbers[i].got));
    if (cJSON_IsObject(usl))
        assert_true(cJSON_IsTrue(at(at(got, "usl"), "accepted")));
}

static void steps_give_the_reference(void **state) {
    (void)state;
    cJSON *all = read_expected("stress");
    const cJSON *fixture;
    int n = 0;
    cJSON_ArrayForEach(fixture, at(all, "fixtures")) {
        struct stress_options o;
        char file[PATH_BYTES];
        if (!at(at(fixture, "reference"), "verdict"))
            continue; /* a stall: below */
        stress_options(at(fixture, "params"), "stress", &o);
        snprintf(file, sizeof file, "series/stress/%s.steps.csv", fixture->string);
        cJSON *got = check(file, o.words);
        same_stress(fixture->string, fixture, got);
        cJSON_Delete(got);
        n++;
    }
    assert_int_equal(n, 12);
    cJSON_Delete(all);
}

/* From windows of 5 s the p95 of a step is an estimate: the verdict must be the true one, and the
 * break inside the printed interval. */
static void windows_give_the_truth(void **state) {
    (void)state;
    cJSON *all = read_expected("stress");
    const cJSON *fixture;
    int n = 0;
    cJSON_ArrayForEach(fixture, at(all, "fixtures")) {
        struct stress_options o;
        char file[PATH_BYTES];
        const cJSON *truth = at(fixture, "truth"), *load = at(truth, "break_load");
        if (!at(at(fixture, "reference"), "verdict"))
            continue;
        stress_options(at(fixture, "params"), "stress", &o);
        snprintf(file, sizeof file, "series/stress/%s.series.csv", fixture->string);
        cJSON *got = check(file, o.words);
        const cJSON *stress = at(got, "stress");
        const char *verdict = text_at(stress, "verdict");
        bool honest = strcmp(verdict, "inconclusive") == 0 || strcmp(verdict, "too_few_steps") == 0;
        if (!honest && strcmp(verdict, text_at(truth, "verdict")) != 0)
            fail_msg("%s: %s, the truth is %s", file, verdict, text_at(truth, "verdict"));
        if (!honest && cJSON_IsNumber(load)) {
            const cJSON *found = at(stress, "break_load");
            if (!(at(found, "low")->valuedouble <= load->valuedouble &&
                  at(found, "high")->valuedouble >= load->valuedouble))
                fail_msg("%s: %g to %g does not hold %g", file, at(found, "low")->valuedouble,
                         at(found, "high")->valuedouble, load->valuedouble);
        }
        cJSON_Delete(got);
        n++;
    }
    assert_int_equal(n, 12);
    cJSON_Delete(all);
}

static void find_stalls(const char *model) {
    cJSON *all = read_expected("stress");
    const cJSON *fixture;
    int n = 0;
    cJSON_ArrayForEach(fixture, at(all, "fixtures")) {
        const cJSON *want = at(fixture, "reference"), *holes = at(want, "holes"), *hole;
        struct stress_options o;
        char file[PATH_BYTES];
        if (!holes)
            continue;
        stress_options(at(fixture, "params"), model, &o);
        snprintf(file, sizeof file, "series/stress/%s.series.csv", fixture->string);
        cJSON *got = check(file, o.words);
        const cJSON *stalls = at(got, "stalls");
        same_number(file, "window_s", at(want, "window_s"), at(stalls, "window_s"));
        same_number(file, "median", at(want, "median"), at(stalls, "median_requests"));
        assert_int_equal(at(stalls, "count")->valueint, cJSON_GetArraySize(holes));
        int i = 0;
        cJSON_ArrayForEach(hole, holes) {
            const cJSON *found = cJSON_GetArrayItem(at(stalls, "holes"), i++);
            same_number(file, "from_s", cJSON_GetArrayItem(hole, 0), at(found, "from_s"));
            same_number(file, "length_s", cJSON_GetArrayItem(hole, 1), at(found, "length_s"));
        }
        cJSON_Delete(got);
        n++;
    }
    assert_int_equal(n, 2);
    cJSON_Delete(all);
}

/* A stress test without steps is a constant load too. */
static void stalls_are_found(void **state) {
    (void)state;
    find_stalls("load");
    find_stalls("stress");
}

/* --- soak ------------------------------------------------------------------------------------ */

static const struct {
    const char *want, *got;
} trend_numbers[] = {
    {"n", "samples"},
    {"drops", "resets"},
    {"blocks", "blocks"},
    {"hours", "hours"},
    {"S", "s"},
    {"varS", "variance"},
    {"z", "z"},
    {"p", "p"},
    {"slope_per_h", "slope_per_hour"},
    {"slope_lo", "low"},
    {"slope_hi", "high"},
    {"level", "level"},
    {"rise", "rise"},
    {"none_above_per_h", "none_above_per_hour"},
    {"tail_ratio", "tail_ratio"},
    {"tail_slope_per_h", "tail_slope_per_hour"},
    {"step_block", "step_block"},
    {"level_end", "level_end"},
    {"ttl_h", "hours_to_limit"},
    {"ttl_h_lo", "hours_to_limit_low"},
    {"ttl_h_hi", "hours_to_limit_high"},
};

static void same_trend(const char *where, const cJSON *want, const cJSON *got) {
    const cJSON *bic;
    assert_string_equal(text_at(got, "verdict"), text_at(want, "verdict"));
    for (size_t i = 0; i < sizeof trend_numbers / sizeof *trend_numbers; i++)
        same_number(where, trend_numbers[i].want, at(want, trend_numbers[i].want),
                    at(got, trend_numbers[i].got));
    if (at(want, "model"))
        assert_string_equal(text_at(got, "shape"), text_at(want, "model"));
    cJSON_ArrayForEach(bic, at(want, "bic"))
        same_number(where, bic->string, bic, at(at(got, "bic"), bic->string));
}

static void soaks_give_the_reference(void **state) {
    (void)state;
    static const char *const kinds[] = {"memory", "latency"};
    cJSON *all = read_expected("soak");
    const cJSON *fixture;
    int n = 0;
    cJSON_ArrayForEach(fixture, at(all, "fixtures")) {
        const cJSON *limit = at(fixture, "limit_mb"), *answers = at(at(fixture, "truth"), "answer");
        char file[PATH_BYTES], memory[32];
        const char *options[] = {"--model", "soak", NULL, NULL, NULL};
        snprintf(file, sizeof file, "series/soak/%s.csv", fixture->string);
        if (cJSON_IsNumber(limit)) {
            snprintf(memory, sizeof memory, "%gMB", limit->valuedouble);
            options[2] = "--memory-limit";
            options[3] = memory;
        }
        cJSON *got = check(file, options);
        for (int k = 0; k < 2; k++) {
            const cJSON *trend = at(at(got, "soak"), kinds[k]);
            same_trend(fixture->string, at(at(fixture, "reference"), kinds[k]), trend);
            if (!holds(at(answers, kinds[k]), text_at(trend, "answer")))
                fail_msg("%s: %s %s is no answer that the truth allows", fixture->string, kinds[k],
                         text_at(trend, "answer"));
        }
        cJSON_Delete(got);
        n++;
    }
    assert_int_equal(n, 10);
    cJSON_Delete(all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_give_the_reference),
        cmocka_unit_test(windows_give_the_truth),
        cmocka_unit_test(stalls_are_found),
        cmocka_unit_test(soaks_give_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
