/* tools/k6/script.h
 * A k6 script that perfscale can take: its options object (or none), its scenarios (or the
 * shortcuts), the function that each of them runs. Every other shape is refused when it is opened.
 */
#ifndef PERFSCALE_TOOLS_K6_SCRIPT_H
#define PERFSCALE_TOOLS_K6_SCRIPT_H

#include "load/facts.h"
#include "tools/k6/names.h"

struct executor {
    const char *name;
    const char *const *keys; /* its own, NULL at the end */
};
extern const struct executor executors[]; /* name NULL at the end */
const struct executor *executor_find(const char *name);
bool executor_has_key(const struct executor *x, const char *key);
bool executor_is_arrival_rate(const struct executor *x);
bool executor_counts_iterations(const struct executor *x); /* it ends after so many of them */

bool key_is_scenario_common(const char *key); /* of every executor: exec, env, tags, ... */
bool key_is_executor_own(const char *key);    /* of some executor */
bool key_is_shortcut(const char *key);        /* vus, duration, iterations, stages */
bool key_is_load(const char *key);            /* top level: what decides on the load */

struct k6_scenario {
    char name[64];                   /* "default" from shortcuts */
    struct js_list list;             /* its members; empty from shortcuts */
    const struct executor *executor; /* what k6 runs now */
    char exec[JS_NAME_BYTES];        /* exported function that runs; "" when chosen at run time */
    TSNode function;                 /* null when it is not in this file */
    char function_why[160];          /* then: why not */
    long function_line;
    char left_alone[96]; /* as in the facts: why it carries no part of the target */
};

struct k6_script {
    struct syntax js;
    struct names names;
    bool has_options; /* a literal object, below */
    struct js_list options;
    struct nodes holders; /* owned: names of variables that hold the options, where they get them
                           */
    struct nodes own;     /* owned: what else belongs to the export itself */
    TSNode
        computed; /* expression that makes options at run time, to lay new ones over; else null */
    bool overlay; /* options is what a rewrite has laid over computed */
    bool has_scenarios;           /* else the shortcuts at the top level make the only one */
    struct k6_scenario *scenario; /* owned; in the order of the text; at most SCENARIOS_MAX */
    size_t scenarios;             /* at least one of an opened script */
};

/* ERR_REFUSED with line and reason. *s is initialised by it, to be closed also after an error. */
bool script_open(struct k6_script *s, const char *text, size_t len, const char *file,
                 struct err *e);
void script_close(struct k6_script *s);

/* The pair that sets a load figure of a scenario now: in it, or at the top level when it comes from
 * the shortcuts. NULL when none. */
const struct member *script_setting(const struct k6_script *s, const struct k6_scenario *sc,
                                    const char *key);

/* True unless the value is null or undefined. */
bool member_is_set(const struct syntax *js, const struct member *m);

/* --- parts of script_open --- */

/* Fills all about options. */
bool options_find(struct k6_script *s, struct err *e);

/* Is options no name of the script, but inside of functions? */
bool options_name_is_free(const struct k6_script *s);

/* Is that value an expression with a load laid over it? The caller closes the list when it is. */
bool overlay_find(const struct syntax *js, TSNode value, TSNode *computed,
                  struct js_list *laid_over);

/* May one be laid over options that are made at run time? */
bool overlay_allowed(const struct k6_script *s);

/* The first declaration of a name at the top level; NULL when there is none. */
const struct bind *options_top_bind(const struct k6_script *s, TSNode name);

/* Refuses when something after the options object changes it, or reads what a rewrite removes. */
bool options_unchanged(const struct k6_script *s, struct err *e);

/* Fills the scenarios, all but function and left_alone. */
bool scenarios_read(struct k6_script *s, struct err *e);

/* Finds the scenarios that carry no part of the target. Refuses when none is left, and when those
 * that are left never run together. A single scenario is taken as it is; whoever counts its
 * requests refuses it when it sends none. */
bool scenarios_choose(struct k6_script *s, struct err *e);
bool scenarios_refuse_silent(const struct k6_script *s, struct err *e);

#endif
