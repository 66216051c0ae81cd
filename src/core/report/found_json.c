#include "report/found_json.h"

#include <string.h>

#include "report/json.h"
#include "report/members.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- stress: words ---------------------------------------------------------------------------- */

enum { STRESS_VERDICTS = STRESS_INCONCLUSIVE + 1, SATURATIONS = SATURATION_COLLAPSE + 1 };

static const char *verdict_word(int v) { return stress_verdict_name((enum stress_verdict)v); }
static const char *saturation_word(int s) { return saturation_name((enum saturation)s); }
static const char *reason_word(int r) {
    return r == STRESS_NONE ? "none" : stress_reason_name((enum stress_reason)r);
}

/* --- stress: tables --------------------------------------------------------------------------- */

static const struct member stress_rows[] = {
    WORD_MEMBER(stress_found, verdict, STRESS_VERDICTS, verdict_word),
    BOOL_MEMBER(stress_found, open),
    BOOL_MEMBER(stress_found, think_assumed),
    NUMBER_MEMBER(stress_found, think_ms),
    INT_MEMBER(stress_found, last_pass, -1, STRESS_STEPS_MAX - 1),
    INT_MEMBER(stress_found, first_fail, -1, STRESS_STEPS_MAX - 1),
    INT_MEMBER(stress_found, generator_step, -1, STRESS_STEPS_MAX - 1),
    BOOL_MEMBER(stress_found, confirmed),
    NUMBER_MEMBER(stress_found, fraction),
    NUMBER_MEMBER(stress_found, break_load),
    NUMBER_MEMBER(stress_found, low),
    NUMBER_MEMBER(stress_found, high),
    NUMBER_MEMBER(stress_found, break_rps),
    NUMBER_MEMBER(stress_found, at_least),
    NUMBER_MEMBER(stress_found, at_most),
    WORD_MEMBER(stress_found, reason, STRESS_REASONS, reason_word),
    NUMBER_MEMBER(stress_found, saturation_rps),
    WORD_MEMBER(stress_found, saturation, SATURATIONS, saturation_word),
};

static const struct member step_rows[] = {
    INT_MEMBER(stress_step, number, INT_MIN, INT_MAX),
    NUMBER_MEMBER(stress_step, from_s),
    NUMBER_MEMBER(stress_step, to_s),
    NUMBER_MEMBER(stress_step, load),
    NUMBER_MEMBER(stress_step, window_s),
    NUMBER_MEMBER(stress_step, requests),
    NUMBER_MEMBER(stress_step, ok),
    NUMBER_MEMBER(stress_step, mean_ms),
    NUMBER_MEMBER(stress_step, p95_ms),
    NUMBER_MEMBER(stress_step, p99_ms),
    NUMBER_MEMBER(stress_step, dropped),
    NUMBER_MEMBER(stress_step, vus),
    NUMBER_MEMBER(stress_step, generator_cpu),
};

static const struct member judged_rows[] = {
    WORD_MEMBER(stress_judged, generator, STRESS_REASONS, reason_word),
    BOOL_MEMBER(stress_judged, judged),
    BOOL_MEMBER(stress_judged, thin),
    BOOL_MEMBER(stress_judged, p95_judged),
    NUMBER_MEMBER(stress_judged, law),
};

static const struct member usl_rows[] = {
    BOOL_MEMBER(stress_usl, fitted),  BOOL_MEMBER(stress_usl, accepted),
    NUMBER_MEMBER(stress_usl, gamma), NUMBER_MEMBER(stress_usl, alpha),
    NUMBER_MEMBER(stress_usl, beta),  NUMBER_MEMBER(stress_usl, error),
    NUMBER_MEMBER(stress_usl, n_max), NUMBER_MEMBER(stress_usl, x_max),
    NUMBER_MEMBER(stress_usl, x_low), NUMBER_MEMBER(stress_usl, x_high),
};

/* --- stress: the limits that a step breaks, by name ------------------------------------------- */

static void failed_add(cJSON *to, const struct stress_judged *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "failed");
    for (int r = 0; r < STRESS_REASONS; r++)
        if (j->failed[r])
            cJSON_AddItemToArray(list, cJSON_CreateString(reason_word(r)));
}

static bool failed_one(const char *word, struct stress_judged *j) {
    for (int r = 0; r < STRESS_REASONS; r++)
        if (strcmp(word, reason_word(r)) == 0)
            return j->failed[r] = true;
    return false;
}

static bool failed_read(const cJSON *from, struct stress_judged *j, struct err *e) {
    size_t n;
    const cJSON *list = list_read(from, "failed", STRESS_REASONS, &n, e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (!cJSON_IsString(it) || !failed_one(it->valuestring, j))
            return err_set(e, ERR_FORMAT, "member \"failed\" holds what is no limit of a step");
    }
    return true;
}

/* --- stress: all ------------------------------------------------------------------------------ */

void stress_found_add(cJSON *to, const struct stress_found *f) {
    members_add(to, f, stress_rows, COUNT(stress_rows));
    cJSON *list = cJSON_AddArrayToObject(to, "steps");
    for (size_t i = 0; i < f->steps; i++) {
        cJSON *o = cJSON_CreateObject();
        members_add(o, &f->step[i].is, step_rows, COUNT(step_rows));
        members_add(o, &f->step[i], judged_rows, COUNT(judged_rows));
        cJSON_AddBoolToObject(o, "transient", f->transient[i]);
        failed_add(o, &f->step[i]);
        cJSON_AddItemToArray(list, o);
    }
    members_add(cJSON_AddObjectToObject(to, "usl"), &f->usl, usl_rows, COUNT(usl_rows));
}

static bool step_read(const cJSON *from, struct stress_found *f, size_t i, struct err *e) {
    f->transient[i] = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(from, "transient"));
    return members_read(from, &f->step[i].is, step_rows, COUNT(step_rows), e) &&
           members_read(from, &f->step[i], judged_rows, COUNT(judged_rows), e) &&
           failed_read(from, &f->step[i], e);
}

static bool index_inside(const char *name, int index, size_t n, struct err *e) {
    return index < (int)n ||
           err_set(e, ERR_FORMAT, "member \"%s\" points behind its %zu items", name, n);
}

bool stress_found_read(const cJSON *from, struct stress_found *f, struct err *e) {
    size_t n, i = 0;
    if (!members_read(from, f, stress_rows, COUNT(stress_rows), e))
        return false;
    const cJSON *usl = json_get_object(from, "usl", e), *it;
    const cJSON *list = usl ? list_read(from, "steps", STRESS_STEPS_MAX, &n, e) : NULL;
    if (!list || !members_read(usl, &f->usl, usl_rows, COUNT(usl_rows), e))
        return false;
    cJSON_ArrayForEach(it, list) {
        if (!step_read(it, f, i++, e))
            return false;
    }
    f->steps = n;
    return index_inside("last_pass", f->last_pass, n, e) &&
           index_inside("first_fail", f->first_fail, n, e) &&
           index_inside("generator_step", f->generator_step, n, e);
}

/* --- soak ------------------------------------------------------------------------------------- */

enum { ANSWERS = SOAK_RESTART + 1, SOAK_VERDICTS = SOAK_INSUFFICIENT + 1 };

static const char *answer_word(int a) { return soak_answer_name((enum soak_answer)a); }
static const char *trend_word(int v) { return soak_verdict_name((enum soak_verdict)v); }
static const char *shape_word(int s) { return soak_shape_name((enum soak_shape)s); }

static const struct member trend_rows[] = {
    WORD_MEMBER(trend, answer, ANSWERS, answer_word),
    WORD_MEMBER(trend, verdict, SOAK_VERDICTS, trend_word),
    COUNT_MEMBER(trend, samples, MEMBER_LARGEST),
    COUNT_MEMBER(trend, resets, MEMBER_LARGEST),
    NUMBER_MEMBER(trend, hours),
    NUMBER_MEMBER(trend, s),
    NUMBER_MEMBER(trend, variance),
    NUMBER_MEMBER(trend, z),
    NUMBER_MEMBER(trend, p),
    NUMBER_MEMBER(trend, slope),
    NUMBER_MEMBER(trend, low),
    NUMBER_MEMBER(trend, high),
    NUMBER_MEMBER(trend, level),
    NUMBER_MEMBER(trend, rise),
    NUMBER_MEMBER(trend, none_above),
    WORD_MEMBER(trend, shape, SHAPES, shape_word),
    INT_MEMBER(trend, step_block, -1, SOAK_BLOCKS_MAX - 1),
    NUMBER_MEMBER(trend, tail_ratio),
    NUMBER_MEMBER(trend, tail_slope),
    NUMBER_MEMBER(trend, level_end),
    NUMBER_MEMBER(trend, hours_to_limit),
    NUMBER_MEMBER(trend, hours_low),
    NUMBER_MEMBER(trend, hours_high),
    BOOL_MEMBER(trend, beyond_projection),
    NUMBER_MEMBER(trend, first),
    NUMBER_MEMBER(trend, last),
    TEXT_MEMBER(trend, why),
};

static const struct member soak_rows[] = {
    TEXT_MEMBER(soak_found, memory_of),
    NUMBER_MEMBER(soak_found, memory_limit_mb),
    COUNT_MEMBER(soak_found, restarts, MEMBER_LARGEST),
    BOOL_MEMBER(soak_found, load_drifted),
};

static const struct {
    const char *name;
    size_t offset;
} trends[] = {
    {"memory", offsetof(struct soak_found, memory)},
    {"latency", offsetof(struct soak_found, latency)},
    {"errors", offsetof(struct soak_found, errors)},
    {"throughput", offsetof(struct soak_found, throughput)},
};

static void trend_add(cJSON *to, const struct trend *t) {
    members_add(to, t, trend_rows, COUNT(trend_rows));
    exact_numbers_add(to, "block_s", t->block_s, t->blocks);
    exact_numbers_add(to, "block", t->block, t->blocks);
    exact_numbers_add(to, "bic", t->bic, SHAPES);
}

static bool trend_read(const cJSON *from, struct trend *t, struct err *e) {
    if (!members_read(from, t, trend_rows, COUNT(trend_rows), e) ||
        !list_read(from, "block_s", SOAK_BLOCKS_MAX, &t->blocks, e))
        return false;
    return exact_numbers_read(from, "block_s", t->block_s, t->blocks, e) &&
           exact_numbers_read(from, "block", t->block, t->blocks, e) &&
           exact_numbers_read(from, "bic", t->bic, SHAPES, e) &&
           index_inside("step_block", t->step_block, t->blocks ? t->blocks : 1, e);
}

static size_t restarts_kept(const struct soak_found *f) {
    return f->restarts < SOAK_RESTARTS_MAX ? f->restarts : SOAK_RESTARTS_MAX;
}

void soak_found_add(cJSON *to, const struct soak_found *f) {
    members_add(to, f, soak_rows, COUNT(soak_rows));
    exact_numbers_add(to, "restart_s", f->restart_s, restarts_kept(f));
    for (size_t i = 0; i < COUNT(trends); i++)
        trend_add(cJSON_AddObjectToObject(to, trends[i].name),
                  (const struct trend *)(const void *)((const char *)f + trends[i].offset));
}

bool soak_found_read(const cJSON *from, struct soak_found *f, struct err *e) {
    if (!members_read(from, f, soak_rows, COUNT(soak_rows), e) ||
        !exact_numbers_read(from, "restart_s", f->restart_s, restarts_kept(f), e))
        return false;
    for (size_t i = 0; i < COUNT(trends); i++) {
        const cJSON *o = json_get_object(from, trends[i].name, e);
        if (!o || !trend_read(o, (struct trend *)(void *)((char *)f + trends[i].offset), e))
            return false;
    }
    return true;
}
