/* review/place_time.h
 * Times in a run: "14:02:10-14:05:00" of the day it began, local time; "95s-2m" from its start. */
#ifndef PERFSCALE_REVIEW_PLACE_TIME_H
#define PERFSCALE_REVIEW_PLACE_TIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "results/summary.h"

/* Digits first, and only what times are made of. */
bool place_time_like(const char *text);

/* A moment (both the same) or a range, in seconds from the start. ERR_USAGE: no time, or none of
 * this run. */
bool place_time_read(const char *text, const struct summary *run, double *from_s, double *to_s,
                     struct err *e);

/* "14:18:55", "14:17 to 14:21"; "1:35 to 2:00" from the start when nobody knows the time of day. */
void place_time_show(const struct summary *run, double from_s, double to_s, char *out, size_t size);

#endif
