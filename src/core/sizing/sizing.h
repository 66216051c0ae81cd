/* sizing/sizing.h
 * Is this host a big enough load generator for a profile, and how many of its kind are? Formulas
 * and margins come from references/infrastructure-requirements.md, the facts of the host from
 * outside (core/host). A fact that could not be read is NAN and its check says no data, never ok.
 */
#ifndef PERFSCALE_SIZING_SIZING_H
#define PERFSCALE_SIZING_SIZING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"
#include "load/profile.h"
#include "rules/rules.h"

/* What this machine has, read at one moment. */
struct host {
    char name[64];
    double cores;        /* what this process may use: affinity and cgroup, fractions too */
    double memory_bytes; /* free for new programs: MemAvailable and cgroup */
    double files_soft, files_hard;
    double ports;         /* local ports for connections to one address */
    double time_wait;     /* of them blocked now: sockets in TIME_WAIT */
    double tw_reuse;      /* net.ipv4.tcp_tw_reuse: 0 no, 1 yes, 2 to this machine only */
    double network_bit_s; /* fastest link that is up; NAN on most virtual machines */
    double swap_bytes;    /* in use */
    double conntrack;     /* largest number of tracked connections; INFINITY: not tracked */
    double conntrack_used;
    double disk_bytes; /* left for this user where the results are written */
};

/* What the check needs to know of the script, its results and the tool. */
struct sizing_facts {
    double bytes_per_request; /* both ways; NAN: not measured */
    double result_bytes;      /* that one machine writes, of several the most; NAN: no forecast */
    /* Nothing is kept alive. Counted as one new connection per request: a script that makes one per
     * iteration needs fewer, and ports that run out would be measured as errors of the target. */
    bool new_connections;
    const char *tool_version; /* "2.2.0"; NULL or "": not known (yet) */
    bool tool_missing;        /* it is not in PATH */
};

enum use_status { USE_OK, USE_NEAR, USE_OVER, USE_NO_DATA };
const char *use_status_name(enum use_status s); /* "ok", "near", "over", "no_data" */

enum { HOST_CHECKS_MAX = HOST_RULES_MAX, GENERATORS_MAX = 100 };

struct host_check {
    char fact[24];            /* "files": the word in JSON */
    char title[32];           /* "Open files" */
    char unit[8];             /* "", "B", "bit/s"; "version": as rules_version() makes it */
    double needed, available; /* NAN: unknown */
    double use;               /* needed / available, NAN when it cannot be said */
    enum use_status status;
    bool required;                 /* over its limit the run would measure this machine */
    char how[RULE_TEXT_MAX_BYTES]; /* the formula with its numbers, or why there is no data */
    char fix[RULE_TEXT_MAX_BYTES]; /* a command where there is one */
    long line;                     /* of the rule */
};

/* One check per row of "Host limits", in its order; *n of at most HOST_CHECKS_MAX. tool is a row of
 * "Tool figures". A load on several machines (p->generators) is judged by the share of one.
 * ERR_FORMAT when a formula cannot be computed. */
bool sizing_check(const struct profile *p, const char *tool, const struct sizing_facts *facts,
                  const struct host *host, const struct rules *rules,
                  struct host_check out[HOST_CHECKS_MAX], int *n, struct err *e);

/* How many machines like this one carry the whole load, whatever p->generators says, by
 * "Generators" of the rules: 1 to GENERATORS_MAX, or one more when those are not enough. What
 * cannot be known asks for none. Adds to why what asks for more than one, and what another machine
 * does not help. 0: as sizing_check fails. */
int sizing_generators(const struct profile *p, const char *tool, const struct sizing_facts *facts,
                      const struct host *host, const struct rules *rules, struct findings *why,
                      struct err *e);

/* "474" with its unit, for tables. */
char *sizing_show(double value, const char *unit, char *out, size_t size);

#endif
