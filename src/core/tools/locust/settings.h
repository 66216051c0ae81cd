/* tools/locust/settings.h
 * What would bend a run from outside the script: variables of the shell and Locust's settings
 * files, with the words that keep a command clear of them. */
#ifndef PERFSCALE_TOOLS_LOCUST_SETTINGS_H
#define PERFSCALE_TOOLS_LOCUST_SETTINGS_H

#include "tools/words.h"

/* Takes variables out of the environment ("env -u NAME ..."), with a finding for each. */
void settings_unset(struct words *w);

/* Reads ~/.locust.conf, locust.conf and pyproject.toml of the current directory. Adds findings, and
 * true when a run time stands in one of them: then the command needs "-t 0". */
bool settings_read(struct findings *f);

/* Findings on locust.conf and pyproject.toml beside the script, where its command is to be run. */
void settings_beside(const struct source *src, struct findings *f);

/* The same for one text: a settings file, or pyproject.toml when toml. */
bool settings_scan(const char *text, size_t len, const char *file, bool toml, struct findings *f);

#endif
