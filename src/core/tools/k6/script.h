/* tools/k6/script.h
 * A k6 script that perfscale can take: its options object (or none), its one scenario (or the
 * shortcuts), the function that the scenario runs. Every other shape is refused when it is opened.
 */
#ifndef PERFSCALE_TOOLS_K6_SCRIPT_H
#define PERFSCALE_TOOLS_K6_SCRIPT_H

#include "tools/k6/names.h"

struct executor {
    const char *name;
    const char *const *keys; /* its own, NULL at the end */
};
extern const struct executor executors[]; /* name NULL at the end */
const struct executor *executor_find(const char *name);
bool executor_has_key(const struct executor *x, const char *key);
bool executor_is_arrival_rate(const struct executor *x);

bool key_is_scenario_common(const char *key); /* of every executor: exec, env, tags, ... */
bool key_is_executor_own(const char *key);    /* of some executor */
bool key_is_shortcut(const char *key);        /* vus, duration, iterations, stages */
bool key_is_load(const char *key);            /* top level: what decides on the load */

struct k6_script {
    struct js js;
    struct names names;
    bool has_options;
    TSNode options_name; /* identifier of the variable that is exported as options */
    struct js_list options;
    struct js_list scenarios; /* item NULL when has_scenario is false */
    bool has_scenario;        /* else the shortcuts at the top level count */
    struct js_list scenario;
    char name[JS_NAME_BYTES];        /* of the scenario; "default" from shortcuts */
    const struct executor *executor; /* what k6 runs now */
    char exec[JS_NAME_BYTES];        /* exported function that runs; "" when chosen at run time */
    TSNode function;                 /* null when it is not in this file */
    char function_why[160];          /* then: why not */
    long function_line;
};

/* ERR_REFUSED with line and reason. *s is initialised by it, to be closed also after an error. */
bool script_open(struct k6_script *s, const char *text, size_t len, const char *file,
                 struct err *e);
void script_close(struct k6_script *s);

/* The pair that sets a load figure now: in the scenario, else at the top level. NULL when none. */
const struct member *script_setting(const struct k6_script *s, const char *key);

/* True unless the value is null or undefined. */
bool member_is_set(const struct js *js, const struct member *m);

/* --- parts of script_open --- */

/* Fills has_options, options_name and options. */
bool options_find(struct k6_script *s, struct err *e);

/* Refuses when something after the options object changes it, or reads what a rewrite removes. */
bool options_unchanged(const struct k6_script *s, struct err *e);

#endif
