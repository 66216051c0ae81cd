/* tools/locust/reading.h
 * The tables behind a locust_script, and the classes that run. */
#ifndef PERFSCALE_TOOLS_LOCUST_READING_H
#define PERFSCALE_TOOLS_LOCUST_READING_H

#include "tools/locust/cost.h"
#include "tools/locust/script.h"

struct locust_reading {
    char *text; /* owned: the text without the block; NULL: the source's own */
    struct names names;
    struct classes classes;
    struct cost_count cost;
};

/* A User class that the script binds to a name and that is not abstract. */
struct running {
    char name[64];
    long line;
    struct class *class;
};
struct running_list {
    struct running item[SCENARIOS_MAX];
    size_t len;
};

/* All of them in file order; notes shapes and what else the names of the module bring in s.
 * ERR_REFUSED when there is none, or when it cannot be known. */
bool locust_running_find(struct locust_script *s, struct running_list *out, struct err *e);

#endif
