/* ui/plain/watch_print.h
 * A run that goes on, as lines for people. */
#ifndef PERFSCALE_PLAIN_WATCH_PRINT_H
#define PERFSCALE_PLAIN_WATCH_PRINT_H

#include <stddef.h>

#include "watch/watch.h"

/* What is watched and against which limits. */
void watch_print_head(const struct watch_view *v, const struct watch_limits *limits);

/* What happened since `told` events were printed. */
void watch_print_events(const struct watch_view *v, size_t told);

/* The line of this second. A run that brings nothing new has one line for each way it stands:
 * *before is how it stood (0: no line yet) and is set. */
void watch_print_line(const struct watch_view *v, unsigned *before);

/* Why it is over. */
void watch_print_end(const struct watch_view *v);

#endif
