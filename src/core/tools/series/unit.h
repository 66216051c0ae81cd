/* tools/series/unit.h
 * In which unit a name says that its values are. */
#ifndef PERFSCALE_SERIES_UNIT_H
#define PERFSCALE_SERIES_UNIT_H

#include <stdbool.h>

/* "rss_mb", "process_resident_memory_bytes": what makes MB (10^6 bytes) of its values. false: the
 * name says no unit of memory. */
bool series_megabytes_in(const char *name, double *factor);

/* The name is of memory: it speaks of rss, mem or heap. */
bool series_is_memory(const char *name);

#endif
