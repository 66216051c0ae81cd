/* panel/results_stress.h
 * Shared by the two files of a stress test's results: its rows, and what they come to in words. */
#ifndef PERFSCALE_SCREEN_RESULTS_STRESS_H
#define PERFSCALE_SCREEN_RESULTS_STRESS_H

#include "ui/screen/panel/parts.h"

/* "400", "12.5"; "86 %" or "no data". */
char *stress_load(double load, char *out, size_t size);
char *stress_share(double share, char *out, size_t size);

/* "Step 5 breaks three limits: rate 86 % of target, p95 2,940 ms, errors 1.92 %."; false: none. */
bool stress_breaks(const struct stress_judged *s, char *out, size_t size);

#endif
