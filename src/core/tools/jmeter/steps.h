/* tools/jmeter/steps.h
 * The steps of a stress test: delayed copies of a thread group, each with its own share of the
 * rate, behind the group in the file. */
#ifndef PERFSCALE_TOOLS_JMETER_STEPS_H
#define PERFSCALE_TOOLS_JMETER_STEPS_H

#include "tools/jmeter/group_edit.h"

/* Step copies of a group that are there already, and how many. */
size_t jmeter_step_copies(const struct jmeter_plan *plan, const struct jmeter_thread_group *g);

/* Makes the copies of g those of the plan: adds them, replaces what differs, removes what is too
 * much. */
bool jmeter_steps_edit(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                       const struct jmeter_thread_group *g, const struct jmeter_wanted *w,
                       struct err *e);

#endif
