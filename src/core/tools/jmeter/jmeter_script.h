/* tools/jmeter/jmeter_script.h
 * The members of JMeter's row that read and write plans and commands; promises in tools/tool.h. */
#ifndef PERFSCALE_TOOLS_JMETER_JMETER_SCRIPT_H
#define PERFSCALE_TOOLS_JMETER_JMETER_SCRIPT_H

#include "tools/tool.h"

bool jmeter_facts(const struct source *src, struct facts *out, struct err *e);
bool jmeter_fit(struct profile *p, struct findings *notes, struct err *e);
bool jmeter_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                    struct findings *notes, struct err *e);
bool jmeter_verify(const struct source *src, const struct profile *p, struct err *e);
bool jmeter_version(const char *output, char *out, size_t size);
int jmeter_result_names(const char *stem, char out[][256], int most);
bool jmeter_command(const char *script, const char *stem, const char *tool_version,
                    const struct profile *p, const struct rules *rules, struct command *out,
                    struct err *e);
bool jmeter_distribute(const char *script, const char *stem, const char *tool_version,
                       const struct profile *p, const struct rules *rules, struct distribution *out,
                       struct err *e);
bool jmeter_baseline_command(const char *script, struct command *out, struct err *e);
void jmeter_colour(const char *text, size_t len, struct code_spans *out);

#endif
