#include "report/members.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/json.h"

/* --- numbers --- */

static cJSON *number_item(double x) {
    if (isinf(x))
        return cJSON_CreateString(x < 0 ? "-inf" : "inf");
    return json_number_new(x);
}

static bool number_read(const cJSON *it, double *out) {
    if (cJSON_IsNull(it))
        *out = NAN;
    else if (cJSON_IsNumber(it) && isfinite(it->valuedouble))
        *out = it->valuedouble;
    else if (cJSON_IsString(it) && strcmp(it->valuestring, "inf") == 0)
        *out = INFINITY;
    else if (cJSON_IsString(it) && strcmp(it->valuestring, "-inf") == 0)
        *out = -INFINITY;
    else
        return false;
    return true;
}

void exact_numbers_add(cJSON *to, const char *name, const double *value, size_t n) {
    cJSON *list = cJSON_AddArrayToObject(to, name);
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(list, number_item(value[i]));
}

bool exact_numbers_read(const cJSON *from, const char *name, double *out, size_t n, struct err *e) {
    size_t have;
    const cJSON *list = list_read(from, name, n, &have, e), *it;
    if (!list)
        return false;
    if (have != n)
        return err_set(e, ERR_FORMAT, "member \"%s\" has not %zu values", name, n);
    cJSON_ArrayForEach(it, list) {
        if (!number_read(it, out++))
            return err_set(e, ERR_FORMAT, "member \"%s\" holds what is no number", name);
    }
    return true;
}

/* --- one member: written and read by its kind --- */

static void *at_offset(void *of, size_t offset) { return (char *)of + offset; }

static cJSON *integer_item(const void *at, enum member_kind kind) {
    int i;
    long l;
    int64_t large;
    size_t n;
    switch (kind) {
    case MEMBER_LONG:
        memcpy(&l, at, sizeof l);
        return json_number_new((double)l);
    case MEMBER_INT64:
        memcpy(&large, at, sizeof large);
        return json_number_new((double)large);
    case MEMBER_COUNT:
        memcpy(&n, at, sizeof n);
        return json_number_new((double)n);
    default:
        memcpy(&i, at, sizeof i);
        return json_number_new(i);
    }
}

static cJSON *member_item(const void *at, const struct member *m) {
    double x;
    bool yes;
    int value;
    switch (m->kind) {
    case MEMBER_NUMBER:
        memcpy(&x, at, sizeof x);
        return number_item(x);
    case MEMBER_TEXT:
        return json_text_new(at);
    case MEMBER_BOOL:
        memcpy(&yes, at, sizeof yes);
        return cJSON_CreateBool(yes);
    case MEMBER_WORD:
        memcpy(&value, at, sizeof value);
        return cJSON_CreateString(m->word(value));
    default:
        return integer_item(at, m->kind);
    }
}

void members_add(cJSON *to, const void *from, const struct member *row, size_t rows) {
    for (size_t i = 0; i < rows; i++)
        cJSON_AddItemToObject(to, row[i].name,
                              member_item((const char *)from + row[i].offset, &row[i]));
}

static bool integer_read(const cJSON *it, void *at, const struct member *m) {
    double x = cJSON_IsNumber(it) ? it->valuedouble : NAN;
    if (!(x >= (double)m->least && x <= (double)m->most) || x != floor(x))
        return false;
    int i = m->kind == MEMBER_INT ? (int)x : 0;
    int64_t large = (int64_t)x;
    long l = (long)x;
    size_t n = x >= 0 ? (size_t)x : 0;
    if (m->kind == MEMBER_INT)
        memcpy(at, &i, sizeof i);
    else if (m->kind == MEMBER_LONG)
        memcpy(at, &l, sizeof l);
    else if (m->kind == MEMBER_INT64)
        memcpy(at, &large, sizeof large);
    else
        memcpy(at, &n, sizeof n);
    return true;
}

static bool word_read(const cJSON *it, void *at, const struct member *m) {
    for (int value = 0; cJSON_IsString(it) && value < m->most; value++)
        if (strcmp(m->word(value), it->valuestring) == 0) {
            memcpy(at, &value, sizeof value);
            return true;
        }
    return false;
}

bool text_item_read(const cJSON *it, char *out, size_t size) {
    if (!cJSON_IsString(it))
        return false;
    text_clean(it->valuestring, strlen(it->valuestring), TEXT_LINES, out, size);
    return true;
}

static bool member_read(const cJSON *it, void *at, const struct member *m) {
    double x;
    bool yes = cJSON_IsTrue(it);
    switch (m->kind) {
    case MEMBER_NUMBER:
        if (!number_read(it, &x))
            return false;
        memcpy(at, &x, sizeof x);
        return true;
    case MEMBER_TEXT:
        return text_item_read(it, at, (size_t)m->most);
    case MEMBER_BOOL:
        memcpy(at, &yes, sizeof yes);
        return cJSON_IsBool(it);
    case MEMBER_WORD:
        return word_read(it, at, m);
    default:
        return integer_read(it, at, m);
    }
}

bool members_read(const cJSON *from, void *to, const struct member *row, size_t rows,
                  struct err *e) {
    for (size_t i = 0; i < rows; i++) {
        const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, row[i].name);
        if (!it)
            return err_set(e, ERR_FORMAT, "member \"%s\" is missing", row[i].name);
        if (!member_read(it, at_offset(to, row[i].offset), &row[i]))
            return err_set(e, ERR_FORMAT, "member \"%s\" holds what cannot be", row[i].name);
    }
    return true;
}

/* --- lists --- */

const cJSON *list_read(const cJSON *from, const char *name, size_t most, size_t *n, struct err *e) {
    const cJSON *list = json_get_array(from, name, e);
    if (!list)
        return NULL;
    *n = (size_t)cJSON_GetArraySize(list);
    if (*n > most) {
        err_set(e, ERR_LIMIT, "member \"%s\" has more than %zu items", name, most);
        return NULL;
    }
    return list;
}

void member_list_add(cJSON *to, const void *from, const struct member_list *l) {
    cJSON *list = cJSON_AddArrayToObject(to, l->name);
    size_t n;
    memcpy(&n, (const char *)from + l->count, sizeof n);
    for (size_t i = 0; i < n && i < l->most; i++) {
        cJSON *o = cJSON_CreateObject();
        members_add(o, (const char *)from + l->offset + i * l->size, l->row, l->rows);
        cJSON_AddItemToArray(list, o);
    }
}

bool member_list_read(const cJSON *from, void *to, const struct member_list *l, struct err *e) {
    size_t n, i = 0;
    const cJSON *list = list_read(from, l->name, l->most, &n, e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (!members_read(it, at_offset(to, l->offset + i++ * l->size), l->row, l->rows, e))
            return false;
    }
    memcpy(at_offset(to, l->count), &n, sizeof n);
    return true;
}
