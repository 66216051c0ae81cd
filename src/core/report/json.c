#include "report/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/* cJSON itself takes 15 digits for enough when they are right but for the last bit. */
cJSON *json_number_new(double value) {
    char text[32];
    if (!isfinite(value))
        return cJSON_CreateNull();
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return cJSON_CreateRaw(text);
}

void json_number(cJSON *to, const char *name, double value) {
    cJSON_AddItemToObject(to, name, json_number_new(value));
}

void json_number_item(cJSON *list, double value) {
    cJSON_AddItemToArray(list, json_number_new(value));
}

void json_numbers(cJSON *to, const char *name, const double *value, int n) {
    cJSON *list = cJSON_AddArrayToObject(to, name);
    for (int i = 0; i < n; i++)
        json_number_item(list, value[i]);
}

/* JSON must be UTF-8 whatever a file name or a log line holds, and no control, bidirectional or
 * zero-width character may get to a terminal that shows it. */
static char *clean(const char *text) {
    size_t len = strlen(text);
    char *out = mem_new(len + 1, 1);
    text_clean(text, len, TEXT_LINES, out, len + 1);
    return out;
}

cJSON *json_text_new(const char *text) {
    char *ok = clean(text ? text : "");
    cJSON *it = cJSON_CreateString(ok);
    free(ok);
    return it;
}

void json_string(cJSON *to, const char *name, const char *text) {
    cJSON_AddItemToObject(to, name, json_text_new(text));
}

void json_text(cJSON *to, const char *name, const char *text) {
    if (text && text[0])
        json_string(to, name, text);
    else
        cJSON_AddNullToObject(to, name);
}

void json_item(cJSON *list, const char *text) { cJSON_AddItemToArray(list, json_text_new(text)); }

void json_words(cJSON *to, const char *name, const char *const *words) {
    cJSON *list = cJSON_AddArrayToObject(to, name);
    for (; words && *words; words++)
        json_item(list, *words);
}

void json_findings(cJSON *to, const struct findings *f) {
    cJSON *list = cJSON_AddArrayToObject(to, "findings");
    for (size_t i = 0; f && i < f->len; i++) {
        const struct finding *it = &f->item[i];
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "level", finding_level_name(it->level));
        json_text(o, "kind", it->kind);
        json_text(o, "file", it->file);
        json_number(o, "line", it->line > 0 ? (double)it->line : NAN);
        json_text(o, "text", it->text);
        cJSON_AddItemToArray(list, o);
    }
}

char *json_print(cJSON *object) {
    char *text = cJSON_Print(object);
    cJSON_Delete(object);
    if (!text)
        abort();
    return text;
}

static bool wrong(const char *name, const char *what, struct err *e) {
    return err_set(e, ERR_FORMAT, "member \"%s\" is missing or no %s", name, what);
}

bool json_get_number(const cJSON *from, const char *name, double *out, struct err *e) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    if (cJSON_IsNull(it)) {
        *out = NAN;
        return true;
    }
    if (!cJSON_IsNumber(it) || !isfinite(it->valuedouble))
        return wrong(name, "number", e);
    *out = it->valuedouble;
    return true;
}

bool json_get_text(const cJSON *from, const char *name, char *out, size_t size, struct err *e) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    if (cJSON_IsNull(it)) {
        out[0] = '\0';
        return true;
    }
    if (!cJSON_IsString(it))
        return wrong(name, "text", e);
    text_copy(out, size, it->valuestring);
    return true;
}

const cJSON *json_get_array(const cJSON *from, const char *name, struct err *e) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    if (!cJSON_IsArray(it)) {
        wrong(name, "list", e);
        return NULL;
    }
    return it;
}

const cJSON *json_get_object(const cJSON *from, const char *name, struct err *e) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    if (!cJSON_IsObject(it)) {
        wrong(name, "object", e);
        return NULL;
    }
    return it;
}

cJSON *json_parse(const char *text, struct err *e) {
    size_t len = strlen(text);
    if (len > REPORT_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "has more than %d bytes", REPORT_MAX_BYTES);
        return NULL;
    }
    const char *end = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, len + 1, &end, 1);
    if (cJSON_IsObject(root))
        return root;
    long line = 1;
    for (const char *p = text; p < end && *p; p++)
        line += *p == '\n';
    err_set(e, ERR_FORMAT, root ? "is no JSON object" : "is no JSON");
    err_at(e, NULL, line);
    cJSON_Delete(root);
    return NULL;
}
