/* ui/plain/workspace.h
 * Opening a workspace for one verb. */
#ifndef PERFSCALE_PLAIN_WORKSPACE_H
#define PERFSCALE_PLAIN_WORKSPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "session/session.h"

/* session_open, and errors in rules/ or in test-plan.md are errors of the verb. *s is to be closed
 * also after an error. */
bool workspace_open(struct session *s, const char *dir, struct err *e);

#endif
