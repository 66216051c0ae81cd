/* tools/jmeter/group_edit.h
 * One thread group made to run one group of the plan: its figures, its pace, the timers of the user
 * that would decide the rate. */
#ifndef PERFSCALE_TOOLS_JMETER_GROUP_EDIT_H
#define PERFSCALE_TOOLS_JMETER_GROUP_EDIT_H

#include "tools/jmeter/pace.h"

/* The figures of a group that a plan decides, in the order of writing. */
struct jmeter_setting {
    const char *property;
    const struct jmeter_figure *now;
    long wanted;
    bool in_loop_controller, is_bool;
    bool may_lack; /* missing means the wanted value */
};
enum { JMETER_SETTINGS = 6 };
void jmeter_settings(const struct jmeter_thread_group *g, const struct jmeter_group *wanted,
                     struct jmeter_setting out[JMETER_SETTINGS]);

/* The file says it already, as a plain number. */
bool jmeter_is_set(const struct jmeter_setting *s);

/* Edits of the group and what is below it. ERR_REFUSED for a group that lacks what a thread group
 * must have. */
bool jmeter_group_edit(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                       const struct jmeter_thread_group *g, const struct jmeter_group *wanted,
                       struct err *e);

/* "NAME [step 2: +25 RPS]": what a copy's name has behind that of its group; number from 2. */
enum { JMETER_MARK_MAX = 64 };
char *jmeter_step_mark(int number, double added_rps, char out[JMETER_MARK_MAX]);

#endif
