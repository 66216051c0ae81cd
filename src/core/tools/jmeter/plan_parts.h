/* tools/jmeter/plan_parts.h
 * The steps of jmeter_open(). */
#ifndef PERFSCALE_TOOLS_JMETER_PLAN_PARTS_H
#define PERFSCALE_TOOLS_JMETER_PLAN_PARTS_H

#include "tools/jmeter/class.h"
#include "tools/jmeter/plan.h"

/* --- figures --- */

struct known figure_known(double value, long line);
struct known figure_unknown(long line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A whole number, as Java reads it: what is none is 0. Unknown: an expression the file does not
 * resolve. */
struct jmeter_figure figure_of(const struct jmeter_plan *p, int element, const char *property);

/* 1 or 0; a missing property is `missing`. */
struct jmeter_figure figure_flag(const struct jmeter_plan *p, int element, const char *property,
                                 bool missing);

/* A number with a fraction; what is none is 0. */
struct known figure_number(const struct jmeter_plan *p, int element, const char *property);

/* testname, and the title of the class when it has none. */
void figure_name(const struct jmx *x, int element, char *out, size_t size);

/* --- thread groups --- */

/* Adds the group with its own figures; what its iteration does is not read yet. */
void group_add(struct jmeter_plan *p, int element, bool enabled);

/* Tells copies from bases and makes names unique. ERR_REFUSED for more than fit. */
bool group_name_all(struct jmeter_plan *p, struct err *e);

/* --- timers --- */

/* Mean of a SORT_DELAY timer in milliseconds; unknown for a SORT_SCRIPT_TIMER. */
struct known timer_mean(const struct jmeter_plan *p, int element, const struct class *c);

/* Our timer, or the Flow Control Action above it, by its testname. */
bool timer_is_ours(const struct jmx *x, int element);

/* Notes a SORT_CAP timer below `under`: our pace of the group, or a timer of the user's. */
void timer_see_cap(struct jmeter_plan *p, int element, int group, int under);

/* --- iterations --- */

/* Reads what each group does, and remarks on the way. */
bool walk_plan(struct jmeter_plan *p, struct err *e);

/* --- remarks --- */

/* What is told once for all elements of its sort. */
enum tally_sort {
    TALLY_EMBEDDED,
    TALLY_REDIRECTS,
    TALLY_TRANSACTIONS,
    TALLY_PARENTS,
    TALLY_QUIET,
    TALLY_CRITICAL,
    TALLY_ONCE_ONLY,
    TALLY_PERCENT,
    TALLY_UNKNOWN,
    TALLIES
};
struct tallies {
    int count[TALLIES], first[TALLIES]; /* first element of each */
};
void tally(struct tallies *t, enum tally_sort sort, int element);

void remark(struct jmeter_plan *p, int element, enum finding_level level, const char *kind,
            const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void remark_tallies(struct jmeter_plan *p, const struct tallies *t);
void remark_group(struct jmeter_plan *p, const struct jmeter_thread_group *g);
void remark_cap(struct jmeter_plan *p, const struct jmeter_cap *cap);
void remark_listener(struct jmeter_plan *p, int element);
void remark_label(struct jmeter_plan *p, int sampler);

/* --- requests --- */

/* Looks at an HTTP sampler: base URL, connections, embedded resources, redirects. defaults: HTTP
 * Request Defaults in scope or JMX_NONE. */
void request_see(struct jmeter_plan *p, int sampler, int defaults, struct tallies *t);

#endif
