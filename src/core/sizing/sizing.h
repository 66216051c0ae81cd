/* sizing/sizing.h
 * Is this host a big enough load generator for a profile? Formulas and margins come from
 * references/infrastructure-requirements.md, the facts of the host from outside (core/host). A fact
 * that could not be read is NAN and its check says no data, never ok. */
#ifndef PERFSCALE_SIZING_SIZING_H
#define PERFSCALE_SIZING_SIZING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "load/profile.h"
#include "rules/rules.h"

/* What this machine has, read at one moment. */
struct host {
    char name[64];
    double cores;        /* what this process may use: affinity and cgroup, fractions too */
    double memory_bytes; /* free for new programs: MemAvailable and cgroup */
    double files_soft, files_hard;
    double ports;         /* local ports for connections to one address */
    double tw_reuse;      /* net.ipv4.tcp_tw_reuse */
    double network_bit_s; /* fastest link that is up; NAN on most virtual machines */
    double swap_bytes;    /* in use */
    double conntrack;     /* largest number of tracked connections; INFINITY: not tracked */
};

enum use_status { USE_OK, USE_NEAR, USE_OVER, USE_NO_DATA };
const char *use_status_name(enum use_status s); /* "ok", "near", "over", "no_data" */

enum { HOST_CHECKS_MAX = HOST_RULES_MAX };

struct host_check {
    char fact[24];            /* "files": the word in JSON */
    char title[32];           /* "Open files" */
    char unit[8];             /* "", "B", "bit/s" */
    double needed, available; /* NAN: unknown */
    double use;               /* needed / available, NAN when it cannot be said */
    enum use_status status;
    bool required;                 /* over its limit the run would measure this machine */
    char how[RULE_TEXT_MAX_BYTES]; /* the formula with its numbers, or why there is no data */
    char fix[RULE_TEXT_MAX_BYTES];
    long line; /* of the rule */
};

/* One check per row of "Host limits", in its order; *n of at most HOST_CHECKS_MAX.
 * bytes_per_request NAN: not known. ERR_FORMAT when a formula cannot be computed. */
bool sizing_check(const struct profile *p, const char *tool, double bytes_per_request,
                  const struct host *host, const struct rules *rules,
                  struct host_check out[HOST_CHECKS_MAX], int *n, struct err *e);

/* "needs 474" with its unit, for tables. */
char *sizing_show(double value, const char *unit, char *out, size_t size);

#endif
