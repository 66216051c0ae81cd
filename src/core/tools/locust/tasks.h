/* tools/locust/tasks.h
 * The tasks of a class, and the mean over all that a user runs. */
#ifndef PERFSCALE_TOOLS_LOCUST_TASKS_H
#define PERFSCALE_TOOLS_LOCUST_TASKS_H

#include "tools/locust/cost.h"
#include "tools/locust/script.h"

enum { TASKS_MAX = 2000 };

/* One entry: a function of m (with owner a method), or a TaskSet. */
struct task {
    struct class *set; /* NULL: a function */
    struct module *m;
    TSNode node, whole; /* whole: with its decorators */
    struct class *owner;
    double weight;
};

struct tasks {
    struct task *item; /* owned */
    size_t len, cap;
    struct range unknown; /* why not all are known; WHY_KNOWN: they are */
    int classes;          /* looked at */
    long tagged;          /* line of the first @tag; 0: none */
};

/* Own ones and those of all its bases, as Locust adds them together. */
void locust_tasks_of(struct cost_count *c, struct class *k, struct tasks *out);
void locust_tasks_fini(struct tasks *t);

/* Pause after a task execution. */
struct wait {
    struct range mean_ms;
    double period_ms; /* of a whole iteration, when it is paced; else 0 */
};

/* The wait_time that a class says or inherits; *in: the class that says it, NULL when none does. */
struct wait locust_wait_of(struct cost_count *c, const struct class *k, const struct class **in);

/* Fills what cls says of its tasks and waits, and notes the TaskSets that the block must name as
 * run by class number `index` of s. ERR_REFUSED when one of them has no name in the script. */
bool locust_tasks_measure(struct cost_count *c, struct class *user, struct locust_script *s,
                          size_t index, struct err *e);

#endif
