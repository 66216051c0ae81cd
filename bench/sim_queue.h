/* A server under a load test, event by event: requests come (open: at a rate; closed: users
 * that wait, think and send again), wait in a queue, are served. What comes out is what a load tool
 * would have measured of each step. Times in seconds unless the name says ms. */
#ifndef PERFSCALE_BENCH_SIM_QUEUE_H
#define PERFSCALE_BENCH_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim_random.h"
#include "stress/stress.h"

enum sim_kind {
    SIM_POOL, /* M/M/c: workers take requests in turn, exponential service time */
    SIM_USL,  /* n requests at a time are finished at the rate of the Universal Scalability Law */
};

struct sim_server {
    enum sim_kind kind;
    int workers;
    double service_s;          /* mean */
    int queue;                 /* waiting requests; one more is answered 503; -1: no bound */
    double gamma, alpha, beta; /* X(n) = gn / (1 + a(n-1) + bn(n-1)) */
};

struct sim_load {
    bool open;
    bool even; /* open: a request every 1/rate seconds, as a load tool sends; else Poisson */
    size_t steps;
    double load[STRESS_STEPS_MAX];  /* requests/s, or users */
    double speed[STRESS_STEPS_MAX]; /* of the server in that step; 1 is normal */
    double step_s, cut;             /* length; share of it that is not counted at its begin */
    double think_s;                 /* closed: mean, +- 50 % */
    size_t max_vus;                 /* open: requests in flight; above it iterations are dropped */
    double send_s; /* closed: time that the generator needs to send one request, one after the
                      other; nobody measures it; 0: none */
};

/* Requests per second at n in flight. */
double sim_usl_rate(const struct sim_server *s, double n);

/* Writes l->steps steps. */
void sim_run(const struct sim_server *s, const struct sim_load *l, struct rng *r,
             struct stress_step *out);

#endif
