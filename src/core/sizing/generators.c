/* How many machines like this one carry a load. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "sizing/parts.h"

/* The share of each of n machines fits into what one has. NAN on either side: nothing is known
 * that speaks against it. */
static bool share_fits(const struct sizing *whole, int n, const struct host_rule *rule,
                       const struct fact *f, bool *fits, struct err *e) {
    struct sizing z = *whole;
    double needed, most = f->margin * fact_left(f);
    z.machines = n;
    if (!sizing_need(&z, rule, f, &needed, e))
        return false;
    *fits = !(needed > most);
    return true;
}

/* The least number for one rule; GENERATORS_MAX + 1: more than that, or no number helps. */
static bool machines_for(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                         int *machines, struct err *e) {
    bool fits = false;
    for (*machines = 0; !fits && *machines <= GENERATORS_MAX;)
        if (!share_fits(z, ++*machines, rule, f, &fits, e))
            return false;
    return true;
}

static void say_more(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                     int machines, struct findings *why) {
    char need[64], have[64];
    double needed = NAN;
    sizing_need(z, rule, f, &needed, NULL);
    sizing_show(needed, f->unit, need, sizeof need);
    sizing_show(f->margin * fact_left(f), f->unit, have, sizeof have);
    if (machines > GENERATORS_MAX)
        findings_add(why, FINDING_WARNING, "generators",
                     "%s: needs %s, one machine like this may use %s. %d machines are not enough.",
                     f->title, need, have, GENERATORS_MAX);
    else
        findings_add(why, FINDING_INFO, "generators",
                     "%s: needs %s, one machine like this may use %s: %d machines.", f->title, need,
                     have, machines);
}

/* What another machine does not help, in the words of the rule. */
static void say_raise(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                      struct findings *why) {
    char need[64], have[64];
    double needed = NAN;
    sizing_need(z, rule, f, &needed, NULL);
    findings_add(why, FINDING_WARNING, "generators",
                 "%s: needs %s, has %s. Raise this first, more machines are not the answer: "
                 "%.160s",
                 f->title, sizing_show(needed, f->unit, need, sizeof need),
                 sizing_show(fact_left(f), f->unit, have, sizeof have), rule->advice);
}

static bool count_rule(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                       int *most, struct findings *why, struct err *e) {
    int machines = 1;
    bool fits;
    if (!share_fits(z, 1, rule, f, &fits, e))
        return false;
    if (fits)
        return true;
    if (!f->divides) {
        say_raise(z, rule, f, why);
        return true;
    }
    if (!machines_for(z, rule, f, &machines, e))
        return false;
    say_more(z, rule, f, machines, why);
    *most = machines > *most ? machines : *most;
    return true;
}

/* A team's document may have no row "users"; its figure counts all the same. */
static void count_users(const struct sizing *z, int *most) {
    double n = ceil((double)profile_most_users(z->p) / z->need->users_per_instance);
    if (n > *most)
        *most = n > GENERATORS_MAX ? GENERATORS_MAX + 1 : (int)n;
}

static void say_how(const struct sizing *z, int machines, struct findings *why) {
    const struct generator_rule *rule = rules_generator(z->rules, z->need->tool);
    if (machines > 1 && machines <= GENERATORS_MAX && rule)
        findings_add(why, FINDING_INFO, "generators",
                     "%d machines. %.20s: %.120s. By hand: %.120s.", machines, rule->tool,
                     rule->how, rule->by_hand);
}

int sizing_generators(const struct profile *p, const char *tool, const struct sizing_facts *facts,
                      const struct host *host, const struct rules *rules, struct findings *why,
                      struct err *e) {
    struct sizing z = {.p = p, .facts = facts, .host = host, .rules = rules, .machines = 1};
    struct fact fact[FACTS];
    int most = 1;
    if (!sizing_begin(&z, tool, e))
        return 0;
    int n = sizing_facts_of(&z, fact);
    for (size_t i = 0; i < rules->hosts; i++)
        for (int f = 0; f < n; f++)
            if (fact[f].kind == KIND_USE && strcmp(fact[f].name, rules->host[i].fact) == 0 &&
                !count_rule(&z, &rules->host[i], &fact[f], &most, why, e))
                return 0;
    count_users(&z, &most);
    say_how(&z, most, why);
    return most;
}
