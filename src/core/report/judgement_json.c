#include "report/judgement_json.h"

#include <string.h>

#include "base/mem.h"
#include "report/found_json.h"
#include "report/json.h"
#include "report/members.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- words ------------------------------------------------------------------------------------ */

enum {
    VERDICTS = VERDICT_INVALID + 1,
    OPS = OP_MORE_EQUAL + 1,
    LEVELS = FINDING_STOP + 1,
    LINES_MOST = INT_MAX
};

static const char *verdict_word(int v) { return verdict_name((enum verdict)v); }
static const char *model_word(int m) { return model_name((enum model)m); }
static const char *op_word(int op) { return op_text((enum rule_op)op); }
static const char *level_word(int level) { return finding_level_name((enum finding_level)level); }

/* --- tables ----------------------------------------------------------------------------------- */

static const struct member judgement_rows[] = {
    WORD_MEMBER(judgement, verdict, VERDICTS, verdict_word),
    WORD_MEMBER(judgement, model, MODELS, model_word),
    TEXT_MEMBER(judgement, sentence),
    COUNT_MEMBER(judgement, stalls, MEMBER_LARGEST),
    NUMBER_MEMBER(judgement, stall_window_s),
    NUMBER_MEMBER(judgement, stall_median),
};

static const struct member window_rows[] = {
    BOOL_MEMBER(judged_window, steady),    NUMBER_MEMBER(judged_window, from_s),
    NUMBER_MEMBER(judged_window, to_s),    NUMBER_MEMBER(judged_window, requests),
    BOOL_MEMBER(judged_window, estimated),
};

static const struct member check_rows[] = {
    TEXT_MEMBER(check, metric),
    NUMBER_MEMBER(check, value),
    NUMBER_MEMBER(check, limit),
    TEXT_MEMBER(check, unit),
    WORD_MEMBER(check, op, OPS, op_word),
    TEXT_MEMBER(check, limit_from),
    WORD_MEMBER(check, status, VERDICTS, verdict_word),
    BOOL_MEMBER(check, near_limit),
    BOOL_MEMBER(check, required),
    NUMBER_MEMBER(check, low),
    NUMBER_MEMBER(check, high),
    TEXT_MEMBER(check, why),
    TEXT_MEMBER(check, waived_by),
    TEXT_MEMBER(check, waived_why),
};

static const struct member cause_rows[] = {
    TEXT_MEMBER(cause, id),        TEXT_MEMBER(cause, name),     TEXT_MEMBER(cause, evidence),
    TEXT_MEMBER(cause, points_at), TEXT_MEMBER(cause, excludes), TEXT_MEMBER(cause, look_next),
};

static const struct member finding_rows[] = {
    WORD_MEMBER(finding, level, LEVELS, level_word),
    TEXT_MEMBER(finding, kind),
    TEXT_MEMBER(finding, file),
    {"line", MEMBER_LONG, offsetof(struct finding, line), 0, LINES_MOST, NULL},
    TEXT_MEMBER(finding, text),
};

static const struct member_list lists[] = {
    {"checks", check_rows, COUNT(check_rows), offsetof(struct judgement, check),
     offsetof(struct judgement, checks), sizeof(struct check), CHECKS_MAX},
    {"causes", cause_rows, COUNT(cause_rows), offsetof(struct judgement, cause),
     offsetof(struct judgement, causes), sizeof(struct cause), CAUSES_MAX},
};

/* --- writing ---------------------------------------------------------------------------------- */

static void steps_add_to(cJSON *to, const struct judgement *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "steps");
    for (size_t i = 0; i < j->steps; i++)
        json_item(list, j->step[i]);
}

static size_t stalls_kept(const struct judgement *j) {
    return j->stalls < STALLS_MAX ? j->stalls : STALLS_MAX;
}

/* [from, length, from, length, ...] */
static void stalls_add_to(cJSON *to, const struct judgement *j) {
    double flat[2 * STALLS_MAX];
    size_t n = stalls_kept(j);
    for (size_t i = 0; i < n; i++) {
        flat[2 * i] = j->stall[i].from_s;
        flat[2 * i + 1] = j->stall[i].length_s;
    }
    exact_numbers_add(to, "stall_times", flat, 2 * n);
}

static void findings_add_to(cJSON *to, const struct findings *f) {
    cJSON *list = cJSON_AddArrayToObject(to, "findings");
    for (size_t i = 0; i < f->len; i++) {
        cJSON *o = cJSON_CreateObject();
        members_add(o, &f->item[i], finding_rows, COUNT(finding_rows));
        cJSON_AddItemToArray(list, o);
    }
}

cJSON *judgement_object(const struct judgement *j) {
    cJSON *o = cJSON_CreateObject();
    members_add(o, j, judgement_rows, COUNT(judgement_rows));
    members_add(cJSON_AddObjectToObject(o, "window"), &j->window, window_rows, COUNT(window_rows));
    for (size_t i = 0; i < COUNT(lists); i++)
        member_list_add(o, j, &lists[i]);
    steps_add_to(o, j);
    stalls_add_to(o, j);
    findings_add_to(o, &j->findings);
    if (j->has_stress)
        stress_found_add(cJSON_AddObjectToObject(o, "stress"), &j->stress);
    else
        cJSON_AddNullToObject(o, "stress");
    if (j->has_soak)
        soak_found_add(cJSON_AddObjectToObject(o, "soak"), &j->soak);
    else
        cJSON_AddNullToObject(o, "soak");
    return o;
}

char *report_judgement_json(const struct judgement *j) { return json_print(judgement_object(j)); }

/* --- reading ---------------------------------------------------------------------------------- */

static bool steps_read(const cJSON *from, struct judgement *j, struct err *e) {
    size_t n;
    const cJSON *list = list_read(from, "steps", STEPS_MAX, &n, e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (!text_item_read(it, j->step[j->steps], sizeof j->step[0]))
            return err_set(e, ERR_FORMAT, "member \"steps\" holds what is no text");
        j->steps++;
    }
    return true;
}

static bool stalls_read(const cJSON *from, struct judgement *j, struct err *e) {
    double flat[2 * STALLS_MAX];
    size_t n = stalls_kept(j);
    if (!exact_numbers_read(from, "stall_times", flat, 2 * n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        j->stall[i] = (struct stall){flat[2 * i], flat[2 * i + 1]};
    return true;
}

static bool findings_read(const cJSON *from, struct findings *f, struct err *e) {
    size_t n;
    const cJSON *list = list_read(from, "findings", FINDINGS_MAX, &n, e), *it;
    if (!list)
        return false;
    if (n > 0)
        f->item = mem_new(n, sizeof *f->item);
    f->cap = n;
    cJSON_ArrayForEach(it, list) {
        if (!members_read(it, &f->item[f->len++], finding_rows, COUNT(finding_rows), e))
            return false;
    }
    return true;
}

/* null: there is none. */
static const cJSON *optional_object(const cJSON *from, const char *name, bool *ok, struct err *e) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    bool none = cJSON_IsNull(it);
    const cJSON *o = none ? NULL : json_get_object(from, name, e);
    *ok = none || o;
    return o;
}

static bool models_read(const cJSON *from, struct judgement *j, struct err *e) {
    bool ok;
    const cJSON *stress = optional_object(from, "stress", &ok, e);
    if (!ok || (stress && !stress_found_read(stress, &j->stress, e)))
        return false;
    const cJSON *soak = optional_object(from, "soak", &ok, e);
    if (!ok || (soak && !soak_found_read(soak, &j->soak, e)))
        return false;
    j->has_stress = stress != NULL;
    j->has_soak = soak != NULL;
    return true;
}

bool judgement_object_read(const cJSON *from, struct judgement *j, struct err *e) {
    memset(j, 0, sizeof *j);
    if (!members_read(from, j, judgement_rows, COUNT(judgement_rows), e))
        return false;
    const cJSON *window = json_get_object(from, "window", e);
    if (!window || !members_read(window, &j->window, window_rows, COUNT(window_rows), e))
        return false;
    for (size_t i = 0; i < COUNT(lists); i++)
        if (!member_list_read(from, j, &lists[i], e))
            return false;
    return steps_read(from, j, e) && stalls_read(from, j, e) &&
           findings_read(from, &j->findings, e) && models_read(from, j, e);
}

bool report_judgement_read(const char *json, struct judgement *j, struct err *e) {
    memset(j, 0, sizeof *j);
    cJSON *root = json_parse(json, e);
    bool ok = root && judgement_object_read(root, j, e);
    cJSON_Delete(root);
    return ok;
}
