/* tools/jmeter/command.h
 * What the commands for one machine and for several have in common. */
#ifndef PERFSCALE_TOOLS_JMETER_COMMAND_H
#define PERFSCALE_TOOLS_JMETER_COMMAND_H

#include "tools/words.h"

/* A run without a window that writes stem.jtl and stem.log, with all columns that the reader knows.
 * more: further options of a part of their own, "" for none; servers: of -R, NULL for none. */
void jmeter_words_run(struct words *w, const char *script, const char *stem, const char *version,
                      const char *servers, const char *more);

/* Forecast of the files, and what may be wrong with this version or this many threads of one
 * JVM. */
void jmeter_note_run(struct command *c, const char *version, const struct profile *p,
                     const struct rules *rules, int threads);

#endif
