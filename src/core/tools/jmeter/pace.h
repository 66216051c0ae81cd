/* tools/jmeter/pace.h
 * Where the pace of a thread group belongs, and its elements. One timer at the first sampler gives
 * each iteration its slot; where that sampler does not run once in every iteration the timer hangs
 * on a Flow Control Action at the top of the group; where requests per iteration are unknown it
 * acts on all samples of the group. */
#ifndef PERFSCALE_TOOLS_JMETER_PACE_H
#define PERFSCALE_TOOLS_JMETER_PACE_H

#include "tools/jmeter/jmx_edit.h"
#include "tools/jmeter/plan.h"
#include "tools/jmeter/wanted.h"

enum jmeter_place { PLACE_SAMPLER, PLACE_ACTION, PLACE_GROUP };

enum jmeter_place jmeter_place(const struct jmeter_thread_group *g);

/* calcMode of the timer: this thread only, or all threads of the group. */
int jmeter_place_mode(enum jmeter_place place);

/* What the place adds to the arithmetic of the part. */
struct jmeter_pacing jmeter_pacing(const struct jmeter_thread_group *g, const struct part *part);

/* The group's pace stands in the right place. */
bool jmeter_pace_fits(const struct jmeter_thread_group *g);

/* The thread group of a part: the carriers in their order, each with its name. ERR_REFUSED when
 * the plan has another set of groups than the profile. */
const struct jmeter_thread_group *jmeter_group_of(const struct jmeter_plan *plan,
                                                  const struct profile *p, size_t part,
                                                  struct err *e);

/* "33.333333": throughput as it is written. */
enum { JMETER_NUMBER_MAX = 32 };
char *jmeter_throughput(double per_minute, char out[JMETER_NUMBER_MAX]);

/* Writes or corrects the pace of the group. ERR_REFUSED when the plan has no place for it. */
bool jmeter_pace_edit(const struct jmx_edit *edit, const struct jmeter_thread_group *g,
                      const struct jmeter_group *wanted, struct err *e);

#endif
