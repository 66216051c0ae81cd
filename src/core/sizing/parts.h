/* sizing/parts.h
 * Shared by the files of this room. */
#ifndef PERFSCALE_SIZING_PARTS_H
#define PERFSCALE_SIZING_PARTS_H

#include "base/expr.h"
#include "sizing/sizing.h"

/* Everything a check is computed from. */
struct sizing {
    const struct profile *p;
    const struct tool_need *need;
    const struct sizing_facts *facts;
    const struct host *host;
    const struct rules *rules;
    int machines; /* that share the load */
};

/* How a need is held against what is there. */
enum fact_kind {
    KIND_USE,     /* needed / available against a margin */
    KIND_NONE,    /* the less the better: anything above 0 is over */
    KIND_REUSE,   /* needed only when the ports do not do without it */
    KIND_VERSION, /* the tool's, not below a least one */
};

/* What this program can read of a host. */
struct fact {
    const char *name, *title, *unit;
    enum fact_kind kind;
    double have;         /* NAN: could not be read */
    double taken;        /* of it, by others, now; NAN: not known */
    double margin;       /* share that may be used */
    double scale;        /* the formula's unit in ours */
    bool divides;        /* several machines have more of it */
    const char *unknown; /* why a need may be unknown */
};
enum { FACTS = 12 };

/* The row of "Tool figures"; false with the error set. */
bool sizing_begin(struct sizing *z, const char *tool, struct err *e);

int sizing_facts_of(const struct sizing *z, struct fact fact[FACTS]);

/* The need of one machine by a formula of the rules, in the fact's unit. */
bool sizing_need(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                 double *needed, struct err *e);

/* What is there, without what others have taken. */
double fact_left(const struct fact *f);

/* The file and line of a rule, for an error. Returns false. */
bool sizing_at(const struct sizing *z, const struct host_rule *rule, struct err *e);

#endif
