/* ui/plain/check_print.h
 * A verdict as text for people. */
#ifndef PERFSCALE_PLAIN_CHECK_PRINT_H
#define PERFSCALE_PLAIN_CHECK_PRINT_H

#include "check/check.h"

/* sources: the names of the results, NULL at the end. */
void check_print(const struct summary *run, const struct judgement *j, const char *const *sources);

/* What a stress and a soak test found. */
void stress_print(const struct stress_found *f);
void soak_print(const struct soak_found *f);

#endif
