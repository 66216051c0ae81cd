/* tools/jmeter/plan.h
 * A test plan that perfscale can take: its thread groups, what one iteration of each does, and
 * where a pace may stand. Every other shape is refused when it is opened. What perfscale wrote
 * itself (the pacing timer, the Flow Control Action above it, the copies of a stress test) is told
 * apart, so that the figures are those of the baseline. */
#ifndef PERFSCALE_TOOLS_JMETER_PLAN_H
#define PERFSCALE_TOOLS_JMETER_PLAN_H

#include "load/facts.h"
#include "tools/jmeter/jmx.h"
#include "tools/jmeter/value.h"

#define PACING_NAME "perfscale pacing" /* testname of our timer and our Flow Control Action */

/* A load figure: its value now, and the element that holds it. */
struct jmeter_figure {
    struct known value;
    int element;        /* JMX_NONE: the property is missing */
    bool literal;       /* a number, not an expression */
    bool from_property; /* -J can change it */
};

/* Where perfscale's pace of a group stands. */
struct jmeter_pace {
    int timer;         /* its Constant Throughput Timer; JMX_NONE: none */
    int action;        /* the Flow Control Action above it; JMX_NONE: none */
    int under;         /* element that has the timer as a child: sampler, action, the group */
    int mode;          /* calcMode */
    int throughput_at; /* element with the figure */
    double throughput; /* per minute; NAN when it is no number */
};

struct jmeter_thread_group {
    int element; /* <ThreadGroup> */
    int tree;    /* its hashTree; JMX_NONE when it has none */
    char name[64];
    bool enabled;
    int base; /* index of the group that this one is a step copy of; -1: none of our copies */
    int step; /* of a copy: 2, 3, ... */
    struct jmeter_figure threads, ramp_s, duration_s, delay_s, loops;
    struct jmeter_figure scheduler; /* 1 or 0 */
    struct jmeter_figure forever;   /* LoopController.continue_forever, 1 or 0 */
    int loop_controller;            /* elementProp main_controller, JMX_NONE */
    int same_user; /* element with the value false: a new user, and connection, each time */
    char on_sample_error[16];
    /* One iteration. Nothing is known of groups that are not enabled. */
    int samplers;         /* elements that make samples; 0: the group carries no load */
    int first_sampler;    /* JMX_NONE */
    bool first_is_steady; /* runs once in every iteration, and a wait there counts for nobody: a
                             pace may stand below it; else at the top of the group */
    struct known requests_per_iteration; /* k; unknown: pace each sample */
    struct known think_ms;               /* Z */
    struct known wide_ms;    /* timers on the level of the group and above: they act on a Flow
                                Control Action at its top as well */
    struct known longest_ms; /* the most that timers hold a single sampler */
    int pre_processor;       /* on the level of the group or above; JMX_NONE */
    int csv;                 /* CSV Data Set in scope that each copy reads from the top; JMX_NONE */
    struct jmeter_pace pacing;
};

/* An enabled timer of the user that decides the rate; perfscale switches it off. */
struct jmeter_cap {
    int element;
    int group;         /* -1: it acts on all groups */
    double per_minute; /* NAN when it is not known */
};

struct jmeter_plan {
    struct jmx x;
    struct jmeter_values values;
    int plan, tree; /* <TestPlan> and its hashTree; JMX_NONE when it has none */
    int serialize; /* element that makes groups run one after another, JMX_NONE. With a second group
                      the plan is refused: who writes one sets it to false */
    struct jmeter_thread_group *group; /* owned; all stock ThreadGroups in the order of the file */
    size_t groups, cap_groups;
    struct jmeter_cap *cap; /* owned */
    size_t caps, cap_caps;
    int *left_alone; /* owned; enabled setUp and tearDown groups */
    size_t left_alones, cap_left_alones;
    char base_url[256];
    long base_url_line;
    int new_connections;      /* element that asks for a new connection each time; JMX_NONE */
    struct findings findings; /* owned */
};

/* ERR_REFUSED with line and reason. *p is initialised by it, to be closed also after an error. */
bool jmeter_open(struct jmeter_plan *p, const struct source *src, struct err *e);
void jmeter_close(struct jmeter_plan *p);

/* The group carries a part of the target: enabled, with samplers, none of our copies. */
bool jmeter_carries(const struct jmeter_thread_group *g);

/* enabled="false" switches an element and its hashTree off. */
bool jmeter_enabled(const struct jmx *x, int element);

#endif
