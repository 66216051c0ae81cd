/* tools/k6/load.h
 * The load figures of a script as values. */
#ifndef PERFSCALE_TOOLS_K6_LOAD_H
#define PERFSCALE_TOOLS_K6_LOAD_H

#include "tools/k6/script.h"

enum { K6_STAGES_MAX = 200 };

struct k6_stage {
    double duration_ms, target;
};

/* [{ duration: '30s', target: 10 }, ...]. false when a part of it is not known. */
bool load_stages(const struct k6_script *s, TSNode value, struct k6_stage *out, size_t *count);

/* A whole number setting; false when it is there and not known. Absent: fallback. */
bool load_number(const struct k6_script *s, const struct k6_scenario *sc, const char *key,
                 double fallback, double *out);

/* A duration setting in ms, likewise. */
bool load_duration(const struct k6_script *s, const struct k6_scenario *sc, const char *key,
                   double fallback, double *out);

/* How long a scenario runs by itself. NAN when that is not known, or decided by its iterations. */
double load_length_ms(const struct k6_script *s, const struct k6_scenario *sc);

#endif
