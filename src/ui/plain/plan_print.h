/* ui/plain/plan_print.h
 * A plan as text for people. */
#ifndef PERFSCALE_PLAIN_PLAN_PRINT_H
#define PERFSCALE_PLAIN_PLAN_PRINT_H

#include <stdbool.h>

#include "session/session.h"

/* Sizes, stages, this machine, warnings; with diff the changes in the script. */
void plan_print(const struct session *s, bool diff);

/* What was written (or that it was a dry run), how long it takes, and the commands. */
void plan_print_written(const struct session *s, bool written);

#endif
