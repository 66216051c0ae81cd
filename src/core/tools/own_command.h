/* tools/own_command.h
 * Commands that the user has written down: in test-plan.md, a README, a Makefile, package.json, a
 * shell script. A flag of theirs that would change the load of a new script is said, with its line:
 * such a command is copied sooner or later. */
#ifndef PERFSCALE_TOOLS_OWN_COMMAND_H
#define PERFSCALE_TOOLS_OWN_COMMAND_H

#include "tools/tool.h"

/* Adds a warning for each command of this tool that has such a flag. */
void own_command_scan(const struct tool *tool, const char *text, size_t len, const char *file,
                      struct findings *out);

#endif
