/* tools/k6/wanted.h
 * A part of a load profile in k6's words: executor, its keys and their values. Written by the
 * rewrite, compared by the check afterwards. */
#ifndef PERFSCALE_TOOLS_K6_WANTED_H
#define PERFSCALE_TOOLS_K6_WANTED_H

#include "load/profile.h"
#include "tools/k6/load.h"

enum { WANTED_MAX = 6 };

enum wanted_kind { WANTED_NUMBER, WANTED_DURATION, WANTED_STAGES };

struct wanted_value {
    const char *key;
    enum wanted_kind kind;
    double number; /* of a duration: ms */
};

struct wanted {
    const struct part *part; /* borrowed; NULL: this scenario is left alone */
    const struct executor *executor;
    struct wanted_value value[WANTED_MAX]; /* in the order of writing */
    size_t values;
    struct k6_stage stage[K6_STAGES_MAX];
    size_t stages;
    double start, top;  /* rate per unit or VUs: at second 0, highest */
    double unit_ms;     /* of rates; 0 in the closed model */
    double tolerance;   /* share of a rate by which it may differ from the plan's */
    double graceful_ms; /* NAN: k6's 30 s are enough */
    bool shortcut;      /* stages alone at the top level say it all */
};

/* What each scenario of a script is to say, in their order; the caller frees. NULL when that cannot
 * be written, or when the parts of the profile are not the script's scenarios (ERR_MISSING). */
struct wanted *wanted_of_script(const struct k6_script *s, const struct profile *p, struct err *e);

const struct wanted_value *wanted_find(const struct wanted *w, const char *key);

/* Does the scenario say this already? m: the pair as it stands; rates within the tolerance count as
 * the same, else rounding would walk. */
bool wanted_matches(const struct wanted *w, const struct k6_script *s, const struct k6_scenario *sc,
                    const struct wanted_value *v, const struct member *m);

/* "600s", or "1500ms" when it is no whole second. */
char *wanted_duration(double ms, char *out, size_t size);

#endif
