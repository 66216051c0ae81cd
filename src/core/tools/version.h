/* tools/version.h
 * Versions as tools print them. */
#ifndef PERFSCALE_TOOLS_VERSION_H
#define PERFSCALE_TOOLS_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* The first word like "2.2.0" or "v2.2.0" of an output. false when there is none. */
bool version_find(const char *output, char *out, size_t size);

/* Both false for an unknown version (""). */
bool version_at_least(const char *version, unsigned major, unsigned minor);
bool version_below(const char *version, unsigned major, unsigned minor);

#endif
