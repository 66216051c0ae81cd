/* tools/locust/processes.h
 * Locust uses one core per process: how many a load needs, and the command that they share. */
#ifndef PERFSCALE_TOOLS_LOCUST_PROCESSES_H
#define PERFSCALE_TOOLS_LOCUST_PROCESSES_H

#include "tools/words.h"

/* Processes that each of the profile's machines needs by the rules; at least 1. */
int locust_processes(const struct profile *p, const struct rules *rules);

/* From 2.19 a command starts its processes itself; from 2.23 a worker takes the file from the
 * master. */
bool locust_starts_processes(const char *version);
bool locust_sends_file(const char *version);

/* ERR_REFUSED for a version or a file name that Locust cannot run a shape with. */
bool locust_can_run(const char *script, const char *version, struct err *e);

/* "locust -f X --headless MORE", result files, and what the profile asks for. more may be "". */
void locust_words(struct words *w, const char *script, const char *stem, const struct profile *p,
                  const char *more);

#endif
