/* tools/locust/cost.h
 * What one run of a task costs: requests, pauses, further waits, leaving its TaskSet. Counted in
 * the text of its function, through methods and functions of this file and files beside it. What
 * runs a number of times that the text does not say is not known, with the line that hides it. */
#ifndef PERFSCALE_TOOLS_LOCUST_COST_H
#define PERFSCALE_TOOLS_LOCUST_COST_H

#include "base/finding.h"
#include "load/facts.h"
#include "tools/locust/value.h"

enum { COST_DEPTH_MAX = 80, COST_STEPS_MAX = 400000, COST_ARGS = 8 };

/* Why a number is not known. */
enum why {
    WHY_KNOWN,
    WHY_LOOP,        /* a loop that runs as often as the data say */
    WHY_CALLBACK,    /* a function that something else calls */
    WHY_HANDED,      /* the client, or the user, handed to code that is not here */
    WHY_SLEEP,       /* a pause of a length made at run time */
    WHY_CLIENT,      /* a client of its own, whose code is not here */
    WHY_UNSEEN,      /* a method of a class that cannot be seen */
    WHY_DECORATOR,   /* a decorator that may run its function more than once */
    WHY_TASKS,       /* a list of tasks made at run time */
    WHY_TASK,        /* a task of a module that cannot be seen */
    WHY_WEIGHT,      /* a task weight made at run time */
    WHY_WAIT,        /* a wait_time made at run time */
    WHY_ENVIRONMENT, /* ... or by an environment variable without a default */
    WHY_SCHEDULED,   /* schedule_task() */
    WHY_RECURSION,
    WHY_DEEP,
    WHYS
};

/* A number of the text. Known with low < high: branches differ, and the place is where. */
struct range {
    double low, high;
    enum why why;
    unsigned place; /* number of a struct place, from 1; 0: none, or several */
};

struct place {
    const struct module *m;
    TSNode at;
};

enum quantity {
    Q_REQUESTS, /* through Locust's HTTP clients */
    Q_FIRES,    /* events.request.fire(): what clients of its own report */
    Q_THINK_MS,
    Q_WAITS,  /* self.wait() */
    Q_LEAVES, /* self.interrupt(): 1 when it always ends so */
    Q_JUMPS,  /* ... without a wait behind it */
    QUANTITIES
};
struct cost {
    struct range q[QUANTITIES];
};

/* What an expression stands for. */
enum value_kind {
    VALUE_NONE,
    VALUE_OBJECT,   /* an instance of `of`: a user, a TaskSet, or any other class of the file */
    VALUE_CLIENT,   /* Locust's HTTP client */
    VALUE_SEND,     /* its get, post, ... */
    VALUE_STRANGER, /* another client of a User that is no HttpUser */
    VALUE_FUNCTION, /* node of m; bound to an instance of `of` when self is set */
    VALUE_CLASS,    /* of */
};
struct value {
    enum value_kind kind;
    bool self;
    unsigned inside;     /* of a function inside another: the id of the frame whose names it sees */
    struct class *of;    /* the class of the instance */
    struct class *owner; /* of a method: the class that defines it */
    struct module *m;
    TSNode node;
    TSNode whole; /* of a function: with its decorators; null: none */
    int made;     /* of an object: what its constructor got, +1; 0: nothing known */
};

/* The names of a function that is being counted. */
struct local {
    TSNode name;
    struct value value;
};
struct frame {
    struct frame *up;     /* the function around it; NULL: none */
    struct frame *caller; /* the frames that are being counted, the last first */
    unsigned id;          /* 0: of no function that is being counted */
    struct module *m;
    struct class *owner, *of; /* the class that defines it, and that of self */
    TSNode function;
    struct local *local; /* owned */
    size_t locals, cap;
};

struct made {
    struct value arg[COST_ARGS];
};

struct memo {
    const struct module *m;
    size_t start;
    const struct class *of;
    uint64_t key; /* of the arguments */
    bool open;
    struct cost cost;
};

struct cost_count {
    struct classes *classes;   /* borrowed */
    struct findings *findings; /* borrowed */
    struct class *user;        /* whose tasks are counted */
    struct memo *memo;         /* owned: functions already counted, of this user */
    size_t memos, memos_cap;
    struct made *made; /* owned */
    size_t mades, mades_cap;
    struct place *place; /* owned */
    size_t places, places_cap;
    struct frame *last; /* the function being counted */
    unsigned frames;
    int steps, depth;
    char base_url[256]; /* of the first request whose host is known */
    long base_url_line;
    bool environment; /* a figure is the default of an environment variable */
    long environment_line;
};

void locust_cost_open(struct cost_count *c, struct classes *classes, struct findings *findings);
void locust_cost_close(struct cost_count *c);
void locust_cost_begin_user(struct cost_count *c, struct class *user);

/* One run of a task: a function of m, a method of `of` defined in owner (both NULL: a function). */
struct cost locust_cost_of_task(struct cost_count *c, struct module *m, TSNode function,
                                TSNode whole, struct class *owner, struct class *of);

/* As a figure of the facts; an unknown one carries why in words. */
struct known locust_range_known(const struct cost_count *c, struct range r);

/* A finding at a node, once for each line. */
void locust_cost_remark(struct cost_count *c, const struct module *m, TSNode at,
                        enum finding_level level, const char *kind, const char *text);

/* --- arithmetic: range.c --- */

struct range locust_range_exact(double value);
struct range locust_range_unknown(struct cost_count *c, enum why why, const struct module *m,
                                  TSNode at);
struct range locust_range_add(struct range a, struct range b);
struct range locust_range_either(struct range a, struct range b);
struct range locust_range_times(struct range a, double n);
bool locust_range_is_zero(struct range a);

struct cost locust_cost_add(struct cost a, struct cost b);
struct cost locust_cost_either(struct cost a, struct cost b);
struct cost locust_cost_times(struct cost a, double n);
struct cost locust_cost_unknown(struct cost_count *c, enum why why, const struct module *m,
                                TSNode at);
/* Unknown where it is not 0. */
struct cost locust_cost_unless_zero(struct cost_count *c, struct cost a, enum why why,
                                    const struct module *m, TSNode at);
/* Branches that differ do so here. */
struct cost locust_cost_mark(struct cost_count *c, struct cost a, const struct module *m,
                             TSNode at);

/* --- between the files of cost --- */

struct value locust_value_of(struct cost_count *c, struct frame *f, TSNode n);
/* n is an attribute, and what its object stands for is known. */
struct value locust_value_of_member(struct cost_count *c, struct frame *f, TSNode n,
                                    const struct value *object);
void locust_frame_bind(struct frame *f, TSNode name, struct value v);
struct scope locust_frame_scope(const struct cost_count *c, const struct frame *f);
struct cost locust_cost_of_expression(struct cost_count *c, struct frame *f, TSNode n);
struct cost locust_cost_of_call(struct cost_count *c, struct frame *f, TSNode call);
struct cost locust_cost_of_body(struct cost_count *c, struct frame *f, TSNode body);
/* One call of a function with these arguments. */
struct cost locust_cost_of_function(struct cost_count *c, const struct value *function,
                                    const struct value *arg);
/* The name of a parameter; a null node for `*` and the like. */
TSNode locust_parameter_name(TSNode parameter);
bool locust_has_decorator(const struct value *function, const char *name);
/* Is a call one of self.interrupt()? */
bool locust_call_interrupts(struct cost_count *c, struct frame *f, TSNode call);
/* A module of Python's that sends nothing with what it is given. */
bool locust_module_is_quiet(const char *module);
/* The position of the URL among the arguments of a method of Locust's clients; -1: sends nothing */
int locust_client_url_argument(const char *method);

#endif
