/* tools/k6/outside.h
 * What makes k6 run another test than the script says: variables of the shell, and the user's
 * config file, which k6 reads below the script. */
#ifndef PERFSCALE_TOOLS_K6_OUTSIDE_H
#define PERFSCALE_TOOLS_K6_OUTSIDE_H

#include "tools/words.h"

/* Begins a command that takes such variables away, each with a finding; nothing when none is set.
 */
void outside_unset(struct words *w);

/* Adds a finding for each setting of the config file that would count. A file that k6 cannot read
 * it says itself. version "" when unknown. */
void outside_config(const char *version, struct findings *out);

#endif
