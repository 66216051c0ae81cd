/* perfscale compare: two stored runs. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/report.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/stored.h"

struct compare_words {
    const char *dir;
    bool json;
};

enum { ENDPOINTS_SHOWN = 40 };

static const struct option options[] = {
    {"--dir", "DIR", "the workspace; default: this directory", offsetof(struct compare_words, dir),
     NULL},
    {"--json", NULL, "one JSON object", offsetof(struct compare_words, json), NULL},
    {0},
};

/* --- text --- */

static char *show_value(const struct compared *f, double value, char *out, size_t size) {
    if (strcmp(f->unit, "ms") == 0)
        return unit_show_ms(value, out, size);
    if (!f->unit[0])
        return unit_show_share(value, out, size);
    return unit_show(value, strcmp(f->unit, "count") == 0 ? 0 : 1, out, size);
}

/* "-60.3 %"; of a share points: "-0.39 pt". */
static char *show_change(const struct compared *f, char *out, size_t size) {
    if (isnan(f->difference))
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%+.*f %s", f->unit[0] ? 1 : 2, 100 * f->difference,
                 f->unit[0] ? "%" : "pt");
    return out;
}

static enum mark mark_of_reading(const struct compared *f) {
    static const enum mark marks[] = {[READING_UNKNOWN] = MARK_NODATA,
                                      [READING_NOISE] = MARK_NONE,
                                      [READING_BETTER] = MARK_OK,
                                      [READING_WORSE] = MARK_BROKEN};
    return f->read ? marks[f->reading] : MARK_NONE;
}

static void add_figure(struct table *t, const struct compared *f) {
    char a[32], b[32], change[32], reading[128] = "";
    if (f->read)
        snprintf(reading, sizeof reading, "%s%s%s", reading_name(f->reading),
                 f->also[0] ? ", " : "", f->also);
    table_add(t, (const char *const[]){mark_sign(mark_of_reading(f)), f->metric,
                                       show_value(f, f->a, a, sizeof a),
                                       show_value(f, f->b, b, sizeof b),
                                       show_change(f, change, sizeof change), reading, f->why});
}

static void print_figures(const struct comparison *c, const char *what, const struct compared *f,
                          size_t n) {
    struct table t;
    char a[24], b[24];
    snprintf(a, sizeof a, "Run %lld", (long long)c->a);
    snprintf(b, sizeof b, "Run %lld", (long long)c->b);
    table_init(&t, "llrrrll");
    table_add(&t, (const char *const[]){" ", what, a, b, "Change", "Reading", "Because"});
    for (size_t i = 0; i < n; i++)
        add_figure(&t, &f[i]);
    print("\n");
    table_print(&t, 0);
}

static void print_setup(const struct comparison *c) {
    if (c->sames)
        print("\nSame      ");
    for (size_t i = 0; i < c->sames; i++)
        print("%s%s", i ? ", " : "", c->same[i]);
    print(c->sames ? "\n" : "");
    for (size_t i = 0; i < c->differ; i++) {
        const struct differs *d = &c->differs[i];
        print_one("%s %s: %s, then %s%s%s", mark_sign(MARK_NEAR), d->field,
                  d->a[0] ? d->a : "not known", d->b[0] ? d->b : "not known", d->why[0] ? "; " : "",
                  d->why);
    }
    if (c->script_added > 0 || c->script_removed > 0)
        print_one("  lines of the script: -%ld +%ld", c->script_removed, c->script_added);
}

static void print_comparison(const struct comparison *c) {
    print_one("Run %lld with run %lld: %s", (long long)c->a, (long long)c->b,
              c->grade == GRADE_SAME ? "comparable" : "comparable, with differences");
    print_one("%s", c->sentence);
    print_setup(c);
    if (c->of[0])
        print("\nFigures of the %s.\n", c->of);
    print_figures(c, "Metric", c->figure, c->figures);
    size_t shown = c->endpoints < ENDPOINTS_SHOWN ? c->endpoints : ENDPOINTS_SHOWN;
    if (shown)
        print_figures(c, "p95 by endpoint", c->endpoint, shown);
    if (shown < c->endpoints)
        print_one("  %zu more endpoints; --json has them all.", c->endpoints - shown);
    if (c->only_a || c->only_b)
        print_one("  Endpoints of run %lld alone: %zu, of run %lld alone: %zu.", (long long)c->a,
                  c->only_a, (long long)c->b, c->only_b);
}

/* --- not comparable --- */

/* The object says which fields differ; the error in it is what other verbs end with. */
static char *refused_json(const struct comparison *c, const struct err *e) {
    char *compared = report_compare_json(c), *error = report_error_json(e);
    cJSON *o = cJSON_Parse(compared), *why = cJSON_Parse(error);
    cJSON_AddItemToObject(o, "error", cJSON_DetachItemFromObject(why, "error"));
    char *out = cJSON_Print(o);
    cJSON_Delete(o);
    cJSON_Delete(why);
    cJSON_free(compared);
    cJSON_free(error);
    return out;
}

static bool refuse(const struct comparison *c, bool json, int *status, struct err *e) {
    static const char begin[] = "Not comparable: ";
    const char *why = c->sentence + (text_starts(c->sentence, begin) ? strlen(begin) : 0);
    err_set(e, ERR_REFUSED, "runs %lld and %lld are not comparable: %s", (long long)c->a,
            (long long)c->b, why);
    if (!json)
        return false;
    *status = print_error(e, false);
    print_json(refused_json(c, e));
    return true;
}

/* --- the verb --- */

static bool compare(struct session *s, const struct operands *ops, bool json, int *status,
                    struct err *e) {
    int64_t a, b;
    if (!stored_id(s, ops->item[0], &a, e) || !stored_id(s, ops->item[1], &b, e))
        return false;
    if (a == b) {
        err_set(e, ERR_USAGE, "both are run %lld", (long long)a);
        return err_fix(e, "name two runs");
    }
    if (!session_compare(s, a, b, e))
        return false;
    const struct comparison *c = session_comparison(s);
    if (c->grade == GRADE_NOT_COMPARABLE)
        return refuse(c, json, status, e);
    if (json)
        print_json(report_compare_json(c));
    else
        print_comparison(c);
    return true;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct compare_words w = {0};
    struct operands ops;
    struct session s;
    *status = 0;
    if (!options_read(&verb_compare, argc, argv, &w, &ops, e) ||
        !stored_operands(&verb_compare, &ops, 2, e))
        return false;
    bool ok = stored_open(&s, w.dir, e) && compare(&s, &ops, w.json, status, e);
    session_close(&s);
    return ok;
}

const struct verb verb_compare = {
    .name = "compare",
    .operands = "ID ID",
    .most = 2,
    .help = "two stored runs: each figure, and whether its change is real or noise",
    .more = stored_help,
    .options = options,
    .run = run,
};
