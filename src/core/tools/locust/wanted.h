/* tools/locust/wanted.h
 * A load profile in Locust's words: users and pace of each class, rows of the shape. Every number
 * is already what its written form reads back as. */
#ifndef PERFSCALE_TOOLS_LOCUST_WANTED_H
#define PERFSCALE_TOOLS_LOCUST_WANTED_H

#include "load/profile.h"
#include "tools/locust/script.h"

struct locust_wanted_class {
    const struct locust_class *cls; /* borrowed from the script */
    const struct part *part;        /* borrowed from the profile */
    double per_second;              /* paced waits of one user; 0: the class keeps its own wait */
    long users;                     /* at the top */
    long fixed_count;
};

struct locust_wanted {
    char title[160]; /* "load 60 RPS" */
    struct locust_wanted_class cls[SCENARIOS_MAX];
    size_t classes;
    const struct locust_class *without_users[SCENARIOS_MAX]; /* they run now, and get none */
    size_t without;
    struct locust_block_stage stage[STAGES_MAX];
    size_t stages;
    double abort_share, abort_seconds; /* NAN: no abort */
    bool several_processes;            /* masters and workers load the file */
};

/* ERR_REFUSED when a part of the profile is no class of the script. */
bool locust_wanted_make(struct locust_wanted *w, const struct locust_script *s,
                        const struct profile *p, struct err *e);

/* "0.333333", "28860.5": as the block holds it. */
char *block_number(double value, char out[32]);
char *block_seconds(double seconds, char out[32]);

#endif
