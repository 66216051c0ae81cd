#include "sim_queue.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static const double timeout_s = 60;
static const double refusal_s = 0.001; /* a 503 comes at once */

/* --- a heap with the earliest time on top --- */

struct heap {
    double *at; /* owned */
    size_t n, cap;
};

static void heap_push(struct heap *h, double t) {
    h->at = mem_grow(h->at, h->n, &h->cap, sizeof *h->at);
    size_t i = h->n++;
    for (; i > 0 && h->at[(i - 1) / 2] > t; i = (i - 1) / 2)
        h->at[i] = h->at[(i - 1) / 2];
    h->at[i] = t;
}

static double heap_top(const struct heap *h) { return h->n ? h->at[0] : INFINITY; }

static double heap_pop(struct heap *h) {
    double top = h->at[0], last = h->at[--h->n];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < h->n) {
        if (child + 1 < h->n && h->at[child + 1] < h->at[child])
            child++;
        if (h->at[child] >= last)
            break;
        h->at[i] = h->at[child];
        i = child;
    }
    h->at[i] = last;
    return top;
}

/* --- one run --- */

struct measured {
    double *ms; /* owned; response times of the requests that ended in the step */
    size_t n, cap, ok, dropped;
};

struct sim {
    const struct sim_server *server;
    const struct sim_load *load;
    struct rng *rng;
    struct heap users; /* closed: when each sends again */
    double arrival;    /* open: the next one */
    double sender_free;
    struct measured step[STRESS_STEPS_MAX];
};

static double end_of(const struct sim *m) { return (double)m->load->steps * m->load->step_s; }

static size_t step_at(const struct sim *m, double t) {
    size_t i = (size_t)(t / m->load->step_s);
    return i < m->load->steps ? i : m->load->steps - 1;
}

static double speed_at(const struct sim *m, double t) { return m->load->speed[step_at(m, t)]; }

/* A request that was sent at a time has its answer. */
static void record(struct sim *m, double sent, double end, bool ok) {
    size_t i = step_at(m, end);
    struct measured *s = &m->step[i];
    if (end >= end_of(m) || end < ((double)i + m->load->cut) * m->load->step_s)
        return;
    s->ms = mem_grow(s->ms, s->n, &s->cap, sizeof *s->ms);
    s->ms[s->n++] = 1000 * (end - sent);
    s->ok += ok;
}

/* A Poisson stream forgets: at the begin of a step it may start anew with that step's rate. */
static double next_arrival(const struct sim *m, double t) {
    size_t i = step_at(m, t);
    for (; i < m->load->steps; i++) {
        double apart = 1 / m->load->load[i];
        t += m->load->even ? apart : rng_exponential(m->rng, apart);
        if (t < (double)(i + 1) * m->load->step_s)
            return t;
        t = (double)(i + 1) * m->load->step_s;
    }
    return INFINITY;
}

/* New users come spread over the first second of their step. */
static void start_users(struct sim *m) {
    double there = 0;
    for (size_t i = 0; i < m->load->steps; i++)
        for (; there < m->load->load[i]; there++)
            heap_push(&m->users, (double)i * m->load->step_s + rng_uniform(m->rng));
}

static double next_request(const struct sim *m) {
    return m->load->open ? m->arrival : heap_top(&m->users);
}

/* Takes the next request: when it was sent. */
static double send_next(struct sim *m) {
    double t = next_request(m);
    if (m->load->open) {
        m->arrival = next_arrival(m, t);
        return t;
    }
    heap_pop(&m->users);
    t = fmax(t, m->sender_free);
    m->sender_free = t + m->load->send_s;
    return t;
}

/* The user who has the answer thinks, then sends again. */
static void think(struct sim *m, double t) {
    if (!m->load->open)
        heap_push(&m->users, t + m->load->think_s * rng_between(m->rng, 0.5, 1.5));
}

/* --- workers --- */

/* Requests are taken in their order, so the end of each is known when it comes. */
static void run_pool(struct sim *m) {
    const struct sim_server *s = m->server;
    struct heap worker = {0}, in_flight = {0};
    double end = end_of(m);
    for (int i = 0; i < s->workers; i++)
        heap_push(&worker, 0);
    while (next_request(m) < end) {
        double sent = send_next(m);
        while (heap_top(&in_flight) <= sent)
            heap_pop(&in_flight);
        if (m->load->open && in_flight.n >= m->load->max_vus) {
            m->step[step_at(m, sent)].dropped++;
            continue;
        }
        if (s->queue >= 0 && in_flight.n >= (size_t)(s->workers + s->queue)) {
            record(m, sent, sent + refusal_s, false);
            think(m, sent + refusal_s);
            continue;
        }
        double start = fmax(sent, heap_pop(&worker));
        double done = start + rng_exponential(m->rng, s->service_s / speed_at(m, start));
        heap_push(&worker, done);
        heap_push(&in_flight, done);
        record(m, sent, fmin(done, sent + timeout_s), done < sent + timeout_s);
        think(m, fmin(done, sent + timeout_s));
    }
    free(worker.at);
    free(in_flight.at);
}

/* --- the Universal Scalability Law --- */

double sim_usl_rate(const struct sim_server *s, double n) {
    return s->gamma * n / (1 + s->alpha * (n - 1) + s->beta * n * (n - 1));
}

/* Requests being served, in no order, and all since the oldest of them in the order of sending. */
enum { SENT_MAX = 1 << 17, GONE = -1 };
struct served {
    double sent[SENT_MAX];
    int place[SENT_MAX]; /* in now; GONE */
    int now[SENT_MAX];   /* indexes into sent */
    size_t n, first, last;
};

static void served_add(struct served *v, double t) {
    int i = (int)(v->last++ % SENT_MAX);
    v->sent[i] = t;
    v->place[i] = (int)v->n;
    v->now[v->n++] = i;
}

static double served_remove(struct served *v, int place) {
    int gone = v->now[place], moved = v->now[--v->n];
    v->now[place] = moved;
    v->place[moved] = place;
    v->place[gone] = GONE;
    while (v->first < v->last && v->place[v->first % SENT_MAX] == GONE)
        v->first++;
    return v->sent[gone];
}

static int served_oldest(const struct served *v) { return v->place[v->first % SENT_MAX]; }

static double next_timeout(const struct served *v) {
    return v->n ? v->sent[v->first % SENT_MAX] + timeout_s : INFINITY;
}

/* Of a rate that changes with every event and with the steps only the next moment counts: an
 * exponential time may be drawn anew at each. */
static double next_done(const struct sim *m, const struct served *v, double t) {
    double rate = sim_usl_rate(m->server, (double)v->n) * speed_at(m, t);
    return v->n ? t + rng_exponential(m->rng, 1 / rate) : INFINITY;
}

static void take_request(struct sim *m, struct served *v) {
    double sent = send_next(m);
    if (m->load->open && v->n >= m->load->max_vus)
        m->step[step_at(m, sent)].dropped++;
    else
        served_add(v, sent);
}

static void finish(struct sim *m, struct served *v, int place, double t, bool ok) {
    record(m, served_remove(v, place), t, ok);
    think(m, t);
}

static void run_usl(struct sim *m) {
    struct served *v = mem_new(1, sizeof *v);
    double t = 0, end = end_of(m);
    while (t < end) {
        double turn = ((double)step_at(m, t) + 1) * m->load->step_s;
        double request = next_request(m), timeout = next_timeout(v), done = next_done(m, v, t);
        t = fmin(fmin(turn, request), fmin(timeout, done));
        if (t == turn)
            continue;
        if (t == request)
            take_request(m, v);
        else if (t == timeout)
            finish(m, v, served_oldest(v), t, false);
        else
            finish(m, v, (int)rng_below(m->rng, v->n), t, true);
    }
    free(v);
}

/* --- what was measured --- */

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const struct measured *s, double p) {
    if (s->n == 0)
        return NAN;
    double h = p * (double)(s->n - 1);
    size_t low = (size_t)h, high = low + 1 < s->n ? low + 1 : low;
    return s->ms[low] + (h - (double)low) * (s->ms[high] - s->ms[low]);
}

static double mean(const struct measured *s) {
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->ms[i];
    return s->n ? sum / (double)s->n : (double)NAN;
}

static void report(struct sim *m, size_t i, struct stress_step *out) {
    struct measured *s = &m->step[i];
    double step_s = m->load->step_s, from_s = ((double)i + m->load->cut) * step_s;
    if (s->n)
        qsort(s->ms, s->n, sizeof *s->ms, by_value);
    *out = (struct stress_step){.number = (int)i + 1,
                                .from_s = from_s,
                                .to_s = (double)(i + 1) * step_s,
                                .load = m->load->load[i],
                                .window_s = (1 - m->load->cut) * step_s,
                                .requests = (double)s->n,
                                .ok = (double)s->ok,
                                .mean_ms = mean(s),
                                .p95_ms = percentile(s, 0.95),
                                .p99_ms = percentile(s, 0.99),
                                .dropped = m->load->open ? (double)s->dropped : (double)NAN,
                                .vus = m->load->open ? (double)NAN : m->load->load[i],
                                .generator_cpu = NAN};
}

void sim_run(const struct sim_server *s, const struct sim_load *l, struct rng *r,
             struct stress_step *out) {
    struct sim *m = mem_new(1, sizeof *m);
    *m = (struct sim){.server = s, .load = l, .rng = r};
    if (l->open)
        m->arrival = next_arrival(m, 0);
    else
        start_users(m);
    if (s->kind == SIM_POOL)
        run_pool(m);
    else
        run_usl(m);
    for (size_t i = 0; i < l->steps; i++) {
        report(m, i, &out[i]);
        free(m->step[i].ms);
    }
    free(m->users.at);
    free(m);
}
