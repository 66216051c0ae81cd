#include "report/summary_json.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/json.h"
#include "report/measured_json.h"

/* A figure: [value, low, high, line, quote]; figures that are not there are left out. */
static void add_figures(cJSON *to, const struct figure *f, int n) {
    cJSON *all = cJSON_AddObjectToObject(to, "figures");
    for (int m = 0; m < n; m++) {
        if (isnan(f[m].value))
            continue;
        cJSON *a = cJSON_AddArrayToObject(all, metric_name((enum metric)m));
        json_number_item(a, f[m].value);
        json_number_item(a, f[m].low);
        json_number_item(a, f[m].high);
        json_number_item(a, (double)f[m].line);
        char quote[QUOTE_MAX_BYTES];
        text_clean(f[m].quote, strlen(f[m].quote), TEXT_ONE_LINE, quote, sizeof quote);
        cJSON_AddItemToArray(a, cJSON_CreateString(quote));
    }
}

cJSON *summary_object(const struct summary *s) {
    cJSON *o = cJSON_CreateObject();
    json_text(o, "tool", s->tool);
    json_text(o, "format", s->format);
    json_text(o, "tool_version", s->tool_version);
    json_text(o, "stopped", s->stopped);
    json_text(o, "generator", s->generator);
    json_number(o, "blocks", s->blocks);
    json_number(o, "lines", (double)s->lines);
    add_figures(o, s->figure, METRICS);
    cJSON *list = cJSON_AddArrayToObject(o, "endpoints");
    for (size_t i = 0; i < s->endpoints; i++) {
        cJSON *p = cJSON_CreateObject();
        json_text(p, "name", s->endpoint[i].name);
        if (s->endpoint[i].transaction)
            cJSON_AddTrueToObject(p, "transaction");
        add_figures(p, s->endpoint[i].figure, ENDPOINT_METRICS);
        if (!isnan(s->endpoint[i].steady[METRIC_REQUESTS]))
            values_add(cJSON_AddObjectToObject(p, "steady"), s->endpoint[i].steady);
        cJSON_AddItemToArray(list, p);
    }
    list = cJSON_AddArrayToObject(o, "thresholds");
    for (size_t i = 0; i < s->thresholds; i++) {
        cJSON *t = cJSON_CreateObject();
        json_text(t, "metric", s->threshold[i].metric);
        json_text(t, "expr", s->threshold[i].expr);
        cJSON_AddBoolToObject(t, "ok", s->threshold[i].ok);
        cJSON_AddItemToArray(list, t);
    }
    measured_add(o, s);
    json_findings(o, &s->findings);
    return o;
}

char *report_summary_json(const struct summary *s) { return json_print(summary_object(s)); }

static bool read_figure(const cJSON *a, struct figure *f) {
    double number[4];
    for (int i = 0; i < 4; i++) {
        const cJSON *it = cJSON_GetArrayItem(a, i);
        if (!cJSON_IsNumber(it))
            return false;
        number[i] = it->valuedouble;
    }
    const cJSON *quote = cJSON_GetArrayItem(a, 4);
    if (!cJSON_IsString(quote) || !(number[3] >= 0 && number[3] < 1e15))
        return false;
    *f = (struct figure){
        .value = number[0], .low = number[1], .high = number[2], .line = (long)number[3]};
    text_copy(f->quote, sizeof f->quote, quote->valuestring);
    return true;
}

static bool read_figures(const cJSON *from, struct figure *f, int n, struct err *e) {
    const cJSON *all = json_get_object(from, "figures", e);
    if (!all)
        return false;
    for (int m = 0; m < n; m++) {
        const cJSON *a = cJSON_GetObjectItemCaseSensitive(all, metric_name((enum metric)m));
        f[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
        if (a && !read_figure(a, &f[m]))
            return err_set(e, ERR_FORMAT, "figure \"%s\" cannot be read",
                           metric_name((enum metric)m));
    }
    return true;
}

static bool read_endpoints(const cJSON *from, struct summary *s, struct err *e) {
    const cJSON *list = json_get_array(from, "endpoints", e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (s->endpoints == ENDPOINTS_MAX)
            return err_set(e, ERR_LIMIT, "has more than %d endpoints", ENDPOINTS_MAX);
        s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
        struct endpoint *p = &s->endpoint[s->endpoints++];
        *p = (struct endpoint){
            .transaction = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(it, "transaction"))};
        values_read(cJSON_GetObjectItemCaseSensitive(it, "steady"), p->steady);
        if (!json_get_text(it, "name", p->name, sizeof p->name, e) ||
            !read_figures(it, p->figure, ENDPOINT_METRICS, e))
            return false;
    }
    return true;
}

static bool read_thresholds(const cJSON *from, struct summary *s, struct err *e) {
    const cJSON *list = json_get_array(from, "thresholds", e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (s->thresholds == THRESHOLDS_MAX)
            return err_set(e, ERR_LIMIT, "has more than %d thresholds", THRESHOLDS_MAX);
        s->threshold =
            mem_grow(s->threshold, s->thresholds, &s->thresholds_cap, sizeof *s->threshold);
        struct threshold *t = &s->threshold[s->thresholds++];
        *t = (struct threshold){.ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(it, "ok"))};
        if (!json_get_text(it, "metric", t->metric, sizeof t->metric, e) ||
            !json_get_text(it, "expr", t->expr, sizeof t->expr, e))
            return false;
    }
    return true;
}

static enum finding_level level_of(const char *name) {
    enum finding_level level = FINDING_INFO;
    while (level < FINDING_STOP && strcmp(finding_level_name(level), name) != 0)
        level++;
    return level;
}

/* Runs that an older version stored have none. */
static bool read_findings(const cJSON *from, struct summary *s, struct err *e) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(from, "findings"), *it;
    cJSON_ArrayForEach(it, list) {
        char level[16];
        double line;
        struct finding *f = findings_add(&s->findings, FINDING_INFO, "", "%s", "");
        if (!json_get_text(it, "level", level, sizeof level, e) ||
            !json_get_text(it, "kind", f->kind, sizeof f->kind, e) ||
            !json_get_text(it, "file", f->file, sizeof f->file, e) ||
            !json_get_text(it, "text", f->text, sizeof f->text, e) ||
            !json_get_number(it, "line", &line, e))
            return false;
        f->level = level_of(level);
        f->line = line > 0 && line < 1e15 ? (long)line : 0;
    }
    return true;
}

/* tool is a static string in a summary: only names that we know can come back. */
static const char *static_tool(const char *name) {
    static const char *const known[] = {"k6", "locust", "jmeter", "series"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i]) == 0)
            return known[i];
    return "";
}

bool summary_object_read(const cJSON *o, struct summary *s, struct err *e) {
    char tool[16];
    double blocks, lines;
    if (!json_get_text(o, "tool", tool, sizeof tool, e) ||
        !json_get_text(o, "format", s->format, sizeof s->format, e) ||
        !json_get_text(o, "tool_version", s->tool_version, sizeof s->tool_version, e) ||
        !json_get_text(o, "stopped", s->stopped, sizeof s->stopped, e) ||
        !json_get_text(o, "generator", s->generator, sizeof s->generator, e) ||
        !json_get_number(o, "blocks", &blocks, e) || !json_get_number(o, "lines", &lines, e))
        return false;
    s->tool = static_tool(tool);
    s->blocks = blocks >= 0 && blocks < 1e6 ? (int)blocks : 0;
    s->lines = lines >= 0 && lines < 1e15 ? (long)lines : 0;
    return read_figures(o, s->figure, METRICS, e) && read_endpoints(o, s, e) &&
           read_thresholds(o, s, e) && measured_read(o, s, e) && read_findings(o, s, e);
}

bool report_summary_read(const char *json, struct summary *s, struct err *e) {
    summary_init(s);
    cJSON *root = json_parse(json, e);
    bool ok = root && summary_object_read(root, s, e);
    cJSON_Delete(root);
    return ok;
}

bool report_check_read_summary(const char *json, struct summary *s, struct err *e) {
    summary_init(s);
    cJSON *root = json_parse(json, e);
    const cJSON *o = root ? json_get_object(root, "summary", e) : NULL;
    bool ok = o && summary_object_read(o, s, e);
    cJSON_Delete(root);
    return ok;
}
