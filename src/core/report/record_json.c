/* A row of the store, opened. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/json.h"
#include "report/judgement_json.h"
#include "report/members.h"
#include "report/report.h"
#include "report/summary_json.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- the files it stands on ------------------------------------------------------------------- */

#define EXACT_MOST (1LL << 53) /* larger whole numbers are not exact in JSON */

static const struct member file_rows[] = {
    TEXT_MEMBER(record_file, name),
    TEXT_MEMBER(record_file, kind),
    INT64_MEMBER(record_file, bytes, 0, EXACT_MOST),
    INT64_MEMBER(record_file, mtime_ms, -EXACT_MOST, EXACT_MOST),
    TEXT_MEMBER(record_file, sha256),
};

char *report_files_json(const struct record_file *file, size_t n) {
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        cJSON *o = cJSON_CreateObject();
        members_add(o, &file[i], file_rows, COUNT(file_rows));
        cJSON_AddItemToArray(list, o);
    }
    return json_print(list);
}

static bool is_file(const struct record_file *f) {
    size_t len = strlen(f->sha256);
    return (len == 0 || len == DIGEST_BYTES - 1) && strspn(f->sha256, "0123456789abcdef") == len &&
           f->name[0] &&
           (strcmp(f->kind, "result") == 0 || strcmp(f->kind, "script") == 0 ||
            strcmp(f->kind, "rules") == 0);
}

static bool read_list(const cJSON *list, struct record *out, struct err *e) {
    const cJSON *it;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_FORMAT, "is no list");
    if (cJSON_GetArraySize(list) > RECORD_FILES_MAX)
        return err_set(e, ERR_LIMIT, "has more than %d files", RECORD_FILES_MAX);
    cJSON_ArrayForEach(it, list) {
        struct record_file *f = &out->file[out->files];
        if (!members_read(it, f, file_rows, COUNT(file_rows), e))
            return false;
        if (!is_file(f))
            return err_set(e, ERR_FORMAT, "file %zu has a name, kind or hash that cannot be",
                           out->files + 1);
        out->files++;
    }
    return true;
}

static bool read_files(struct record *out, struct err *e) {
    if (!out->is.files_json)
        return true;
    cJSON *list = cJSON_Parse(out->is.files_json);
    bool ok = read_list(list, out, e);
    cJSON_Delete(list);
    return ok;
}

/* --- figures and verdict ---------------------------------------------------------------------- */

static bool read_parts(const cJSON *root, struct record *out, struct err *e) {
    const cJSON *summary = json_get_object(root, "summary", e);
    if (!summary || !summary_object_read(summary, &out->run, e))
        return false;
    const cJSON *judgement = cJSON_GetObjectItemCaseSensitive(root, "judgement");
    out->judged_anew = !judgement;
    return out->judged_anew || judgement_object_read(judgement, &out->judgement, e);
}

static bool read_check(struct record *out, struct err *e) {
    if (!out->is.check_json)
        return err_set(e, ERR_FORMAT, "has no result");
    cJSON *root = json_parse(out->is.check_json, e);
    bool ok = root && read_parts(root, out, e);
    cJSON_Delete(root);
    return ok;
}

/* Only a plan of the workflow says it. */
static void read_base_url(struct record *out) {
    cJSON *root = cJSON_Parse(out->is.plan_json);
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(root, "base_url");
    if (cJSON_IsString(url))
        text_copy(out->base_url, sizeof out->base_url, url->valuestring);
    cJSON_Delete(root);
}

static bool read_plan(struct record *out, struct err *e) {
    if (!out->is.plan_json)
        return true;
    out->has_profile = report_plan_read(out->is.plan_json, &out->profile, e);
    if (out->has_profile)
        read_base_url(out);
    return out->has_profile;
}

/* --- all -------------------------------------------------------------------------------------- */

static const struct {
    const char *what;
    bool (*read)(struct record *out, struct err *e);
} texts[] = {{"check_json", read_check}, {"plan_json", read_plan}, {"files_json", read_files}};

bool report_record_read(struct run *r, struct record *out, struct err *e) {
    record_init(out);
    out->is = *r;
    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct err why = {0};
        if (texts[i].read(out, &why))
            continue;
        return err_set(e, ERR_FORMAT, "run %lld cannot be read: its %s: %.300s",
                       (long long)out->is.id, texts[i].what, why.text);
    }
    return true;
}
