#include "sizing/sizing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "sizing/parts.h"

const char *use_status_name(enum use_status s) {
    static const char *const names[] = {
        [USE_OK] = "ok", [USE_NEAR] = "near", [USE_OVER] = "over", [USE_NO_DATA] = "no_data"};
    return names[s];
}

/* Near: the last tenth before the margin. */
static const double near_share = 0.9;

/* --- numbers for people --- */

/* "0.49", "2.2": the third place only when it says something. */
static void show_version(double version, char *out, size_t size) {
    long number = lround(version);
    if (number == 0)
        snprintf(out, size, "none");
    else if (number % 1000 == 0)
        snprintf(out, size, "%ld.%ld", number / 1000000, number / 1000 % 1000);
    else
        snprintf(out, size, "%ld.%ld.%ld", number / 1000000, number / 1000 % 1000, number % 1000);
}

static void show_link(double bit_s, char *out, size_t size) {
    char number[64];
    bool giga = bit_s >= 1e9;
    double value = giga ? bit_s / 1e9 : bit_s / 1e6;
    snprintf(out, size, "%s %s", unit_show_short(value, value < 10 ? 1 : 0, number, sizeof number),
             giga ? "Gbit/s" : "Mbit/s");
}

char *sizing_show(double value, const char *unit, char *out, size_t size) {
    if (isnan(value))
        snprintf(out, size, "unknown");
    else if (isinf(value))
        snprintf(out, size, "no limit");
    else if (strcmp(unit, "B") == 0)
        unit_show_bytes(value, out, size);
    else if (strcmp(unit, "bit/s") == 0)
        show_link(value, out, size);
    else if (strcmp(unit, "version") == 0)
        show_version(value, out, size);
    else
        unit_show(value, value < 100 && value != floor(value) ? 1 : 0, out, size);
    return out;
}

/* --- explanations --- */

/* "has 28,112 of 28,232: the rest is in use, read from ip_local_port_range". */
static void explain_source(const struct host_check *c, const struct host_rule *rule,
                           const struct fact *f, char *out, size_t size) {
    char left[64], all[64];
    sizing_show(c->available, f->unit, left, sizeof left);
    sizing_show(f->have, f->unit, all, sizeof all);
    if (isnan(c->available))
        snprintf(out, size, "%.60s cannot be read here", rule->source);
    else if (c->available < f->have)
        snprintf(out, size, "has %s of %s, the rest is in use now, read from %.60s", left, all,
                 rule->source);
    else
        snprintf(out, size, "has %s, read from %.60s", left, rule->source);
}

/* "64 + 374 x 2 ..." is hard to read; the rule's own words with the result are enough. */
static void explain(struct host_check *c, const struct sizing *z, const struct host_rule *rule,
                    const struct fact *f) {
    char need[64], source[240], who[32] = "";
    explain_source(c, rule, f, source, sizeof source);
    if (z->machines > 1)
        snprintf(who, sizeof who, "each of %d machines ", z->machines);
    if (isnan(c->needed))
        snprintf(c->how, sizeof c->how, "%sneeds %.110s, %s; %s", who, rule->needed, f->unknown,
                 source);
    else
        snprintf(c->how, sizeof c->how, "%sneeds %s = %.110s; %s", who,
                 sizing_show(c->needed, f->unit, need, sizeof need), rule->needed, source);
}

/* --- the kinds of checks --- */

static void judge_use(struct host_check *c, const struct fact *f) {
    if (isnan(c->needed) || isnan(c->available)) {
        c->use = NAN;
        c->status = USE_NO_DATA;
        return;
    }
    c->use = isinf(c->available) ? 0 : c->needed / c->available;
    c->status = c->use > f->margin ? USE_OVER : c->use > near_share * f->margin ? USE_NEAR : USE_OK;
}

/* "ulimit -n 250000" is refused above the hard limit: then the command that raises both. */
static void fix_files(struct host_check *c, const struct sizing *z) {
    static const char ulimit[] = "ulimit -n ";
    double hard = z->host->files_hard;
    if (!text_starts(c->fix, ulimit))
        return;
    double asked = atof(c->fix + strlen(ulimit));
    if (!(asked > hard))
        return;
    if (!z->need->file_limit_hard && c->needed <= near_share * hard)
        snprintf(c->fix, sizeof c->fix, "%s%.0f", ulimit, hard);
    else
        snprintf(c->fix, sizeof c->fix, "sudo prlimit --pid $$ --nofile=%.0f:%.0f", asked, asked);
}

static bool check_use(struct host_check *c, const struct sizing *z, const struct host_rule *rule,
                      const struct fact *f, struct err *e) {
    c->available = fact_left(f);
    if (!sizing_need(z, rule, f, &c->needed, e))
        return false;
    judge_use(c, f);
    explain(c, z, rule, f);
    if (strcmp(f->name, "files") == 0)
        fix_files(c, z);
    return true;
}

static bool check_none(struct host_check *c, const struct sizing *z, const struct host_rule *rule,
                       const struct fact *f, struct err *e) {
    (void)z;
    (void)e;
    c->needed = 0;
    c->available = f->have;
    c->status = isnan(f->have) ? USE_NO_DATA : f->have > 0 ? USE_OVER : USE_OK;
    snprintf(c->how, sizeof c->how, "%.160s, read from %.60s", rule->needed, rule->source);
    return true;
}

static const struct host_rule *rule_of(const struct rules *r, const char *fact) {
    for (size_t i = 0; i < r->hosts; i++)
        if (strcmp(r->host[i].fact, fact) == 0)
            return &r->host[i];
    return NULL;
}

/* Whether the ports are enough as they are; not when that cannot be known. */
static bool ports_are_enough(const struct sizing *z, bool *enough, struct err *e) {
    const struct host_rule *rule = rule_of(z->rules, "ports");
    struct fact fact[FACTS];
    int n = sizing_facts_of(z, fact);
    *enough = false;
    for (int i = 0; rule && i < n; i++) {
        double needed;
        if (strcmp(fact[i].name, rule->fact) != 0)
            continue;
        if (!sizing_need(z, rule, &fact[i], &needed, e))
            return false;
        *enough = needed <= fact[i].margin * fact_left(&fact[i]);
    }
    return true;
}

static bool check_reuse(struct host_check *c, const struct sizing *z, const struct host_rule *rule,
                        const struct fact *f, struct err *e) {
    static const char *const why[] = {"the connections of this script are kept",
                                      "the ports are enough without it",
                                      "nothing is kept alive, and the ports are not enough",
                                      "nothing is kept alive, and closed ports are used again"};
    bool enough;
    if (!ports_are_enough(z, &enough, e))
        return false;
    int state = !z->facts->new_connections ? 0 : f->have == 1 ? 3 : enough ? 1 : 2;
    c->available = f->have;
    c->needed = state >= 2 ? 1 : NAN;
    c->status = isnan(f->have) ? USE_NO_DATA : state == 2 ? USE_OVER : USE_OK;
    snprintf(c->how, sizeof c->how, "%.160s; %s", rule->needed, why[state]);
    return true;
}

static bool check_version(struct host_check *c, const struct sizing *z,
                          const struct host_rule *rule, const struct fact *f, struct err *e) {
    (void)f;
    (void)e;
    const char *version = z->facts->tool_version ? z->facts->tool_version : "";
    double least = rules_least_version(rule->needed, z->need->tool);
    c->needed = least;
    c->available = z->facts->tool_missing ? 0 : rules_version(version);
    if (z->facts->tool_missing)
        snprintf(c->how, sizeof c->how, "not in PATH; the command of the run needs it");
    else if (isnan(c->available))
        snprintf(c->how, sizeof c->how, "%.60s does not say it", rule->source);
    else
        snprintf(c->how, sizeof c->how, "found in PATH: %.32s", version);
    c->status = isnan(c->available)                              ? USE_NO_DATA
                : c->available < least || z->facts->tool_missing ? USE_OVER
                                                                 : USE_OK;
    return true;
}

typedef bool check_fn(struct host_check *, const struct sizing *, const struct host_rule *,
                      const struct fact *, struct err *);
static check_fn *const check_of[] = {
    [KIND_USE] = check_use,
    [KIND_NONE] = check_none,
    [KIND_REUSE] = check_reuse,
    [KIND_VERSION] = check_version,
};

/* --- the check --- */

static bool check_rule(struct host_check *c, const struct sizing *z, const struct host_rule *rule,
                       struct err *e) {
    struct fact fact[FACTS];
    int n = sizing_facts_of(z, fact);
    *c = (struct host_check){.needed = NAN,
                             .available = NAN,
                             .use = NAN,
                             .status = USE_NO_DATA,
                             .required = rule->required,
                             .line = rule->line};
    text_copy(c->fact, sizeof c->fact, rule->fact);
    text_copy(c->title, sizeof c->title, rule->fact);
    text_copy(c->fix, sizeof c->fix, rule->advice);
    snprintf(c->how, sizeof c->how, "perfscale cannot read this of a host");
    for (int i = 0; i < n; i++) {
        if (strcmp(fact[i].name, rule->fact) != 0)
            continue;
        text_copy(c->unit, sizeof c->unit, fact[i].unit);
        text_copy(c->title, sizeof c->title, fact[i].title);
        return check_of[fact[i].kind](c, z, rule, &fact[i], e);
    }
    return true;
}

bool sizing_check(const struct profile *p, const char *tool, const struct sizing_facts *facts,
                  const struct host *host, const struct rules *rules,
                  struct host_check out[HOST_CHECKS_MAX], int *n, struct err *e) {
    struct sizing z = {.p = p,
                       .facts = facts,
                       .host = host,
                       .rules = rules,
                       .machines = p->generators > 1 ? p->generators : 1};
    *n = 0;
    if (!sizing_begin(&z, tool, e))
        return false;
    for (size_t i = 0; i < rules->hosts; i++)
        if (!check_rule(&out[(*n)++], &z, &rules->host[i], e))
            return false;
    return true;
}
