#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/k6/k6_recording.h"

/* Larger ones are no count and no time that a run can have. */
static const double value_most = 1e15;

static const char *const type_names[K6_TRACK_TYPES] = {"counter", "gauge", "rate", "trend"};

void k6_tracks_fini(struct k6_tracks *t) { free(t->item); }

/* --- the first line -------------------------------------------------------------------------- */

/* The one number of a gauge is called "value". */
static enum k6_stat stat_of(enum k6_track_type type, const char *word) {
    if (type == K6_GAUGE && strcmp(word, "value") == 0)
        return K6_MAX;
    return k6_stat_of(word, strlen(word));
}

bool k6_tracks_order(struct k6_tracks *t, const cJSON *aggregates) {
    for (int type = 0; type < K6_TRACK_TYPES; type++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(aggregates, type_names[type]), *it;
        t->stats[type] = 0;
        cJSON_ArrayForEach(it, list) if (t->stats[type] < K6_TRACK_STATS_MAX)
            t->stat[type][t->stats[type]++] =
            cJSON_IsString(it) ? stat_of((enum k6_track_type)type, it->valuestring) : K6_OTHER;
    }
    return t->stats[K6_COUNTER] && t->stats[K6_TREND];
}

/* --- metrics --------------------------------------------------------------------------------- */

/* The place of a name, or where it belongs. */
static size_t place(const struct k6_tracks *t, const char *name, bool *there) {
    size_t low = 0, high = t->len;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (strcmp(t->item[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *there = low < t->len && strcmp(t->item[low].name, name) == 0;
    return low;
}

struct k6_track *k6_track(const struct k6_tracks *t, const char *name) {
    bool there;
    size_t i = place(t, name, &there);
    return there ? &t->item[i] : NULL;
}

static enum k6_track_type type_of(const cJSON *declared) {
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(declared, "type");
    for (int i = 0; i < K6_TRACK_TYPES; i++)
        if (cJSON_IsString(type) && strcmp(type->valuestring, type_names[i]) == 0)
            return (enum k6_track_type)i;
    return K6_COUNTER;
}

void k6_tracks_declare(struct k6_tracks *t, const cJSON *data) {
    const cJSON *it;
    cJSON_ArrayForEach(it, data) {
        bool there;
        size_t i = it->string ? place(t, it->string, &there) : 0;
        if (!it->string || there || t->len == K6_TRACKS_MAX ||
            strlen(it->string) >= SCOPE_MAX_BYTES)
            continue;
        t->item = mem_grow(t->item, t->len, &t->cap, sizeof *t->item);
        memmove(t->item + i + 1, t->item + i, (t->len - i) * sizeof *t->item);
        t->len++;
        struct k6_track *m = &t->item[i];
        m->type = type_of(it);
        text_copy(m->name, sizeof m->name, it->string);
        for (int k = 0; k < K6_OTHER; k++)
            m->last[k] = NAN;
    }
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool is_value(const cJSON *v) {
    return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= value_most;
}

bool k6_tracks_fit(const struct k6_tracks *t, const cJSON *data) {
    const cJSON *it, *v;
    size_t n = 0;
    if (!cJSON_IsArray(data))
        return false;
    cJSON_ArrayForEach(it, data) {
        size_t values = 0;
        if (!cJSON_IsArray(it) || n == t->len)
            return false;
        cJSON_ArrayForEach(v, it) {
            if (!is_value(v))
                return false;
            values++;
        }
        if (values && values != t->stats[t->item[n].type])
            return false;
        n++;
    }
    return n == t->len;
}

double k6_track_value(const struct k6_tracks *t, const cJSON *data, const char *name,
                      enum k6_stat stat) {
    bool there;
    size_t i = place(t, name, &there);
    if (!there)
        return NAN;
    const cJSON *values = cJSON_GetArrayItem(data, (int)i), *v = values ? values->child : NULL;
    enum k6_track_type type = t->item[i].type;
    for (size_t k = 0; v && k < t->stats[type]; k++, v = v->next)
        if (t->stat[type][k] == stat)
            return v->valuedouble;
    return NAN;
}

static void keep(struct k6_track *m, enum k6_stat stat, double v) {
    if (stat != K6_OTHER)
        m->last[stat] = m->type == K6_GAUGE ? fmax(m->last[stat], v) : v;
}

void k6_tracks_keep(struct k6_tracks *t, const cJSON *data) {
    const cJSON *it, *v;
    struct k6_track *m = t->item;
    cJSON_ArrayForEach(it, data) {
        size_t k = 0;
        cJSON_ArrayForEach(v, it) keep(m, t->stat[m->type][k++], v->valuedouble);
        m++;
    }
}

/* --- rounding -------------------------------------------------------------------------------- */

struct figure k6_track_figure(double shown, long line) {
    double step = 1e-5;
    for (double top = 1; shown >= top && step < 1; top *= 10)
        step *= 10;
    return (struct figure){.value = shown, .low = shown, .high = shown + step, .line = line};
}

struct figure k6_failed_figure(double share, double n, long line) {
    /* A hair of room: a share that was exact may be a bit above itself in binary. */
    const double step = 1e-5, hair = 1e-9;
    double low = ceil(share * n - hair * n), high = floor((share + step) * n);
    double value = fmin(round(share * n), n);
    low = fmax(fmin(low, value), 0);
    high = fmin(fmax(high, value), n);
    if (share == 0 && high < 1)
        value = high = 0;
    return (struct figure){.value = value, .low = low, .high = high, .line = line};
}
