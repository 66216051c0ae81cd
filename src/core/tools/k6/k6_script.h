/* tools/k6/k6_script.h
 * The members of k6's row that read and write scripts and commands; promises in tools/tool.h. */
#ifndef PERFSCALE_TOOLS_K6_K6_SCRIPT_H
#define PERFSCALE_TOOLS_K6_K6_SCRIPT_H

#include "tools/tool.h"

bool k6_facts(const struct source *src, struct facts *out, struct err *e);
bool k6_fit(struct profile *p, struct findings *notes, struct err *e);
bool k6_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                struct findings *notes, struct err *e);
bool k6_verify(const struct source *src, const struct profile *p, struct err *e);
bool k6_version(const char *output, char *out, size_t size);
int k6_result_names(const char *stem, char out[][256], int most);
bool k6_command(const char *script, const char *stem, const char *tool_version,
                const struct profile *p, const struct rules *rules, struct command *out,
                struct err *e);
bool k6_distribute(const char *script, const char *stem, const char *tool_version,
                   const struct profile *p, const struct rules *rules, struct distribution *out,
                   struct err *e);
bool k6_baseline_command(const char *script, struct command *out, struct err *e);
void k6_colour(const char *text, size_t len, struct code_spans *out);

#endif
