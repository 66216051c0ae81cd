#include "sizing/sizing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/expr.h"
#include "base/text.h"
#include "base/unit.h"

const char *use_status_name(enum use_status s) {
    static const char *const names[] = {
        [USE_OK] = "ok", [USE_NEAR] = "near", [USE_OVER] = "over", [USE_NO_DATA] = "no_data"};
    return names[s];
}

/* What this program can read of a host, and how a need is held against it. */
enum fact_kind {
    KIND_USE,  /* needed / available against a margin */
    KIND_NONE, /* the less the better: anything above 0 is over */
    KIND_FLAG, /* needed only without keep-alive */
};

struct fact {
    const char *name, *title, *unit;
    enum fact_kind kind;
    double have;   /* NAN: could not be read */
    double margin; /* share that may be used */
    double scale;  /* the formula's unit in ours */
};

/* Near: the last tenth before the margin. */
static const double near_share = 0.9;

static const double mega = 1e6;

enum { FACTS = 8 };

static void fill_facts(struct fact fact[FACTS], const struct host *h, const struct rules *r,
                       const struct tool_need *need) {
    const struct margin_rules *m = &r->margin;
    double files = need->file_limit_hard ? h->files_hard : h->files_soft;
    const struct fact all[FACTS] = {
        {"cores", "CPU cores", "", KIND_USE, h->cores, m->cpu_use, 1},
        {"memory", "Memory free", "B", KIND_USE, h->memory_bytes, m->memory_use, mega},
        {"files", "Open files", "", KIND_USE, files, 1, 1},
        {"ports", "Local ports", "", KIND_USE, h->ports, m->ports_use, 1},
        {"tw_reuse", "Port reuse", "", KIND_FLAG, h->tw_reuse, 1, 1},
        {"network", "Network", "bit/s", KIND_USE, h->network_bit_s, m->network_use, 1},
        {"swap", "Swap in use", "B", KIND_NONE, h->swap_bytes, 1, 1},
        {"conntrack", "Tracked connections", "", KIND_USE, h->conntrack, 1, 1},
    };
    memcpy(fact, all, sizeof all);
}

enum { NAMES = 16 };

static size_t fill_names(struct expr_name n[NAMES], const struct profile *p,
                         const struct tool_need *need, const struct margin_rules *m,
                         double bytes_per_request) {
    double users = profile_most_users(p);
    const struct expr_name all[] = {
        {"rps", profile_top_rps(p)},
        {"users", users},
        {"requests", p->planned_requests},
        {"connections", users},       /* keep-alive: one per user */
        {"new_connections_per_s", 0}, /* keep-alive: none in the hold */
        {"bytes", bytes_per_request},
        {"base_mb", need->base_mb},
        {"mb_per_user", need->mb_per_user},
        {"bytes_per_request", need->bytes_per_request},
        {"rps_per_core", need->rps_per_core},
        {"files_per_user", need->files_per_user},
        {"extra_files", need->extra_files},
        {"users_per_instance", need->users_per_instance},
        {"cores_per_process", need->cores_per_process},
        {"time_wait", m->time_wait_s},
    };
    memcpy(n, all, sizeof all);
    return sizeof all / sizeof *all;
}

char *sizing_show(double value, const char *unit, char *out, size_t size) {
    if (isnan(value))
        snprintf(out, size, "unknown");
    else if (isinf(value))
        snprintf(out, size, "no limit");
    else if (strcmp(unit, "B") == 0)
        unit_show_bytes(value, out, size);
    else if (strcmp(unit, "bit/s") == 0) {
        char number[64];
        unit_show_short(value / mega, value < 10 * mega ? 1 : 0, number, sizeof number);
        snprintf(out, size, "%s Mbit/s", number);
    } else {
        unit_show(value, value < 10 && value != floor(value) ? 1 : 0, out, size);
    }
    return out;
}

/* "64 + 374 x 2 ..." is hard to read; the rule's own words with the result are enough. */
static void explain(struct host_check *c, const struct host_rule *rule, const struct fact *f) {
    char need[64], have[64], source[96];
    if (isnan(c->available))
        snprintf(source, sizeof source, "%.60s cannot be read here", rule->source);
    else
        snprintf(source, sizeof source, "has %s, read from %.60s",
                 sizing_show(c->available, f->unit, have, sizeof have), rule->source);
    if (isnan(c->needed))
        snprintf(c->how, sizeof c->how, "needs %.150s, not known without a measured baseline; %s",
                 rule->needed, source);
    else
        snprintf(c->how, sizeof c->how, "needs %s = %.150s; %s",
                 sizing_show(c->needed, f->unit, need, sizeof need), rule->needed, source);
}

static void judge_use(struct host_check *c, const struct fact *f) {
    if (isnan(c->needed) || isnan(c->available)) {
        c->use = NAN;
        c->status = USE_NO_DATA;
        return;
    }
    c->use = isinf(c->available) ? 0 : c->needed / c->available;
    c->status = c->use > f->margin ? USE_OVER : c->use > near_share * f->margin ? USE_NEAR : USE_OK;
}

static bool check_fact(struct host_check *c, const struct host_rule *rule, const struct fact *f,
                       const struct expr_name *names, size_t n, struct err *e) {
    c->available = f->have;
    text_copy(c->unit, sizeof c->unit, f->unit);
    text_copy(c->title, sizeof c->title, f->title);
    switch (f->kind) {
    case KIND_USE:
        if (!expr_eval(rule->needed, names, n, &c->needed, e))
            return false;
        c->needed *= f->scale;
        judge_use(c, f);
        explain(c, rule, f);
        return true;
    case KIND_NONE:
        c->needed = 0;
        c->use = NAN;
        c->status = isnan(f->have) ? USE_NO_DATA : f->have > 0 ? USE_OVER : USE_OK;
        snprintf(c->how, sizeof c->how, "%.160s, read from %.60s", rule->needed, rule->source);
        return true;
    case KIND_FLAG:
        c->needed = c->use = NAN;
        c->status = isnan(f->have) ? USE_NO_DATA : USE_OK;
        snprintf(c->how, sizeof c->how, "%.160s; the connections of this script are kept",
                 rule->needed);
        return true;
    }
    return true;
}

bool sizing_check(const struct profile *p, const char *tool, double bytes_per_request,
                  const struct host *host, const struct rules *rules,
                  struct host_check out[HOST_CHECKS_MAX], int *n, struct err *e) {
    *n = 0;
    const struct tool_need *need = rules_tool(rules, tool);
    if (!need)
        return err_set(e, ERR_FORMAT, "%s has no row for %s in \"Tool figures\"",
                       rules->doc[DOC_INFRASTRUCTURE].name, tool);
    struct fact fact[FACTS];
    struct expr_name names[NAMES];
    fill_facts(fact, host, rules, need);
    size_t count = fill_names(names, p, need, &rules->margin, bytes_per_request);
    for (size_t i = 0; i < rules->hosts; i++) {
        const struct host_rule *rule = &rules->host[i];
        struct host_check *c = &out[(*n)++];
        *c = (struct host_check){.needed = NAN, .available = NAN, .use = NAN};
        c->status = USE_NO_DATA;
        c->required = rule->required;
        c->line = rule->line;
        text_copy(c->fact, sizeof c->fact, rule->fact);
        text_copy(c->title, sizeof c->title, rule->fact);
        text_copy(c->fix, sizeof c->fix, rule->advice);
        snprintf(c->how, sizeof c->how, "perfscale cannot read this of a host");
        for (size_t f = 0; f < FACTS; f++)
            if (strcmp(fact[f].name, rule->fact) == 0 &&
                !check_fact(c, rule, &fact[f], names, count, e)) {
                char place[128];
                return err_at(e, rules_place(rules, DOC_INFRASTRUCTURE, 0, place, sizeof place),
                              rule->line);
            }
    }
    return true;
}
