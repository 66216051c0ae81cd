/* tools/jmeter/class.h
 * What an element of a test plan is, from the name of its tag. Classes of JMeter itself have a row;
 * of plugins the name says at most the sort. */
#ifndef PERFSCALE_TOOLS_JMETER_CLASS_H
#define PERFSCALE_TOOLS_JMETER_CLASS_H

#include "tools/jmeter/jmx.h"

enum class_sort {
    SORT_OTHER,   /* config, assertion, extractor: makes no sample */
    SORT_UNKNOWN, /* of a plugin, and its name does not say */
    SORT_GROUP,
    SORT_SETUP_GROUP, /* before and after the load */
    SORT_OPEN_GROUP,  /* OpenModelThreadGroup */
    SORT_PLUGIN_GROUP,
    SORT_HTTP_SAMPLER,
    SORT_SAMPLER,       /* a request over another protocol */
    SORT_QUIET_SAMPLER, /* a sample without a request */
    SORT_PLUGIN_SAMPLER,
    SORT_ACTION,      /* TestAction: Flow Control Action */
    SORT_TRANSPARENT, /* runs all below it once */
    SORT_TRANSACTION,
    SORT_CRITICAL, /* once, one thread at a time */
    SORT_LOOP,
    SORT_ONCE_ONLY,
    SORT_THROUGHPUT_CONTROLLER,
    SORT_CHANGING,     /* how often what is below it runs is decided at run time */
    SORT_ELSEWHERE,    /* Include, Module: what it runs stands in another place */
    SORT_DELAY,        /* a timer with a mean */
    SORT_SCRIPT_TIMER, /* one without */
    SORT_CAP,          /* Constant or Precise Throughput Timer */
    SORT_DECIDES,      /* shaping and synchronizing timers */
    SORT_PRE_PROCESSOR,
    SORT_CSV,
    SORT_LISTENER,
    SORT_VARIABLES,
    SORT_DEFAULTS,
};

struct class {
    const char *name;  /* of the tag; of a plugin the part of it that tells; "" */
    const char *title; /* as JMeter's own screens say it: "If Controller" */
    enum class_sort sort;
};

/* Never NULL. */
const struct class *class_of(const struct jmx *x, int element);

bool class_is_sampler(const struct class *c); /* makes samples */
bool class_is_timer(const struct class *c);
bool class_has_samplers(const struct class *c); /* may have, below it */

#endif
