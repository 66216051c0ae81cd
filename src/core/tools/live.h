/* tools/live.h
 * What a load tool tells over HTTP while it runs: which addresses are asked, how often, and what
 * their answers say. Only GET, and only what changes nothing there. */
#ifndef PERFSCALE_TOOLS_LIVE_H
#define PERFSCALE_TOOLS_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum live_state { LIVE_UNKNOWN, LIVE_READY, LIVE_RUNNING, LIVE_ENDED };

/* What one round of answers says; NAN: nothing. Since the start of the run unless named now_. */
struct live_figures {
    enum live_state state; /* READY: no load yet */
    double requests, failed;
    double avg_ms, min_ms, med_ms, p90_ms, p95_ms, p99_ms, max_ms;
    double rps;       /* the tool's own, of the whole run */
    double elapsed_s; /* since the start of the run, as far as the answers tell */
    double iterations, dropped;
    double vus, vus_allocated; /* in use now; ready */
    /* The tool's own window; Locust's stands still while no request ends. */
    double now_s; /* how many seconds they are of */
    double now_rps, now_failed_rps, now_p95_ms;
    char note[160]; /* what the user must know of the answers: "k6 keeps no metrics: ..."; "" */
};

void live_figures_init(struct live_figures *f); /* LIVE_UNKNOWN, all NAN */

struct live {
    const char *name;  /* "k6-rest": the word of --format and of the format of a result */
    const char *title; /* "k6 REST API" */
    const char *tool;  /* "k6" */
    const char *off;   /* what is to be done when nobody answers: "start k6 with --address ..." */
    double every_s;    /* it does not tell anything new more often */
    /* Asked in each round, one after another; NULL at the end. The first also tells whether it is
     * this interface. */
    const char *const *path;
    /* A result that a reader knows, asked for once at the end of the run; NULL: there is none. */
    const char *last_path;
    /* Takes what the answer to path[i] says into out, over what it held of that. ERR_FORMAT: it is
     * no answer of this interface (a login page, another tool), with what it is instead and what to
     * do. ERR_IO: HTTP 5xx. */
    bool (*read)(int i, long status, const char *body, size_t len, struct live_figures *out,
                 struct err *e);
};

/* The live interfaces of all tools, NULL at the end, in the order in which an address is tried. */
extern const struct live *const lives[];
const struct live *live_find(const char *name); /* NULL: none */

#endif
