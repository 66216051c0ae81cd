/* tools/k6/run.h
 * The line that runs a script, whole or one machine's segment of it. */
#ifndef PERFSCALE_TOOLS_K6_RUN_H
#define PERFSCALE_TOOLS_K6_RUN_H

#include "tools/tool.h"

struct k6_run {
    const char *script, *stem; /* as tool.command takes them */
    const char *version;       /* "" when unknown */
    const struct profile *p;
    const struct rules *rules;
    int machine, machines; /* from 1; 1 of 1: no segment */
};

/* As tool.command; result files of a segment are named "STEM-1of3". */
bool k6_run_command(const struct k6_run *r, struct command *out, struct err *e);

#endif
