/* Where a simulated server really breaks: exact formulas. A request sees n others with the
 * probability that the theory of queues gives (open: as at any time; closed: as in a system with
 * one user less), waits for n - c + 1 of them and is served. */
#ifndef PERFSCALE_BENCH_SIM_TRUTH_H
#define PERFSCALE_BENCH_SIM_TRUTH_H

#include "sim_queue.h"

struct truth_state {
    double lost;          /* share that finds the queue full */
    double mean_s, p95_s; /* response time of those that are served */
};

/* Workers under requests/s (below saturation when the queue has no bound). */
void truth_open(const struct sim_server *s, double rps, struct truth_state *out);

/* Workers under users who think think_s between requests. */
void truth_closed(const struct sim_server *s, int users, double think_s, struct truth_state *out);

/* Highest load inside p95_s and errors (a share); of workers. */
double truth_break_open(const struct sim_server *s, double p95_s, double errors);
double truth_break_closed(const struct sim_server *s, double think_s, double p95_s);

/* The same of a server after the Universal Scalability Law with users who never think: response
 * times are exponential with the mean N / X(N). */
double truth_break_usl(const struct sim_server *s, double p95_s);

/* The same server under a Poisson stream collapses sooner or later: beyond a number in flight it
 * finishes less than comes, and never recovers. The load that half of the runs of so many seconds
 * stand. */
double truth_break_collapse(const struct sim_server *s, double stands_s);

/* Most requests/s. */
double truth_saturation(const struct sim_server *s);

#endif
