/* tools/locust/write.h
 * The members of Locust's row that write scripts and commands; promises in tools/tool.h. */
#ifndef PERFSCALE_TOOLS_LOCUST_WRITE_H
#define PERFSCALE_TOOLS_LOCUST_WRITE_H

#include "tools/tool.h"

bool locust_fit(struct profile *p, struct findings *notes, struct err *e);
bool locust_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                    struct findings *notes, struct err *e);
bool locust_verify(const struct source *src, const struct profile *p, struct err *e);
bool locust_version(const char *output, char *out, size_t size);
int locust_result_names(const char *stem, char out[][256], int most);
bool locust_command(const char *script, const char *stem, const char *tool_version,
                    const struct profile *p, const struct rules *rules, struct command *out,
                    struct err *e);
bool locust_distribute(const char *script, const char *stem, const char *tool_version,
                       const struct profile *p, const struct rules *rules, struct distribution *out,
                       struct err *e);
bool locust_baseline_command(const char *script, struct command *out, struct err *e);

#endif
